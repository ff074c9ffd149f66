import type { ApInvoiceBody, PostedBase, PurchaseOrderBody } from '../../domain/documents.ts';
import { type Outcome, Stop } from '../../domain/posting/outcomes.ts';
import type { Match, ProbeResult, Write } from '../../domain/posting/writes.ts';
import { systemClock } from '../../lib/clock.ts';
import { committedIntent, openDoor } from '../../lib/door.ts';
import type { Connection, Connector, Pulled } from '../connector.ts';

const MAX_POLLS = 40;
const MAX_PAGES = 1_000;

export type Opened = { readonly connection: Connection; readonly close: () => Promise<void> };

export function open<Config>(connector: Connector<Config>, config: Config, writesAllowed = true): Opened {
  const door = openDoor({ ...connector.doorOptions(config), writesAllowed: () => writesAllowed });
  const connection = connector.connect(config, { door, now: systemClock.now, sleep: systemClock.sleep });
  return {
    connection,
    async close() {
      await connection.close();
      await door.close().catch(() => {});
    },
  };
}

export function createWrite(connection: Connection, body: PurchaseOrderBody): Write {
  return only(connection.writes({ kind: 'create-order', body }));
}

export function updateWrite(connection: Connection, body: PurchaseOrderBody, base: PostedBase): Write {
  return only(connection.writes({ kind: 'update-order', body, base }));
}

export function invoiceWrite(connection: Connection, body: ApInvoiceBody): Write {
  return only(connection.writes({ kind: 'create-invoice', body }));
}

function only(writes: readonly Write[]): Write {
  const [write] = writes;
  if (!write || writes.length > 1) throw new Error(`expected one write of a document, not ${writes.length}`);
  return write;
}

/** Sends one write once and follows it to its end, as the posting protocol does on its straight path. */
export async function deliver(connection: Connection, write: Write, guard?: string): Promise<Outcome> {
  const context = { earlierIds: {}, ...(guard === undefined ? {} : { guard }) };
  const sent = await connection.send(committedIntent(write.reference, 1), write.encode(context));
  if (sent.kind !== 'answered') return { kind: sent.kind, why: sent.why };
  let outcome = write.classify(sent.response);
  for (let poll = 0; poll < MAX_POLLS && outcome.kind === 'accepted'; poll += 1) {
    if (!write.poll) return outcome;
    outcome = await write.poll(connection.read, outcome.handle);
  }
  return outcome;
}

export async function matches(connection: Connection, write: Write): Promise<readonly Match[]> {
  const found = await write.probe(connection.read, { earlierIds: {} });
  if (found.kind !== 'found')
    throw new Error('the probe of a create finds documents, it does not compare one');
  return found.matches;
}

export async function standing(
  connection: Connection,
  write: Write,
): Promise<ProbeResult & { readonly kind: 'standing' }> {
  const result = await write.probe(connection.read, { earlierIds: {} });
  if (result.kind !== 'standing') throw new Error('the probe of an update says where the document stands');
  return result;
}

/** Posts a new order and gives what the next revision builds on. */
export async function posted(connection: Connection, body: PurchaseOrderBody): Promise<PostedBase> {
  const write = createWrite(connection, body);
  const outcome = await deliver(connection, write);
  if (outcome.kind !== 'posted') throw new Error(`the sample was not posted: ${JSON.stringify(outcome)}`);
  const [match] = await matches(connection, write);
  return { id: outcome.id, body, lineKeys: match?.lineKeys ?? {} };
}

/** Pulls until a page brings nothing new: a first cycle, or a later one from the cursor that the last left. */
export async function pullAll(
  pull: (cursor: string | null) => Promise<{ records: readonly Pulled[]; cursor: string }>,
  from: string | null = null,
): Promise<{
  readonly records: Map<string, Pulled>;
  readonly pages: number;
  readonly cursor: string | null;
}> {
  const records = new Map<string, Pulled>();
  let cursor = from;
  for (let pages = 1; pages <= MAX_PAGES; pages += 1) {
    const page = await pull(cursor);
    const before = records.size;
    for (const pulled of page.records) records.set(pulled.record.id, pulled);
    cursor = page.cursor;
    if (records.size === before) return { records, pages, cursor };
  }
  throw new Error(`the pull did not end within ${MAX_PAGES} pages`);
}

/** The Stop that a promise ends with; anything else is a broken promise. */
export async function stopped(work: Promise<unknown>): Promise<Stop> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Stop) return error;
    throw new Error(`expected a Stop, not ${String(error)}`, { cause: error });
  }
  throw new Error('expected a Stop, but an answer came');
}
