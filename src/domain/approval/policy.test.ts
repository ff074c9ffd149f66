import fc from 'fast-check';
import { expect, test } from 'vitest';
import { money } from '../values/money.ts';
import { gate, type Policy } from './gate.ts';
import { mayApprovePolicy, mayProposePolicy } from './may-decide.ts';
import {
  inOrder,
  policyChoices,
  policyFromTheStart,
  pricedKinds,
  type WholePolicy,
  wholePolicy,
} from './policy.ts';
import { policyChanges } from './policy-changes.ts';
import { policyFaults } from './policy-faults.ts';

const start = policyFromTheStart;
const rule = { kind: 'purchase-order', threshold: '50000.00', currency: 'USD', role: 'controller' } as const;
const withRules = (...approvals: WholePolicy['approvals']): WholePolicy => ({ ...start, approvals });
const faultsOf = (policy: WholePolicy) => policyFaults(policy).map(({ field }) => field);

test('writes out what the gate would do where a saved policy says nothing', () => {
  const old: Policy = { version: 1, approvals: [] };
  const whole = wholePolicy(old);
  for (const policy of [old, { version: 1, ...whole }])
    expect(
      gate({
        ...{ kind: 'project', phase: 'one-way', exposure: null, unapprovedToday: null, waitsFor: null },
        ...{ isDayIncomplete: false, policy, provenance: { requester: null, editors: [] }, users: [] },
      }),
    ).toMatchObject({ verdict: 'approval', role: 'controller' });
  expect(whole.newRecords.project).toBe('controller');
  expect(faultsOf(whole)).toEqual([]);
  expect(faultsOf(start)).toEqual([]);
});

test('names each field that is wrong, what was typed there, the rule, and what to do', () => {
  const typed: [Partial<WholePolicy['approvals'][number]>, string, RegExp][] = [
    [{ threshold: '50,000' }, 'threshold', /^Purchase orders: "50,000" is no amount\. Write digits/],
    [{ threshold: '-1.00' }, 'threshold', /is no amount/],
    [{ threshold: '1.005' }, 'threshold', /more decimal places than the 2 of USD/],
    [{ threshold: '0.5', currency: 'JPY' }, 'threshold', /the 0 of JPY/],
    [{ threshold: '1'.repeat(16) }, 'threshold', /more than 15 digits/],
    [{ currency: 'DOL' }, 'currency', /"DOL" is no currency/],
    [{ role: 'engineer' }, 'role', /"engineer" approves nothing\. Choose controller or accountant\./],
    [{ kind: 'vendor-payment', threshold: '10.00' }, 'threshold', /^Payments to vendors: .*Write 0\.$/],
  ];
  for (const [wrong, field, message] of typed)
    expect(policyFaults(withRules({ ...rule, ...wrong }))).toEqual([
      { field: `approvals.0.${field}`, message: expect.stringMatching(message) },
    ]);
  expect(faultsOf(withRules(rule, { ...rule, threshold: '1.00' }))).toEqual(['approvals.1.currency']);
  for (const timeZone of ['Chicago', '+01:00', ''])
    expect(faultsOf({ ...start, timeZone })).toEqual(['timeZone']);
  const newRecords = { ...start.newRecords, vendor: 'admin' };
  expect(faultsOf({ ...start, newRecords })).toEqual(['newRecords.vendor']);
});

test('says in words what changes, and what lets more go without a person', () => {
  const after = {
    ...withRules({ ...rule, threshold: '75000.00' }, { ...rule, kind: 'ap-invoice', threshold: '0.00' }),
    newRecords: { ...start.newRecords, vendor: null, project: 'accountant' },
    holds: { ...start.holds, waivers: 'conditional' },
  } as const;
  const before = withRules(rule, { ...rule, kind: 'ap-invoice' }, { ...rule, kind: 'budget' });
  expect(policyChanges(before, after)).toEqual([
    {
      label: 'Purchase orders in USD',
      before: 'from USD 50,000.00 on they need the approval of a controller',
      after: 'from USD 75,000.00 on they need the approval of a controller',
      effect: 'looser',
    },
    {
      label: 'A/P invoices in USD',
      before: 'from USD 50,000.00 on they need the approval of a controller',
      after: 'every one needs the approval of a controller',
      effect: 'stricter',
    },
    {
      label: 'Budgets in USD',
      before: 'from USD 50,000.00 on they need the approval of a controller',
      after: 'no rule: every one needs an approval',
      effect: 'stricter',
    },
    expect.objectContaining({ label: 'New vendors', after: 'go by themselves', effect: 'looser' }),
    expect.objectContaining({ label: 'New projects', before: 'go by themselves', effect: 'stricter' }),
    expect.objectContaining({ label: 'Missing lien waivers', effect: 'stricter' }),
  ]);
});

const policies = fc.record({
  approvals: fc.uniqueArray(
    fc.record({
      kind: fc.constantFrom(...(Object.keys(pricedKinds) as (keyof typeof pricedKinds)[])),
      threshold: fc.nat(9).map((thousands) => `${thousands * 1000}.00`),
      currency: fc.constantFrom('USD', 'CAD'),
      role: fc.constantFrom('controller', 'accountant'),
    }),
    { selector: ({ kind, currency }) => `${kind} ${currency}` },
  ),
  timeZone: fc.constantFrom('UTC', 'America/Chicago'),
  choices: fc.tuple(...policyChoices.map(({ options }) => fc.constantFrom(...options))),
});
const made = policies.map(({ approvals, timeZone, choices }) => {
  const sections = { newRecords: {}, invoices: {}, holds: {}, acceptance: {} } as Record<
    string,
    Record<string, unknown>
  >;
  for (const [place, { section, name }] of policyChoices.entries())
    sections[section]![name] = choices[place]!.value;
  return { approvals, timeZone, ...sections } as unknown as WholePolicy;
});

/** Who is asked about an amount, as the gate sees it; null where it goes by itself. */
function asked(policy: WholePolicy, kind: string, amount: bigint | null, currency: string): string | null {
  const verdict = gate({
    ...{ kind, phase: 'one-way', exposure: amount === null ? null : money(amount, currency) },
    ...{ unapprovedToday: null, waitsFor: null, isDayIncomplete: false, policy: { version: 1, ...policy } },
    ...{ provenance: { requester: null, editors: [] }, users: [] },
  });
  return verdict.verdict === 'approval' ? verdict.role : null;
}

test('leaves nothing unsaid: two policies without a difference ask the same people about everything', () => {
  const amounts = [0n, 1n, ...Array.from({ length: 10 }, (_, place) => BigInt(place) * 100_000n)];
  fc.assert(
    fc.property(made, made, fc.nat(5), (one, source, place) => {
      // One rule is taken out or said otherwise: what is easiest to overlook.
      const [taken] = source.approvals;
      const kept = one.approvals.filter(
        (own, at) => at !== place && !(own.kind === taken?.kind && own.currency === taken.currency),
      );
      const other = { ...one, approvals: taken === undefined ? kept : [...kept, taken] };
      const [left, right] = [inOrder(one), inOrder(other)];
      const same = Object.keys(pricedKinds).every((kind) =>
        ['USD', 'CAD', 'EUR'].every((currency) =>
          amounts.every(
            (amount) => asked(left, kind, amount, currency) === asked(right, kind, amount, currency),
          ),
        ),
      );
      if (policyChanges(one, other).length === 0) expect(same).toBe(true);
    }),
  );
  fc.assert(
    fc.property(made, (policy) => {
      const shuffled = { ...policy, approvals: policy.approvals.toReversed() };
      expect(policyChanges(policy, shuffled)).toEqual([]);
      expect(inOrder(shuffled)).toEqual(inOrder(policy));
      expect(policyFaults({ ...policy, approvals: policy.approvals.map(free) })).toEqual([]);
    }),
  );
});

function free(one: WholePolicy['approvals'][number]): WholePolicy['approvals'][number] {
  return one.kind === 'vendor-payment' ? { ...one, threshold: '0' } : one;
}

test('takes a second person, who is a controller, for a change of the policy', () => {
  const [dora, chen, rosa] = [
    { email: 'dora@acme.test', roles: ['controller'] },
    { email: 'chen@acme.test', roles: ['controller', 'accountant'] },
    { email: 'rosa@acme.test', roles: ['accountant'] },
  ] as const;
  expect(mayApprovePolicy(dora, 'DORA@acme.test ').ok).toBe(false);
  expect(mayApprovePolicy(dora, null).ok).toBe(false);
  expect(mayApprovePolicy(rosa, chen.email).ok).toBe(false);
  expect(mayApprovePolicy(chen, dora.email)).toEqual({ ok: true });
  expect(mayApprovePolicy({ ...chen, agent: true }, dora.email).ok).toBe(false);
  expect(mayProposePolicy(rosa, [rosa, dora])).toEqual({ ok: true });
  expect(mayProposePolicy(dora, [rosa, dora])).toMatchObject({
    ok: false,
    why: expect.stringContaining('no other person'),
  });
  expect(mayProposePolicy({ email: 'pm@acme.test', roles: ['project-manager'] }, [dora]).ok).toBe(false);
});
