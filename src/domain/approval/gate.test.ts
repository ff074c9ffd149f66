import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, parseMoney } from '../values/money.ts';
import { defaultPolicy, type GateInput, gate } from './gate.ts';

const usd = (text: string) => parseMoney(text, 'USD');
const input: GateInput = {
  kind: 'purchase-order',
  phase: 'one-way',
  exposure: usd('100.00'),
  unapprovedToday: null,
  waitsFor: null,
  isDayIncomplete: false,
  policy: defaultPolicy,
  provenance: { requester: 'pm@acme.test', editors: [] },
  users: [
    { email: 'pm@acme.test', roles: ['controller'] },
    { email: 'chen@acme.test', roles: ['controller'] },
  ],
};
const verdictOf = (change: Partial<GateInput>) => gate({ ...input, ...change });

describe('the threshold', () => {
  it.each([
    ['49999.99', 'auto'],
    ['50000.00', 'approval'],
    ['50000.01', 'approval'],
    ['-49999.99', 'auto'],
    ['-50000.00', 'approval'],
    ['0.00', 'auto'],
  ])('makes %s USD %s', (amount, verdict) => {
    expect(verdictOf({ exposure: usd(amount) }).verdict).toBe(verdict);
  });

  it('lets nothing by that a person is always asked about, however little it is', () => {
    const asked = verdictOf({ exposure: usd('0.01'), alwaysAsked: 'it takes something back' });
    expect(asked).toMatchObject({ verdict: 'approval', role: 'controller', why: 'it takes something back' });
  });

  it('counts what already went to the vendor today, so that splitting does not evade it', () => {
    const rest = { unapprovedToday: usd('30000.00') };
    expect(verdictOf({ ...rest, exposure: usd('19999.99') }).verdict).toBe('auto');
    const reached = verdictOf({ ...rest, exposure: usd('20000.00') });
    expect(reached).toMatchObject({
      verdict: 'approval',
      why: expect.stringContaining('USD 30,000.00 posted today'),
    });
    expect(verdictOf({ unapprovedToday: usd('-30000.00'), exposure: usd('20000.00') }).verdict).toBe(
      'approval',
    );
  });

  it('asks about every amount while a restored database may have forgotten what went today', () => {
    expect(verdictOf({ exposure: usd('0.01') })).toMatchObject({ verdict: 'auto', bySum: true });
    expect(verdictOf({ exposure: usd('0.01'), isDayIncomplete: true })).toMatchObject({
      verdict: 'approval',
      role: 'controller',
      why: expect.stringContaining('restored today'),
    });
    expect(verdictOf({ kind: 'project', exposure: null, isDayIncomplete: true }).verdict).toBe('auto');
  });

  it('keeps asking about what it asked for, until the policy is another one', () => {
    const exposure = usd('20000.00');
    const asked = verdictOf({ exposure, unapprovedToday: usd('30000.00') });
    if (asked.verdict !== 'approval') throw new Error('it was not asked for');
    expect(verdictOf({ exposure, waitsFor: asked })).toEqual(asked);
    const policy = { ...defaultPolicy, version: 1 };
    expect(verdictOf({ exposure, waitsFor: asked, policy }).verdict).toBe('auto');
  });

  it('lets no number of pieces pass that together reach it', () => {
    const pieces = fc.array(fc.bigInt({ min: -6_000_000n, max: 6_000_000n }), { maxLength: 30 });
    fc.assert(
      fc.property(pieces, (minors) => {
        let through = 0n;
        for (const minor of minors) {
          const verdict = verdictOf({
            exposure: money(minor, 'USD'),
            unapprovedToday: money(through, 'USD'),
          });
          if (verdict.verdict === 'auto') through += minor < 0n ? -minor : minor;
        }
        expect(through < 5_000_000n).toBe(true);
      }),
    );
  });

  it('does not compare currencies without a recorded rate', () => {
    expect(verdictOf({ exposure: parseMoney('1.00', 'EUR') })).toMatchObject({
      verdict: 'approval',
      why: 'the policy is in USD and no rate to EUR is recorded',
    });
    expect(verdictOf({ unapprovedToday: parseMoney('1.00', 'EUR') }).verdict).toBe('approval');
  });

  it('uses the rule of the document its own currency has', () => {
    const euro = { kind: 'purchase-order', threshold: '10.00', currency: 'EUR', role: 'cfo' } as const;
    const policy = { version: 1, approvals: [...defaultPolicy.approvals, euro] };
    expect(verdictOf({ policy, exposure: parseMoney('9.99', 'EUR') }).verdict).toBe('auto');
    expect(verdictOf({ policy, exposure: parseMoney('10.00', 'EUR') })).toMatchObject({ role: 'cfo' });
  });

  it('says under which policy something may go by itself, so that another policy can stop it', () => {
    const policy = { ...defaultPolicy, version: 7 };
    expect(verdictOf({ policy, exposure: parseMoney('9.99', 'USD') })).toMatchObject({ policyVersion: 7 });
  });

  it('stops at a person when no rule covers the kind', () => {
    const policy = { version: 1, approvals: [] };
    expect(verdictOf({ policy })).toMatchObject({ verdict: 'approval', role: 'controller' });
  });

  it('brings every payment to a second person, whatever its rule lets go by itself', () => {
    const rule = {
      kind: 'vendor-payment',
      threshold: '50000.00',
      currency: 'USD',
      role: 'treasurer',
    } as const;
    const payment = { kind: 'vendor-payment', exposure: usd('0.01') };
    expect(verdictOf(payment)).toMatchObject({ verdict: 'approval', role: 'controller' });
    const policy = { version: 1, approvals: [rule] };
    expect(verdictOf({ ...payment, policy })).toMatchObject({ verdict: 'approval', role: 'treasurer' });
  });

  it('does not hold up a document without an amount', () => {
    expect(verdictOf({ kind: 'vendor-link', exposure: null })).toEqual({
      verdict: 'auto',
      rule: 'no amount',
    });
  });

  it('brings a new vendor to a controller and lets a new project go, unless the policy says otherwise', () => {
    const verdicts = (policy: GateInput['policy']) =>
      (['vendor', 'project'] as const).map((kind) => {
        const found = verdictOf({ kind, exposure: null, policy });
        return found.verdict === 'approval' ? found.role : found.verdict;
      });
    expect(verdicts(defaultPolicy)).toEqual(['controller', 'auto']);
    const newRecords = { vendor: null, project: 'accountant' };
    expect(verdicts({ ...defaultPolicy, newRecords })).toEqual(['auto', 'accountant']);
  });
});

describe('the phase', () => {
  it('blocks everything while it is read-only, with or without an amount', () => {
    for (const exposure of [usd('1.00'), usd('90000.00'), null]) {
      expect(verdictOf({ phase: 'read-only', exposure }).verdict).toBe('blocked');
    }
  });
});

describe('whether an approval is possible', () => {
  const large = { exposure: usd('50000.00') };

  it('is so when a second person has the role', () => {
    expect(verdictOf(large)).toMatchObject({ role: 'controller', possible: true });
  });

  it.each([
    ['there is only the one user who sent it', [{ email: 'pm@acme.test', roles: ['controller'] }]],
    ['nobody else has the role', [{ email: 'x@acme.test', roles: ['accountant'] }]],
    ['the only other one is an agent', [{ email: 'bot@acme.test', roles: ['controller'], agent: true }]],
    ['there is nobody', []],
  ])('is not so when %s', (_when, users) => {
    expect(verdictOf({ ...large, users })).toMatchObject({ verdict: 'approval', possible: false });
  });

  it('is not so when the only other controller edited a mapping of it', () => {
    const provenance = { requester: 'pm@acme.test', editors: ['chen@acme.test'] };
    expect(verdictOf({ ...large, provenance })).toMatchObject({ possible: false });
  });
});
