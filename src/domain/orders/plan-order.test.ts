import { describe, expect, it } from 'vitest';
import type { PostedBase } from '../documents.ts';
import { type MappingRow, mappingHash } from '../mapping.ts';
import type { OrderPlanInput } from '../planning/plan-input.ts';
import type { SubJobPlaces } from '../planning/sub-job-place.ts';
import type { CommitmentRecord, PeriodRecord } from '../records.ts';
import { commitmentLine, sampleCommitment } from '../testing/commitments.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { type OrderPlan, planOrder } from './plan-order.ts';

const record = sampleCommitment;
const line = (id: string, amount: string, cost = '03-100') =>
  commitmentLine(id, amount, { costCode: { code: cost, name: 'Concrete' } });
const row = (kind: MappingRow['kind'], scope: string, key: string, code: string): MappingRow => ({
  kind,
  scope,
  key,
  value: { kind: kind === 'project' ? 'project' : 'account', code },
  version: 1,
  setBy: 'accountant@acme.test',
});
const rows = [row('project', '', 'P1', 'ERP-P1'), row('cost', '', '03-100|S', '5000')];
const month = (id: string, last: number, open: boolean): PeriodRecord => ({
  object: 'period',
  id,
  name: id,
  from: calendarDate(`${id}-01`),
  to: calendarDate(`${id}-${last}`),
  open,
});
const input: OrderPlanInput = {
  record,
  exported: { erpCode: null, accountingDate: null },
  mapping: (kind, scope, key) => find(rows, kind, scope, key),
  originMayBeOurs: false,
  vendorCode: 'V100',
  vendorBlocked: null,
  targetProject: (code) =>
    code.startsWith('ERP-')
      ? { object: 'project', id: code, name: code, number: null, originId: null, active: code !== 'ERP-OLD' }
      : null,
  targetAccount: (code) => ({ object: 'account', id: code, name: code, postable: code !== '9999' }),
  periods: [],
  base: null,
  revision: 1,
  referenceOf: (revision) => `TL1AAAAAAAAAAAA${revision}`,
  preflight: () => [],
  frozenDate: null,
  today: calendarDate('2026-09-01'),
};

function find(from: readonly MappingRow[], kind: string, scope: string, key: string): MappingRow | null {
  return from.find((one) => one.kind === kind && one.scope === scope && one.key === key) ?? null;
}

const mapped = (...from: MappingRow[]): Partial<OrderPlanInput> => ({
  mapping: (kind, scope, key) => find(from, kind, scope, key),
});

type Document = Extract<OrderPlan, { kind: 'document' }>;

function plan(change: Partial<OrderPlanInput> = {}): Document {
  const made = planOrder({ ...input, ...change });
  if (made.kind !== 'document') throw new Error(`planned nothing: ${made.why}`);
  return made;
}

const codes = (document: Document) => document.reasons.map(({ code }) => code);

it('books a line of a sub job on the part of the ERP that it is linked to, on its job by decision, or nowhere', () => {
  const lines = record.lines.map((line, place) =>
    place === 0 ? { ...line, subJob: { id: '77', name: 'East pier' } } : line,
  );
  const ofSubJob = (subJobPlaces?: SubJobPlaces) =>
    plan({ record: { ...record, lines }, ...(subJobPlaces === undefined ? {} : { subJobPlaces }) });
  expect(codes(ofSubJob())).toEqual(['sub-job-unplaced']);
  expect(ofSubJob(() => ({ kind: 'unlinked' }))).toMatchObject({
    body: null,
    waits: [{ kind: 'record', key: 'sub-job:77' }],
  });
  expect(ofSubJob((id) => ({ kind: 'part', code: `P/${id}` })).body?.lines[0]).toMatchObject({
    subJob: 'P/77',
  });
  expect(ofSubJob(() => ({ kind: 'job' })).body).toEqual(plan().body);
});

it('asks for no account where nobody can tell what a line is coded to, and says what to do', () => {
  const lines = record.lines.map((line, place) =>
    place === 0 ? { ...line, costCode: null, costType: null, budgetCode: 'E.02-100.S' } : line,
  );
  const document = plan({ record: { ...record, lines } });
  expect(document).toMatchObject({ body: null, asks: [] });
  expect(document.reasons[0]?.message).toContain('E.02-100.S');
  expect(document.reasons[0]?.remedy).toContain('Choose a cost code for the line in Procore');
});

const posted: PostedBase = { id: 'o1', body: plan().body!, lineKeys: { '1': '0', '2': '1' } };
const updated = (change: Partial<CommitmentRecord>, more: Partial<OrderPlanInput> = {}) =>
  plan({ base: posted, revision: 2, record: { ...record, ...change }, ...more });

describe('a complete commitment', () => {
  it('becomes one order with everything that is posted', () => {
    const document = plan();
    expect(document).toMatchObject({ revision: 1, reasons: [], waits: [], asks: [] });
    expect(document.operation).toMatchObject({
      kind: 'create-order',
      body: { reference: 'TL1AAAAAAAAAAAA1', vendorCode: 'V100', projectCode: 'ERP-P1', total: '150.00' },
    });
    expect(document.body?.lines.map(({ coding }) => coding.code)).toEqual(['5000', '5000']);
    expect(document.exposure.minor).toBe(15_000n);
  });

  it('gets no second order when Procore calls it synced, although nothing was posted from here', () => {
    const synced = plan({ record: { ...input.record, originId: 'B1-4711' } });
    expect(synced.reasons).toMatchObject([{ code: 'foreign-origin', owner: 'engineer' }]);
    expect(synced.waits).toEqual([{ kind: 'source', key: input.record.id }]);
  });

  it('is planned the same, byte for byte, from the same input', () => {
    expect(JSON.stringify(plan().operation)).toBe(JSON.stringify(plan().operation));
  });

  it('plans nothing until somebody exported it, and nothing when it was deleted', () => {
    expect(planOrder({ ...input, exported: null })).toEqual({ kind: 'nothing', why: 'not-exported' });
    expect(planOrder({ ...input, record: { ...record, deleted: true } })).toEqual({
      kind: 'nothing',
      why: 'deleted',
    });
  });

  it('counts a deductive order by its size', () => {
    const minus = { ...record, total: '-150.00', lines: [line('1', '-150.00')] };
    expect(plan({ record: minus }).exposure.minor).toBe(15_000n);
  });
});

describe('mappings', () => {
  it('are asked for once per row, however many lines need it', () => {
    const document = plan(mapped());
    expect(document.asks.map(({ kind, key }) => [kind, key])).toEqual([
      ['project', 'P1'],
      ['cost', '03-100|S'],
    ]);
    expect(codes(document)).toEqual(['project-unmapped', 'cost-unmapped']);
    expect(document.waits).toEqual([
      { kind: 'mapping', key: 'project:P1' },
      { kind: 'mapping', key: 'cost:03-100|S' },
    ]);
    expect(document).toMatchObject({ operation: null, body: null });
  });

  it('of the project go before those of the company', () => {
    const document = plan(mapped(...rows, row('cost', 'P1', '03-100|S', '5100')));
    expect(document.body?.lines[0]?.coding.code).toBe('5100');
    expect(document.mappings.map(({ scope }) => scope)).toEqual(['', 'P1']);
  });

  it('of another project are not used', () => {
    expect(plan(mapped(...rows, row('cost', 'P2', '03-100|S', '5100'))).body?.lines[0]?.coding.code).toBe(
      '5000',
    );
  });

  it('have a hash that changes with any row that is used', () => {
    const hash = mappingHash(rows);
    expect(mappingHash([...rows])).toBe(hash);
    expect(mappingHash([rows[0]!, { ...rows[1]!, version: 2 }])).not.toBe(hash);
    expect(mappingHash([rows[0]!, row('cost', '', '03-100|S', '5001')])).not.toBe(hash);
    expect(mappingHash([rows[0]!])).not.toBe(hash);
  });

  it.each(['ERP-OLD', 'GONE'])('to the ERP project %s wait for that project', (code) => {
    const document = plan(mapped(row('project', '', 'P1', code), rows[1]!));
    expect(document).toMatchObject({ body: null, waits: [{ kind: 'record', key: `project:${code}` }] });
  });

  it('to an account that cannot be posted to wait for that account, once', () => {
    const document = plan(mapped(rows[0]!, row('cost', '', '03-100|S', '9999')));
    expect(codes(document)).toContain('account-not-postable');
    expect(document.waits).toEqual([{ kind: 'record', key: 'account:9999' }]);
  });
});

describe('the vendor', () => {
  it.each([
    ['unlinked', { vendorCode: null }, 'vendor-unlinked', { kind: 'vendor', key: 'v1' }],
    [
      'blocked in the ERP',
      { vendorBlocked: 'frozen' },
      'target-refuses',
      { kind: 'record', key: 'vendor:V100' },
    ],
    [
      'not chosen',
      { record: { ...record, vendorId: null } },
      'vendor-missing',
      { kind: 'source', key: '4711' },
    ],
  ] as const)('that is %s holds the order back and says what releases it', (_how, change, code, wait) => {
    const document = plan(change);
    expect(codes(document)).toEqual([code]);
    expect(document.waits).toEqual([wait]);
    expect(document.operation).toBeNull();
  });
});

describe('amounts', () => {
  it('hold the order back when the lines are not the total, to the cent', () => {
    const document = plan({ record: { ...record, total: '150.01' } });
    expect(codes(document)).toEqual(['amounts-disagree']);
    expect(document.reasons[0]?.message).toContain('differ by -0.01 USD');
    expect(document.operation).toBeNull();
  });

  it('name the difference in the minor unit of the currency', () => {
    const dinar = { ...record, currency: 'KWD', total: '150.001' };
    expect(plan({ record: dinar }).reasons[0]?.message).toContain('differ by -0.001 KWD');
    const yen = { ...record, currency: 'JPY', total: '151', lines: [line('1', '150')] };
    expect(plan({ record: yen }).reasons[0]?.message).toContain('differ by -1 JPY');
  });

  it.each(['1,000.00', '150.005', 'NaN'])(
    'that read %s are a question to the source and no crash',
    (total) => {
      expect(codes(plan({ record: { ...record, total } }))).toEqual(['amounts-disagree']);
    },
  );

  it('need lines', () => {
    expect(codes(plan({ record: { ...record, total: '0.00', lines: [] } }))).toEqual(['no-lines']);
  });
});

describe('the accounting date', () => {
  const periods = [month('2026-08', 31, false), month('2026-09', 30, true), month('2026-10', 31, true)];
  const dateOf = (change: Partial<OrderPlanInput>) => plan(change).accountingDate;

  it('is the typed one, else the contract date, else today', () => {
    const typed = { erpCode: null, accountingDate: calendarDate('2026-09-15') };
    expect(dateOf({ exported: typed })).toBe('2026-09-15');
    expect(dateOf({})).toBe('2026-08-10');
    expect(dateOf({ record: { ...record, contractDate: null } })).toBe('2026-09-01');
  });

  it('never shifts by itself once it was frozen', () => {
    const frozenDate = calendarDate('2026-07-31');
    expect(dateOf({ frozenDate, today: calendarDate('2026-12-01') })).toBe('2026-07-31');
  });

  it('in a closed period waits for it and proposes the next open day, without moving', () => {
    const document = plan({ periods: periods.toReversed() });
    expect(document.accountingDate).toBe('2026-08-10');
    expect(document.waits).toEqual([{ kind: 'period', key: '2026-08' }]);
    expect(document.reasons).toMatchObject([
      { code: 'period-closed', message: 'Period 2026-08 is closed for 2026-08-10.' },
    ]);
    expect(document.reasons[0]?.remedy).toContain('from 2026-09-01 on');
  });

  it('that no period covers is said so', () => {
    const document = plan({ periods: periods.slice(0, 1), frozenDate: calendarDate('2027-01-01') });
    expect(document.reasons[0]).toMatchObject({
      message: 'No posting period covers 2027-01-01.',
      remedy: 'Open the period in the ERP.',
    });
  });
});

describe('a commitment that is not approved', () => {
  it('waits for the source under its own status word', () => {
    const document = plan({ record: { ...record, approved: false, status: 'Draft' } });
    expect(codes(document)).toEqual(['not-approved']);
    expect(document.reasons[0]?.message).toContain('"Draft"');
  });
});

describe('a change after posting', () => {
  it('is nothing when the commitment was deleted: an order is never undone by itself', () => {
    const gone = { ...record, deleted: true, title: 'Another title' };
    expect(planOrder({ ...input, base: posted, record: gone })).toEqual({ kind: 'nothing', why: 'deleted' });
  });

  it('is nothing when the content is the same, whatever day it is', () => {
    const later = { ...input, base: posted, revision: 2, today: calendarDate('2027-01-01') };
    expect(planOrder(later)).toEqual({ kind: 'nothing', why: 'unchanged' });
    expect(planOrder({ ...later, exported: null })).toEqual({ kind: 'nothing', why: 'unchanged' });
  });

  it('updates the order under the next revision and the date it was posted with', () => {
    const document = updated({ total: '170.00', lines: [line('1', '120.00'), line('2', '50.00')] });
    expect(document).toMatchObject({ revision: 2, accountingDate: '2026-08-10', reasons: [] });
    expect(document.operation).toMatchObject({ kind: 'update-order', base: { id: 'o1' } });
    expect(document.exposure.minor).toBe(2_000n);
    expect(document.amount.minor).toBe(17_000n);
  });

  it.each([
    ['a plus and a minus that cancel out', [line('1', '1100.00'), line('2', '-950.00')], 200_000n],
    ['a removed line', [line('1', '150.00')], 10_000n],
    ['a line that took the place of another', [line('1', '100.00'), line('3', '50.00')], 10_000n],
    ['a line with another cost code', [line('1', '100.00'), line('2', '50.00', '09-200')], 5_000n],
  ])('counts %s by all that it moves', (_what, lines, exposure) => {
    const more = mapped(...rows, row('cost', '', '09-200|S', '6000'));
    expect(updated({ lines }, more).exposure.minor).toBe(exposure);
  });

  it('counts the whole order when it goes to another project', () => {
    const more = mapped(row('project', '', 'P1', 'ERP-P2'), rows[1]!);
    expect(updated({}, more).exposure.minor).toBe(15_000n);
  });

  it('does not look at the period again: the order keeps its date', () => {
    const periods = [month('2026-08', 31, false)];
    expect(updated({ title: 'New title' }, { periods }).reasons).toEqual([]);
  });

  it('of the vendor is a conflict for a person', () => {
    const document = updated({ title: 'x' }, { vendorCode: 'V200' });
    expect(codes(document)).toEqual(['vendor-changed']);
    expect(document.reasons[0]?.message).toContain('from V100 to V200');
  });

  it('of the currency is refused before anything is sent', () => {
    const refused = updated({ currency: 'EUR' });
    expect(codes(refused)).toEqual(['target-refuses']);
    expect(refused.waits).toEqual([{ kind: 'source', key: record.id }]);
  });
});

describe('the preflight of the target', () => {
  it('is asked about the operation, and its words are shown with their field', () => {
    const preflight: OrderPlanInput['preflight'] = (operation) => [
      { field: operation.kind, message: 'too long' },
    ];
    const refused = plan({ preflight });
    expect(refused.reasons).toMatchObject([
      { code: 'target-refuses', owner: 'accountant', message: 'too long', field: 'create-order' },
    ]);
    expect(refused.waits).toEqual([{ kind: 'source', key: record.id }]);
  });

  it('is not asked about an incomplete order', () => {
    expect(codes(plan({ ...mapped(), preflight: () => expect.unreachable() }))).not.toContain(
      'target-refuses',
    );
  });
});
