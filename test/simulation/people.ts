import { mayApprove } from '../../src/domain/approval/approval.ts';
import { stepPosting } from '../../src/domain/posting/posting.ts';
import type { DocumentRow, QuestionRow } from './database.ts';
import {
  cancelPostings,
  expireQuestions,
  failItem,
  makeReady,
  provenanceOf,
  staleApprovals,
  TAKEN_BACK,
  takeWritesBack,
  wakePlanner,
} from './planner.ts';
import { ruleFor, stepped } from './poster.ts';
import { Trouble } from './wire.ts';
import { policyAt, postLane, users, type World } from './world.ts';

/** What people do in the app, at any moment: each is one transaction that finds the world as it is by then. */
export class People {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** Somebody opens a question, reads, and decides a little later what was read. */
  approve(by: string): void {
    const { world } = this;
    const question = this.anyOpen('approval');
    if (question === null) return;
    const shown = world.db.documents.get(question.document!)!.payloadHash;
    world.agenda.after(world.random.below(60_000), () => this.decide(question.subject, by, shown));
  }

  /** Two people with the same question on their screens, both sure. */
  approveTogether(): void {
    const { world } = this;
    const question = this.anyOpen('approval');
    if (question === null) return;
    const shown = world.db.documents.get(question.document!)!.payloadHash;
    const first = this.decide(question.subject, 'carla@a.example', shown);
    const second = this.decide(question.subject, 'chris@a.example', shown);
    if (first && !second) world.faults.reached('H1');
  }

  /** The person who sent the document tries to approve it. */
  approveOwn(): void {
    const { world } = this;
    const question = this.anyOpen('approval');
    if (question === null) return;
    const { requester, payloadHash } = world.db.documents.get(question.document!)!;
    if (requester === null) return;
    if (!this.decide(question.subject, requester, payloadHash)) world.faults.reached('H2');
  }

  private decide(subject: string, by: string, shown: string): boolean {
    const isApproved = this.write(subject, by, shown);
    const { agenda, faults, random } = this.world;
    // What is approved is sent within some milliseconds: only what comes at once comes in between.
    const soon = random.below(random.chance(0.7) ? 8 : 60_000);
    if (isApproved && faults.applies('H7', 0.7)) agenda.after(soon, () => this.leave(by));
    if (isApproved && faults.applies('H3', 0.7))
      agenda.after(soon, () => this.setPolicy(2_000_000 + random.below(6_000_000)));
    return isApproved;
  }

  private write(subject: string, by: string, shown: string): boolean {
    return this.act(() => {
      const { world } = this;
      const { db } = world;
      const question = db.questions.get(subject);
      const document = db.documents.get(question?.document ?? '');
      if (question?.state !== 'open' || document === undefined) return false;
      if (document.state !== 'awaiting-approval') return false;
      if (document.payloadHash !== shown) {
        world.faults.reached('P7');
        return false;
      }
      const user = users.find(({ email }) => email === by && !world.left.has(email));
      if (user === undefined || !mayApprove(user, provenanceOf(document), question.role).ok) return false;
      db.questions.put(subject, { ...question, state: 'approved' });
      const id = `a${db.nextSerial()}`;
      db.approvals.put(id, {
        id,
        document: document.id,
        payloadHash: document.payloadHash,
        mappingHash: document.mappingHash,
        policyVersion: db.installation.policyVersion,
        decidedBy: by,
        role: question.role,
        consumed: false,
        stale: false,
        at: world.now,
        consumedAt: null,
      });
      makeReady(world, document);
      world.books.approved(world, id, document, user);
      db.append({ kind: 'approved', actor: by, document: document.id, payload: document.payloadHash });
      return true;
    });
  }

  /** Takes a document back; after its intent that is too late. */
  withdraw(which: number): void {
    const { world } = this;
    const documents = [...world.db.documents.rows.values()].filter(
      ({ state }) => state !== 'confirmed' && state !== 'withdrawn' && state !== 'posted',
    );
    const document = documents[which % Math.max(1, documents.length)];
    if (document === undefined) return;
    this.act(() => this.takeBack(document.id));
  }

  private takeBack(id: string): boolean {
    const { world } = this;
    const { db } = world;
    const document = db.documents.get(id)!;
    const { state } = document;
    if (state === 'posting' || state === 'posted' || state === 'confirmed') {
      world.faults.reached('H5');
      return false;
    }
    if (!takeWritesBack(world, document, state === 'conflict' ? 'decision' : 'person')) {
      world.faults.reached('H5');
      return false;
    }
    const taken: DocumentRow = { ...db.documents.get(id)!, state: 'withdrawn', reason: TAKEN_BACK };
    db.documents.put(id, taken);
    expireQuestions(world, id);
    staleApprovals(world, id);
    const item = document.item === null ? undefined : db.items.get(document.item);
    if (item !== undefined) failItem(world, item, id);
    db.append({ kind: 'withdrawn', document: id });
    wakePlanner(world, document.source);
    return true;
  }

  /** A person asks to look again for what ended with one; it is never simply sent again. */
  lookAgain(which: number): void {
    this.act(() => {
      const { world } = this;
      const { db } = world;
      const stuck = [...db.postings.rows.values()].filter(({ state }) => state === 'exception');
      const posting = stuck[which % Math.max(1, stuck.length)];
      if (posting === undefined) return false;
      const document = posting.document === null ? undefined : db.documents.get(posting.document);
      if (document?.state === 'conflict') return false;
      world.faults.reached('Q6');
      const after = stepPosting(posting, { kind: 'probe-again' }, ruleFor(world, posting), world.clock());
      db.postings.put(posting.id, stepped(posting, after, db.installation.epoch));
      const subject = `exception:${posting.id}`;
      const question = db.questions.get(subject);
      if (question?.state === 'open') db.questions.put(subject, { ...question, state: 'expired' });
      world.wake(posting.system, postLane(posting.system, posting.root));
      db.append({ kind: 'probe-again', posting: posting.id });
      world.note(() => `a person asks to look again for ${posting.id}`);
      return true;
    });
  }

  /** Plans a document again from what its source says now; nothing of it may be on its way. */
  replan(which: number): void {
    this.act(() => {
      const { world } = this;
      const { db } = world;
      const waiting = [...db.documents.rows.values()].filter(({ state }) =>
        ['blocked', 'awaiting-approval', 'refused', 'conflict'].includes(state),
      );
      const document = waiting[which % Math.max(1, waiting.length)];
      if (document === undefined || !cancelPostings(world, document.id, 'decision')) return false;
      db.documents.put(document.id, { ...db.documents.get(document.id)!, state: 'planned' });
      expireQuestions(world, document.id);
      wakePlanner(world, document.source);
      db.append({ kind: 'replanned', document: document.id });
      world.faults.reached('Q6');
      return true;
    });
  }

  setMapping(by: string): void {
    this.act(() => {
      const { world } = this;
      const { installation } = world.db;
      world.db.installation = {
        ...installation,
        mappingVersion: installation.mappingVersion + 1,
        mappingSetBy: by,
      };
      world.db.append({ kind: 'mapping', actor: by });
      return this.wakeUnposted();
    });
  }

  setPolicy(thresholdMinor: number): void {
    const { world } = this;
    const version = world.policies.length;
    world.policies.push(policyAt(version, thresholdMinor));
    this.act(() => {
      world.db.installation = { ...world.db.installation, policyVersion: version };
      world.db.append({ kind: 'policy', version: String(version) });
      return this.wakeUnposted();
    });
  }

  /** Changes under a document that is on its way count as reached: it has to finish as it was pinned. */
  private wakeUnposted(): boolean {
    const { world } = this;
    for (const { state, source } of world.db.documents.rows.values()) {
      if (state === 'posting' || state === 'ready') world.faults.reached('C1');
      if (state !== 'posted' && state !== 'confirmed') wakePlanner(world, source);
    }
    return true;
  }

  setPhase(phase: 'read-only' | 'one-way'): void {
    this.act(() => {
      const { world } = this;
      const { db } = world;
      if (db.installation.phase === phase) return false;
      db.installation = { ...db.installation, phase };
      world.phases.push({ phase, at: world.now });
      for (const { state, source } of db.documents.rows.values()) {
        if (phase === 'read-only' && (state === 'posting' || state === 'ready')) world.faults.reached('C5');
        if (state === 'blocked') wakePlanner(world, source);
      }
      return true;
    });
  }

  /** The list of periods is read again. */
  setPeriod(periodOpen: boolean): void {
    this.act(() => {
      const { world } = this;
      world.db.installation = { ...world.db.installation, periodOpen };
      for (const { state, source } of world.db.documents.rows.values())
        if (state === 'blocked') wakePlanner(world, source);
      return true;
    });
  }

  leave(email: string): void {
    this.world.left.add(email);
    this.world.books.left.set(email, this.world.now);
  }

  private anyOpen(kind: QuestionRow['kind']): QuestionRow | null {
    for (const question of this.world.db.questions.rows.values())
      if (question.kind === kind && question.state === 'open') return question;
    return null;
  }

  /** A person whose click failed sees an error and may click again; nothing half is left. */
  private act(run: () => boolean): boolean {
    try {
      return this.world.commit(run);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      return false;
    }
  }
}
