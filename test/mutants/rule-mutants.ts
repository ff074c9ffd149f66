import type { Killer, Mutant } from './mutant.ts';

const GATE = 'src/domain/approval/gate.ts';
const APPROVAL = 'src/domain/approval/approval.ts';
const ACCEPTANCE = 'src/domain/approval/acceptance.ts';
const MAY_DECIDE = 'src/domain/approval/may-decide.ts';
const CHAIN = 'src/domain/audit/audit-chain.ts';
const REFERENCE = 'src/domain/posting/reference.ts';

const inHistories: Killer = { by: 'simulation', histories: 5_000 };
const inTestsOf = (file: string): Killer => ({ by: 'tests', file: file.replace(/\.ts$/, '.test.ts') });

/** Faults of the pure rules around the protocol: who has to approve what, references, the audit chain. */
export const ruleMutants: readonly Mutant[] = [
  {
    id: 'forgotten-day-goes',
    says: 'small amounts go by themselves on the day of a restore, whatever was forgotten of it',
    file: GATE,
    find: 'if (input.isDayIncomplete)',
    replace: 'if (input.isDayIncomplete && input.waitsFor !== null)',
    killedBy: inTestsOf(GATE),
  },
  {
    id: 'approval-not-bound-to-payload',
    says: 'an approval covers whatever the document became afterwards',
    file: APPROVAL,
    find: 'if (approval.payloadHash !== binding.payloadHash)',
    replace: `if (approval.payloadHash === '')`,
    killedBy: inTestsOf(APPROVAL),
  },
  {
    id: 'approval-not-bound-to-mapping',
    says: 'an approval survives a change of the mapping that the document uses',
    file: APPROVAL,
    find: 'if (approval.mappingHash !== binding.mappingHash)',
    replace: `if (approval.mappingHash === '')`,
    killedBy: inTestsOf(APPROVAL),
  },
  {
    id: 'approval-not-bound-to-policy',
    says: 'an approval given under an older policy still counts',
    file: APPROVAL,
    find: 'if (approval.policyVersion !== binding.policyVersion)',
    replace: 'if (approval.policyVersion > binding.policyVersion)',
    killedBy: inTestsOf(APPROVAL),
  },
  {
    id: 'approval-used-twice',
    says: 'an approval that was used up is used again',
    file: APPROVAL,
    find: 'if (approval.consumed)',
    replace: 'if (approval.consumed && approval.stale)',
    killedBy: inTestsOf(APPROVAL),
  },
  {
    id: 'stale-approval-holds',
    says: 'an approval that was declared stale still counts',
    file: APPROVAL,
    find: 'if (approval.stale)',
    replace: 'if (approval.stale && approval.consumed)',
    killedBy: inTestsOf(APPROVAL),
  },
  {
    id: 'own-document-approved',
    says: 'whoever sent a document may approve it',
    file: APPROVAL,
    find: 'if (provenance.requester !== null && sameMail(user.email, provenance.requester)) {',
    replace: `if (provenance.requester === '' && sameMail(user.email, provenance.requester)) {`,
    killedBy: inHistories,
  },
  {
    id: 'own-mapping-approved',
    says: 'whoever edited a mapping may approve the document that uses it',
    file: APPROVAL,
    find: 'if (provenance.editors.some((editor) => sameMail(user.email, editor))) {',
    replace: 'if (provenance.editors.every((editor) => editor === user.email) && user.agent) {',
    killedBy: inHistories,
  },
  {
    id: 'own-export-accepted',
    says: 'whoever wrote a record is a second person when the same one exports it',
    file: ACCEPTANCE,
    find: 'mayApprove(user, { requester: author, editors }, role)',
    replace: 'mayApprove(user, { requester: null, editors }, role)',
    killedBy: inTestsOf(ACCEPTANCE),
  },
  {
    id: 'acceptance-of-anything',
    says: 'an export approves whatever the record became afterwards',
    file: ACCEPTANCE,
    find: 'acceptance.content !== content',
    replace: `content === ''`,
    killedBy: inTestsOf(ACCEPTANCE),
  },
  {
    id: 'own-policy-approved',
    says: 'whoever proposed a change of the policy may approve it',
    file: MAY_DECIDE,
    find: 'proposedBy === null || sameMail(user.email, proposedBy)',
    replace: 'proposedBy === null',
    and: [
      {
        file: MAY_DECIDE,
        find: '{ requester: proposedBy, editors: [] }',
        replace: '{ requester: null, editors: [] }',
      },
    ],
    killedBy: inTestsOf('src/domain/approval/policy.ts'),
  },
  {
    id: 'capitals-make-another-person',
    says: 'the same address in other capitals counts as a second person',
    file: APPROVAL,
    find: 'return a.trim().toLowerCase() === b.trim().toLowerCase();',
    replace: 'return a === b;',
    killedBy: inTestsOf(APPROVAL),
  },
  {
    id: 'agent-approves',
    says: 'an agent may approve',
    file: APPROVAL,
    find: 'if (user.agent)',
    replace: 'if (user.agent && user.roles.length === 0)',
    killedBy: inTestsOf(APPROVAL),
  },
  {
    id: 'role-not-needed',
    says: 'anybody may approve, whatever their role',
    file: APPROVAL,
    find: 'if (!user.roles.includes(neededRole))',
    replace: 'if (user.roles.length === 0)',
    killedBy: inTestsOf(APPROVAL),
  },
  {
    id: 'threshold-exceeded-only',
    says: 'exactly the threshold goes without a person',
    file: GATE,
    find: 'if (moved >= threshold.minor) {',
    replace: 'if (moved > threshold.minor) {',
    and: [
      {
        file: GATE,
        find: 'if (before + moved >= threshold.minor) {',
        replace: 'if (before + moved > threshold.minor) {',
      },
    ],
    killedBy: inTestsOf(GATE),
  },
  {
    id: 'splitting-evades',
    says: 'what already went to the vendor today does not count',
    file: GATE,
    find: 'if (before + moved >= threshold.minor) {',
    replace: 'if (moved >= threshold.minor) {',
    killedBy: inHistories,
  },
  {
    id: 'currencies-compared-as-numbers',
    says: 'an amount in another currency is held against the threshold as if it were in its own',
    file: GATE,
    find: 'if (rule.currency !== currency) {',
    replace: `if (rule.currency !== currency && currency === '') {`,
    killedBy: inTestsOf(GATE),
  },
  {
    id: 'read-only-passes-the-gate',
    says: 'in the read-only phase documents become ready',
    file: GATE,
    find: `if (input.phase === 'read-only') {`,
    replace: `if (input.phase === 'read-only' && input.exposure === null) {`,
    killedBy: inTestsOf(GATE),
  },
  {
    id: 'no-rule-no-person',
    says: 'a kind of document that no policy covers goes by itself',
    file: GATE,
    find: 'if (rule === undefined) return uncovered(input);',
    replace: `if (rule === undefined) return { verdict: 'auto', rule: 'no policy' };`,
    killedBy: inTestsOf(GATE),
  },
  {
    id: 'reference-without-revision',
    says: 'all revisions of a document carry one reference',
    file: REFERENCE,
    find: '    String(key.revision),',
    replace: `    '1',`,
    killedBy: inTestsOf(REFERENCE),
  },
  {
    id: 'reference-without-tenant',
    says: 'two tenants with the same ids make one reference',
    file: REFERENCE,
    find: '    key.tenant,\n',
    replace: '',
    killedBy: inTestsOf(REFERENCE),
  },
  {
    id: 'chain-forgets-its-predecessor',
    says: 'an audit entry is hashed without the one before it',
    file: CHAIN,
    find: `  return digest('sha256',`,
    replace: `  previous = '';
  return digest('sha256',`,
    killedBy: inHistories,
  },
  {
    id: 'chain-lets-entries-be-cut-off',
    says: 'a chain that ends before its head passes',
    file: CHAIN,
    find: 'if (broken === null && claimed.seq > seq)',
    replace: 'if (broken === null && claimed.seq > seq + 1_000_000n)',
    and: [
      {
        file: CHAIN,
        find: 'if (broken === null && claimed.hash !== hash)',
        replace: 'if (broken === null && claimed.seq === seq && claimed.hash !== hash)',
      },
    ],
    killedBy: inTestsOf(CHAIN),
  },
];
