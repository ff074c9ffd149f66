import { expect, test } from 'vitest';
import { procoreConfig } from '../config.ts';
import { withWbsCodes } from './wbs-codes.ts';

const item = (type: string, code: string) => ({
  code,
  path_code: code,
  name: `${code} name`,
  segment: { type },
});
const made = (...subJob: string[]) => [
  ...subJob.map((code) => item('sub_job', code)),
  item('cost_code', '02-100'),
  item('line_item_type', 'S'),
];
const CODES = [
  { id: '1', segment_items: made() },
  { id: '2', segment_items: made('E') },
  { id: '3', segment_items: made('TWICE') },
  { id: '4', segment_items: made('GONE') },
];
const SUB_JOBS = [
  { id: '77', code: 'E', name: 'East pier' },
  { id: '78', code: 'TWICE', name: 'One' },
  { id: '79', code: 'TWICE', name: 'Other' },
];
const config = procoreConfig.parse({ companyId: '1', clientId: 'a', clientSecret: 'b' });

/** A project that answers its two lists. */
const client = {
  read: async ({ path }: { readonly path: string }) => ({
    status: 200,
    headers: {},
    body: JSON.stringify(path.includes('wbs_codes') ? CODES : SUB_JOBS),
  }),
};
const lineOf = (id: string) => ({
  cost_code: null,
  line_item_type: null,
  wbs_code: { id, flat_code: null, description: null },
});

test('a line that names a code of the budget only is coded by it, to the sub job that its segment names', async () => {
  const lines = await withWbsCodes(client, '5', config, ['1', '2'].map(lineOf));
  expect(lines).toMatchObject([
    { cost_code: { full_code: '02-100', biller_type: null }, line_item_type: { code: 'S' } },
    { cost_code: { full_code: '02-100', biller_type: 'SubJob', biller_id: '77', biller: 'East pier' } },
  ]);
});

test('one of a sub job that several or none have is left uncoded', async () => {
  const lines = await withWbsCodes(client, '5', config, ['3', '4'].map(lineOf));
  expect(lines.map(({ cost_code }) => cost_code)).toEqual([null, null]);
});
