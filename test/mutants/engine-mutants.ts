import type { Killer, Mutant } from './mutant.ts';

const TURN = 'src/engine/post/turn.ts';
const MAY_INTEND = 'src/engine/post/may-intend.ts';
const CONCLUDE = 'src/engine/post/conclude.ts';
const CONFIRM = 'src/engine/post/confirm.ts';
const PLAN = 'src/engine/plan/plan-commitment.ts';
const GROUP_COMMIT = 'src/engine/intake/group-commit.ts';
const LANE = 'src/store/work/lane.ts';
const POSTING = 'src/store/documents/posting.ts';
const STORED_APPROVAL = 'src/store/documents/approval.ts';

const story = (name: string, named?: string): Killer => ({
  by: 'tests',
  file: `test/scenarios/${name}.test.ts`,
  ...(named === undefined ? {} : { named }),
});
const stored = (file: string, named?: string): Killer => ({
  by: 'tests',
  file: file.replace(/\.ts$/, '.db.test.ts'),
  ...(named === undefined ? {} : { named }),
});

/** Faults of what performs the protocol: transactions, fences, leases, consequences, intake. */
export const engineMutants: readonly Mutant[] = [
  {
    id: 'intent-not-audited',
    says: 'an intent is committed without its audit entry',
    file: TURN,
    find: `      await appendAudit(tx, [this.entry('intent', after, { attempt: after.attempt })]);\n`,
    replace: '',
    killedBy: { by: 'kills', runs: 4 },
  },
  {
    id: 'outcome-not-audited',
    says: 'what became of an intent is not written into the audit trail',
    file: TURN,
    find: `const own = ended ? [`,
    replace: `const own = ended && after.state === 'cancelled' ? [`,
    killedBy: story('killed', 'sap-business-one (a worker killed after-intent|the audit trail)'),
  },
  {
    id: 'unsent-intent-without-outcome',
    says: 'an intent that a dead worker left unsent never gets an outcome',
    file: TURN,
    find: 'before.state !== after.state || (before.openIntent && !after.openIntent);',
    replace: 'before.state !== after.state;',
    killedBy: story('killed', 'sap-business-one (a worker killed after-intent|the audit trail)'),
  },
  {
    id: 'forgotten-day-intended',
    says: 'what was planned before a restore is sent after its looks, although the day it counted on is not known',
    file: MAY_INTEND,
    find: 'if (isForgotten) return DAY_FORGOTTEN;',
    replace: `if (isForgotten && document.state !== 'ready') return DAY_FORGOTTEN;`,
    killedBy: stored(MAY_INTEND),
  },
  {
    id: 'spent-forgotten',
    says: 'what was sent and planned over by a person no longer counts on its day',
    file: POSTING,
    find: `if (by === 'decision') await countAsSpent(tx, document);`,
    replace: `if (by === 'person') await countAsSpent(tx, document);`,
    killedBy: stored('src/engine/plan/wake.ts'),
  },
  {
    id: 'answer-of-a-loser-dropped',
    says: 'what a target answered is not kept when another worker has the lane by then',
    file: TURN,
    find: 'const stored = { ...found, ...before };',
    replace: `const stored = { ...found, ...before };
    await step(engine, this.tenant, (tx) => this.fence(tx));`,
    killedBy: stored(TURN),
  },
  {
    id: 'loser-goes-on',
    says: 'a worker that lost its lane moves postings by what it saw, and sends',
    file: TURN,
    find: 'if (await fenceHolds(tx, this.holding.lane, this.holding.accountFence)) return;',
    replace: `await fenceHolds(tx, this.holding.lane, this.holding.accountFence);
    if (this.holding.accountFence !== '') return;`,
    killedBy: stored(TURN),
  },
  {
    id: 'taken-back-write-goes-next',
    says: 'a write that was taken back by the refusal of the one before it is worked all the same',
    file: TURN,
    find: 'this.next = takesBack(found, after) ? await headPosting(tx, at.id, found.root) : next;',
    replace: 'this.next = next;',
    killedBy: stored(TURN, 'taken back'),
  },
  {
    id: 'new-reference-on-retry',
    says: 'a second attempt carries another reference than the first',
    file: TURN,
    find: 'const request = write.encode(await this.context(posting));',
    replace: `const other = \`\${found.reference.slice(0, 15)}\${posting.attempt}\`;
    const renamed = JSON.stringify(found.operation).replaceAll(found.reference, other);
    const writes = at.connection.writes(JSON.parse(renamed) as StoredPosting['operation']);
    const again = writes.find(({ name }) => name === found.writeName)!;
    const request = (posting.attempt > 1 ? again : write).encode(await this.context(posting));`,
    killedBy: story('exactly-once'),
  },
  {
    id: 'first-intent-past-the-gate',
    says: 'approval and period are not looked at again when a document is sent',
    file: MAY_INTEND,
    find: 'if (posting.attempt > 0) {',
    replace: 'if (posting.attempt >= 0) {',
    killedBy: story('last-gate', 'an approval is used up'),
  },
  {
    id: 'phase-not-looked-at-again',
    says: 'what was planned before the phase became read-only is still sent',
    file: MAY_INTEND,
    find: `  at.allowWrites(company !== 'read-only');
  return project !== 'read-only';`,
    replace: `  at.allowWrites(company !== project || company !== null);
  return true;`,
    killedBy: story('last-gate', 'an order that was ready'),
  },
  {
    id: 'by-itself-under-an-old-policy',
    says: 'what could go by itself when it was planned goes by itself under a stricter policy as well',
    file: MAY_INTEND,
    find: `if (gate.verdict === 'auto' && (gate.policyVersion`,
    replace: `if (gate.verdict === 'auto' && gate.rule === '' && (gate.policyVersion`,
    killedBy: stored(MAY_INTEND, 'by itself'),
  },
  {
    id: 'approval-not-used-up',
    says: 'an approval stays open after it was used',
    file: MAY_INTEND,
    find: 'if (why === null) await consumeApproval(tx, approval.id, now);\n  else ',
    replace: 'if (why !== null) ',
    killedBy: story('last-gate', 'an approval is used up'),
  },
  {
    id: 'approver-who-left',
    says: 'the approval of somebody who left, or lost the role, still counts',
    file: MAY_INTEND,
    find: 'const left = holds.ok && !approval.approverMay;',
    replace: `const left = holds.ok && approval.decidedBy === '' && !approval.approverMay;`,
    killedBy: story('approval-alone'),
  },
  {
    id: 'used-approval-found-again',
    says: 'a used approval is offered again',
    file: STORED_APPROVAL,
    find: 'and document = $1 and consumed_at is null and stale_at is null\n     order by',
    replace: 'and document = $1 and stale_at is null\n     order by',
    killedBy: story('last-gate', 'an approval is used up'),
  },
  {
    id: 'refused-item-left-open',
    says: 'the sender of a refused document is never told',
    file: CONCLUDE,
    find: 'if (item !== null) await failRequest(engine, tx, hub, item, [message], document.id);',
    replace: 'if (item === null) await cancelReady(tx, document.id);',
    killedBy: story('refusal'),
  },
  {
    id: 'draft-confirmed',
    says: 'the source is told of an order while it is a draft that waits for approval in the ERP',
    file: CONCLUDE,
    find: 'if (postingDone.has(posting.state)) {',
    replace: `if (postingDone.has(posting.state) || posting.state === 'accepted') {`,
    and: [
      {
        file: CONCLUDE,
        find: 'if (!mine.every((other) => other.id === posting.id || postingDone.has(other.state))) return [];',
        replace: '',
      },
    ],
    killedBy: story('phases', 'an order that becomes a draft'),
  },
  {
    id: 'half-a-document-is-posted',
    says: 'a document of several writes counts as posted after the first of them',
    file: CONCLUDE,
    find: 'if (!mine.every((other) => other.id === posting.id || postingDone.has(other.state))) return [];',
    replace: 'if (mine.length === 0) return [];',
    killedBy: stored(CONCLUDE),
  },
  {
    id: 'replaced-although-its-order-is-sent',
    says: 'an export is answered as replaced although its order is on its way or stands',
    file: CONFIRM,
    find: 'if (carried.has(item.key)) continue;',
    replace: '',
    killedBy: stored(PLAN, 'is answered by its order'),
  },
  {
    id: 'late-export-not-answered',
    says: 'an older export that comes to sight while an order is sent is never answered',
    file: PLAN,
    find: `  if (newest !== null) await closeOlderItems(engine, tx, at, newest, documents);`,
    replace: '',
    and: [
      {
        file: PLAN,
        find: `  if (open?.state === 'posting' || open?.state === 'conflict') return;`,
        replace: `  if (open?.state === 'posting' || open?.state === 'conflict') return;
  if (newest !== null) await closeOlderItems(engine, tx, at, newest, documents);`,
      },
    ],
    killedBy: stored(PLAN, 'when it comes to sight'),
  },
  {
    id: 'answered-while-it-is-told',
    says: 'an export whose order stands is answered once more while its success is on the way',
    file: PLAN,
    find: `  if (posted?.state === 'posted' && posted.requestKey === item.key) return;`,
    replace: '',
    killedBy: stored(PLAN, 'not answered a second time'),
  },
  {
    id: 'request-item-answered-twice',
    says: 'a request that was answered before is answered again',
    file: CONFIRM,
    find: `return item !== null && (item.state === 'succeeded' || item.state === 'failed' || item.state === 'stale');`,
    replace: `return item !== null && item.state === 'stale';`,
    killedBy: story('refusal'),
  },
  {
    id: 'epoch-not-looked-at',
    says: 'nobody notices that our database was restored',
    file: POSTING,
    find: 'epoch < (select i.epoch from installation i) as restored',
    replace: 'epoch > (select i.epoch from installation i) as restored',
    killedBy: story('restored'),
  },
  {
    id: 'lane-fence-not-compared',
    says: 'a worker that lost its lane still holds the fence',
    file: LANE,
    find: 'and l.fence = $3 and l.lease_until > now()',
    replace: 'and (l.fence = $3 or l.fence > 0) and l.lease_until > now()',
    killedBy: stored(LANE),
  },
  {
    id: 'account-fence-not-compared',
    says: 'a worker that lost its account still acts on its lanes',
    file: LANE,
    find: 'and a.fence = $4 and a.lease_until > now()',
    replace: 'and (a.fence = $4 or a.fence > 0) and a.lease_until > now()',
    killedBy: stored(LANE),
  },
  {
    id: 'ended-lease-holds',
    says: 'a fence holds although its lease has ended',
    file: LANE,
    find: 'and l.fence = $3 and l.lease_until > now()',
    replace: 'and l.fence = $3 and l.lease_until is not null',
    killedBy: stored(LANE),
  },
  {
    id: 'wake-of-a-running-lane-lost',
    says: 'what came while a lane ran is forgotten when it ends',
    file: LANE,
    find: 'and h.after_ms is null and not h.woken',
    replace: 'and h.after_ms is null',
    and: [
      {
        file: LANE,
        find: 'and (h.after_ms is not null or h.woken)',
        replace: 'and h.after_ms is not null',
      },
    ],
    killedBy: stored(LANE),
  },
  {
    id: 'posting-saved-without-comparison',
    says: 'a step is saved over what somebody else did meanwhile',
    file: POSTING,
    find: 'where tenant = current_tenant() and id = $1 and state = $2 and attempt = $3`,',
    replace: 'where tenant = current_tenant() and id = $1 and $2::text is not null and $3::int >= 0`,',
    killedBy: stored(POSTING),
  },
  {
    id: 'later-write-first',
    says: 'the newest write of a root is worked before the older ones',
    file: POSTING,
    find: `and state not in ('posted', 'adopted', 'cancelled', 'refused') order by seq limit 1`,
    replace: `and state not in ('posted', 'adopted', 'cancelled', 'refused') order by seq desc limit 1`,
    killedBy: stored(POSTING),
  },
  {
    id: 'acknowledged-before-commit',
    says: 'a webhook is answered before it is committed',
    file: GROUP_COMMIT,
    find: `      this.waitingBytes += bytes;
      if (!this.running) void this.run();`,
    replace: `      this.waitingBytes += bytes;
      if (!this.running) void this.run();
      settle('stored' as Result);`,
    killedBy: { by: 'tests', file: 'src/engine/intake/intake.db.test.ts' },
  },
  {
    id: 'neighbours-fail-together',
    says: 'one delivery that cannot be stored takes its neighbours with it',
    file: GROUP_COMMIT,
    find: 'if (batch.length > 1 && this.options.isOneAtFault(error)) {',
    replace: 'if (batch.length > 1_000 && this.options.isOneAtFault(error)) {',
    killedBy: { by: 'tests', file: 'src/engine/intake/intake.db.test.ts' },
  },
  {
    id: 'one-reference-written-twice',
    says: 'the database takes two creates with one reference',
    file: 'migrations/0002-core.sql',
    find: 'create unique index posting_create_once on posting',
    replace: 'create index posting_create_once on posting',
    killedBy: stored(POSTING),
  },
];
