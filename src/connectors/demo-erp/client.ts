import { z } from 'zod';
import type { Read, WireRequest } from '../../domain/writes.ts';
import { type Door, DoorError, type Intent, type Sent } from '../../lib/door.ts';
import type { DemoErpConfig } from './config.ts';
import { json, stopOf, stopOfDoor, unreadable } from './errors.ts';
import { type Order, orderPage } from './wire.ts';

// 10,000 pages of 100 orders: more than any company has; reaching it means that the paging is broken.
const MAX_PAGES = 10_000;

export type Client = {
  readonly read: Read;
  readonly send: (intent: Intent, request: WireRequest) => Promise<Sent>;
};

/** The only HTTP of this connector: the key on every request, and answers nobody can use turned into stops. */
export function openClient(config: DemoErpConfig, door: Door): Client {
  const signed = (request: WireRequest): WireRequest => ({
    ...request,
    headers: { ...request.headers, 'x-ledgerline-key': config.apiKey, accept: 'application/json' },
  });
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
  const { status, body } = await read({ method: 'GET', path });
  const parsed = form.safeParse(json(body));
  if (status !== 200 || !parsed.success)
    throw unreadable(path, status === 200 ? z.prettifyError(parsed.error!) : `status ${status}`);
  return parsed.data;
}

/** Every order of a query, page by page. */
export async function* readOrders(
  read: Read,
  query: Readonly<Record<string, string>>,
): AsyncGenerator<Order> {
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const search = new URLSearchParams({ ...query, limit: '100', ...(after === null ? {} : { after }) });
    const { orders, next }: z.output<typeof orderPage> = await readJson(read, `/orders?${search}`, orderPage);
    yield* orders;
    if (next === null) return;
    after = next;
  }
  throw unreadable('/orders', `more than ${MAX_PAGES} pages`);
}
