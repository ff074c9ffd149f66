import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '../values/money.ts';
import { type Known, type SourceCommitted, type TargetCommitted, tieOutProject } from './tie-out.ts';

const usd = (minor: number) => money(BigInt(minor), 'USD');
const commitment = (minor: number, id = 'c1'): SourceCommitted => ({
  id,
  number: `SC-${id}`,
  title: 'Framing',
  amount: usd(minor),
});
const order = (minor: number, change: Partial<TargetCommitted> = {}): TargetCommitted => ({
  id: 'o1',
  number: '1001',
  reference: 'TL1AAAAAAAAAAAAA',
  amount: usd(minor),
  state: 'posted',
  ...change,
});
const known = (change: Partial<Known> = {}): Known => ({
  commitmentId: 'c1',
  documentId: 'd1',
  state: 'confirmed',
  reason: '',
  owner: null,
  targetId: 'o1',
  postedAmount: usd(100_00),
  ...change,
});

function causes(source: SourceCommitted[], target: TargetCommitted[], facts: Known[]): [string, bigint][] {
  const bridge = tieOutProject('USD', source, target, facts);
  expect(bridge.residual.minor).toBe(0n);
  return bridge.items.map(({ cause, amount }) => [cause, amount.minor]);
}

describe('an approved change order', () => {
  const change = (id: string, minor: number) => ({
    id,
    number: `00${id}`,
    title: 'Deeper',
    amount: usd(minor),
  });
  const own = (id: string, posted: number, more: object = {}) => ({
    ...({ ...change(id, 0), documentId: `d-${id}`, state: 'confirmed', reason: '', owner: null } as const),
    postedAmount: usd(posted),
    ...more,
  });

  it('is a difference of its own until it is posted, and none afterwards', () => {
    const source = { ...commitment(112_00), changes: [change('1', 30_00), change('2', -18_00)] };
    const waiting = own('2', 0, {
      state: 'awaiting-approval',
      reason: 'Needs approval.',
      owner: 'controller',
    });
    const bridge = tieOutProject('USD', [source], [order(100_00)], [known({ changes: [waiting] })]);
    expect(bridge.residual.minor).toBe(0n);
    expect(bridge.items).toMatchObject([
      { number: 'SC-c1 CO 001', cause: 'not-sent', amount: usd(30_00), owner: 'project-manager' },
      { documentId: 'd-2', cause: 'waiting', amount: usd(-18_00), explanation: 'Needs approval.' },
    ]);
    const posted = known({ postedAmount: usd(112_00), changes: [own('1', 30_00), own('2', -18_00)] });
    expect(causes([source], [order(112_00)], [posted])).toEqual([]);
  });

  it('is told apart from an edit of the contract, and from one that was taken back', () => {
    const source = { ...commitment(105_00), changes: [change('1', 3_00)] };
    const facts = known({ postedAmount: usd(110_00), changes: [own('1', 3_00), own('2', 7_00)] });
    expect(causes([source], [order(110_00)], [facts])).toEqual([
      ['closing-in-erp', -7_00n],
      ['change-not-posted', 2_00n],
    ]);
  });
});

describe('each difference has its cause', () => {
  const c = commitment(100_00);
  const unsent = { targetId: null, postedAmount: null };

  it('has none when both sides agree', () => {
    expect(causes([c], [order(100_00)], [known()])).toEqual([]);
  });

  it('is not sent when nobody exported it', () => {
    expect(causes([c], [], [])).toEqual([['not-sent', 100_00n]]);
  });

  it.each([
    ['blocked', 'waiting'],
    ['ready', 'waiting'],
    ['awaiting-approval', 'waiting'],
    ['refused', 'refused'],
    ['conflict', 'conflict'],
  ] as const)('of a new document that is %s is %s', (state, cause) => {
    expect(causes([c], [], [known({ ...unsent, state })])).toEqual([[cause, 100_00n]]);
  });

  it.each([
    ['awaiting-approval', 'change-not-posted'],
    ['refused', 'refused'],
    ['conflict', 'conflict'],
  ] as const)('of a change that is %s is %s', (state, cause) => {
    expect(causes([commitment(120_00)], [order(100_00)], [known({ state })])).toEqual([[cause, 20_00n]]);
  });

  it('is the read-only phase where that holds the document back', () => {
    const held = known({ ...unsent, state: 'blocked', code: 'read-only' });
    expect(causes([c], [], [held])).toEqual([['read-only', 100_00n]]);
    const change = known({ state: 'blocked', code: 'read-only' });
    expect(causes([commitment(120_00)], [order(100_00)], [change])).toEqual([['read-only', 20_00n]]);
  });

  it('is an edit in the ERP when the order left what we posted', () => {
    expect(causes([c], [order(90_00)], [known()])).toEqual([['edited-in-erp', 10_00n]]);
  });

  it('is told apart when both sides changed', () => {
    expect(causes([commitment(120_00)], [order(90_00)], [known()])).toEqual([
      ['change-not-posted', 20_00n],
      ['edited-in-erp', 10_00n],
    ]);
  });

  it.each(['draft', 'pending'] as const)('is pending in the ERP while the order is a %s there', (state) => {
    expect(causes([c], [order(100_00, { state })], [known()])).toEqual([['pending-in-erp', 100_00n]]);
  });

  it('is an edit in the ERP when our order was cancelled or is gone', () => {
    expect(causes([c], [order(100_00, { state: 'cancelled' })], [known()])).toEqual([
      ['edited-in-erp', 100_00n],
    ]);
    expect(causes([c], [], [known()])).toEqual([['edited-in-erp', 100_00n]]);
  });

  it('is an order of the ERP alone when no commitment stands for it', () => {
    expect(causes([], [order(70_00)], [])).toEqual([['erp-only', -70_00n]]);
  });

  it('is an order to close when its commitment is no longer approved', () => {
    expect(causes([], [order(100_00)], [known()])).toEqual([['closing-in-erp', -100_00n]]);
  });

  it('names the document, its number and who can move it', () => {
    const facts = [
      known({ ...unsent, state: 'awaiting-approval', owner: 'controller', reason: 'Needs approval.' }),
    ];
    expect(tieOutProject('USD', [c], [], facts).items).toEqual([
      {
        documentId: 'd1',
        number: 'SC-c1',
        title: 'Framing',
        cause: 'waiting',
        explanation: 'Needs approval.',
        amount: usd(100_00),
        owner: 'controller',
      },
    ]);
  });
});

describe('any project', () => {
  const minor = fc.integer({ min: -10_000_000, max: 10_000_000 });
  const states = fc.constantFrom(
    'draft' as const,
    'pending' as const,
    'posted' as const,
    'cancelled' as const,
  );
  const ids = fc.constantFrom('1', '2', '3', '4', '5', '6');
  const documentStates = fc.constantFrom(
    'blocked' as const,
    'posting' as const,
    'posted' as const,
    'confirmed' as const,
    'refused' as const,
    'conflict' as const,
    'detached' as const,
  );
  const worlds = fc.record({
    source: fc.uniqueArray(fc.record({ id: ids, minor }), { selector: ({ id }) => id }),
    target: fc.uniqueArray(fc.record({ id: ids, minor, state: states }), { selector: ({ id }) => id }),
    known: fc.array(
      fc.record({
        commitmentId: ids,
        targetId: fc.option(ids),
        state: documentStates,
        posted: fc.option(minor),
      }),
      { maxLength: 8 },
    ),
  });

  it('ties out to the cent: the items are the whole difference, and the figures are the sums', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const bridge = tieOutProject(
          'USD',
          world.source.map((one) => commitment(one.minor, one.id)),
          world.target.map((one) => order(one.minor, { id: one.id, number: one.id, state: one.state })),
          world.known.map(({ posted, ...one }) =>
            known({ ...one, postedAmount: posted === null ? null : usd(posted) }),
          ),
        );
        const total = (amounts: readonly number[]) => BigInt(amounts.reduce((a, b) => a + b, 0));
        const source = total(world.source.map((one) => one.minor));
        const target = total(world.target.filter(({ state }) => state === 'posted').map((one) => one.minor));
        expect(bridge.source.minor).toBe(source);
        expect(bridge.target.minor).toBe(target);
        expect(bridge.difference.minor).toBe(source - target);
        expect(bridge.items.reduce((a, { amount }) => a + amount.minor, 0n)).toBe(source - target);
        expect(bridge.residual.minor).toBe(0n);
        expect(
          bridge.items.every(({ amount, explanation }) => amount.minor === 0n || explanation !== ''),
        ).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is never added up across currencies', () => {
    const euro = { ...order(1), amount: money(1n, 'EUR') };
    expect(() => tieOutProject('USD', [commitment(1)], [euro], [])).toThrow('cannot combine');
  });
});
