import type { Connection, Constraint } from '../connectors/connector.ts';
import { Stop } from '../domain/posting/outcomes.ts';
import type { SeenCapabilities, SettleTable } from '../domain/posting/settle.ts';
import type { Permit } from '../lib/door.ts';
import type { Hub } from '../procore/hub.ts';
import type { Pools } from '../store/database/pools.ts';
import { inTenant } from '../store/database/transaction.ts';
import { listConnections, type StoredConnection } from '../store/settings/connection.ts';
import { placesByAccount } from './dispatch/places.ts';
import type { OpenConnection, Systems } from './engine.ts';

/** What a main gives for one kind of system: how its stored connection becomes a live one. */
export type OpenedSystem = {
  readonly inFlight: number;
  readonly settle: SettleTable;
  /** The same with what a self-test saw; absent where none can be run. */
  readonly settleBySeen?: (seen: SeenCapabilities) => SettleTable;
  readonly updateStrategy: OpenConnection['updateStrategy'];
  readonly hub: Hub | null;
  readonly connection: Connection;
  readonly constraints: readonly Constraint[];
  readonly deepLink: (object: string, id: string) => string | null;
};

export type OpenSystem = (
  tenant: string,
  stored: StoredConnection,
  writesAllowed: (permit: Permit) => boolean,
) => OpenedSystem;

type Known = {
  readonly tenant: string;
  readonly id: string;
  readonly system: string;
  readonly account: string;
};

// How long the list of connections is believed: a new one is served within this time.
const LIST_AGE_MS = 2_000;
/** Procore's id among the systems; every other one is an ERP. */
export const HUB = 'procore';

/** Opens connections when they are first needed and keeps them: session, token and rate window live in them. */
export function openSystems(pools: Pools, open: OpenSystem, now: () => Date): Systems {
  const opened = new Map<string, Promise<OpenConnection>>();
  const connections = rememberedList(pools, now);
  const placesOf = placesByAccount();

  const live = new Map<string, OpenConnection>();
  const former: Promise<OpenConnection>[] = [];

  function get(tenant: string, id: string): Promise<OpenConnection> {
    const key = `${tenant}|${id}`;
    let found = opened.get(key);
    if (found === undefined) {
      found = openOne(pools, open, placesOf, { tenant, id });
      found.then(
        (at) => live.set(key, at),
        () => opened.delete(key),
      );
      opened.set(key, found);
    }
    return found;
  }

  return {
    get,
    peek: (tenant, id) => live.get(`${tenant}|${id}`) ?? null,
    reopen(tenant, id) {
      const key = `${tenant}|${id}`;
      const known = opened.get(key);
      if (known !== undefined) former.push(known);
      opened.delete(key);
      live.delete(key);
      connections.forget();
    },
    async hubOf(tenant) {
      const [row, ...others] = ofSide(await connections.list(), tenant, true);
      if (others.length > 0)
        throw new Stop('bug', 'tiebeam', `tenant ${tenant} has more than one Procore connection`);
      return (await get(tenant, row.id)) as OpenConnection & { readonly hub: Hub };
    },
    async homeOf(tenant) {
      const [home] = ofSide(await connections.list(), tenant, false);
      return get(tenant, home.id);
    },
    async erpsOf(tenant) {
      const [home, ...others] = ofSide(await connections.list(), tenant, false);
      return [await get(tenant, home.id), ...(await Promise.all(others.map(({ id }) => get(tenant, id))))];
    },
    async accounts() {
      const rows = await connections.list();
      const byAccount = new Map(rows.map((row) => [row.account, row]));
      return Promise.all(
        [...byAccount].map(async ([account, row]) => ({
          account,
          inFlight: (await get(row.tenant, row.id)).inFlight,
        })),
      );
    },
    async tenants() {
      return [...new Set((await connections.list()).map((row) => row.tenant))];
    },
    async close() {
      const all = await Promise.allSettled([...former, ...opened.values()]);
      await Promise.allSettled(
        all.map((result) => (result.status === 'fulfilled' ? result.value.connection.close() : undefined)),
      );
      opened.clear();
    },
  };
}

/** Of one side, in the order in which they were connected. */
function ofSide(all: readonly Known[], tenant: string, isHub: boolean): [Known, ...Known[]] {
  const [first, ...others] = all.filter((row) => row.tenant === tenant && (row.system === HUB) === isHub);
  if (first === undefined)
    throw new Stop(
      'unauthorised',
      'tiebeam',
      `tenant ${tenant} has no ${isHub ? 'Procore' : 'ERP'} connection yet`,
      { remedy: 'Add one: see docs/connect.md.' },
    );
  return [first, ...others];
}

async function openOne(
  pools: Pools,
  open: OpenSystem,
  placesOf: ReturnType<typeof placesByAccount>,
  { tenant, id }: { readonly tenant: string; readonly id: string },
): Promise<OpenConnection> {
  const all = await inTenant(pools.app, tenant, listConnections);
  const stored = all.find((row) => row.id === id);
  if (stored === undefined) throw new Stop('bug', 'tiebeam', `tenant ${tenant} has no connection ${id}`);
  const allowed: Record<Permit, boolean> = {
    phase: stored.phase !== 'read-only',
    'job-costs': stored.jobCosts,
    // Open only while somebody who consented waits for it.
    'set-up': false,
  };
  const system = open(tenant, stored, (permit) => allowed[permit]);
  const settleBy = (seen: SeenCapabilities) =>
    Object.keys(seen).length === 0 ? system.settle : (system.settleBySeen?.(seen) ?? system.settle);
  let settle = settleBy(stored.seen);
  return {
    ...system,
    tenant,
    id,
    system: stored.system,
    name: stored.name,
    code: stored.code,
    account: stored.account,
    isHome: all.find(({ system }) => system !== HUB)?.id === id,
    places: placesOf(stored.account, system.inFlight),
    get settle() {
      return settle;
    },
    learn(seen) {
      settle = settleBy(seen);
    },
    allowWrites(next, permit = 'phase') {
      allowed[permit] = next;
    },
  };
}

type RememberedList = { readonly list: () => Promise<Known[]>; readonly forget: () => void };

/** The list of connections of all tenants, asked for again when it is a little old. */
function rememberedList(pools: Pools, now: () => Date): RememberedList {
  let known: { readonly at: number; readonly rows: Promise<Known[]> } | null = null;
  return {
    list() {
      const at = now().getTime();
      if (known !== null && at - known.at <= LIST_AGE_MS) return known.rows;
      const rows = readList(pools);
      rows.catch(() => {
        known = null;
      });
      known = { at, rows };
      return rows;
    },
    forget() {
      known = null;
    },
  };
}

async function readList({ door }: Pools): Promise<Known[]> {
  const { rows } = await door.query<Known>(
    `select tenant, id, system, account from door_list_connections() with ordinality
     as listed (tenant, id, system, account, place) order by place`,
  );
  return rows;
}
