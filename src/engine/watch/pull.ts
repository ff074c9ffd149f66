import type { PullPage } from '../../connectors/connector.ts';
import { vendorKeys } from '../../domain/masters/vendor-match.ts';
import type { GoodsReceiptRecord } from '../../domain/orders/goods-receipt.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { waitKeys } from '../../domain/reasons.ts';
import type { CanonicalRecord, PeriodRecord, VendorRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { findByMatchKeys } from '../../store/records/record.ts';
import { saveHealth } from '../../store/settings/connection.ts';
import { moveCursor, readCursor } from '../../store/work/cursor.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sourceLane } from '../lanes.ts';
import { wakeWaiting } from '../plan/wake.ts';
import { answerRefreshes, whoWaitsFor } from '../requests/refresh.ts';
import { syncLane } from '../requests/sync-codes.ts';
import { wakeCodesOfErpProject } from '../resolve/resolve-project-codes.ts';
import { step } from '../step.ts';
import { keepRecords } from './keep-record.ts';
import { wakeInsurances } from './show-insurances.ts';

// One turn of a lane reads at most this many pages; the rest follows in the next turn, after the others had theirs.
const MAX_PAGES = 20;

/** Reads one list until its cycle ends; true when the turn ended before the cycle did. */
export async function pull(engine: Engine, at: OpenConnection, object: string): Promise<boolean> {
  const read = at.connection.pull[object];
  if (read === undefined) throw new Stop('bug', at.system, `${at.name} has no list of ${object}`);
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { cursor, waiting } = await step(engine, at.tenant, async (tx) => ({
      cursor: await readCursor(tx, at.id, `pull:${object}`),
      waiting: await whoWaitsFor(engine, tx, at, object),
    }));
    const found = await read(cursor);
    await step(engine, at.tenant, async (tx) => {
      await keepPage(engine, tx, at, object, found);
      if (found.records.length === 0) await answerRefreshes(engine, tx, at, object, waiting);
    });
    engine.failPoint('after-pull-page');
    if (found.records.length === 0) return false;
  }
  return true;
}

// Ten thousand turns of twenty pages are more than any company has; without a bound a broken cursor would spin.
const MAX_TURNS = 10_000;

/** Takes turns at a list until it says that nothing is left. */
export async function toTheEnd(turn: () => Promise<boolean>): Promise<void> {
  for (let turns = 0; turns < MAX_TURNS; turns += 1) if (!(await turn())) return;
  throw new Stop('bug', 'tiebeam', 'a list does not end');
}

/** Reads one list to its end, now and here. */
export function pullToEnd(engine: Engine, at: OpenConnection, object: string): Promise<void> {
  return toTheEnd(() => pull(engine, at, object));
}

async function keepPage(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  object: string,
  page: PullPage,
): Promise<void> {
  for (const { record } of await keepRecords(tx, at.id, page.records)) await wakeFor(engine, tx, at, record);
  await moveCursor(tx, at.id, `pull:${object}`, page.cursor);
  await saveHealth(tx, at.id, { lastReadAt: engine.clock.now().toISOString() });
}

/** What documents wait for by its code, until it is there and may be posted to. */
const RELEASING: ReadonlySet<CanonicalRecord['object']> = new Set([
  'account',
  'project',
  'customer',
  'prime-contract',
]);

/** Who may be waiting for a record that is new or changed. */
async function wakeFor(engine: Engine, tx: Tx, at: OpenConnection, record: CanonicalRecord): Promise<void> {
  if (record.object === 'vendor') return wakeVendor(engine, tx, at, record);
  if (record.object === 'payment' || record.object === 'receipt')
    return wakeLane(tx, sourceLane(at, record.object, record.id));
  if (record.object === 'period') return wakePeriod(engine, tx, at, record);
  // No event asks for tax codes: a change in the ERP is the reason to compare them.
  if (record.object === 'tax-code' && at.isHome)
    return wakeLane(tx, syncLane(await engine.systems.hubOf(at.tenant), record.object));
  if (record.object === 'insurance') return wakeInsurances(engine, tx, at, record);
  if (record.object === 'goods-receipt') return wakeReceived(engine, tx, at, record);
  if (record.object === 'cost-code' || record.object === 'sub-job')
    return wakeWaiting(engine, tx, at.tenant, 'record', waitKeys.record(record.object, record.id));
  if (record.object === 'project' && at.hub === null) await wakeCodesOfErpProject(engine, tx, at, record.id);
  if (RELEASING.has(record.object))
    await wakeWaiting(engine, tx, at.tenant, 'record', waitKeys.record(record.object, record.id));
}

/** A vendor of either side may be the other half of one on the other side. */
async function wakeVendor(engine: Engine, tx: Tx, at: OpenConnection, vendor: VendorRecord): Promise<void> {
  if (at.hub !== null) return wakeLane(tx, sourceLane(at, 'vendor', vendor.id));
  const hub = await engine.systems.hubOf(at.tenant);
  for (const other of await findByMatchKeys<VendorRecord>(tx, hub.id, 'vendor', vendorKeys(vendor))) {
    await wakeLane(tx, sourceLane(hub, 'vendor', other.nativeId));
  }
  await wakeWaiting(engine, tx, at.tenant, 'record', waitKeys.record('vendor', vendor.id));
}

/** What is billed on an order may wait for a receipt of it to be put right. */
async function wakeReceived(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { lines }: GoodsReceiptRecord,
): Promise<void> {
  for (const orderId of new Set(lines.map((line) => line.orderId)))
    await wakeWaiting(engine, tx, at.tenant, 'record', waitKeys.record('goods-receipt', orderId));
}

async function wakePeriod(engine: Engine, tx: Tx, at: OpenConnection, period: PeriodRecord): Promise<void> {
  if (!period.open) return;
  // A period may span months; two dozen covers every fiscal calendar in use.
  let month = period.from.slice(0, 7);
  for (let count = 0; count < 24 && month <= period.to.slice(0, 7); count += 1) {
    await wakeWaiting(engine, tx, at.tenant, 'period', month);
    const [year = 0, number = 0] = month.split('-').map(Number);
    month = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  }
}
