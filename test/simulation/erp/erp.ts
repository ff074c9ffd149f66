import type { Outcome } from '../../../src/domain/posting/outcomes.ts';
import type { SettleRule } from '../../../src/domain/posting/settle.ts';
import type { Match, ProbeResult } from '../../../src/domain/posting/writes.ts';
import type { Random } from '../../../src/domain/testing/random.ts';
import type { Agenda } from '../agenda.ts';
import type { Faults } from '../faults.ts';
import type { SentRequest, Wire } from '../wire.ts';

/** A document as a bookkeeper would find it, with everything that ever became of it. */
export type ErpDocument = {
  readonly reference: string | null;
  readonly key: string;
  id: string;
  hash: string;
  amountMinor: number;
  state: 'draft' | 'posted' | 'cancelled' | 'gone';
  version: number;
  /** When a search finds it: the index may lag behind the commit. */
  visibleAt: number;
  readonly committedAt: number;
  goneAt: number | null;
  /** When a person changed, cancelled or approved it last, and whether what it shows is a person's. */
  touchedAt: number | null;
  /** The writes of ours that made it what it is. */
  readonly writes: SentRequest[];
  showsEdit: boolean;
};

export type CreateRequest = {
  readonly reference: string;
  readonly key: string;
  readonly hash: string;
  readonly amountMinor: number;
  readonly sent: SentRequest;
};

export type UpdateRequest = {
  readonly reference: string;
  readonly id: string;
  readonly hash: string;
  readonly amountMinor: number;
  readonly guard: string | null;
  readonly sent: SentRequest;
};

export type ErpConditions = {
  readonly searchLagMs: number;
  /** How long after its acceptance a job may take. */
  readonly jobMs: number;
};

type Job = { readonly reference: string; state: 'queued' | 'failed' | 'lost' | 'done'; id: string | null };

/** How one kind of ERP differs: what it does with a reference that it has seen, and how it accepts. */
export type ErpKind = {
  readonly name: string;
  readonly rule: (lifeMs: number) => SettleRule;
  /** Called at the commit of a create whose reference already stands there; null lets a second one be made. */
  readonly repeated: (erp: Erp, standing: ErpDocument, request: CreateRequest) => Outcome | null;
  readonly accepts: 'at-once' | 'as-job';
  /** An accepted request with a key that it has seen answers with the first one's job. */
  readonly honoursKey: boolean;
  readonly groups: boolean;
};

/** One company in an ERP: the ground truth of a history. */
export class Erp {
  readonly documents: ErpDocument[] = [];
  periodIsOpen = true;
  isBlind = false;
  readonly kind: ErpKind;
  readonly wire: Wire;
  /** The latest version of each record whose effect is gone again: an older one that follows is no disorder. */
  private readonly undone = new Map<string, number>();
  private readonly jobs = new Map<string, Job>();
  private readonly jobByReference = new Map<string, string>();
  private ids = 0;
  private readonly agenda: Agenda;
  private readonly random: Random;
  private readonly faults: Faults;
  private readonly conditions: ErpConditions;

  constructor(
    kind: ErpKind,
    wire: Wire,
    parts: {
      readonly agenda: Agenda;
      readonly random: Random;
      readonly faults: Faults;
      readonly conditions: ErpConditions;
    },
  ) {
    this.kind = kind;
    this.wire = wire;
    this.agenda = parts.agenda;
    this.random = parts.random;
    this.faults = parts.faults;
    this.conditions = parts.conditions;
  }

  create(request: CreateRequest, untilMs: number, answer: (outcome: Outcome) => void): void {
    const asJob = this.kind.accepts === 'as-job';
    this.wire.write(
      untilMs,
      [request.sent],
      () => (asJob ? this.accept(request) : (this.refusal(request) ?? this.commit(request))),
      answer,
    );
  }

  /** All members stand or none: the answer says of each what became of it. */
  createGroup(
    requests: readonly CreateRequest[],
    untilMs: number,
    answer: (outcome: Outcome, members: ReadonlyMap<string, Outcome>) => void,
  ): void {
    const members = new Map<string, Outcome>();
    this.wire.write(
      untilMs,
      requests.map(({ sent }) => sent),
      () => {
        for (const request of requests) {
          const refused = this.refusal(request);
          if (refused !== null) members.set(request.reference, refused);
        }
        if (members.size === 0)
          for (const request of requests) members.set(request.reference, this.commit(request));
        else if (requests.length > 1) this.faults.reached('E10');
        if (members.size > 1 && this.faults.applies('E10', 0.6)) {
          this.faults.reached('E10');
          members.delete(requests[this.random.below(requests.length)]!.reference);
        }
        return { kind: 'posted', id: 'group' };
      },
      (outcome) => answer(outcome, members),
    );
  }

  update(request: UpdateRequest, untilMs: number, answer: (outcome: Outcome) => void): void {
    this.wire.write(untilMs, [request.sent], () => this.change(request), answer);
  }

  /** What a search by reference shows now. */
  find(reference: string): { readonly matches: readonly Match[]; readonly takesMs: number } {
    const takesMs = this.wire.read();
    if (this.isBlind) return { matches: [], takesMs };
    const matches: Match[] = [];
    for (const document of this.documents) {
      if (document.reference !== reference || document.state === 'gone') continue;
      if (document.visibleAt > this.agenda.now) {
        this.faults.reached('E21');
        continue;
      }
      matches.push({ id: document.id, state: document.state, hash: document.hash });
    }
    return { matches, takesMs };
  }

  /** How an order stands that we are about to change. */
  standing(id: string, base: string, target: string): ProbeResult {
    const document = this.documents.find((other) => other.id === id && other.state !== 'gone');
    if (document === undefined || document.state === 'cancelled')
      return { kind: 'standing', standing: 'elsewhere', id, difference: 'it was cancelled or is gone' };
    const guard = String(document.version);
    if (document.hash === target) return { kind: 'standing', standing: 'at-target', id, guard };
    if (document.hash === base) return { kind: 'standing', standing: 'at-base', id, guard };
    return { kind: 'standing', standing: 'elsewhere', id, difference: 'somebody changed it in the ERP' };
  }

  poll(handle: string): Outcome {
    const job = this.jobs.get(handle);
    if (job === undefined || job.state === 'lost') return { kind: 'unknown', why: 'no such job' };
    if (job.state === 'queued') return { kind: 'accepted', handle };
    if (job.state === 'failed')
      return { kind: 'refused', errors: [{ field: 'account', message: 'the job failed' }] };
    return { kind: 'posted', id: job.id! };
  }

  /** Somebody works in the ERP itself, on any of its documents. */
  touch(how: 'edit' | 'cancel' | 'decide-draft', which: number): boolean {
    const { agenda } = this;
    const some = this.documents.filter(({ state }) =>
      how === 'decide-draft' ? state === 'draft' : state === 'posted' || state === 'draft',
    );
    const document = some[which % Math.max(1, some.length)];
    if (document === undefined) return false;
    if (how === 'edit') {
      document.hash = `human ${agenda.now}`;
      document.version += 1;
      document.showsEdit = true;
    } else if (how === 'cancel') {
      if (document.state === 'draft') this.remove(document);
      else document.state = 'cancelled';
    } else this.approveDraft(document);
    if (how !== 'decide-draft') document.touchedAt = agenda.now;
    return true;
  }

  /** A backup is put back: everything committed after it is gone, requests that still run die with it. */
  restore(since: number): number {
    let lost = 0;
    for (const document of this.documents)
      if (document.committedAt > since && document.state !== 'gone') {
        this.remove(document);
        lost += 1;
      }
    for (const job of this.jobs.values()) if (job.state === 'queued') job.state = 'lost';
    this.jobByReference.clear();
    return lost;
  }

  private renamed(sent: SentRequest): void {
    const [source = '', version = ''] = sent.key?.split(' v') ?? [];
    if (Number(version) <= (this.undone.get(source) ?? 0)) sent.key = `${sent.key} again`;
  }

  commit(request: CreateRequest): Outcome {
    const { agenda, faults } = this;
    const standing = this.documents.find(
      ({ reference, state }) => reference === request.reference && state !== 'gone',
    );
    if (standing !== undefined) {
      const answer = this.kind.repeated(this, standing, request);
      if (answer !== null) return answer;
    }
    this.ids += 1;
    this.renamed(request.sent);
    const rounded = faults.strikes('E16');
    if (rounded) faults.reached('E16');
    const isDraft = this.faults.has('E18') && this.random.chance(0.3);
    const lagMs = this.searchLagMs();
    const hash = rounded ? `${request.hash} rounded` : request.hash;
    const document: ErpDocument = {
      reference: request.reference,
      key: request.sent.key ?? request.key,
      id: isDraft ? `F${this.ids}` : `D${this.ids}`,
      hash,
      amountMinor: rounded ? request.amountMinor + 1 : request.amountMinor,
      state: isDraft ? 'draft' : 'posted',
      version: 1,
      visibleAt: agenda.now + lagMs,
      committedAt: agenda.now,
      goneAt: null,
      touchedAt: null,
      writes: [request.sent],
      showsEdit: false,
    };
    this.documents.push(document);
    request.sent.committed = agenda.now;
    if (isDraft) {
      this.awaitDecision(document);
      return { kind: 'accepted', handle: `draft:${document.id}` };
    }
    return { kind: 'posted', id: document.id };
  }

  /** A second request with the same key writes over what stands there, whoever wrote it. */
  writeOver(standing: ErpDocument, request: CreateRequest): Outcome {
    request.sent.committed = this.agenda.now;
    request.sent.changed = standing.hash !== request.hash;
    if (standing.showsEdit) {
      const editedAt = standing.touchedAt!;
      // A request that was on its way already cannot have known.
      const readAt = editedAt > request.sent.at ? request.sent.at : null;
      request.sent.overwrote = { editedAt, readAt, guardOffered: false };
    }
    standing.showsEdit = false;
    standing.writes.push(request.sent);
    standing.hash = request.hash;
    standing.amountMinor = request.amountMinor;
    standing.version += 1;
    return standing.state === 'draft'
      ? { kind: 'accepted', handle: `draft:${standing.id}` }
      : { kind: 'posted', id: standing.id };
  }

  /** The reference is ours by its form, and only a look tells whether the document is as approved. */
  alreadyThere(): Outcome {
    this.faults.reached('E15');
    return { kind: 'unknown', why: 'a document with this reference is said to exist already' };
  }

  private refusal(request: CreateRequest): Outcome | null {
    const { faults } = this;
    if (!this.periodIsOpen) {
      faults.reached('E7');
      return refused('accountingDate', 'the period is closed');
    }
    if (faults.strikes('E8')) {
      faults.reached('E8');
      return refused('account', `account of ${request.key} is blocked`);
    }
    if (faults.strikes('E15')) {
      faults.reached('E15');
      return refused('number', 'another document of this vendor has this number');
    }
    if (faults.strikes('E6')) {
      faults.reached('E6');
      return { kind: 'not-sent', why: 'locked by another user', retryAfterMs: 30_000 };
    }
    return null;
  }

  private accept(request: CreateRequest): Outcome {
    const known = this.kind.honoursKey ? this.jobByReference.get(request.reference) : undefined;
    if (known !== undefined) {
      this.faults.reached('E15');
      return { kind: 'accepted', handle: known };
    }
    const handle = `J${this.jobs.size + 1}`;
    const job: Job = { reference: request.reference, state: 'queued', id: null };
    this.jobs.set(handle, job);
    this.jobByReference.set(request.reference, handle);
    const fails = this.faults.strikes('E17');
    if (fails) this.faults.reached('E17');
    // A job either runs and is forgotten afterwards, or fails; one that dies silently is forgotten before.
    const how = fails ? this.random.below(3) : -1;
    this.agenda.after(1 + this.random.below(this.conditions.jobMs), () => this.run(request, job, how));
    return { kind: 'accepted', handle };
  }

  private run(request: CreateRequest, job: Job, how: number): void {
    if (job.state !== 'queued') return;
    if (how === 0) {
      job.state = 'failed';
      return;
    }
    if (how === 1) {
      job.state = 'lost';
      return;
    }
    const outcome = this.refusal(request) ?? this.commit(request);
    if (outcome.kind === 'posted') {
      job.state = how === 2 ? 'lost' : 'done';
      job.id = outcome.id;
    } else job.state = outcome.kind === 'refused' ? 'failed' : 'lost';
  }

  private change(request: UpdateRequest): Outcome {
    const { faults, agenda } = this;
    const document = this.documents.find(({ id, state }) => id === request.id && state !== 'gone');
    if (document === undefined || document.state === 'cancelled')
      return refused('order', 'it was cancelled or is gone');
    if (faults.strikes('E6')) {
      faults.reached('E6');
      return { kind: 'not-sent', why: 'locked by another user', retryAfterMs: 30_000 };
    }
    // Who sends no guard is not stopped by one: the target takes it as an order to overwrite.
    if (request.guard !== null && request.guard !== String(document.version)) {
      faults.reached('E6');
      return { kind: 'unknown', why: 'somebody changed it between our look and our write' };
    }
    if (faults.strikes('E8')) {
      faults.reached('E8');
      return refused('line', 'the line is closed');
    }
    this.renamed(request.sent);
    request.sent.committed = agenda.now;
    request.sent.changed = document.hash !== request.hash;
    if (document.showsEdit)
      request.sent.overwrote = { editedAt: document.touchedAt!, readAt: null, guardOffered: true };
    document.showsEdit = false;
    document.writes.push(request.sent);
    document.hash = request.hash;
    document.amountMinor = request.amountMinor;
    document.version += 1;
    return { kind: 'posted', id: document.id };
  }

  private awaitDecision(document: ErpDocument): void {
    const { agenda, random, faults } = this;
    agenda.after(1_000 + random.below(300_000), () => {
      if (document.state !== 'draft') return;
      if (faults.strikes('E18')) {
        faults.reached('E18');
        this.remove(document);
      } else this.approveDraft(document);
    });
  }

  /** An approved draft becomes a document with an id of its own. */
  private approveDraft(draft: ErpDocument): void {
    this.ids += 1;
    const { now } = this.agenda;
    const lagMs = this.searchLagMs();
    this.documents.push({
      ...draft,
      id: `D${this.ids}`,
      state: 'posted',
      committedAt: now,
      visibleAt: now + lagMs,
    });
    draft.state = 'gone';
    draft.goneAt = now;
  }

  /** Often as long as it may be at most, where a second look that comes a little too early shows. */
  private searchLagMs(): number {
    const { searchLagMs: most } = this.conditions;
    if (!this.faults.applies('E21', 0.3)) return 0;
    return this.random.chance(0.5) ? most : this.random.below(most);
  }

  private remove(document: ErpDocument): void {
    document.state = 'gone';
    document.goneAt = this.agenda.now;
    for (const { key } of document.writes) {
      const [source = '', version = ''] = key?.split(' v') ?? [];
      const latest = Number(version.split(' ')[0]);
      if (latest > (this.undone.get(source) ?? 0)) this.undone.set(source, latest);
    }
  }
}

/** A target that does not know what it has seen. */
export const forgets: ErpKind['repeated'] = () => null;

export function refused(field: string, message: string): Outcome {
  return { kind: 'refused', errors: [{ field, message }] };
}
