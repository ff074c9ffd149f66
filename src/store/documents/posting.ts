import type { FileToAttach, Operation } from '../../domain/documents.ts';
import type { Beginning, ReferenceUse } from '../../domain/posting/begin-posting.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Posting } from '../../domain/posting/posting.ts';
import type { Write } from '../../domain/posting/writes.ts';
import type { PostingState } from '../../domain/states.ts';
import type { Tx } from '../database/transaction.ts';

/** One write of an operation, with how far it came. */
export type StoredPosting = Posting & {
  readonly id: string;
  readonly document: string | null;
  readonly connection: string;
  readonly root: string;
  readonly operation: Operation;
  readonly writeName: string;
  readonly object: string;
  readonly reference: string;
  readonly epoch: bigint;
};

type Row = {
  id: string;
  document: string | null;
  connection: string;
  root: string;
  operation: Operation;
  write_name: string;
  write_kind: Write['kind'];
  object: string;
  reference: string;
  target_hash: string;
  state: PostingState;
  attempt: number;
  open_intent: boolean;
  probed: boolean;
  guard: string | null;
  target_id: string | null;
  handle: string | null;
  empty_probes: number;
  sent_at: Date | null;
  quiet_until: Date | null;
  give_up_at: Date | null;
  line_keys: Record<string, string>;
  reason: string | null;
  epoch: string;
};

const columns = `id, document, connection, root, operation, write_name, write_kind, object, reference, target_hash, state,
  attempt, open_intent, probed, guard, target_id, handle, empty_probes, sent_at, quiet_until, give_up_at, line_keys, reason, epoch`;

/** Writes down what is to be sent, in order, before anything of it is sent. */
export async function addPostings(
  tx: Tx,
  place: {
    readonly document: string | null;
    readonly connection: string;
    readonly root: string;
    readonly operation: Operation;
  },
  writes: readonly (Pick<Write, 'name' | 'kind' | 'object' | 'reference' | 'targetHash'> & {
    readonly id: string;
    /** How it begins, where that is not simply ready. */
    readonly beginning?: Beginning;
  })[],
): Promise<void> {
  const added = writes.map((write) =>
    tx.query(
      `insert into posting (tenant, id, document, connection, root, operation, write_name, write_kind, object, reference,
         target_hash, state, sent_at, quiet_until, reason, epoch)
       select current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, epoch from installation`,
      [
        write.id,
        place.document,
        place.connection,
        place.root,
        JSON.stringify(place.operation),
        write.name,
        write.kind,
        write.object,
        write.reference,
        write.targetHash,
        write.beginning?.state ?? 'ready',
        write.beginning?.sentAt ?? null,
        write.beginning?.quietUntil ?? null,
        write.beginning?.reason ?? null,
      ],
    ),
  );
  await Promise.all(added);
}

/**
 * The first posting of a root that is not finished: what stands before it blocks what comes after. It is restored when
 * it was written down before the database was put back.
 */
export async function headPosting(
  tx: Tx,
  connection: string,
  root: string,
): Promise<(StoredPosting & { readonly restored: boolean }) | null> {
  const { rows } = await tx.query<Row & { restored: boolean }>(
    `select ${columns}, epoch < (select i.epoch from installation i) as restored from posting where tenant = current_tenant() and connection = $1 and root = $2
       and state not in ('posted', 'adopted', 'cancelled', 'refused') order by seq limit 1`,
    [connection, root],
  );
  return rows[0] === undefined ? null : { ...stored(rows[0]), restored: rows[0].restored };
}

export async function getPosting(tx: Tx, id: string): Promise<StoredPosting | null> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from posting where tenant = current_tenant() and id = $1 for update`,
    [id],
  );
  return rows[0] === undefined ? null : stored(rows[0]);
}

export async function postingsOf(tx: Tx, document: string): Promise<StoredPosting[]> {
  const { rows } = await tx.query<Row>(
    `select ${columns} from posting where tenant = current_tenant() and document = $1 order by seq`,
    [document],
  );
  return rows.map(stored);
}

/** Saves a step; the state it came from is compared, so that two holders of one lane cannot both take it. */
export async function savePosting(tx: Tx, before: StoredPosting, after: Posting): Promise<void> {
  const { rowCount } = await tx.query(
    `update posting set state = $4, attempt = $5, open_intent = $6, probed = $7, guard = $8, target_id = $9, handle = $10,
       empty_probes = $11, sent_at = $12, quiet_until = $13, give_up_at = $14, line_keys = $15, reason = $16, updated_at = now(),
       epoch = (select epoch from installation)
     where tenant = current_tenant() and id = $1 and state = $2 and attempt = $3`,
    [
      before.id,
      before.state,
      before.attempt,
      after.state,
      after.attempt,
      after.openIntent,
      after.probed,
      after.guard,
      after.targetId,
      after.handle,
      after.emptyProbes,
      after.sentAt,
      after.quietUntil,
      after.giveUpAt,
      JSON.stringify(after.lineKeys),
      after.reason,
    ],
  );
  if (rowCount !== 1)
    throw new Stop(
      'conflict',
      'tiebeam',
      `posting ${before.id} is no longer ${before.state}: somebody else moved it`,
    );
}

/**
 * Takes back what was written down but never left. False when anything may already have had its effect. A plan may
 * also take back what is only being looked for, because the next plan looks again, and after a restore even what was
 * sent once and came to nothing; a person who decided about an exception had its outcome looked at, and nothing of it is
 * repeated.
 */
export async function cancelPostings(
  tx: Tx,
  document: { readonly id: string; readonly targetConnection: string },
  by: 'plan' | 'restore' | 'person' | 'decision',
): Promise<boolean> {
  const effect = [document.id, document.targetConnection];
  const inTheWay = await tx.query(
    `select 1 from posting where tenant = current_tenant() and document = $1 and connection = $2
       and not (state in ('ready', 'refused', 'cancelled') or (state = 'exception' and (sent_at is null or $3 = 'decision'))
         or (state in ('settling', 'intended') and attempt = 0 and $3 in ('plan', 'restore'))
         or (state = 'intended' and not open_intent and $3 = 'restore'))`,
    [...effect, by],
  );
  if (inTheWay.rowCount !== 0) return false;
  if (by === 'decision') await countAsSpent(tx, document);
  await tx.query(
    `update posting set state = 'cancelled', updated_at = now()
     where tenant = current_tenant() and document = $1 and connection = $2 and state <> 'cancelled'`,
    effect,
  );
  return true;
}

/** What was sent without a person and ended with one may have had its effect: it goes on counting on its day. */
export async function countAsSpent(
  tx: Tx,
  { id, targetConnection }: { readonly id: string; readonly targetConnection: string },
): Promise<void> {
  await tx.query(
    `update document d set spent_minor = spent_minor + exposure_minor, spent_at = now()
     where d.tenant = current_tenant() and d.id = $1 and d.gate ->> 'verdict' = 'auto'
       and exists (select from posting p where p.tenant = d.tenant and p.document = d.id and p.connection = $2
         and p.state = 'exception' and p.sent_at is not null)`,
    [id, targetConnection],
  );
}

/** Takes back what was to change the order of a contract and was not begun: it was planned on what stood before. */
export async function cancelOrderChanges(tx: Tx, connection: string, root: string): Promise<void> {
  await tx.query(
    `update posting set state = 'cancelled', updated_at = now() where tenant = current_tenant() and connection = $1
       and root = $2 and state = 'ready' and operation ->> 'kind' = 'update-order'`,
    [connection, root],
  );
}

/**
 * What our books say of a reference that a create is about to carry. Once the database was restored they are not
 * complete: any reference may have been sent until then by what is lost of it.
 */
export async function referenceUse(tx: Tx, connection: string, reference: string): Promise<ReferenceUse> {
  const { rows } = await tx.query<{ was_sent: boolean; doubt_since: Date | null }>(
    `select count(a.sent_at) > 0 as was_sent,
       greatest(max(a.sent_at) filter (where coalesce(o.outcome ->> 'kind', '') not in ('refused', 'not-sent')),
         (select raised_at from installation)) as doubt_since
     from posting p join attempt_posting o on (o.tenant, o.posting) = (p.tenant, p.id)
       join attempt a on (a.tenant, a.id) = (o.tenant, o.attempt)
     where p.tenant = current_tenant() and p.connection = $1 and p.reference = $2 and p.write_kind = 'create'`,
    [connection, reference],
  );
  return { wasSent: rows[0]!.was_sent, doubtSince: rows[0]!.doubt_since };
}

/** A document of ours that is known to stand in the target: if a probe cannot see it, the probe is blind. */
export async function canaryReference(
  tx: Tx,
  connection: string,
  object: string,
  except: string,
): Promise<string | null> {
  const { rows } = await tx.query<{ reference: string }>(
    `select reference from posting where tenant = current_tenant() and connection = $1 and object = $2 and write_kind = 'create'
       and state in ('posted', 'adopted') and reference <> $3 order by seq desc limit 1`,
    [connection, object, except],
  );
  return rows[0]?.reference ?? null;
}

/** Ids of the drafts that wait in a target for somebody's approval there, by document. */
export async function draftsAt(tx: Tx, connection: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.query<{ document: string; draft: string }>(
    `select document, substr(handle, 7) as draft from posting where tenant = current_tenant() and connection = $1
       and state = 'accepted' and handle like 'draft:%' and document is not null limit 100000`,
    [connection],
  );
  return new Map(rows.map(({ document, draft }) => [document, draft]));
}

function stored(row: Row): StoredPosting {
  return {
    id: row.id,
    document: row.document,
    connection: row.connection,
    root: row.root,
    operation: row.operation,
    writeName: row.write_name,
    writeKind: row.write_kind,
    object: row.object,
    reference: row.reference,
    targetHash: row.target_hash,
    state: row.state,
    attempt: row.attempt,
    openIntent: row.open_intent,
    probed: row.probed,
    guard: row.guard,
    targetId: row.target_id,
    handle: row.handle,
    emptyProbes: row.empty_probes,
    sentAt: row.sent_at,
    quietUntil: row.quiet_until,
    giveUpAt: row.give_up_at,
    lineKeys: row.line_keys,
    reason: row.reason,
    epoch: BigInt(row.epoch),
  };
}

/** Files that were to be attached under a root, whatever became of that. */
export async function filesAttached(
  tx: Tx,
  connection: string,
  root: string,
): Promise<readonly FileToAttach[]> {
  const { rows } = await tx.query<{ file: FileToAttach }>(
    `select distinct jsonb_array_elements(operation -> 'files') as file from posting where tenant = current_tenant()
       and connection = $1 and root = $2 and operation ->> 'kind' = 'attach-files' and state <> 'cancelled'`,
    [connection, root],
  );
  return rows.map(({ file }) => file);
}

/** Whether a write of a root has not come to its end. */
export async function isUnderWay(tx: Tx, connection: string, root: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from posting where tenant = current_tenant() and connection = $1 and root = $2
       and state not in ('posted', 'adopted', 'refused', 'exception', 'cancelled') limit 1`,
    [connection, root],
  );
  return rowCount === 1;
}

/** What was to follow a refused write of the same document is not sent any more. */
export async function cancelReady(tx: Tx, document: string): Promise<void> {
  await tx.query(
    `update posting set state = 'cancelled', updated_at = now() where tenant = current_tenant() and document = $1 and state = 'ready'`,
    [document],
  );
}
