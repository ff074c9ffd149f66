import { z } from 'zod';
import type { Read, WireRequest } from '../../domain/posting/writes.ts';
import { type Door, DoorError } from '../../lib/door.ts';
import type { Connection } from '../connector.ts';
import type { DemoErpConfig } from './config.ts';
import { json, stopOf, stopOfDoor, unreadable } from './errors.ts';
import { failure } from './wire.ts';

// 10,000 pages of 100 documents: more than any company has; reaching it means that the paging is broken.
const MAX_PAGES = 10_000;

/** The only HTTP of this connector: the key on every request, and answers nobody can use turned into stops. */
export function openClient(config: DemoErpConfig, door: Door): Pick<Connection, 'read' | 'send'> {
  const key = { 'x-ledgerline-key': config.apiKey, accept: 'application/json' };
  const signed = (request: WireRequest) => ({ ...request, headers: { ...request.headers, ...key } });
  return {
    async read(request) {
      const response = await door.read(signed(request)).catch((error: unknown) => {
        throw error instanceof DoorError ? stopOfDoor(error) : error;
      });
      const stop = stopOf(response);
      if (stop) throw stop;
      return response;
    },
    send: (intent, request) => door.write(intent, signed(request)),
  };
}

/** Reads one resource in the form that we know. */
export async function readJson<T>(read: Read, path: string, form: z.ZodType<T>): Promise<T> {
  const found = await readIfThere(read, path, form);
  if (found === null) throw unreadable(path, 'it is not there');
  return found;
}

/** Null only where Ledgerline itself says that it has no such thing. */
export async function readIfThere<T>(read: Read, path: string, form: z.ZodType<T>): Promise<T | null> {
  const { status, body } = await read({ method: 'GET', path });
  if (status === 404 && failure.safeParse(json(body)).data?.error.code === 'unknown') return null;
  if (status !== 200) throw unreadable(path, `status ${status}`);
  const parsed = form.safeParse(json(body));
  if (!parsed.success) throw unreadable(path, z.prettifyError(parsed.error));
  return parsed.data;
}

/** Every document of a query, page by page. */
export async function* readAll<T>(
  read: Read,
  list: 'budgets' | 'requisitions' | 'orders' | 'invoices' | 'sales-invoices' | 'contract-changes',
  form: z.ZodType<T>,
  query: Readonly<Record<string, string>>,
): AsyncGenerator<T> {
  const page = z.object({ records: z.array(form), next: z.string().nullable() });
  let cursor = {};
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const search = new URLSearchParams({ ...query, limit: '100', ...cursor });
    const { records, next } = await readJson(read, `/${list}?${search}`, page);
    yield* records;
    if (next === null) return;
    cursor = { after: next };
  }
  throw unreadablePages(`/${list}`, MAX_PAGES);
}

/** A list that does not end is a fault of its paging. */
export function unreadablePages(path: string, pages: number): Error {
  return unreadable(path, `more than ${pages} pages`);
}
