import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { postedOrder } from '../billing/plan-invoice-input.ts';
import type { PostedBase, PurchaseOrderBody } from '../documents.ts';
import type { MappingRow } from '../mapping.ts';
import type { OrderPlanInput } from '../planning/plan-input.ts';
import type { ChangeOrderRecord, CommitmentLine, CommitmentRecord } from '../records.ts';
import { commitmentLine, sampleCommitment } from '../testing/commitments.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { formatMoney, money, parseMoney, sum } from '../values/money.ts';
import { type ChangeOrderPlanInput, planChangeOrder } from './plan-change-order.ts';
import { planOrder } from './plan-order.ts';

const commitment = sampleCommitment;
const line = (id: string, amount: string, description = `Line ${id}`) =>
  commitmentLine(id, amount, { position: 1, description });

const changeOrder = (id: string, lines: readonly CommitmentLine[]): ChangeOrderRecord => ({
  object: 'change-order',
  id,
  projectId: 'P1',
  commitmentId: '4711',
  number: `00${id}`,
  title: 'Deeper footings',
  status: 'approved',
  approved: true,
  deleted: false,
  currency: 'USD',
  total: totalOf(lines),
  reviewer: 'Anna',
  reviewedAt: '2026-09-01T10:00:00Z',
  createdByUserId: null,
  originId: null,
  lines,
  url: 'https://procore.test/co',
});

function totalOf(lines: readonly { readonly amount: string }[]): string {
  return formatMoney(
    sum(
      lines.map(({ amount }) => parseMoney(amount, 'USD')),
      'USD',
    ),
  );
}

const mapping = (kind: MappingRow['kind'], scope: string, key: string): MappingRow | null =>
  scope === '' && kind !== 'retainage'
    ? {
        ...{ kind, scope, key, version: 1, setBy: 'ada' },
        value: {
          kind: kind === 'project' ? 'project' : 'account',
          code: kind === 'project' ? 'JOB' : '5100',
        },
      }
    : null;

const facts = {
  exported: { erpCode: null, accountingDate: null },
  mapping,
  targetAccount: (code: string) => ({ object: 'account', id: code, name: code, postable: true }) as const,
  originMayBeOurs: false,
  mayHold: null,
  held: {},
  preflight: () => [],
  revision: 1,
  today: calendarDate('2026-09-02'),
};

function planned(
  record: ChangeOrderRecord,
  order: PostedBase | null,
  more: Partial<ChangeOrderPlanInput> = {},
) {
  return planChangeOrder({
    ...{ ...facts, record, order },
    referenceOf: (revision) => `CO-${record.id}-${revision}`,
    ...more,
  });
}

function plannedContract(
  record: CommitmentRecord,
  base: PostedBase | null,
  revision: number,
  more: Partial<OrderPlanInput> = {},
) {
  return planOrder({
    ...{ ...facts, record, base, revision, vendorCode: 'V1', vendorBlocked: null, periods: [] },
    targetProject: (code) => ({ ...{ object: 'project', id: code, name: code }, ...none, active: true }),
    referenceOf: (revision) => `SC-${revision}`,
    frozenDate: null,
    ...more,
  });
}
const none = { number: null, originId: null } as const;

function bodyOf(plan: ReturnType<typeof planned> | ReturnType<typeof plannedContract>): PurchaseOrderBody {
  if (plan.kind !== 'document' || plan.body === null) throw new Error(JSON.stringify(plan, noBigint));
  return plan.body;
}
const noBigint = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

/** What the ERP holds once a body is posted: rows keep their place for ever. */
function posted(body: PurchaseOrderBody): PostedBase {
  return {
    id: '77',
    body,
    lineKeys: Object.fromEntries(body.lines.map(({ key }, at) => [key, String(at)])),
  };
}

const order = posted(bodyOf(plannedContract(commitment, null, 1)));

describe('a change order', () => {
  it('stands in its order with lines of its own, below zero too, and leaves what was signed as it is', () => {
    const plan = planned(changeOrder('1', [line('1', '30.00'), line('9', '-12.50', '')]), order);
    const { total, revision, number, lines } = bodyOf(plan);
    expect({ total, revision, number }).toEqual({ total: '167.50', revision: 2, number: 'SC-001' });
    expect(lines.slice(0, 2)).toEqual(order.body.lines);
    expect(lines.slice(2)).toMatchObject([
      { key: 'change-order:1', description: 'CO 001: Line 1', amount: '30.00', changeOrder: '1' },
      { key: 'change-order:9', description: 'CO 001: Deeper footings', amount: '-12.50' },
    ]);
    expect(plan).toMatchObject({ amount: money(1750n, 'USD'), exposure: money(4250n, 'USD') });
  });

  it('is billed by the lines it brought, and the contract by its own, whatever their numbers', () => {
    const body = bodyOf(planned(changeOrder('1', [line('1', '30.00')]), order));
    expect(postedOrder(posted(body)).lines.map(({ billed, key }) => [billed, key])).toEqual([
      ['contract:1', '0'],
      ['contract:2', '1'],
      ['change-order:1', '2'],
    ]);
  });

  it('stays when its contract is edited, and its lines are no part of what that edit moves', () => {
    const base = posted(bodyOf(planned(changeOrder('1', [line('9', '-12.50')]), order)));
    expect(plannedContract(commitment, base, 2)).toEqual({ kind: 'nothing', why: 'unchanged' });
    const edited = { ...commitment, total: '151.00', lines: [line('1', '101.00'), line('2', '50.00')] };
    const plan = plannedContract(edited, base, 2);
    expect(bodyOf(plan)).toMatchObject({ total: '138.50', revision: 3 });
    expect(bodyOf(plan).lines[2]).toEqual(base.body.lines[2]);
    expect(plan).toMatchObject({ amount: money(15100n, 'USD'), exposure: money(100n, 'USD') });
  });

  it('waits for its order, for its approval, and for an account', () => {
    const one = changeOrder('1', [line('9', '5.00')]);
    expect(planned(one, null)).toMatchObject({ operation: null, waits: [{ kind: 'order', key: '4711' }] });
    const draft = { ...one, approved: false, status: 'pending' };
    expect(planned(draft, order)).toMatchObject({ reasons: [{ code: 'not-approved' }] });
    expect(planned(one, order, { mapping: () => null })).toMatchObject({ asks: [{ key: '03-100|S' }] });
  });

  it('waits where its order was taken over with a difference, which it may be itself', () => {
    const mayHold = { code: 'taken-over', owner: 'accountant', message: 'It may be in it.' } as const;
    const plan = planned(changeOrder('1', [line('9', '5.00')]), order, { mayHold });
    expect(plan).toMatchObject({ reasons: [mayHold], waits: [{ kind: 'order', key: '4711' }] });
  });

  it('is not posted where its lines, its currency or its origin speak against it', () => {
    const one = changeOrder('1', [line('9', '5.00')]);
    const code = (record: ChangeOrderRecord) => planned(record, order);
    expect(code({ ...one, total: '5.01' })).toMatchObject({
      body: null,
      reasons: [{ code: 'amounts-disagree' }],
    });
    expect(code({ ...one, currency: 'EUR' })).toMatchObject({
      body: null,
      reasons: [{ code: 'currency-mismatch' }],
    });
    expect(code({ ...one, originId: 'X-1' })).toMatchObject({ reasons: [{ code: 'foreign-origin' }] });
  });

  it('is nothing by itself once it is void, and nothing twice', () => {
    const one = changeOrder('1', [line('9', '5.00')]);
    const base = posted(bodyOf(planned(one, order)));
    const told = { ...one, originId: 'B1-77/change-1' };
    expect(planned(told, base)).toEqual({ kind: 'nothing', why: 'unchanged' });
    expect(planned({ ...one, deleted: true }, base)).toEqual({ kind: 'nothing', why: 'deleted' });
    const reopened = { ...told, approved: false, status: 'draft' };
    expect(planned(reopened, base)).toEqual({ kind: 'nothing', why: 'not-approved-any-more' });
    expect(planned(one, order, { exported: null })).toEqual({ kind: 'nothing', why: 'not-exported' });
    expect(planned(changeOrder('2', []), order)).toEqual({ kind: 'nothing', why: 'without-amount' });
  });

  it('says in its order what was typed for it, once more where that is typed otherwise, and apart from the contract', () => {
    const one = changeOrder('1', [line('9', '5.00')]);
    const typed = (fields: Record<string, string>) => ({ exported: { ...facts.exported, fields } });
    const signed = posted({ ...order.body, fields: { U_Center: 'A' } });
    const body = bodyOf(planned(one, signed, typed({ U_Change: 'B' })));
    expect(body).toMatchObject({ fields: { U_Center: 'A', U_Change: 'B' }, changeFields: { U_Change: 'B' } });
    const held = { held: { U_Change: 'B' } };
    expect(planned(one, posted(body), { ...typed({ U_Change: 'B' }), ...held }).kind).toBe('nothing');
    expect(planned(one, posted(body), { ...typed({}), ...held }).kind).toBe('nothing');
    const other = bodyOf(planned(one, posted(body), { ...typed({ U_Change: 'C' }), ...held }));
    expect(other).toMatchObject({
      fields: { U_Center: 'A', U_Change: 'C' },
      changeFields: { U_Change: 'C' },
    });
    expect(other.lines).toEqual(body.lines);
    const next = bodyOf(planned(changeOrder('2', [line('9', '1.00')]), posted(body)));
    expect(next.fields).toEqual(body.fields);
    expect(next).not.toHaveProperty('changeFields');
    const contract = { exported: { ...facts.exported, fields: { U_Center: 'A' } } };
    expect(plannedContract(commitment, posted(body), 2, contract)).toEqual({
      kind: 'nothing',
      why: 'unchanged',
    });
  });

  it('that was corrected moves its own lines only', () => {
    const base = posted(bodyOf(planned(changeOrder('1', [line('8', '5.00'), line('9', '7.00')]), order)));
    const plan = planned(changeOrder('1', [line('8', '4.00')]), base, { revision: 2 });
    expect(bodyOf(plan)).toMatchObject({ total: '154.00', revision: 3 });
    expect(plan).toMatchObject({ exposure: money(800n, 'USD') });
  });
});

it('makes an order of the contract and all its change orders, to the cent, in whatever order they come', () => {
  const cents = fc.bigInt({ min: -50_000n, max: 50_000n });
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('change' as const),
      of: fc.nat(2),
      lines: fc.array(cents, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('contract' as const), first: fc.bigInt({ min: 0n, max: 90_000n }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      let base = order;
      let contract = commitment;
      const changes = new Map<string, ChangeOrderRecord>();
      const text = (minor: bigint) => formatMoney(money(minor, 'USD'));
      for (const [at, each] of steps.entries()) {
        let plan: ReturnType<typeof planned> | ReturnType<typeof plannedContract>;
        if (each.kind === 'contract') {
          const lines = [line('1', text(each.first)), line('2', '50.00')];
          contract = { ...contract, lines, total: totalOf(lines) };
          plan = plannedContract(contract, base, at + 2);
        } else {
          const id = String(each.of + 1);
          const record = changeOrder(
            id,
            each.lines.map((minor, place) => line(`${id}${place}`, text(minor))),
          );
          changes.set(id, record);
          plan = planned(record, base, { revision: at + 2 });
        }
        if (plan.kind === 'nothing') continue;
        const body = bodyOf(plan);
        expect(body.revision).toBeGreaterThan(base.body.revision);
        base = posted(body);
      }
      const wanted = [contract, ...changes.values()].flatMap(({ lines }) => lines);
      expect(base.body.total).toBe(totalOf(wanted));
      expect(totalOf(base.body.lines)).toBe(base.body.total);
      expect(base.body.lines).toHaveLength(wanted.length);
    }),
  );
});
