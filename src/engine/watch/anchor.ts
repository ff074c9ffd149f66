import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  anchorDigest,
  checkAnchoredChain,
  faultOfAnchors,
  keyIdOf,
  NO_ANCHOR,
  type SignedAnchor,
  signAnchor,
} from '../../domain/audit/audit-anchor.ts';
import {
  CHAIN_START,
  type ChainPlace,
  type ChainVerdict,
  checkChain,
} from '../../domain/audit/audit-chain.ts';
import { lastAnchor, type RememberedAnchor, rememberAnchor } from '../../store/audit/anchor.ts';
import { type AnchorFolder, UnreadableAnchor } from '../../store/audit/anchor-folder.ts';
import { auditEnd, readChain, verifyAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { openReview } from '../../store/documents/review.ts';
import type { Engine } from '../engine.ts';
import { step } from '../step.ts';

/** Where anchors go and who signs them. */
export type Anchors = {
  readonly folder: AnchorFolder;
  readonly key: KeyObject;
  /** Public keys by their id: the own one and those of earlier times. */
  readonly trusted: ReadonlyMap<string, KeyObject>;
};

export type Anchored =
  | { readonly kind: 'made'; readonly anchor: SignedAnchor }
  | { readonly kind: 'unmoved'; readonly last: bigint | null }
  | { readonly kind: 'refused'; readonly why: string };

const START: RememberedAnchor = { number: 0n, digest: NO_ANCHOR, place: { seq: 0n, hash: CHAIN_START } };

/**
 * Signs what the tenant's chain looks like now and puts it outside the database. Only a chain that goes on from the
 * last anchor is signed: otherwise a rewritten one would get our word for it.
 */
export async function anchorTenant(engine: Engine, anchors: Anchors, tenant: string): Promise<Anchored> {
  const outside = await anchors.folder.latest(tenant);
  const found = await step(engine, tenant, async (tx) => sinceLast(tx, tenant, outside));
  if (found.kind !== 'moved') return found;
  const at = engine.clock.now();
  const anchor = signAnchor(
    {
      tenant,
      number: found.last.number + 1n,
      seq: found.place.seq,
      head: found.place.hash,
      at: at.toISOString(),
      key: keyIdOf(createPublicKey(anchors.key)),
      previous: found.last.digest,
    },
    anchors.key,
  );
  // Another process made this one at the same moment: its word is as good as ours.
  if (!(await anchors.folder.write(anchor))) return { kind: 'unmoved', last: anchor.anchor.number };
  await step(engine, tenant, (tx) => rememberAnchor(tx, { ...rememberedOf(anchor), at }));
  return { kind: 'made', anchor };
}

type Since =
  | { readonly kind: 'moved'; readonly last: RememberedAnchor; readonly place: ChainPlace }
  | Exclude<Anchored, { kind: 'made' }>;

async function sinceLast(tx: Tx, tenant: string, outside: SignedAnchor | null): Promise<Since> {
  const inside = await lastAnchor(tx);
  const written = outside === null ? null : rememberedOf(outside);
  if (written !== null && inside?.number === written.number && inside.digest !== written.digest)
    return refusal(`anchor ${written.number} outside is not the one that the database remembers`);
  const last = later(inside, written) ?? START;
  const { head } = await auditEnd(tx);
  if (head?.seq === last.place.seq && head.hash === last.place.hash)
    return { kind: 'unmoved', last: last.number === 0n ? null : last.number };
  const verdict = await readChain(tx, checkChain(tenant, last.place), last.place.seq);
  if (!verdict.verified) return refusal(verdict.reason);
  if (verdict.entries === last.place.seq) return { kind: 'unmoved', last: null };
  return { kind: 'moved', last, place: { seq: verdict.entries, hash: verdict.head } };
}

function refusal(why: string): { readonly kind: 'refused'; readonly why: string } {
  return { kind: 'refused', why };
}

function later(a: RememberedAnchor | null, b: RememberedAnchor | null): RememberedAnchor | null {
  if (a === null || b === null) return a ?? b;
  return a.number > b.number ? a : b;
}

function rememberedOf(signed: SignedAnchor): RememberedAnchor {
  const { number, seq, head } = signed.anchor;
  return { number, digest: anchorDigest(signed), place: { seq, hash: head } };
}

export type AnchoredVerdict = ChainVerdict & { readonly anchors: number };

/** Checks the whole chain and, where anchors are kept, that it passes through every one of them. */
export async function verifyAnchored(
  engine: Engine,
  tenant: string,
  anchors: Pick<Anchors, 'folder' | 'trusted'> | null,
): Promise<AnchoredVerdict> {
  if (anchors === null) return { ...(await step(engine, tenant, verifyAudit)), anchors: 0 };
  // First what the database remembers: an anchor that is made meanwhile is then one more, and not one too few.
  const remembered = await step(engine, tenant, lastAnchor);
  const broken = { verified: false, entries: 0n, brokenAt: 0n } as const;
  let kept: SignedAnchor[];
  try {
    kept = await anchors.folder.all(tenant);
  } catch (error) {
    if (!(error instanceof UnreadableAnchor)) throw error;
    return { ...broken, reason: error.message, anchors: 0 };
  }
  const reason = faultOfAnchors(tenant, kept, { keys: anchors.trusted, remembered });
  if (reason !== null) return { ...broken, reason, anchors: kept.length };
  const verdict = await step(engine, tenant, (tx) => readChain(tx, checkAnchoredChain(tenant, kept)));
  return { ...verdict, anchors: kept.length };
}

export type Anchoring = { readonly stop: () => Promise<void> };

/** Anchors every tenant now and then, and once more when the service stops. */
export function startAnchoring(engine: Engine, anchors: Anchors, everyMs: number): Anchoring {
  const stopping = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      await engine.clock.sleep(everyMs, stopping.signal);
      await anchorAll(engine, anchors);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function anchorAll(engine: Engine, anchors: Anchors): Promise<void> {
  const tenants = await engine.systems.tenants().catch(() => []);
  for (const tenant of tenants) {
    try {
      const anchored = await anchorTenant(engine, anchors, tenant);
      if (anchored.kind === 'refused') await tellRefused(engine, tenant, anchored.why);
    } catch (error) {
      // The next look makes up for it: an anchor covers everything since the last one.
      engine.log.error({ tenant, err: error }, 'the audit chain could not be anchored');
    }
  }
}

async function tellRefused(engine: Engine, tenant: string, why: string): Promise<void> {
  engine.log.error({ tenant, reason: why }, 'the audit chain is broken and was not anchored');
  await step(engine, tenant, (tx) =>
    openReview(tx, {
      id: engine.newId(),
      kind: 'exception',
      subject: 'audit-chain',
      document: null,
      title: 'Audit trail',
      question: `The audit trail no longer fits what was signed of it: ${why}. Somebody changed it in the database, or an older backup was restored. Run: tiebeam audit verify.`,
      evidence: { reason: why },
      role: 'engineer',
    }),
  );
}
