import type { PrimeContractRecord } from '../../domain/owner/prime-contract.ts';
import type { Posting } from '../../domain/posting/posting.ts';
import type { ProjectRecord, VendorRecord } from '../../domain/records.ts';
import {
  type Offered,
  planStaging,
  type StagedObject,
  type StagingPlan,
  type StandingRow,
  stagingWords,
} from '../../domain/staging/staged.ts';
import { type ContractSides, planStagedContracts } from '../../domain/staging/staged-contracts.ts';
import {
  offeredOnce,
  offerProjects,
  offerSubJobs,
  offerVendors,
  offerVendorsBesides,
} from '../../domain/staging/staged-offer.ts';
import { postingDone } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { StoredPosting } from '../../store/documents/posting.ts';
import { listRecords } from '../../store/records/record.ts';
import { getItem } from '../../store/requests/request-item.ts';
import {
  declinedPairs,
  expireRefusedCalls,
  linkedVendors,
  stagedCalls,
} from '../../store/requests/staging.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { mappedIn } from '../erp-companies.ts';
import { WAITING_ORDERS } from '../lanes.ts';
import { succeedRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import { pullToEnd } from '../watch/pull.ts';
import { isOrderEvent, stageOrders } from './stage-orders.ts';
import { shownSubJobs, subJobsOfErp } from './stage-sub-jobs.ts';
import { stagingRoot, writeStaging } from './write-staging.ts';

/** What a Refresh offers for import besides reading it anew. */
const STAGED: Readonly<Record<string, Exclude<StagedObject, 'commitment'>>> = {
  sync_vendors: 'vendor',
  sync_jobs: 'project',
  sync_prime_contracts: 'prime-contract',
  sync_sub_jobs: 'sub-job',
};

export function isStaged(event: string): boolean {
  return STAGED[event] !== undefined;
}

// More than any company has; what is beyond is not offered and no figure claims it.
const MAX_RECORDS = 100_000;

/** Brings Ready to Import in line with what the ERP has, for one Refresh, and answers it when that is written. */
export async function stageRecords(engine: Engine, hub: OpenConnection, key: string): Promise<void> {
  const item = await step(engine, hub.tenant, (tx) => getItem(tx, hub.id, key));
  if (key === WAITING_ORDERS || isOrderEvent(item?.event)) return stageOrders(engine, hub, key);
  const object = item === null ? undefined : STAGED[item.event];
  if (item?.state !== 'working' || object === undefined) return;
  const erp = await engine.systems.homeOf(hub.tenant);
  const companies = await readBesides(engine, hub, object);
  const standing = await hub.hub!.stagedRecords(object);
  const subJobs = object === 'sub-job' ? await shownSubJobs(engine, hub, erp) : [];
  engine.failPoint('after-fetch');
  await step(engine, hub.tenant, async (tx) => {
    const root = stagingRoot(object);
    // Written down already by a turn that was cut off: its end answers.
    if ((await stagedCalls(tx, hub.id, root, [key])).length > 0) return;
    await expireRefusedCalls(tx, hub.id, root);
    const { rows, figures } =
      object === 'vendor' || object === 'project'
        ? await planOnce(engine, tx, hub, { object, companies, standing })
        : object === 'prime-contract'
          ? planStagedContracts(await contractsOf(tx, hub, erp), standing)
          : planStaging(offerSubJobs(await subJobsOfErp(tx, erp), subJobs), standing);
    if (rows.length === 0)
      return succeedRequest(engine, tx, hub, item, stagingWords(object, namesOf(companies), figures, 0));
    await writeStaging(engine, tx, hub, { object, rows, figures, asked: [key] });
  });
  engine.failPoint('after-plan');
}

/** The last call of a staging ended: whoever pressed Refresh is answered with figures. */
export async function concludeStaging(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  posting: StoredPosting & Posting,
): Promise<void> {
  const { operation, root } = posting;
  if (operation.kind !== 'stage-records') return;
  const calls = await stagedCalls(tx, hub.id, root, operation.asked);
  const ends = calls.map((call) => (call.id === posting.id ? { ...call, state: posting.state } : call));
  if (!ends.every(({ state }) => hasEnded(state))) return;
  const companies = offersAll(operation.object)
    ? await engine.systems.erpsOf(hub.tenant)
    : [await engine.systems.homeOf(hub.tenant)];
  const refused = ends
    .map(({ state, rows, rowsRefused }) => {
      if (postingDone.has(state)) return 0;
      return rowsRefused === 'all' ? rows : rowsRefused;
    })
    .reduce((sum, rows) => sum + rows, 0);
  for (const key of operation.asked) {
    const item = await getItem(tx, hub.id, key);
    if (item === null) continue;
    const words = stagingWords(operation.object, namesOf(companies), operation.figures, refused);
    await succeedRequest(engine, tx, hub, item, words);
  }
}

function hasEnded(state: StoredPosting['state']): boolean {
  return postingDone.has(state) || state === 'refused' || state === 'exception' || state === 'cancelled';
}

/** Vendors and projects are offered of every company; what Procore knows once of its ERP, of the home company. */
function offersAll(object: StagedObject): boolean {
  return object === 'vendor' || object === 'project';
}

/** The companies of which something is offered. The list of the home company was read just now; so are the others'. */
async function readBesides(
  engine: Engine,
  hub: OpenConnection,
  object: StagedObject,
): Promise<readonly OpenConnection[]> {
  const [home, ...others] = await engine.systems.erpsOf(hub.tenant);
  if (!offersAll(object)) return [home];
  for (const erp of others)
    if (erp.connection.pull[object] !== undefined) await pullToEnd(engine, erp, object);
  return [home, ...others];
}

function namesOf(companies: readonly OpenConnection[]): string {
  return companies.map(({ name }) => name).join(' and ');
}

/** What every company has, each code once. */
async function planOnce(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  of: {
    readonly object: 'vendor' | 'project';
    readonly companies: readonly OpenConnection[];
    readonly standing: readonly StandingRow[];
  },
): Promise<StagingPlan> {
  const { object, companies, standing } = of;
  const lists: Offered[][] = [];
  for (const [place, erp] of companies.entries())
    lists.push(
      object === 'vendor'
        ? await vendorsOf(tx, hub, erp, companies.slice(0, place))
        : await projectsOf(engine, tx, hub, erp),
    );
  const { offered, shared } = offeredOnce(lists);
  const { rows, figures } = planStaging(offered, standing);
  if (shared.length === 0) return { rows, figures };
  const named = shared.slice(0, SHARED_NAMED).join(', ');
  const more = shared.length > SHARED_NAMED ? ` and ${shared.length - SHARED_NAMED} more` : '';
  const waits = [
    `${named}${more} stand in several companies, and Procore has room for each code once: one of each is offered.`,
  ];
  return { rows, figures: { ...figures, waits } };
}

// As many as anybody reads in an answer.
const SHARED_NAMED = 5;

async function vendorsOf(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  before: readonly OpenConnection[],
): Promise<Offered[]> {
  const sides = {
    erp: await bodies<VendorRecord>(tx, erp, 'vendor'),
    source: await bodies<VendorRecord>(tx, hub, 'vendor'),
    linked: await linkedVendors(tx, erp.id, hub.id),
    declined: await declinedPairs(tx),
  };
  if (erp.isHome) return offerVendors(sides);
  const earlier: VendorRecord[] = [];
  for (const other of before) earlier.push(...(await bodies<VendorRecord>(tx, other, 'vendor')));
  return offerVendorsBesides({ ...sides, earlier });
}

async function projectsOf(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
): Promise<Offered[]> {
  return offerProjects({
    erp: await bodies<ProjectRecord>(tx, erp, 'project'),
    source: await bodies<ProjectRecord>(tx, hub, 'project'),
    mapped: new Set((await mappedIn(engine, tx, erp)).map(({ value }) => value.code)),
  });
}

async function contractsOf(tx: Tx, hub: OpenConnection, erp: OpenConnection): Promise<ContractSides> {
  return {
    erp: await bodies<PrimeContractRecord>(tx, erp, 'prime-contract'),
    source: await bodies<PrimeContractRecord>(tx, hub, 'prime-contract'),
  };
}

async function bodies<R extends VendorRecord | ProjectRecord | PrimeContractRecord>(
  tx: Tx,
  at: OpenConnection,
  object: StagedObject,
): Promise<R[]> {
  return (await listRecords<R>(tx, at.id, object, MAX_RECORDS)).map(({ body }) => body);
}
