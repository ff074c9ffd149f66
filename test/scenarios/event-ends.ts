import { expect } from 'vitest';
import { documentWaits } from '../../src/domain/states.ts';
import { ERP_EVENTS } from '../../src/procore/erp-tool/erp-events.ts';
import { type Does, doesOf } from '../procore/coverage.ts';
import type { Raised } from './event-acts.ts';
import { procoreState } from './looking.ts';
import { until, type World } from './world.ts';

export type Item = {
  readonly key: string;
  readonly event: string;
  readonly object: string;
  readonly native_id: string;
  readonly detail_id: string | null;
  readonly state: string;
  readonly messages: readonly string[];
};

export type Detail = {
  readonly id: number;
  readonly status: string;
  readonly messages: readonly string[];
  readonly times_written: number;
};

/** Every write that reached the ERP so far, signing in apart. */
export async function erpWrites(world: World): Promise<number> {
  const { writes } = await world.truth();
  return writes.filter(({ committed, path }) => committed && !/Log(in|out)$/.test(path)).length;
}

/** Waits until a webhook told of the requests, and all that they ask is done or waits for somebody. */
export async function worked(world: World, { requests }: Raised): Promise<Item[]> {
  const ids = requests.map(String);
  await until('webhooks told of it', async () => {
    const told = await world.query(
      `select distinct native_id from signal where object = 'erp-request' and native_id = any($1)
       and hint ->> 'userId' is not null`,
      [ids],
    );
    return told.length === ids.length;
  });
  let items: Item[] = [];
  let lanes: object[] = [];
  try {
    return await until(
      'its items are worked',
      async () => {
        ({ items, lanes } = await itemsAndLanes(world, ids));
        const isDone = ({ event, state }: Item) =>
          isClosed(state) || (doesOf(event) === 'carried' && state === 'working');
        return items.length > 0 && lanes.length === 0 && items.every(isDone) && items;
      },
      30_000,
    );
  } catch {
    throw new Error(`it never ended: ${JSON.stringify({ items, lanes })}`);
  }
}

/** In one look, because an item and the lane that goes on with it are written together. */
async function itemsAndLanes(world: World, requests: readonly string[]) {
  const [seen] = await world.query<{ items: Item[]; lanes: object[] }>(
    `select (select coalesce(json_agg(to_json(i) order by i.key), '[]')
               from (select key, event, object, native_id, detail_id, state, messages
                       from request_item where request_id = any($1)) i) as items,
            (select coalesce(json_agg(json_build_object('id', id, 'last_error', last_error)), '[]')
               from lane where stage <> 'sweep' and id not like $2) as lanes`,
    // What holds payments is looked at again and again, and is no part of any request.
    [requests, '%|payment-readiness|%'],
  );
  return seen!;
}

/** For a controller, and for a customer with its accounts. What else is carried has all that it needs in this world. */
const WAITING = ['create_vendor', 'create_payment_application'];

/** What SAP Business One has no place for: its sender reads why, and what to do instead. */
const WITHOUT_A_PLACE = [
  'create_prime_contract_change_order',
  'create_budget',
  'update_budget',
  'create_standard_cost_codes',
  'create_sub_job',
];

/** Off until somebody sets it: its sender reads which setting. */
const BY_A_SETTING = ['create_payment', 'create_contract_payment'];

/** Lists that only another ERP has. */
const NOT_READ = [
  'sync_prime_contracts',
  'sync_standard_cost_codes',
  'sync_standard_categories',
  'sync_sub_jobs',
];

/** What has to be so of an item that ended, by what is done about its event. */
export const ENDS: Readonly<Record<Does, (world: World, item: Item) => Promise<void>>> = {
  async carried(world, item) {
    if (WITHOUT_A_PLACE.includes(item.event))
      return expect(item).toMatchObject({
        state: 'failed',
        messages: [expect.stringContaining('SAP Business One keeps no')],
      });
    if (BY_A_SETTING.includes(item.event))
      return expect(item).toMatchObject({
        state: 'failed',
        messages: [expect.stringContaining('the setting "payments" of its connection is off')],
      });
    const documents = await documentsOf(world, item);
    expect(documents, JSON.stringify(item)).not.toEqual([]);
    if (item.state === 'succeeded') {
      expect(documents.map(({ state }) => state)).toContain('confirmed');
      return;
    }
    expect([item.event, item.state], JSON.stringify(documents)).toEqual([
      WAITING.find((event) => event === item.event),
      'working',
    ]);
    const open = documents.filter(({ state }) => documentWaits.has(state));
    expect(open).not.toEqual([]);
    // A person can act on it: it says what it waits for, or asks.
    for (const { reasons, asked } of open) expect([...reasons, ...asked]).not.toEqual([]);
  },
  async 'read anew'(world, item) {
    if (NOT_READ.includes(item.event)) return ENDS.declined(world, item);
    expect(item).toMatchObject({
      state: 'succeeded',
      messages: [expect.stringMatching(/\b\d+ (vendors|projects|payments|orders) of SAP Business One/)],
    });
  },
  async answered(_world, item) {
    if (ERP_EVENTS[item.event]?.act !== 'unlink') return expect(item.state).toBe('succeeded');
    // What stands in the ERP is not unlinked, and what another integration linked is its own to unlink.
    expect(item).toMatchObject({
      state: 'failed',
      messages: [expect.stringMatching(/still stands in SAP Business One|nothing here to unlink/)],
    });
  },
  async declined(world, item) {
    expect(item).toMatchObject({ state: 'failed', messages: [expect.stringContaining(item.event)] });
    expect(await engineerSees(world, item)).toBe(true);
  },
};

/** Whether an engineer is asked about an item, or about an earlier one that asked the same. */
export async function engineerSees(world: World, { event, key }: Item): Promise<boolean> {
  const asked = await world.query(
    `select 1 from review_item where kind = 'quarantined' and role = 'engineer' and state = 'open'
     and subject in ('request:' || $1, 'request:' || $2) and question like '%"' || $1 || '"%'`,
    [event, key],
  );
  return asked.length > 0;
}

/** Each detail that was raised belongs to an item, and says once what became of it. */
export async function detailsSay(world: World, { details }: Raised, items: readonly Item[]): Promise<void> {
  const named = items.flatMap(({ detail_id: id }) => (id === null ? [] : [Number(id)]));
  expect(named.toSorted()).toEqual([...details].toSorted());
  const shown = await allDetails(world);
  for (const { detail_id: id, state, messages } of items)
    if (id !== null)
      expect(shown.find((detail) => detail.id === Number(id))).toMatchObject(
        isClosed(state)
          ? { status: state === 'succeeded' ? 'success' : 'failed', messages, times_written: 1 }
          : { status: 'in_progress', times_written: 0 },
      );
}

export async function allDetails(world: World): Promise<readonly Detail[]> {
  return (await procoreState(world)).erp_request_details as unknown as readonly Detail[];
}

export const isClosed = (state: string) => state === 'succeeded' || state === 'failed' || state === 'stale';

async function documentsOf(world: World, { object, native_id }: Item) {
  return world.query<{ state: 'confirmed'; reasons: readonly object[]; asked: readonly string[] }>(
    `select state, reasons, array(select question from review_item r where r.document = d.id and r.state = 'open') as asked
     from document d where source_object = $1 and source_id = $2`,
    [object, native_id],
  );
}
