import { disagreement } from './agreement.ts';
import { type Books, minor } from './books.ts';
import type { OurDocument } from './evidence.ts';
import type { Tally } from './tally.ts';

/**
 * I15: what people are shown is recomputed from the rows, `synced` is said only of what really agrees, and the
 * sender of a request hears of success only after the effect and after its outcome was recorded.
 */
export function judgeHonest(books: Books, tally: Tally): void {
  const { evidence } = books;
  for (const row of evidence.ours.documents) {
    if (row.listed !== undefined) judgeListed(row, row.listed, tally);
    if (row.shown !== 'synced') continue;
    tally.judged += 1;
    const wrong = row.state === 'posted' ? disagreement(books, row) : `its row says ${row.state}`;
    if (wrong !== null) tally.broken(`${row.key} is shown as synced: ${wrong}`);
  }
  if (evidence.dashboard !== undefined) judgeCounts(books, evidence.dashboard.counts, tally);
  if (evidence.dashboard?.amounts !== undefined) judgeAmounts(books, tally);
  judgeNews(books, tally);
}

function judgeListed(row: OurDocument, listed: string | null, tally: Tally): void {
  tally.judged += 1;
  if (listed === null) tally.broken(`${row.key} is in no list`);
  else if (listed !== statusOf(row))
    tally.broken(`${row.key} is listed as ${listed}, its row says ${statusOf(row)}`);
}

function judgeCounts({ evidence }: Books, counts: Readonly<Record<string, number>>, tally: Tally): void {
  const recomputed = new Map<string, number>();
  for (const row of evidence.ours.documents) {
    const status = statusOf(row);
    recomputed.set(status, (recomputed.get(status) ?? 0) + 1);
  }
  for (const status of new Set([...recomputed.keys(), ...Object.keys(counts)])) {
    tally.judged += 1;
    const [shown, there] = [counts[status] ?? 0, recomputed.get(status) ?? 0];
    if (shown !== there) tally.broken(`${shown} are shown as ${status}, the ledger has ${there}`);
  }
}

function judgeAmounts({ evidence }: Books, tally: Tally): void {
  const recomputed = new Map<string, bigint>();
  for (const row of evidence.ours.documents)
    if (row.amount !== undefined)
      recomputed.set(statusOf(row), (recomputed.get(statusOf(row)) ?? 0n) + minor(row.amount));
  for (const [status, amount] of Object.entries(evidence.dashboard!.amounts!)) {
    tally.judged += 1;
    const there = recomputed.get(status) ?? 0n;
    if (minor(amount) !== there)
      tally.broken(`${amount} is shown as ${status}, the ledger comes to ${there}`);
  }
}

function statusOf({ status, state }: OurDocument): string {
  return status ?? state;
}

function judgeNews(books: Books, tally: Tally): void {
  const { evidence, effects, rows } = books;
  const recorded = new Map<string, number>();
  for (const { reference, at, result } of evidence.audit?.outcomes ?? [])
    if (result === 'ok' || result === 'found')
      recorded.set(reference, Math.min(at, recorded.get(reference) ?? at));
  for (const { id, key, closings } of evidence.source.requestItems ?? []) {
    if (key === null) continue;
    for (const { at, result } of closings) {
      if (result !== 'success') continue;
      tally.judged += 1;
      const effect = effects.get(key);
      if (effect !== undefined && effect.first > at)
        tally.broken(`${id} was told success at ${at}, ${key} took effect only at ${effect.first}`);
      else if (effect === undefined && effects.size > 0 && rows.get(key)?.state !== 'posted')
        tally.broken(`${id} was told success, ${key} never took effect`);
      const outcome = firstOutcome(recorded, referencesOf(books, key));
      if (outcome !== null && outcome > at)
        tally.broken(`${id} was told success at ${at}, before its outcome was recorded at ${outcome}`);
    }
  }
}

function firstOutcome(recorded: ReadonlyMap<string, number>, references: ReadonlySet<string>): number | null {
  let first: number | null = null;
  for (const reference of references) {
    const at = recorded.get(reference);
    if (at !== undefined && (first === null || at < first)) first = at;
  }
  return first;
}

/**
 * Under which references it took effect: that of the row's own posting (of a change not the one that its document
 * carries), and those of the traffic. A restored backup forgets a posting, and may reach the same version again
 * under another reference.
 */
function referencesOf({ evidence, rows }: Books, key: string): ReadonlySet<string> {
  const found = new Set<string>();
  const row = rows.get(key);
  const own = evidence.ours.postings?.find(({ document }) => document === row?.id);
  const named = own?.reference ?? row?.reference ?? null;
  if (named !== null) found.add(named);
  for (const { key: of, committed, reference } of evidence.target.requests ?? [])
    if (of === key && committed !== null && reference !== null) found.add(reference);
  return found;
}
