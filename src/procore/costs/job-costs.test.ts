import { describe, expect, test } from 'vitest';
import type { DirectCostSheet } from '../../domain/masters/job-cost-sheets.ts';
import type { WireResponse } from '../../domain/posting/writes.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { procoreConfig } from '../config.ts';
import { costDocumentWrites } from './cost-documents.ts';
import { directCostWrites, jobCostWrites } from './job-costs.ts';

const config = procoreConfig.parse({ companyId: '7', clientId: 'a', clientSecret: 'b' });
const sheetOf = (count: number): DirectCostSheet => ({
  projectId: '70',
  originId: 'B1-JC-JOB-4-2026-08',
  description: 'Cost of 2026-08',
  date: calendarDate('2026-08-31'),
  lines: Array.from({ length: count }, (_, index) => ({
    originId: `B1-JC-JOB-4-2026-08-${index}-S`,
    costCodeId: '562949950000500',
    costTypeId: '31',
    description: 'Steel',
    amount: '-90071992547409.93',
  })),
});
const answered = (body: object, status = 200): WireResponse => ({
  status,
  headers: {},
  body: JSON.stringify(body),
});

test('a month of 1,001 codings goes in calls of at most 1,000 rows, each cent as it is', () => {
  const [head, ...lines] = directCostWrites(sheetOf(1_001), config);
  expect(
    lines.map((write) => JSON.parse(write.encode({ earlierIds: {}, guard: '5' }).body!).updates.length),
  ).toEqual([1_000, 1]);
  expect(lines[1]!.encode({ earlierIds: {}, guard: '5' }).body).toContain('"amount":-90071992547409.93');
  expect(JSON.parse(head!.encode({ earlierIds: {} }).body!).updates).toEqual([
    {
      origin_id: 'B1-JC-JOB-4-2026-08',
      description: 'Cost of 2026-08',
      direct_cost_date: '2026-08-31',
      direct_cost_type: 'expense',
      status: 'approved',
    },
  ]);
  expect(() => directCostWrites(sheetOf(9_001), config)).toThrow(RangeError);
});

test('lines go under the head that stands there, and nowhere without one', async () => {
  const [, lines] = directCostWrites(sheetOf(1), config);
  const empty = async () => ({ status: 200, headers: { total: '0' }, body: '[]' });
  expect(await lines!.probe(empty, { earlierIds: {} })).toMatchObject({ standing: 'elsewhere' });
  expect(() => lines!.encode({ earlierIds: {} })).toThrow('needs its direct cost');
});

describe('entries one by one', () => {
  const documents = ['1', '2'].map((entry) => ({
    ...{ originId: `B1-JC-70-J${entry}`, description: `Entry ${entry}`, date: calendarDate('2026-08-31') },
    bill: entry === '1' ? null : { vendorId: '501', number: 'SS-1' },
    lines: sheetOf(1).lines.map((line) => ({ ...line, originId: `B1-JC-70-J${entry}|05-100|S` })),
  }));
  const [heads, lines] = costDocumentWrites({ projectId: '70', documents }, config);
  const idsOf = (guard: { guard?: string; earlierIds: Record<string, string> }) =>
    JSON.parse(lines!.encode(guard).body!).updates.map(
      ({ direct_cost_id: id }: { direct_cost_id?: number }) => id,
    );
  const entities = [
    { id: 12, origin_id: 'B1-JC-70-J2' },
    { id: 11, origin_id: 'B1-JC-70-J1' },
  ];

  test('lines go under the ids that the first call answered with, and nothing is read for them', async () => {
    const outcome = heads!.classify(answered({ entities, errors: [] }));
    const earlierIds = { [heads!.name]: (outcome as { id: string }).id };
    expect(idsOf({ earlierIds })).toEqual([11, 12]);
    const nothing = () => Promise.reject(new Error('it was read'));
    expect(await lines!.probe(nothing, { earlierIds })).not.toHaveProperty('guard');
  });

  test('where a head was refused, the others are found, and its own lines name none', async () => {
    const errors = [{ origin_id: 'B1-JC-70-J2', errors: { vendor_id: ['does not exist'] } }];
    expect(heads!.classify(answered({ entities: entities.slice(1), errors }))).toMatchObject({
      kind: 'refused',
    });
    const one = async () => ({
      status: 200,
      headers: { total: '1' },
      body: JSON.stringify(entities.slice(1)),
    });
    const probed = await lines!.probe(one, { earlierIds: {} });
    const guard = probed.kind === 'standing' ? probed.guard! : '';
    expect(idsOf({ earlierIds: {}, guard })).toEqual([11, undefined]);
  });
});

test('a success that names a refused row is a refusal of that row', () => {
  const [, lines] = directCostWrites(sheetOf(2), config);
  const row = { origin_id: 'B1-JC-JOB-4-2026-08-1-S', amount: 1 };
  const errors = [{ ...row, errors: { cost_code_id: ['does not exist'] } }];
  expect(lines!.classify(answered({ entities: [{ id: 1 }], errors }))).toEqual({
    kind: 'refused',
    errors: [{ field: row.origin_id, message: 'cost_code_id: does not exist', code: 'row-refused' }],
  });
  expect(lines!.classify(answered({ entities: [{ id: 1 }], errors: [] }))).toMatchObject({ kind: 'unknown' });
  expect(lines!.classify(answered({ entities: [{ id: 1 }, { id: 2 }], errors: [] }))).toMatchObject({
    kind: 'posted',
  });
});

test('a refused row of the summary is named by its coding', () => {
  const line = { costCodeId: '41', costTypeId: '31', jobToDate: '1.00', commitmentInvoiced: '0.00' };
  const [write] = jobCostWrites({ projectId: '70', jobOriginId: 'JOB-4', lines: [line] }, config);
  const row = { cost_code_id: 41, line_item_type_id: 31, job_to_date_cost: 1 };
  const errors = [{ ...row, errors: { cost_code_id: ['does not exist'] } }];
  expect(write!.classify(answered({ entities: [], errors }))).toMatchObject({ errors: [{ field: '41/31' }] });
});
