import { describe, expect, it } from 'vitest';
import { type Approval, type ApprovalBinding, approvalHolds, mayApprove } from './approval.ts';

const chen = { email: 'chen@acme.test', roles: ['controller'] };
const binding: ApprovalBinding = { payloadHash: 'p1', mappingHash: 'm1', policyVersion: 3 };
const approval: Approval = {
  ...binding,
  decidedBy: chen.email,
  role: 'controller',
  consumed: false,
  stale: false,
};
const nobody = { requester: null, editors: [] };

describe('mayApprove', () => {
  it('lets a second person with the role approve', () => {
    const provenance = { requester: 'pm@acme.test', editors: ['accountant@acme.test'] };
    expect(mayApprove(chen, provenance, 'controller')).toEqual({ ok: true });
  });

  it.each([
    ['the person who sent it', { requester: 'chen@acme.test', editors: [] }, 'You sent this document'],
    ['the sender under another spelling', { requester: ' Chen@ACME.test ', editors: [] }, 'You sent this'],
    ['an editor of the mapping', { requester: null, editors: ['x@y.test', 'CHEN@acme.test'] }, 'You edited'],
  ])('refuses %s', (_who, provenance, why) => {
    const verdict = mayApprove(chen, provenance, 'controller');
    expect(verdict.ok).toBe(false);
    expect(verdict).toHaveProperty('why', expect.stringContaining(why));
  });

  it('needs the very role, also from somebody with every other one', () => {
    const many = { email: 'a@b.test', roles: ['accountant', 'engineer', 'controllers'] };
    expect(mayApprove(many, nobody, 'controller').ok).toBe(false);
  });

  it('never counts an agent, whatever its roles', () => {
    expect(mayApprove({ ...chen, agent: true }, nobody, 'controller').ok).toBe(false);
  });
});

describe('approvalHolds', () => {
  it('holds for exactly what was seen', () => {
    expect(approvalHolds(approval, binding, nobody)).toEqual({ ok: true });
  });

  it.each([
    ['already used', { consumed: true }, {}, 'already used'],
    ['stale', { stale: true }, {}, 'stale'],
    ['of another payload', {}, { payloadHash: 'p2' }, 'document changed'],
    ['of another mapping', {}, { mappingHash: 'm2' }, 'mapping changed'],
    ['under another policy', {}, { policyVersion: 4 }, 'policy changed'],
  ])('does not hold when %s', (_what, change, now, why) => {
    const verdict = approvalHolds({ ...approval, ...change }, { ...binding, ...now }, nobody);
    expect(verdict).toEqual({ ok: false, why: expect.stringContaining(why) });
  });

  it('no longer holds when the approver became the sender or an editor in the meantime', () => {
    expect(approvalHolds(approval, binding, { requester: chen.email, editors: [] }).ok).toBe(false);
    expect(approvalHolds(approval, binding, { requester: null, editors: [chen.email] }).ok).toBe(false);
  });

  it('holds for one combination of the six conditions out of 64', () => {
    let holds = 0;
    for (let bits = 0; bits < 64; bits += 1) {
      const wrong = (bit: number) => (bits & (1 << bit)) !== 0;
      const one = { ...approval, consumed: wrong(0), stale: wrong(1) };
      const now = {
        payloadHash: wrong(2) ? 'x' : 'p1',
        mappingHash: wrong(3) ? 'x' : 'm1',
        policyVersion: wrong(4) ? 9 : 3,
      };
      const provenance = wrong(5) ? { requester: chen.email, editors: [] } : nobody;
      if (approvalHolds(one, now, provenance).ok) holds += 1;
    }
    expect(holds).toBe(1);
  });
});
