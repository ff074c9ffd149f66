import { z } from 'zod';
import { Stop } from '../../../domain/posting/outcomes.ts';
import type { Read } from '../../../domain/posting/writes.ts';
import type { Pulled, PullPage } from '../../connector.ts';
import { companyCurrency, readCompanySettings } from '../company.ts';
import { allRows, keyOf, type Query, readPage } from '../service-layer/odata.ts';
import { SYSTEM } from '../service-layer/vendor-error.ts';
import {
  COST_DOCUMENT_FIELDS,
  JOURNAL_FIELDS,
  type JournalEntity,
  readCostDocument,
  readJournal,
} from '../service-layer/wire.ts';
import { bookedBy, type CostDocument, type CostSet, isOnProject, journalRecord, madeBy } from './journals.ts';

/**
 * Entries tell no change date, and none is ever changed but in its texts: what is new has a higher number. A cycle
 * reads on from the highest; the `round` counts cycles, and every so often one reads the ledger from its beginning.
 */
const cursorSchema = z.strictObject({
  after: z.string().regex(/^\d{1,10}$/),
  high: z.string().regex(/^\d{1,10}$/),
  round: z.int().min(0),
});
type Cursor = z.infer<typeof cursorSchema>;

const START: Cursor = { after: '0', high: '0', round: 0 };
// An entry that was being booked while a later one was read already has the lower number of the two.
const READ_AGAIN = 50;
// At one look in five minutes this is once a day.
const ROUNDS_BETWEEN_SWEEPS = 288;
// A page without any project line is no end of the list; so many of them are read in one go.
const MAX_EMPTY_PAGES = 50;
// Keys of one filter: far below the length of an address.
const KEYS_AT_ONCE = 20;

const QUERY: Query = {
  set: 'JournalEntries',
  select: JOURNAL_FIELDS,
  key: { name: 'JdtNum', kind: 'number' },
};

export async function pullJournals(read: Read, text: string | null): Promise<PullPage> {
  let cursor = cursorOf(text);
  let passed: Entry | null = null;
  for (let pages = 0; pages < MAX_EMPTY_PAGES; pages += 1) {
    const { rows } = await readPage(read, { ...QUERY, after: cursor.after });
    const newest = rows.at(-1);
    if (newest === undefined) return { records: [], cursor: JSON.stringify(nextRound(cursor)) };
    const last = keyOf(newest, QUERY);
    cursor = { ...cursor, after: last, high: Number(last) > Number(cursor.high) ? last : cursor.high };
    const entries = rows.map(({ fields, raw }) => ({ entity: readJournal(fields), raw }));
    const records = await recordsOf(
      read,
      entries.filter(({ entity }) => entity.JournalEntryLines.some(isOnProject)),
    );
    if (records.length > 0) return { records, cursor: JSON.stringify(cursor) };
    passed = entries.at(-1) ?? null;
  }
  // A page without records would say that the list has ended.
  const records = passed === null ? [] : await recordsOf(read, [passed]);
  return { records, cursor: JSON.stringify(cursor) };
}

function nextRound({ high, round }: Cursor): Cursor {
  const next = round + 1;
  if (next >= ROUNDS_BETWEEN_SWEEPS) return { after: '0', high, round: 0 };
  return { after: String(Math.max(Number(high) - READ_AGAIN, 0)), high, round: next };
}

type Entry = { readonly entity: JournalEntity; readonly raw: string };

async function recordsOf(read: Read, entries: readonly Entry[]): Promise<Pulled[]> {
  if (entries.length === 0) return [];
  const currency = companyCurrency(await readCompanySettings(read));
  const makers = Map.groupBy(
    entries.flatMap(({ entity }) => madeBy(entity) ?? []),
    ({ set }) => set,
  );
  const documents = new Map<string, CostDocument>();
  for (const [set, some] of makers)
    for (const document of await documentsByKey(read, set, [...new Set(some.map(({ key }) => key))]))
      documents.set(placeOf({ set, key: document.entity.DocEntry }), document);
  return entries.map(({ entity, raw }) => {
    const maker = madeBy(entity);
    const document = bookedBy(entity, maker === null ? undefined : documents.get(placeOf(maker)));
    return { record: journalRecord(entity, document, currency), raw };
  });
}

function placeOf({ set, key }: { readonly set: CostSet; readonly key: string }): string {
  return `${set}(${key})`;
}

async function documentsByKey(read: Read, set: CostSet, keys: readonly string[]): Promise<CostDocument[]> {
  const found: CostDocument[] = [];
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    const some = keys.slice(start, start + KEYS_AT_ONCE);
    const query: Query = {
      set,
      filter: some.map((key) => `DocEntry eq ${key}`).join(' or '),
      select: COST_DOCUMENT_FIELDS,
      key: { name: 'DocEntry', kind: 'number' },
    };
    for await (const { fields } of allRows(read, query))
      found.push({ set, entity: readCostDocument(fields) });
  }
  return found;
}

function cursorOf(text: string | null): Cursor {
  if (text === null) return START;
  try {
    return cursorSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Stop('bug', SYSTEM, 'a stored cursor cannot be read', { cause: error });
  }
}
