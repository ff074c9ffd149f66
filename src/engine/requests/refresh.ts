import type { Tx } from '../../store/database/transaction.ts';
import { countRecords } from '../../store/records/record.ts';
import { moveItem, type StoredRequestItem, waitingRefreshes } from '../../store/requests/request-item.ts';
import { wakeLane, wakeLanes } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sourceLane, sweepLane } from '../lanes.ts';
import { succeedRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import { decline } from './decline.ts';
import { refreshOrders } from './stage-orders.ts';
import { isStaged } from './staging.ts';
import { isSynced, syncLane } from './sync-codes.ts';
import type { Work } from './work-item.ts';

type List = {
  readonly words: string;
  readonly event: string;
  /** What is done instead where an ERP has no such list. */
  readonly instead?: string;
  /** Read after it where the ERP has it: who asked is answered when both were. */
  readonly next?: { readonly object: string; readonly words: string };
};

/** What people call the lists that can be read anew, and the events that ask for it. */
const LISTS: Readonly<Record<string, List>> = {
  vendor: { words: 'vendors', event: 'sync_vendors' },
  project: { words: 'projects', event: 'sync_jobs' },
  'prime-contract': {
    words: 'prime contracts',
    event: 'sync_prime_contracts',
    instead: 'It keeps none: write them in Procore, whose owner invoices are posted.',
  },
  payment: {
    words: 'payments',
    event: 'sync_contract_payments',
    next: { object: 'receipt', words: 'receipts of customers' },
  },
  'cost-code': {
    words: 'cost codes',
    event: 'sync_standard_cost_codes',
    instead: 'They are mapped to its accounts.',
  },
  'cost-type': {
    words: 'cost types',
    event: 'sync_standard_categories',
    instead: 'They are mapped to its accounts, together with cost codes.',
  },
  'sub-job': { words: 'sub jobs', event: 'sync_sub_jobs', instead: 'It books to whole projects.' },
};

/** Whether a list of the ERP can be read anew for those who press Refresh. */
export function isReadAnew(object: string): boolean {
  return LISTS[object] !== undefined || isOrders(object);
}

/** Orders that begin in the ERP, and what was added to them: read where a setting says that any do. */
function isOrders(object: string): boolean {
  return object === 'commitment' || object === 'change-order';
}

/** Somebody pressed Refresh: the ERP's list is read now, and they are answered when it was read to its end. */
export async function refresh(work: Work): Promise<void> {
  const { engine, at, item, event } = work;
  if (isOrders(event.object)) return refreshOrders(work);
  const erp = await engine.systems.homeOf(at.tenant);
  const { object } = event;
  const { instead } = LISTS[object] ?? {};
  const words = LISTS[object]?.words ?? `${object.replaceAll('-', ' ')}s`;
  await step(engine, at.tenant, async (tx) => {
    if (LISTS[object] === undefined || erp.connection.pull[object] === undefined)
      return decline(
        engine,
        tx,
        at,
        item,
        [
          `${words[0]?.toUpperCase()}${words.slice(1)} are not read from ${erp.name} by this integration.`,
          ...(instead === undefined ? [] : [instead]),
        ].join(' '),
      );
    await moveItem(tx, item, 'working');
    await wakeLane(tx, sweepLane(erp, `pull:${object}`));
  });
}

/** Who waits for this list, asked before a page is read: only what was asked before then is answered by it. */
export async function whoWaitsFor(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  object: string,
): Promise<readonly StoredRequestItem[]> {
  const found = listOf(object);
  if (found === null || !at.isHome) return [];
  const hub = await engine.systems.hubOf(at.tenant);
  return waitingRefreshes(tx, hub.id, found.list.event, found.first !== object);
}

/** Under which list something is read: its own, or the one that it follows. */
function listOf(object: string): { readonly first: string; readonly list: List } | null {
  for (const [first, list] of Object.entries(LISTS))
    if (first === object || list.next?.object === object) return { first, list };
  return null;
}

/** The list was read to its end. */
export async function answerRefreshes(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  object: string,
  waiting: readonly StoredRequestItem[],
): Promise<void> {
  if (waiting.length === 0) return;
  const next = LISTS[object]?.next;
  if (next !== undefined && at.connection.pull[next.object] !== undefined) {
    const known = await knownWords(tx, at, object);
    for (const item of waiting) await moveItem(tx, item, 'working', [known]);
    return wakeLane(tx, sweepLane(at, `pull:${next.object}`));
  }
  const hub = await engine.systems.hubOf(at.tenant);
  const staged = waiting.filter(({ event }) => isStaged(event));
  // What can be imported is compared with Procore's list first, which takes a read of it.
  await wakeLanes(
    tx,
    staged.map(({ key }) => sourceLane(hub, 'staging', key)),
  );
  // The same of codes, which are written there without anybody importing them.
  const synced = waiting.filter(({ event }) => isSynced(event));
  await wakeLanes(
    tx,
    synced.map(({ key }) => syncLane(hub, key)),
  );
  const message = await knownWords(tx, at, object);
  for (const item of waiting)
    if (!isStaged(item.event) && !isSynced(item.event))
      await succeedRequest(engine, tx, hub, item, [message]);
}

/** What is known of a list that was read to its end, and of the one before it. */
async function knownWords(tx: Tx, at: OpenConnection, object: string): Promise<string> {
  const { first, list } = listOf(object) ?? { first: object, list: null };
  const known = await countRecords(tx, at.id, first);
  const more =
    object === first ? '' : `, and ${await countRecords(tx, at.id, object)} ${list?.next?.words ?? object}`;
  return `Read anew: ${known} ${list?.words ?? first} of ${at.name} are known${more}.`;
}
