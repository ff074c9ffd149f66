import { expect, test } from 'vitest';
import { parseJson } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { procoreConfig } from '../config.ts';
import { fetchDirectCost } from './company-direct-costs.ts';

const line = (id: string, cost_code_id: number) => ({
  ...{ id, cost_code_id, line_item_type_id: 31, description: 'Bolts', total_amount: '10.00' },
  project: { id: '5', name: 'Pier' },
});
const exported = (cost_code_ids: readonly number[]) => ({
  request_data: {
    direct_cost: {
      ...{ id: '9', direct_cost_type: 'invoice', status: 'approved', line_item_total: '10.00' },
      line_items: cost_code_ids.map((code, index) => line(String(index + 1), code)),
    },
  },
});
const LISTS: Readonly<Record<string, readonly object[]>> = {
  'cost_codes?project_id=5&page': [{ id: 41, full_code: '05-100' }],
  'line_item_types?': [{ id: 31, code: 'S' }],
  'sub_jobs?project_id=5': [
    { id: 76, code: 'W', name: 'West pier' },
    { id: 77, code: 'E', name: 'East pier' },
  ],
  'cost_codes?project_id=5&sub_job_id=77': [{ id: 43, full_code: '02-100' }],
};

/** A project with a code of its own, and one of its second sub job. */
function reading(cost_code_ids: readonly number[], asked: string[]): Reading {
  return {
    config: procoreConfig.parse({ companyId: '7', clientId: 'a', clientSecret: 'b' }),
    now: () => new Date(0),
    client: {
      async read({ path }) {
        asked.push(path);
        const rows = Object.entries(LISTS).find(([part]) => path.includes(part))?.[1] ?? [];
        return { status: 200, headers: {}, body: JSON.stringify(rows) };
      },
      find: async () => ({ value: parseJson(JSON.stringify(exported(cost_code_ids))), raw: '' }),
      file: async () => null,
    },
  };
}

test('a line with a code of a sub job says whose it is, and one of the project does not', async () => {
  const asked: string[] = [];
  const pulled = await fetchDirectCost(reading([41, 43], asked), { id: '9', requestId: '8' });
  expect(pulled?.record).toMatchObject({
    lines: [
      { costCode: { code: '05-100' } },
      { costCode: { code: '02-100' }, subJob: { id: '77', name: 'East pier' } },
    ],
  });
  expect((pulled!.record as { lines: readonly object[] }).lines[0]).not.toHaveProperty('subJob');
});

test('sub jobs are asked for only where a code is none of the project', async () => {
  const asked: string[] = [];
  await fetchDirectCost(reading([41], asked), { id: '9', requestId: '8' });
  expect(asked.filter((path) => path.includes('sub_job'))).toEqual([]);
});
