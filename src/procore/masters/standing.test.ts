import { expect, test } from 'vitest';
import { parseJson } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { procoreConfig } from '../config.ts';
import { stopFor } from '../http/errors.ts';
import { originIds } from './standing.ts';

const PROJECTS = 102;

/** A company of 102 projects: in the second another integration marked something of each kind. */
function reading(refused: RegExp): Reading {
  const rowsAt = (path: string): unknown => {
    if (refused.test(path))
      throw stopFor({ status: 403, headers: {}, body: '{}' }, `GET ${path.split('?')[0]}`, null);
    if (path.startsWith('/rest/v1.1/projects?'))
      return Array.from({ length: PROJECTS }, (_, index) => ({ id: index + 1, name: `P${index + 1}` }));
    if (path.startsWith('/rest/v1.0/prime_contract/'))
      return { id: 9, number: 'PC-1', origin_id: 'SAGE-prime-contract' };
    const list = path.split('?')[0]!.split('/').at(-1)!;
    const isSecond = path.includes('project_id=2&') || path.includes('/projects/2/') || list === 'users';
    return isSecond ? [{ id: 9, name: list, origin_id: `SAGE-${list}` }] : [];
  };
  return {
    config: procoreConfig.parse({ companyId: '7', clientId: 'a', clientSecret: 'b' }),
    now: () => new Date(0),
    client: {
      read: async ({ path }) => ({ status: 200, headers: {}, body: JSON.stringify(rowsAt(path)) }),
      find: async (path) => ({ value: parseJson(JSON.stringify(rowsAt(path))), raw: '' }),
      file: async () => null,
    },
  };
}

test('finds what any integration marked, and names each list and project that was not looked at', async () => {
  const all = await Array.fromAsync(originIds(reading(/direct_costs|payment_applications\?project_id=3&/)));
  const seen = all.flatMap((one) => (one.object === 'unseen' ? [] : [`${one.object} ${one.originId}`]));
  expect(seen.toSorted()).toEqual(
    [
      'user SAGE-users',
      'commitment SAGE-work_order_contracts',
      'commitment SAGE-purchase_order_contracts',
      'change-order SAGE-change_order_packages',
      'sub-invoice SAGE-requisitions',
      'owner-invoice SAGE-payment_applications',
      'prime-contract SAGE-prime-contract',
      'cost-code SAGE-cost_codes',
    ].toSorted(),
  );
  const unseen = all.flatMap((one) => (one.object === 'unseen' ? [one.what] : []));
  expect(unseen.filter((what) => what.startsWith('direct costs'))).toHaveLength(100);
  expect(unseen.filter((what) => !what.startsWith('direct costs'))).toEqual([
    'owner invoices of 3 P3',
    '101 P101',
    '102 P102',
  ]);
});
