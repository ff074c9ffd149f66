import { type Books, driftedLater, idOf, isLaterAsked, minor, orderOf } from './books.ts';
import type { Journal, OurDocument, TargetDocument } from './evidence.ts';
import type { Tally } from './tally.ts';

/**
 * I4: to the minor unit, without tolerance. A posted document adds up and equals what was approved, a journal is
 * balanced, and over the whole history what was approved is what is posted, pending and rejected.
 */
export function judgeMoney(books: Books, tally: Tally): void {
  const { evidence } = books;
  for (const row of evidence.ours.documents) if (row.state === 'posted') judgePosted(books, row, tally);
  for (const journal of evidence.target.journals ?? []) judgeJournal(journal, tally);
  if (evidence.settled) judgeTotals(books, tally);
}

function judgePosted(books: Books, row: OurDocument, tally: Tally): void {
  const document = row.target === null ? undefined : books.byId.get(idOf(row.target));
  if (document === undefined || document.header === undefined) return;
  tally.judged += 1;
  const header = minor(document.header);
  const sum = sumOf(document);
  if (sum !== null && sum !== header)
    tally.broken(`${document.id}: its parts come to ${sum}, its header says ${header}`);
  const version = books.versions.get(row.key);
  if (version === undefined || isSuperseded(books, row, document)) return;
  if (driftedLater(row, document) || isLaterAsked(books, row)) return;
  if (minor(version.amount) !== header)
    tally.broken(`${document.id}: ${header} stands there, ${minor(version.amount)} was approved`);
  if (
    version.currency !== undefined &&
    document.currency !== undefined &&
    version.currency !== document.currency
  )
    tally.broken(`${document.id}: stands in ${document.currency}, approved in ${version.currency}`);
}

/** Lines plus tax less what is retained; null where the target shows no lines. */
function sumOf({ lines, tax, retention }: TargetDocument): bigint | null {
  if (lines === undefined) return null;
  let sum = 0n;
  for (const line of lines) sum += minor(line);
  if (tax !== undefined) sum += minor(tax);
  if (retention !== undefined) sum -= minor(retention);
  return sum;
}

/** A later change that took effect, told by our rows or by the content itself, replaced this row's amount. */
function isSuperseded(books: Books, row: OurDocument, document: TargetDocument): boolean {
  if (row.reference === null) return false;
  const place = orderOf(books, row);
  for (const other of books.rowsByReference.get(row.reference) ?? []) {
    if (orderOf(books, other) <= place) continue;
    if (other.state === 'posted' || other.payloadHash === document.hash) return true;
  }
  return false;
}

function judgeJournal({ id, lines }: Journal, tally: Tally): void {
  tally.judged += 1;
  const balances = new Map<string, bigint>();
  for (const { company, currency, debit, credit } of lines) {
    const where = `${company} ${currency}`;
    balances.set(where, (balances.get(where) ?? 0n) + minor(debit) - minor(credit));
  }
  for (const [where, balance] of balances)
    if (balance !== 0n) tally.broken(`journal ${id}: ${where} is out of balance by ${balance}`);
}

/** Every approved version counts once, by the amount of its row: posted, pending and rejected together. */
function judgeTotals({ evidence, rows }: Books, tally: Tally): void {
  const differences = new Map<string, bigint>();
  for (const { key, amount, currency = '', ended } of evidence.source.versions) {
    const row = rows.get(key);
    if (ended != null || (row !== undefined && row.amount === undefined)) continue;
    tally.judged += 1;
    const counted = row === undefined ? 0n : minor(row.amount!);
    const approved = minor(amount);
    if (counted !== approved)
      differences.set(currency, (differences.get(currency) ?? 0n) + approved - counted);
    if (row?.currency !== undefined && currency !== '' && row.currency !== currency)
      tally.broken(`${key}: approved in ${currency}, kept in ${row.currency}`);
  }
  for (const [currency, difference] of differences)
    tally.broken(`approved less posted, pending and rejected leaves ${difference} ${currency}`.trimEnd());
}
