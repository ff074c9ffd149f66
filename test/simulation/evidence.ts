import { CHAIN_START } from '../../src/domain/audit/audit-chain.ts';
import { MAX_ATTEMPTS } from '../../src/domain/posting/posting.ts';
import { postingDone } from '../../src/domain/states.ts';
import type {
  Evidence,
  IntentOutcome,
  OurDocument,
  OurPosting,
  PhaseSpan,
  Question,
  Replay,
  SourceRequestItem,
  SourceVersion,
  TargetDocument,
  Use,
} from '../checker/evidence.ts';
import { type DocumentRow, type PostingRow, type QuestionRow, TENANT } from './database.ts';
import { keyOf } from './names.ts';
import { standsInTarget } from './planner.ts';
import { CURRENCY, type World } from './world.ts';

/** What the checker is given: the truth of the models, and what our tables say. */
export function evidenceOf(
  world: World,
  more: { readonly replays: readonly Replay[]; readonly acts: number; readonly actsAtMost: number },
): Evidence {
  const { db, books, erp, hub } = world;
  const documents = [...ourDocuments(world), ...unplanned(world), ...stuckAnswers(world)];
  const looks = db.audit.filter(({ kind }) => kind === 'probe-again').length;
  const links = db.chain();
  const head = links.at(-1) ?? null;
  return {
    settled: true,
    crashes: world.crashes,
    target: {
      documents: erp.documents.map(targetDocument),
      requests: [...erp.wire.sent, ...hub.wire.sent],
      phases: phasesOf(world),
    },
    source: {
      versions: versionsOf(world),
      requestItems: itemsOf(world),
      origins: hub.origins.map(({ source, at, value }) => ({
        key: `${source} v1`,
        at,
        value: value.replace('ER-', ''),
      })),
    },
    ours: {
      documents,
      postings: postingsOf(world),
      findings: findingsOf(world),
      watchesDrift: true,
      writesOrigin: true,
    },
    audit: {
      intents: books.intents,
      outcomes: [...books.outcomes, ...lostOutcomes(world)],
      chains: [
        {
          tenant: TENANT,
          domain: 'tiebeam.audit.v1',
          start: CHAIN_START,
          links,
          head,
        },
      ],
    },
    approvals: {
      policies: world.policies.map(({ version, approvals }) => ({
        version: String(version),
        threshold: approvals[0]!.threshold.replace('.', ''),
        currency: CURRENCY,
        roles: ['controller'],
      })),
      approvals: books.approvals.map((approval) => {
        const voided = books.left.get(approval.by);
        return voided === undefined ? approval : { ...approval, voided };
      }),
      uses: usesOf(world),
    },
    replays: more.replays,
    work: {
      attemptsAtMost: MAX_ATTEMPTS + looks,
      peaks: [{ what: 'what one history does', seen: more.acts, atMost: more.actsAtMost }],
    },
  };
}

/** What took effect nowhere moved nothing, and what is gone from the target moves nothing any more. */
function usesOf({ erp, books }: World): readonly Use[] {
  const moved = new Set<string>();
  for (const { state, writes } of erp.documents)
    if (state !== 'gone')
      for (const { key } of writes) if (key !== null) moved.add(key.replace(' again', ''));
  return books.uses.filter(({ key }) => moved.has(key));
}

function targetDocument(document: World['erp']['documents'][number]): TargetDocument {
  const { id, reference, key, committedAt, goneAt, state, touchedAt, hash, amountMinor } = document;
  return {
    system: 'erp',
    id,
    reference,
    key,
    from: committedAt,
    gone: goneAt,
    state: state === 'gone' ? 'cancelled' : state,
    touchedByHuman: touchedAt,
    hash,
    currency: CURRENCY,
    header: BigInt(amountMinor),
  };
}

/** What was released when the phase was set may still leave; of each request the phase of its release is judged. */
function phasesOf({ phases, erpRule }: World): PhaseSpan[] {
  return phases.map(({ phase, at }, index) => ({
    connection: 'erp',
    phase,
    from: phase === 'read-only' ? at + erpRule.clientTimeoutMs : at,
    until: phases[index + 1]?.at ?? null,
  }));
}

function versionsOf({ hub, db }: World): SourceVersion[] {
  const versions: SourceVersion[] = [];
  // Nothing was ever planned of it, because its only request was answered with a failure.
  const isDeclined = (source: string) =>
    ![...db.documents.rows.values()].some((document) => document.source === source) &&
    hub.items
      .filter((item) => item.source === source)
      .every(({ closings }) => closings.some(({ result }) => result === 'failed'));
  for (const { source, amounts, parent } of hub.commitments.values())
    amounts.forEach((amount, at) => {
      versions.push({
        key: `${source} v${at + 1}`,
        record: source,
        order: at + 1,
        amount: BigInt(amount),
        currency: CURRENCY,
        ended: at + 1 < amounts.length ? 'superseded' : isDeclined(source) ? 'taken-back' : null,
        ...(parent === null ? {} : { after: [`${parent} v1`] }),
      });
    });
  return versions;
}

function itemsOf(world: World): SourceRequestItem[] {
  const { hub, db, books } = world;
  return hub.items.map(({ key: id, source, closings }) => {
    const answered = books.answers.get(id);
    if (answered !== undefined && closings.length > 0) return { id, key: answered, closings };
    if (closings.length === 0 && stuckAnswer(world, id) !== null)
      return { id, key: `answer to ${id}`, closings };
    let of: DocumentRow | null = null;
    for (const document of db.documents.rows.values())
      if (document.source === source && of?.item !== id) of = document;
    return {
      id,
      key: of === null ? `${source} v${hub.commitments.get(source)!.version}` : keyOf(of),
      closings,
    };
  });
}

/** The question that holds back the answer to a request, if something does. */
function stuckAnswer(world: World, item: string): Question | null {
  const { db } = world;
  for (const posting of db.postings.rows.values()) {
    if (posting.operation.kind !== 'close' || posting.operation.item !== item || isOver(posting)) continue;
    const own = db.questions.get(`exception:${posting.id}`);
    return own?.state === 'open' ? asked(own) : behind(world, 'hub', posting.root);
  }
  return null;
}

function stuckAnswers(world: World): OurDocument[] {
  const rows: OurDocument[] = [];
  for (const { key, closings } of world.hub.items) {
    const question = closings.length === 0 ? stuckAnswer(world, key) : null;
    if (question === null) continue;
    const id = `answer to ${key}`;
    rows.push({ id, key: id, state: 'stopped', target: null, reference: null, payloadHash: null, question });
  }
  return rows;
}

/** Where nothing was planned but an answer to its request is stuck, that question is what people see of it. */
function unplanned(world: World): OurDocument[] {
  const { hub, db } = world;
  const rows: OurDocument[] = [];
  for (const { source, version, amountMinor } of hub.commitments.values()) {
    let isPlanned = false;
    for (const document of db.documents.rows.values()) isPlanned ||= document.source === source;
    if (isPlanned) continue;
    for (const item of hub.items) {
      const question = item.source === source ? stuckAnswer(world, item.key) : null;
      if (question === null) continue;
      const key = `${source} v${version}`;
      const amount = BigInt(amountMinor);
      rows.push({
        id: `${source} unplanned`,
        key,
        state: 'stopped',
        target: null,
        reference: null,
        payloadHash: null,
        amount,
        question,
      });
      break;
    }
  }
  return rows;
}

function ourDocuments(world: World): OurDocument[] {
  const { db } = world;
  const rows: OurDocument[] = [];
  for (const document of db.documents.rows.values()) {
    const question = questionOf(world, document);
    const isPosted = document.state === 'posted' || document.state === 'confirmed';
    const row: OurDocument = {
      id: document.id,
      key: keyOf(document),
      state: isPosted ? 'posted' : question === null ? 'open' : 'stopped',
      // A restored backup may remember as refused what was sent again after it: the look at the target tells.
      status: isFoundAgain(world, document) ? 'found in the target' : document.state,
      shown: document.state === 'confirmed' && question === null ? 'synced' : document.state,
      target: document.targetId === null ? null : { system: 'erp', id: document.targetId },
      reference: world.reference(document.source, 1),
      payloadHash: document.payloadHash,
      amount: BigInt(document.amountMinor),
      currency: CURRENCY,
      question,
    };
    rows.push(row);
    const waiting = newerVersion(world, document, row);
    if (waiting !== null) rows.push(waiting);
  }
  return rows;
}

function isFoundAgain(world: World, { source }: DocumentRow): boolean {
  const { db } = world;
  if (db.installation.epoch === 1) return false;
  return db.questions.get(`drift:${world.reference(source, 1)}`)?.state === 'open';
}

/** A newer version that we know of and that waits behind a document in front of a person. */
function newerVersion({ db }: World, document: DocumentRow, row: OurDocument): OurDocument | null {
  const record = db.records.get(document.source);
  if (record === undefined || record.version <= document.recordVersion) return null;
  for (const other of db.documents.rows.values())
    if (other.source === document.source && other.revision > document.revision) return null;
  if (row.question == null) return null;
  return {
    id: `${document.id} next`,
    key: `${document.source} v${record.version}`,
    state: 'open',
    target: null,
    reference: null,
    payloadHash: null,
    amount: BigInt(record.amountMinor),
    currency: CURRENCY,
    question: row.question,
  };
}

function questionOf(world: World, document: DocumentRow): Question | null {
  const { db } = world;
  for (const question of db.questions.rows.values())
    if (question.document === document.id && question.state === 'open') return asked(question);
  const { state, reason } = document;
  if (state === 'withdrawn' && reason === null) return toldSender(world, document);
  if (state === 'blocked' || state === 'withdrawn' || state === 'refused' || state === 'conflict')
    return { assigned: 'accountant', reason };
  if (state === 'ready' || state === 'posting') return behind(world, 'erp', document.root);
  if (standsInTarget(state) && isTelling(world, document)) return behind(world, 'hub', document.root);
  return null;
}

/** Whether something is still to be written back for it. */
function isTelling({ db }: World, { id }: DocumentRow): boolean {
  for (const posting of db.postings.rows.values())
    if (posting.document === id && posting.system === 'hub' && !isOver(posting)) return true;
  return false;
}

/** Whoever sent it was told in the source that nothing will come of it. */
function toldSender({ hub }: World, { item, requester }: DocumentRow): Question | null {
  const wasTold = hub.items.some(
    ({ key, closings }) => key === item && closings.some(({ result }) => result === 'failed'),
  );
  return wasTold ? { assigned: requester, reason: 'the request was closed as failed' } : null;
}

function asked({ kind, role, why }: QuestionRow): Question {
  return { assigned: role, reason: why, about: kind === 'vanished' ? 'drift' : 'other' };
}

/** What stands in front of a person at the head of a root holds back what comes after it, and is shown with it. */
function behind({ db }: World, system: string, root: string): Question | null {
  const head = headOf(db.postings.rows.values(), system, root);
  if (head?.state !== 'exception') return null;
  for (const question of db.questions.rows.values())
    if (question.subject === `exception:${head.id}` && question.state === 'open') return asked(question);
  for (const question of db.questions.rows.values())
    if (question.document === head.document && question.state === 'open') return asked(question);
  return null;
}

function headOf(postings: Iterable<PostingRow>, system: string, root: string): PostingRow | null {
  let head: PostingRow | null = null;
  for (const posting of postings) {
    if (posting.system !== system || posting.root !== root || isOver(posting)) continue;
    if (head === null || posting.seq < head.seq) head = posting;
  }
  return head;
}

function isOver({ state }: PostingRow): boolean {
  return postingDone.has(state) || state === 'cancelled' || state === 'refused';
}

/**
 * What a restored backup forgot is unknown from then on. It is resolved by the next outcome of its reference, or
 * stands in front of a person with its root.
 */
function lostOutcomes({ books, db, now }: World): IntentOutcome[] {
  if (books.forgotten.length === 0 && db.installation.epoch === 1) return [];
  const outcomes: IntentOutcome[] = books.forgotten.map(({ intent: { id, reference }, at }) => ({
    intent: id,
    reference,
    at,
    result: 'unknown',
  }));
  // The last look at both systems lists what stands under every reference: what no write of ours names any more,
  // because its plan went another way after the restore, is told there.
  const asking = new Set<string>();
  for (const { state, document, subject } of db.questions.rows.values()) {
    if (state !== 'open') continue;
    const stuck = db.postings.get(subject.slice('exception:'.length));
    const root = db.documents.get(document ?? '')?.root ?? stuck?.root;
    if (root !== undefined) asking.add(root);
  }
  const alive = new Set<string>();
  for (const { reference, state } of db.postings.rows.values())
    if (state !== 'cancelled') alive.add(reference);
  for (const [reference, root] of books.roots)
    if (!alive.has(reference) || asking.has(root))
      outcomes.push({
        intent: null,
        reference,
        at: now,
        result: alive.has(reference) ? 'exception' : 'absent',
      });
  return outcomes;
}

function postingsOf(world: World): OurPosting[] {
  const { db } = world;
  const rows: OurPosting[] = [];
  for (const { id, state, attempt, reference, document, system, root } of db.postings.rows.values()) {
    if (state === 'cancelled') continue;
    const isStuck = state === 'ready' || state === 'intended';
    if (isStuck && behind(world, system, root) !== null) continue;
    rows.push({ reference, document: document ?? id, state, attempts: attempt });
  }
  return rows;
}

function findingsOf(world: World): { readonly reference: string; readonly question: Question }[] {
  const findings: { reference: string; question: Question }[] = [];
  for (const question of world.db.questions.rows.values())
    if (question.kind === 'vanished' && question.state === 'open')
      findings.push({ reference: question.subject.slice('drift:'.length), question: asked(question) });
  return findings;
}
