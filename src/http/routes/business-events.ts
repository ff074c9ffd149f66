import { z } from 'zod';
import { BUSINESS_EVENTS } from '../../domain/business-events.ts';
import { inTenant } from '../../store/database/transaction.ts';
import {
  type BusinessEventRow,
  type EventPlace,
  listBusinessEvents,
  listVersions,
} from '../../store/views/business-event-view.ts';
import { callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { HttpProblem, notFound } from '../problems.ts';

const VERSIONS_SHOWN = 200;

const nativeId = z.string().regex(/^[\w-]{1,80}$/);
const ByNativeId = z.object({ id: nativeId });
const Page = z.object({
  cursor: z.string().max(600).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
const Whose = z.object({ object: z.string().min(1).max(80), connection: z.string().max(80).optional() });

/** A version of a record as it was seen, and what it meant to the business. */
const Version = z.object({
  version: z.number().int(),
  /** When we saw it; it happened before. */
  seenAt: z.iso.datetime(),
  /** Nobody looked at the record before, so nobody knows how long it has been so. */
  firstSeen: z.boolean(),
  events: z.array(z.enum(BUSINESS_EVENTS)),
  title: z.string().nullable(),
  number: z.string().nullable(),
  status: z.string().nullable(),
});
const EventPage = z.object({
  rows: z.array(
    Version.extend({
      connection: z.string(),
      object: z.string(),
      id: z.string(),
      projectId: z.string().nullable(),
    }),
  ),
  next: z.string().nullable(),
});
const Timeline = z.object({ object: z.string(), id: z.string(), rows: z.array(Version) });

/** What happened, found by comparing the versions of records: of all projects, of one, and of one record. */
export async function businessEventRoutes(app: Api, { pools }: HttpDeps): Promise<void> {
  const pageOf = async (tenant: string, project: string | null, { cursor, limit }: z.output<typeof Page>) => {
    const below = placeOf(cursor);
    const found = await inTenant(pools.app, tenant, (tx) =>
      listBusinessEvents(tx, { project, below, limit: limit + 1 }),
    );
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    return { rows: rows.map(toEvent), next: found.length > limit && last ? cursorAt(last) : null };
  };

  app.get(
    '/events',
    { config: { access: 'signed-in' }, schema: { querystring: Page, response: answers(EventPage) } },
    (request) => pageOf(callerOf(request).tenant, null, request.query),
  );

  app.get(
    '/projects/:id/events',
    {
      config: { access: 'signed-in' },
      schema: { params: ByNativeId, querystring: Page, response: answers(EventPage) },
    },
    (request) => pageOf(callerOf(request).tenant, request.params.id, request.query),
  );

  app.get(
    '/records/:id/timeline',
    {
      config: { access: 'signed-in' },
      schema: { params: ByNativeId, querystring: Whose, response: answers(Timeline) },
    },
    async (request) => {
      const { object, connection = null } = request.query;
      const { id } = request.params;
      const rows = await inTenant(pools.app, callerOf(request).tenant, (tx) =>
        listVersions(tx, { object, nativeId: id, connection }, VERSIONS_SHOWN),
      );
      if (rows.length === 0) throw notFound('record');
      return { object, id, rows: rows.map(toVersion) };
    },
  );
}

function toEvent(row: BusinessEventRow): z.output<typeof EventPage>['rows'][number] {
  const { connection, object, native_id: id, project: projectId } = row;
  return { ...toVersion(row), connection, object, id, projectId };
}

function toVersion({
  version,
  seen_at,
  events,
  title,
  number,
  status,
}: BusinessEventRow): z.output<typeof Version> {
  const known = BUSINESS_EVENTS.filter((event) => events.includes(event));
  return { version, seenAt: seen_at, firstSeen: version === 1, events: known, title, number, status };
}

const place = z.tuple([z.iso.datetime(), z.string(), z.string(), z.string(), z.int()]);

function cursorAt({ seen_at, connection, object, native_id, version }: BusinessEventRow): string {
  return Buffer.from(JSON.stringify([seen_at, connection, object, native_id, version])).toString('base64url');
}

function placeOf(cursor: string | undefined): EventPlace | null {
  if (cursor === undefined || cursor === '') return null;
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new HttpProblem(400, 'Not valid', 'The cursor is not one of ours; start at the first page.');
  }
}
