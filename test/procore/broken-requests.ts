import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { ERP_EVENTS } from '../../src/procore/simulator/erp-tool/erp-events.ts';
import { type AlteredWorld, startAlteredWorld } from '../scenarios/altered-world.ts';
import { allDetails, type Detail } from '../scenarios/event-ends.ts';
import { APPROVER, COMPANY, createCommitment, PROJECT, until } from '../scenarios/world.ts';
import { Mangler } from './mangle.ts';
import { brokenRequest } from './payloads.ts';

const FIRST_CODE = 562949955000000;
// What waits for a record that nobody shows is looked for eight times, half a minute in all on a machine of its own.
const USUALLY_WITHIN_MS = 240_000;

/**
 * How a broken request ended: carried to the ERP or answered with success, declined in words, waiting in front of
 * somebody on its way to the ERP, shown to an engineer because its answer has no address left, or lost.
 */
export type End = 'answered' | 'declined' | 'waiting' | 'quarantined' | 'lost';

export type Taken = {
  readonly sent: number;
  readonly ends: Readonly<Record<End, number>>;
  /** Each that is lost, with what stands of it. */
  readonly lost: readonly string[];
};

/**
 * Raises real requests in the simulator, shows them broken to the service, and says how each ended. A world of its own:
 * the requests of one batch wait for each other's records, and details are looked for among all of them.
 */
export async function takeBroken({ withinMs = USUALLY_WITHIN_MS, ...wish }: Wish) {
  const { count } = wish;
  const altered = await startAlteredWorld({
    seed: { cost_codes: codes(count) },
    procore: { pageSize: 2_000 },
    standsStill: 'a broken request may name a record twice, of which one is answered',
  });
  try {
    return await taken(altered, { ...wish, withinMs });
  } finally {
    await altered.stop();
  }
}

function codes(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const code = String(10_000 + index);
    return { id: FIRST_CODE + index, project_id: PROJECT, code, full_code: `11-${code}`, name: 'Spare' };
  });
}

type Wish = { readonly count: number; readonly seed: number; readonly withinMs?: number };
type Raised = { readonly request: number; readonly detail: number };

async function taken(
  { world, procore }: AlteredWorld,
  { count, seed, withinMs }: Required<Wish>,
): Promise<Taken> {
  await world.stopWorkers();
  const contract = await createCommitment(world);
  const mangler = new Mangler(seed);
  const raised: Raised[] = [];
  const broken = new Map<number, unknown>();
  procore.changeRequest((request) => broken.get(Number(request.id)) ?? request);
  for (let index = 0; index < count; index += 1) {
    const cost_code_ids = [FIRST_CODE + index];
    const made = await world.act({
      as: APPROVER,
      action: 'ask_to_delete_cost_codes',
      cost_code_ids,
    } as ProcoreAct);
    const [request, detail] = [firstOf(made.erp_request_ids), firstOf(made.request_detail_ids)];
    const named = { company: COMPANY, project: PROJECT, contract, detail };
    // Some are about a record that is there.
    const record = mangler.below(4) === 0 ? contract : request;
    broken.set(request, brokenRequest(mangler, request, { ...named, record }));
    raised.push({ request, detail });
  }
  world.startWorker();
  await world.sweep();
  const ids = raised.map(({ request }) => String(request));
  const items = await until('all of them came to rest', () => restedItems(world, ids), withinMs).catch(
    async (error: unknown) => {
      // What never rests is a finding: it says where it stands.
      throw new Error(`seed ${seed}: ${JSON.stringify(await lanesAtWork(world))}`, { cause: error });
    },
  );
  const details = new Map((await allDetails(world)).map((detail) => [detail.id, detail]));
  const asked = await subjectsAsked(world);
  const ends = { answered: 0, declined: 0, waiting: 0, quarantined: 0, lost: 0 };
  const lost: string[] = [];
  for (const { request, detail } of raised) {
    const own = items.get(String(request)) ?? [];
    const end = endOf(own, details.get(detail)!, asked);
    ends[end] += 1;
    if (end === 'lost') lost.push(JSON.stringify({ request, detail: details.get(detail), own }));
  }
  return { sent: count, ends, lost };
}

function firstOf(ids: readonly number[] | number | undefined): number {
  if (!Array.isArray(ids) || ids.length !== 1) throw new Error(`one was raised, not ${JSON.stringify(ids)}`);
  return ids[0] as number;
}

type Item = {
  readonly request: string;
  readonly key: string;
  readonly event: string;
  readonly object: string;
  readonly native_id: string;
  readonly state: string;
  /** What it became waits for something, or somebody is asked about it. */
  readonly waits: boolean;
};

function lanesAtWork(world: AlteredWorld['world']) {
  return world.query(
    "select id, attempts, last_error from lane where stage <> 'sweep' and due_at < 'infinity' order by id limit 20",
  );
}

/** The items of all requests by their request, once each has some and nothing is on its way any more. */
async function restedItems(world: AlteredWorld['world'], ids: readonly string[]) {
  const lanes = await world.query(
    "select 1 from lane where stage <> 'sweep' and due_at < 'infinity' and id not like '%|payment-readiness|%' limit 1",
  );
  if (lanes.length > 0) return null;
  const rows = await world.query<Item>(
    `select request_id as request, key, event, object, native_id, state,
       exists (select from document d where d.source_object = i.object and d.source_id = i.native_id
         and (exists (select from waits_for w where w.document = d.id)
           or exists (select from review_item r where r.document = d.id and r.state = 'open'))) as waits
     from request_item i where request_id = any($1) order by key`,
    [ids],
  );
  const byRequest = Map.groupBy(rows, ({ request }) => request);
  return byRequest.size === ids.length ? byRequest : null;
}

async function subjectsAsked(world: AlteredWorld['world']): Promise<ReadonlySet<string>> {
  const rows = await world.query<{ subject: string }>(
    "select subject from review_item where state = 'open' and role = 'engineer'",
  );
  return new Set(rows.map(({ subject }) => subject));
}

function endOf(
  items: readonly Item[],
  { status, times_written: times }: Detail,
  asked: ReadonlySet<string>,
): End {
  const open = items.filter(({ state }) => !CLOSED.has(state));
  if (items.length === 0 || times > 1 || !open.every(({ waits }) => waits)) return 'lost';
  if (open.length > 0) return 'waiting';
  if (times === 1) return status === 'success' ? 'answered' : 'declined';
  const isAsked = items.some(({ request, event, key }) =>
    [request, key, event].some((subject) => asked.has(`request:${subject}`)),
  );
  if (isAsked) return 'quarantined';
  // Nobody waits for the answer to a notice, and Procore has no place for one.
  if (!items.every(({ event }) => isNotice(event))) return 'lost';
  return items.every(({ state }) => state === 'succeeded') ? 'answered' : 'declined';
}

const CLOSED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'stale']);

function isNotice(event: string): boolean {
  return Object.entries(ERP_EVENTS).some(([name, { detail }]) => name === event && detail === 'none');
}
