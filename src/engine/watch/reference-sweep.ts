import type { Connection } from '../../connectors/connector.ts';
import {
  type Finding,
  hasVanished,
  lookBack,
  subjectOf,
  surelyListedFrom,
  wordsOf,
} from '../../domain/masters/reference-findings.ts';
import { referencePrefix } from '../../domain/posting/reference.ts';
import { type CalendarDate, calendarDate, utcDate } from '../../domain/values/calendar-date.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import * as listed from '../../store/documents/listed-document.ts';
import { expireFindings, tellFinding } from '../../store/documents/reference-finding.ts';
import {
  saveHealth,
  setConnectionPhase,
  setLookedThrough,
  sweepSettings,
} from '../../store/settings/connection.ts';
import { finishSlot, lastSlot, leaveSlot, startSlot } from '../../store/work/schedule.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';

// Older than any document that could carry a reference of ours.
export const BEGINNING = calendarDate('2000-01-01');
// Kept in memory at most this many at a time, whatever the company holds.
const BATCH = 500;
// More of one kind than anybody works through in a day: the rest follows when these are closed.
const MOST_PER_KIND = 200;
const HOUR_MS = 3_600_000;

export type SweepReport = {
  /** Documents under our prefix that are known to stand there or to have stood there. */
  readonly listed: number;
  readonly findings: readonly Finding[];
  /** So much was missing that the connection was set to read-only. */
  readonly stopped: boolean;
};

/** The lane's look: once a day, and after a pause once for all days that were missed. */
export async function dailyReferences(engine: Engine, at: OpenConnection): Promise<{ afterMs: number }> {
  const now = engine.clock.now();
  const [job, today] = [`references:${at.id}`, utcDate(now)];
  const last = await step(engine, at.tenant, (tx) => lastSlot(tx, job));
  const isOurs = last !== today && (await step(engine, at.tenant, (tx) => startSlot(tx, job, today)));
  if (isOurs) {
    try {
      await sweepReferences(engine, at, lookBack(last === null ? null : calendarDate(last), today));
    } catch (error) {
      await step(engine, at.tenant, (tx) => leaveSlot(tx, job, today));
      throw error;
    }
    await step(engine, at.tenant, (tx) => finishSlot(tx, job, today));
  }
  const untilTomorrow = Date.parse(today) + 24 * HOUR_MS - now.getTime();
  return { afterMs: Math.min(HOUR_MS, untilTomorrow) };
}

/**
 * Lists what carries our prefix since a day (null: all of it) and compares it with what we posted. Writes nothing
 * outside: findings are questions for people, and a company that lost too much of ours gets no more writes.
 */
export async function sweepReferences(
  engine: Engine,
  at: OpenConnection,
  since: CalendarDate | null,
): Promise<SweepReport> {
  const { list } = at.connection;
  if (list === undefined) return { listed: 0, findings: [], stopped: false };
  const startedAt = await step(engine, at.tenant, listed.sweepStart);
  for await (const batch of batches(list(referencePrefix(at.code), since ?? BEGINNING)))
    await step(engine, at.tenant, (tx) => listed.keepListed(tx, at.id, startedAt, batch));
  return step(engine, at.tenant, (tx) => conclude(engine, tx, at, startedAt, since));
}

async function conclude(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  startedAt: string,
  since: CalendarDate | null,
): Promise<SweepReport> {
  await listed.forgetUnlisted(tx, at.id, startedAt, since === null ? null : surelyListedFrom(since));
  const { missingLimitPercent } = await sweepSettings(tx, at.id);
  const lagMs = listLagMs(at);
  const losses = await listed.countMissing(tx, at.id, startedAt, lagMs);
  const stopped = hasVanished(losses, missingLimitPercent);
  const changesAreDocuments = at.updateStrategy === 'change-document';
  const wish = { changesAreDocuments, lagMs, limit: MOST_PER_KIND };
  const findings = [
    ...(await listed.findDuplicates(tx, at.id, wish.limit)),
    ...(await listed.findOrphans(tx, at.id, wish.limit)),
    ...(await listed.findMissing(tx, at.id, { ...wish, startedAt })),
    ...(await listed.findDrift(tx, at.id, wish)),
  ];
  // One question says that the company was swapped; a hundred about its documents would only hide it.
  const told = stopped ? findings.filter(({ kind }) => kind !== 'missing') : findings;
  for (const finding of told) await tell(engine, tx, at, finding);
  const subjects = told.map((finding) => subjectOf(at.id, finding));
  const vanished = `reference:${at.id}:vanished`;
  await expireFull(tx, at, told, stopped ? [...subjects, vanished] : subjects);
  if (stopped) await stopWriting(engine, tx, at, { subject: vanished, losses, missingLimitPercent });
  return { listed: await listed.countListed(tx, at.id), findings, stopped };
}

/** How far a list may lag behind a commit: twice the gap that empty looks are kept apart by. */
function listLagMs(at: OpenConnection): number {
  return 2 * Math.max(0, ...Object.values(at.settle).map(({ probeGapMs }) => probeGapMs));
}

/** Closes what was not found again; a kind that was cut at its limit may hold more of the same, so it stays. */
async function expireFull(
  tx: Tx,
  at: OpenConnection,
  told: readonly Finding[],
  subjects: readonly string[],
): Promise<void> {
  for (const kind of ['duplicate', 'orphan', 'missing', 'drift', 'vanished'] as const) {
    if (told.filter((finding) => finding.kind === kind).length >= MOST_PER_KIND) continue;
    await expireFindings(tx, `reference:${at.id}:${kind}`, subjects);
  }
}

async function tell(engine: Engine, tx: Tx, at: OpenConnection, finding: Finding): Promise<void> {
  const { reference, targets, document } = finding;
  await tellFinding(tx, {
    id: engine.newId(),
    subject: subjectOf(at.id, finding),
    ...wordsOf(finding, at.name),
    evidence: {
      reference,
      documents: targets.map(({ number, id }) => (number === id ? id : `${number} (${id})`)).join(', '),
      ...(document === null ? {} : { document: document.id }),
    },
  });
}

/** The company was restored, emptied or swapped: whatever it was, writing on would make it worse. */
async function stopWriting(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  why: {
    readonly subject: string;
    readonly losses: readonly { readonly posted: number; readonly missing: number }[];
    readonly missingLimitPercent: number;
  },
): Promise<void> {
  const missing = Math.max(...why.losses.map((loss) => loss.missing));
  const posted = why.losses.find((loss) => loss.missing === missing)?.posted ?? 0;
  const message = `${missing} of ${posted} documents that were posted do not stand in ${at.name} any more: the connection was set to read-only.`;
  const before = await setConnectionPhase(tx, at.id, 'read-only');
  await setLookedThrough(tx, at.id, false);
  at.allowWrites(false);
  await saveHealth(tx, at.id, { ok: false, message });
  await tellFinding(tx, {
    id: engine.newId(),
    subject: why.subject,
    title: `${at.name}: documents vanished`,
    question: `${message} Nothing is posted again. It looks as if ${at.name} was restored from a backup or another company answers. When it is whole again, set the phase back: everything is looked through first. If the documents were really removed, raise the limit of ${why.missingLimitPercent} % with \`tiebeam sweep --references --missing-limit\`.`,
    evidence: { missing: String(missing), posted: String(posted), limit: `${why.missingLimitPercent} %` },
    role: 'engineer',
  });
  if (before === 'read-only') return;
  await appendAudit(tx, [
    {
      kind: 'connection-stopped',
      actor: 'tiebeam',
      at: engine.clock.now(),
      body: { connection: at.id, missing: String(missing), posted: String(posted) },
    },
  ]);
}

type Listing = ReturnType<NonNullable<Connection['list']>>;

async function* batches(listing: Listing): AsyncGenerator<listed.Listed[]> {
  let batch: listed.Listed[] = [];
  for await (const each of listing) {
    batch.push(each);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
