import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MappingRow } from '../mapping.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { formatMoney, money, parseMoney, sum } from '../values/money.ts';
import { type ContractChangePlanInput, planContractChange } from './plan-contract-change.ts';
import type { PrimeChangeOrderRecord, PrimeContractRecord } from './prime-contract.ts';

const CONTRACT: PrimeContractRecord = {
  ...{ object: 'prime-contract', id: '900', projectId: '1', number: 'PC-1', title: 'Pier' },
  ...{ status: 'Approved', open: true, ownerId: null, ownerName: 'Port', currency: 'USD' },
  ...{ total: '1000.00', changes: '0.00', retainagePercent: null, originId: 'OC-1', lines: [], url: null },
};
const CODED = { costCode: null, costType: null, quantity: null, unitPrice: null, unit: null };
const RECORD: PrimeChangeOrderRecord = {
  ...{ object: 'prime-change-order', id: '77', projectId: '1', contractId: '900', number: '001' },
  ...{ title: 'Railing', status: 'approved', approved: true, deleted: false, currency: 'USD' },
  ...{ total: '550.05', reviewer: null, reviewedAt: null, createdByUserId: null, originId: null, url: 'u' },
  lines: [
    {
      ...{ id: '7', position: 1, description: '', amount: '500.00', ...CODED },
      markups: [{ id: '7', name: 'Overhead', amount: '50.05' }],
    },
  ],
};
const ROW: MappingRow = {
  ...{ kind: 'revenue', scope: '', key: '', version: 1, setBy: 'anna@harbor.example' },
  value: { kind: 'account', code: '4000' },
};
const DAY = calendarDate('2026-08-31');

const plan = (more: Partial<ContractChangePlanInput> = {}) =>
  planContractChange({
    record: RECORD,
    exported: { erpCode: null, accountingDate: null },
    isPosted: false,
    contract: CONTRACT,
    target: { ...CONTRACT, id: 'OC-1' },
    erpName: 'Ledgerline',
    mapping: (kind) => (kind === 'revenue' ? ROW : null),
    targetAccount: (id) => ({ object: 'account', id, name: 'Billings', postable: true }),
    periods: [],
    originMayBeOurs: false,
    identity: { revision: 1, reference: 'TACREF' },
    preflight: () => [],
    frozenDate: null,
    today: DAY,
    ...more,
  });
const codes = (more: Partial<ContractChangePlanInput>) => {
  const found = plan(more);
  return found.kind === 'nothing' ? found.why : found.document.reasons.map(({ code }) => code);
};

describe('a change of a prime contract', () => {
  it('becomes its own lines under its number, each markup a line of revenue beside them', () => {
    expect(plan()).toMatchObject({
      document: {
        body: {
          ...{ contractCode: 'OC-1', number: '001', total: '550.05', accountingDate: DAY },
          lines: [
            { key: '7', description: 'CO 001: Railing', amount: '500.00', account: '4000' },
            { key: 'markup:7', description: 'CO 001: Railing, Overhead', amount: '50.05', account: '4000' },
          ],
        },
        reasons: [],
      },
    });
  });

  it.each([
    ['nobody exported it', { exported: null }, 'not-exported'],
    ['it stands', { isPosted: true }, 'unchanged'],
    ['it was deleted', { record: { ...RECORD, deleted: true } }, 'deleted'],
    ['it moves nothing', { record: { ...RECORD, total: '0.00', lines: [] } }, 'without-amount'],
    ['it is not approved', { record: { ...RECORD, approved: false } }, ['not-approved']],
    ['it says another total', { record: { ...RECORD, total: '550.06' } }, ['amounts-disagree']],
    ['another tool synced it', { record: { ...RECORD, originId: 'X' } }, ['foreign-origin']],
    ['its contract is not linked', { contract: { ...CONTRACT, originId: null } }, ['contract-unlinked']],
    ['the ERP has no such contract', { target: null }, ['target-refuses']],
    ['the contract is closed there', { target: { ...CONTRACT, open: false } }, ['target-refuses']],
    ['there is no account', { mapping: () => null }, ['revenue-account-missing']],
  ] satisfies [string, Partial<ContractChangePlanInput>, unknown][])(
    'is not sent when %s',
    (_, more, said) => {
      expect(codes(more)).toEqual(said);
    },
  );

  it('adds up to the cent, whatever its lines and markups are', () => {
    const cents = fc.bigInt({ min: -9_999_999n, max: 9_999_999n });
    const text = (minor: bigint) => formatMoney(money(minor, 'USD'));
    fc.assert(
      fc.property(fc.array(fc.tuple(cents, fc.array(cents, { maxLength: 3 })), { minLength: 1 }), (drawn) => {
        const lines = drawn.map(([amount, markups], place) => ({
          ...{ id: String(place), position: place, description: 'Work', amount: text(amount), ...CODED },
          markups: markups.map((of, at) => ({ id: `${place}-${at}`, name: 'Fee', amount: text(of) })),
        }));
        const total = drawn.flatMap(([amount, markups]) => [amount, ...markups]).reduce((a, b) => a + b, 0n);
        const found = plan({ record: { ...RECORD, lines, total: text(total) } });
        if (found.kind === 'nothing') return found.why === 'without-amount';
        const body = found.document.body!;
        const posted = sum(
          body.lines.map(({ amount }) => parseMoney(amount, 'USD')),
          'USD',
        );
        return posted.minor === total && body.total === text(total);
      }),
    );
  });
});
