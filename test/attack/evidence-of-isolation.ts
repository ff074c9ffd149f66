import { gunzipSync } from 'node:zlib';
import type { IsolationEvidence } from '../checker/evidence.ts';
import type { OpenService } from './open-service.ts';
import type { Party } from './tenants.ts';
import type { World } from './world.ts';

type Place = { readonly where: string; readonly text: string };

// Of so many documents and questions of each tenant the pages are opened.
const PAGES = 2;

/**
 * Everything that belongs to one of two tenants, searched for the word of the other: what the API answers to its
 * people, its audit export, its rows, jobs and payloads, what its outside systems were told, and what was logged.
 */
export async function isolationEvidence(world: World, service: OpenService): Promise<IsolationEvidence> {
  const { neighbour } = world;
  const found: IsolationEvidence['found'][number][] = [];
  let searched = 0;
  for (const [own, other] of [
    [world, neighbour],
    [neighbour, world],
  ] as const) {
    const places = await placesOf(own, other, service);
    searched += places.length;
    for (const { where, text } of places)
      if (shows(text, other.party)) found.push({ where, tenant: own.party.tenant, of: other.party.tenant });
  }
  return { searched, found };
}

function shows(text: string, { canary }: Party): boolean {
  return text.toLowerCase().includes(canary);
}

async function placesOf(own: World, other: World, service: OpenService): Promise<Place[]> {
  const classes = [
    await answersTo(own, other, service),
    await rowsOf(own),
    [
      { where: 'Procore', text: await own.simulators.procore.truth() },
      { where: 'ERP', text: await own.erp.simulator.truth() },
    ],
  ];
  // A search that does not even find what is there would find nothing of others either.
  for (const places of classes)
    if (!places.some(({ text }) => shows(text, own.party)))
      throw new Error(`nothing of ${own.party.tenant} itself is seen in ${places[0]?.where} and the like`);
  return [...classes.flat(), ...linesAbout(own.party.tenant, own.logged())];
}

async function answersTo(own: World, other: World, service: OpenService): Promise<Place[]> {
  const urls = [
    ...service.readable.filter((url) => !url.includes(':') && !url.includes('*')),
    ...['account', 'project', 'vendor'].map((kind) => `/api/v1/targets?kind=${kind}`),
    `/api/v1/documents?q=${other.party.canary}`,
  ];
  // The ids of the other lead nowhere.
  const pages = [...(await pagesOf(own)), ...(await pagesOf(other))];
  const { tenant, people } = own.party;
  const asked = [
    { id: people.controller.id, of: [...urls, ...pages] },
    { id: people.engineer.id, of: urls },
  ];
  const places: Place[] = [];
  for (const { id, of } of asked) {
    const get = await service.signIn(tenant, id);
    for (const url of of) places.push({ where: url, text: (await get(url)).body.replaceAll(url, '') });
  }
  return places;
}

async function pagesOf({ read, party: { tenant } }: World): Promise<string[]> {
  const documents = await read<{ id: string }>('select id from document where tenant = $1 limit $2', [
    tenant,
    PAGES,
  ]);
  const questions = await read<{ id: string }>('select id from review_item where tenant = $1 limit $2', [
    tenant,
    PAGES,
  ]);
  return [
    ...documents.flatMap(({ id }) => [`/api/v1/documents/${id}`, `/api/v1/documents/${id}/evidence`]),
    ...questions.map(({ id }) => `/api/v1/review/${id}`),
  ];
}

/** Every row that bears the tenant, of every table: documents and postings as well as lanes, signals and sessions. */
async function rowsOf({ read, party: { tenant } }: World): Promise<Place[]> {
  const tables = await read<{ name: string }>(
    `select c.relname as name from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
  );
  const places: Place[] = [];
  for (const { name } of tables) {
    const rows = await read<{ row: string }>(
      `select to_jsonb(t)::text as row from ${name} t where t.tenant = $1`,
      [tenant],
    );
    places.push(...rows.map(({ row }) => ({ where: `a row of ${name}`, text: row })));
  }
  const payloads = await read<{ body: Buffer }>('select body from payload where tenant = $1', [tenant]);
  for (const { body } of payloads)
    places.push({ where: 'a payload', text: gunzipSync(body).toString('utf8') });
  return places;
}

/** Lines that name the tenant, and lines that name nobody: those may hold a word of neither. */
function linesAbout(tenant: string, lines: readonly string[]): Place[] {
  return lines
    .filter((line) => !line.includes('"tenant":') || line.includes(`"tenant":"${tenant}"`))
    .map((text) => ({ where: 'a line of the log', text }));
}
