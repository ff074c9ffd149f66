import type { Pulled, PullPage } from '../../connectors/connector.ts';
import type { ContextObject } from '../../domain/context-record.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { projectAllowed } from '../config.ts';
import { asFarAsItGoes, changeTime, nextBatch, SHOWN_REMEMBERED } from '../events/change-cursor.ts';
import { asTree, textOf } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import type { ContextPage, ContextRef } from '../hub.ts';
import { parsed } from '../wire.ts';
import type { SeenContext } from './context-fields.ts';
import { CONTEXT, type ContextPlace, type ContextSource } from './context-objects.ts';
import { changedRow } from './context-wire.ts';
import { rowsByHundreds } from './forecast-rows.ts';
import { instancesByTool } from './workflow-lists.ts';

// A page is kept in one transaction. Where each changed record costs a call more, a round of looks must not end on one.
const MOST_ROWS = { whole: 1_000, short: 100 } as const;
const UNSTAMPED: ReadonlySet<ContextSource['narrowed']> = new Set(['not', 'not paged', 'by hundreds']);
const DAY_MS = 86_400_000;
// A daily log is written on its day and corrected in the days after; the first look goes back a quarter.
const DAYS_LISTED = { first: 90, later: 14 } as const;

/** One record; null when Procore does not show it, which may mean deleted or not permitted. */
export async function fetchContext(
  reading: Reading,
  { object, id, projectId }: ContextRef,
): Promise<Pulled | null> {
  const { page, read } = CONTEXT[object];
  if (page === null) return null;
  const { path, query = {} } = page(placeOf(reading, projectId), encodeURIComponent(id));
  const found = await reading.client.find(`${path}${asQuery(query)}`);
  return found === null ? null : pulled(read(found.value, projectId));
}

/** Records of a project that changed since the cursor. */
export function listContext(
  reading: Reading,
  object: ContextObject,
  projectId: string,
  cursor: string | null,
): Promise<ContextPage> {
  return list(reading, object, projectId, cursor);
}

/** Records of the company that changed since the cursor. */
export function pullContext(
  reading: Reading,
  object: ContextObject,
  cursor: string | null,
): Promise<PullPage> {
  return list(reading, object, null, cursor);
}

type Row = { readonly id: string; readonly at: string; readonly seen: SeenContext | null };

async function list(
  reading: Reading,
  object: ContextObject,
  projectId: string | null,
  cursor: string | null,
): Promise<ContextPage> {
  const { narrowed, rows, unstamped = false, whole = false } = CONTEXT[object];
  const hasStamps = !UNSTAMPED.has(narrowed) && !unstamped;
  let listed: readonly string[] | null = null;
  const rowsSince = async (range: string | null): Promise<Row[]> => {
    const values = await valuesOf(reading, object, projectId, range);
    if (values === null) return [];
    const found = values.map((value) => rowOf(object, value, projectId));
    if (whole) listed = found.map(({ id }) => id);
    return found.filter((row) => isServed(reading, row));
  };
  const memory = hasStamps ? SHOWN_REMEMBERED : 0;
  const batch = await nextBatch(cursor, MOST_ROWS[rows], reading.now, rowsSince, memory);
  const records = await asFarAsItGoes(
    batch.rows,
    async ({ id, seen }): Promise<Pulled | null> =>
      seen === null ? fetchContext(reading, { object, id, projectId: projectId ?? '' }) : pulled(seen),
  );
  // What was listed and is gone a moment later is no record any more.
  return {
    records: records.filter((record) => record !== null),
    cursor: batch.after(records.length),
    ...(listed === null ? {} : { listed }),
  };
}

function rowOf(object: ContextObject, value: JsonValue, projectId: string | null): Row {
  const { rows, read } = CONTEXT[object];
  if (rows === 'short') {
    const { id, updated_at } = parsed(changedRow, value, `a ${object}`);
    return { id, at: changeTime(updated_at), seen: null };
  }
  const seen = read(value, projectId);
  return { id: seen.record.id, at: changeTime(seen.at), seen };
}

/** A list of the company names records of projects that the connection may not touch. */
function isServed({ config }: Reading, { seen }: Row): boolean {
  return seen === null || seen.record.projectId === null || projectAllowed(config, seen.record.projectId);
}

/** What a look at a list shows; null where its tool is closed, which says nothing of what is in it. */
async function valuesOf(
  reading: Reading,
  object: ContextObject,
  projectId: string | null,
  range: string | null,
): Promise<readonly JsonValue[] | null> {
  const { client, config, now } = reading;
  const { narrowed, list: address, unstamped = false } = CONTEXT[object];
  const { path, query = {} } = address(placeOf(reading, projectId));
  if (narrowed === 'by hundreds') return shown(() => rowsByHundreds(client, path));
  if (narrowed === 'not paged') return unpaged(await shown(() => client.find(`${path}${asQuery(query)}`)));
  const since = range === null ? null : changeTime(range.slice(1).split('...')[0] ?? null);
  const narrow: Record<string, string> = { ...query };
  if (narrowed === 'updated_at' && range !== null) narrow['filters[updated_at]'] = range;
  if (narrowed === 'days') Object.assign(narrow, daysUntil(now(), since === null ? 'first' : 'later'));
  if (unstamped) return unpaged(await shown(() => client.find(`${path}${asQuery(narrow)}`)));
  const values = await shown(() =>
    narrowed === 'by tool'
      ? instancesByTool(client, path, config.companyId)
      : readList(client.read, { path, query: narrow, pageSize: config.pageSize }),
  );
  if (values === null || (narrowed !== 'days' && narrowed !== 'by tool') || since === null) return values;
  return values.filter((value) => changeTime(textOf(asTree(value)?.updated_at)) >= since);
}

/** A tool that is off, or closed to the service account, holds no evidence; `check` tells of it. */
async function shown<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Stop && error.kind === 'unauthorised') return null;
    throw error;
  }
}

function unpaged(found: { readonly value: JsonValue } | null): readonly JsonValue[] | null {
  if (found === null) return null;
  if (Array.isArray(found.value)) return found.value;
  const data = asTree(found.value)?.data;
  return Array.isArray(data) ? data : [found.value];
}

/** Projects may lie a day ahead of the clock here. */
function daysUntil(now: Date, look: keyof typeof DAYS_LISTED): { start_date: string; end_date: string } {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return {
    start_date: day(now.getTime() - DAYS_LISTED[look] * DAY_MS),
    end_date: day(now.getTime() + DAY_MS),
  };
}

function asQuery(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? '' : `?${text}`;
}

function placeOf({ config }: Reading, projectId: string | null): ContextPlace {
  return { companyId: config.companyId, projectId: projectId ?? '' };
}

function pulled({ record, raw }: SeenContext): Pulled {
  return { record, raw };
}
