import type { Approver } from '../../src/domain/approval/approval.ts';
import type { Approval, Intent, IntentOutcome, Use } from '../checker/evidence.ts';
import type { DocumentRow, PostingRow } from './database.ts';
import { intentId, keyOf } from './names.ts';
import type { World } from './world.ts';

export type OutcomeResult = IntentOutcome['result'];

type Entry =
  | { readonly kind: 'intent'; readonly row: Intent }
  | { readonly kind: 'outcome'; readonly row: IntentOutcome }
  | { readonly kind: 'use'; readonly row: Use }
  | { readonly kind: 'approval'; readonly row: Approval }
  | { readonly kind: 'answer'; readonly row: { readonly item: string; readonly key: string } };

/**
 * What was truly committed, for the checker. Kept apart from our tables: a transaction that is rolled back leaves
 * nothing here, and what a restored backup has forgotten stays.
 */
export class Books {
  readonly intents: Intent[] = [];
  readonly outcomes: IntentOutcome[] = [];
  readonly uses: Use[] = [];
  readonly approvals: Approval[] = [];
  readonly forgotten: { readonly intent: Intent; readonly at: number }[] = [];
  /** For which version each request was first answered with success. */
  readonly answers = new Map<string, string>();
  readonly left = new Map<string, number>();
  readonly roots = new Map<string, string>();
  private readonly open_: Entry[] = [];

  /** A transaction starts: what an earlier run of it wrote down never happened. */
  open(): void {
    this.open_.length = 0;
  }

  /** The transaction was committed now. */
  keep(): void {
    for (const { kind, row } of this.open_) {
      if (kind === 'intent') this.intents.push(row);
      else if (kind === 'outcome') this.outcomes.push(row);
      else if (kind === 'use') this.use(row);
      else if (kind === 'approval') this.approvals.push(row);
      else if (!this.answers.has(row.item)) this.answers.set(row.item, row.key);
    }
    this.open_.length = 0;
  }

  /** A second run of one version begins only where the first had no effect, which is seen by what stands there. */
  private use(row: Use): void {
    const at = this.uses.findIndex(({ key }) => key === row.key);
    if (at >= 0) this.uses.splice(at, 1);
    this.uses.push(row);
  }

  intended(world: World, posting: PostingRow, attempt: number): void {
    const id = intentId(world, posting, attempt);
    this.roots.set(posting.reference, posting.root);
    this.open_.push({ kind: 'intent', row: { id, reference: posting.reference, committed: world.now } });
  }

  ended(world: World, posting: PostingRow, attempt: number, result: OutcomeResult): void {
    const id = intentId(world, posting, attempt);
    this.roots.set(posting.reference, posting.root);
    // An attempt of before a restore has its outcome under the name that it had then.
    const intent = this.intents.some((known) => known.id === id) ? id : null;
    this.open_.push({
      kind: 'outcome',
      row: { intent, reference: posting.reference, at: world.now, result },
    });
  }

  /** What a backup has forgotten: its intents are unknown from now on, until something says what they became. */
  lost(now: number, since: number): void {
    // What went out of the day's room in the lost time is known to nobody until it is found again.
    this.uses.forEach((use, at) => {
      if (use.at > since) this.uses[at] = { ...use, day: `${use.day} lost at ${now}` };
    });
    const last = new Map<string, OutcomeResult>();
    for (const { reference, result } of this.outcomes) last.set(reference, result);
    const answered = new Set(this.outcomes.map(({ intent }) => intent));
    for (const intent of this.intents)
      if (!answered.has(intent.id) || last.get(intent.reference) === 'unknown')
        this.forgotten.push({ intent, at: now });
  }

  answered(item: string, key: string): void {
    this.open_.push({ kind: 'answer', row: { item, key } });
  }

  used(world: World, document: DocumentRow, approval: string | null): void {
    const { source, vendor, day, payloadHash, mappingHash, requester, mapping, exposureMinor } = document;
    const key = keyOf(document);
    const row: Use = {
      key,
      at: world.now,
      exposure: BigInt(exposureMinor),
      vendor,
      commitment: source,
      day: String(day),
      payloadHash,
      mappingHash,
      policy: String(world.db.installation.policyVersion),
      requester,
      editors: [mapping.setBy],
      approval,
    };
    this.open_.push({ kind: 'use', row });
  }

  approved(world: World, id: string, document: DocumentRow, user: Approver): void {
    const row: Approval = {
      id,
      key: keyOf(document),
      by: user.email,
      human: user.agent !== true,
      rolesThen: user.roles,
      payloadHash: document.payloadHash,
      mappingHash: document.mappingHash,
      policy: String(world.db.installation.policyVersion),
      decided: world.now,
    };
    this.open_.push({ kind: 'approval', row });
  }
}
