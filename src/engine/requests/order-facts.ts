import type { OfferFacts } from '../../domain/orders/order-offer.ts';
import type { StandingOrder } from '../../domain/orders/standing-order.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { type StagingPlan, stagingWords } from '../../domain/staging/staged.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { linkedTarget } from '../../store/documents/link.ts';
import { listRecords } from '../../store/records/record.ts';
import type { StoredRequestItem } from '../../store/requests/request-item.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { mappedIn } from '../erp-companies.ts';
import { succeedRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import { writeStaging } from './write-staging.ts';

// More than any company has.
const MAX_RECORDS = 100_000;

/** An order of a project as it stands in the ERP now; null where it is cancelled or gone. */
export async function orderIn(
  { connection }: OpenConnection,
  projectCode: string,
  orderId: string,
): Promise<StandingOrder | null> {
  for await (const order of connection.standingOrders?.(projectCode) ?? [])
    if (order.id === orderId) return order;
  return null;
}

/** Sends what has to be written; where nothing has to be, whoever asked is answered at once. */
export async function writeRows(
  engine: Engine,
  tx: Tx,
  {
    hub,
    erp,
    item,
  }: {
    readonly hub: OpenConnection;
    readonly erp: OpenConnection;
    /** The Refresh that asked for it; null where nobody did. */
    readonly item: StoredRequestItem | null;
  },
  { object, rows, figures }: StagingPlan & { readonly object: 'commitment' | 'change-order' },
): Promise<void> {
  if (rows.length === 0) {
    const words = stagingWords(object, erp.name, figures, 0);
    return item === null ? undefined : succeedRequest(engine, tx, hub, item, words);
  }
  await writeStaging(engine, tx, hub, { object, rows, figures, asked: item === null ? [] : [item.key] });
}

type Projects = {
  readonly mapped: readonly ProjectRecord[];
  /** Codes of active projects of the ERP that are mapped to none. */
  readonly foreign: readonly string[];
};

/** Projects of both sides, by whether they are mapped. */
export async function projectsOf(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
): Promise<Projects> {
  const rows = await mappedIn(engine, tx, erp);
  const own = await listRecords<ProjectRecord>(tx, hub.id, 'project', MAX_RECORDS);
  const theirs = await listRecords<ProjectRecord>(tx, erp.id, 'project', MAX_RECORDS);
  const keys = new Set(rows.map(({ key }) => key));
  const codes = new Set(rows.map(({ value }) => value.code));
  return {
    mapped: own.filter(({ nativeId, gone }) => keys.has(nativeId) && !gone).map(({ body }) => body),
    foreign: theirs.filter(({ body }) => body.active && !codes.has(body.id)).map(({ body }) => body.id),
  };
}

/** What is known of a project before its orders are offered. */
export async function factsOf(
  engine: Engine,
  hub: OpenConnection,
  erp: OpenConnection,
  {
    project,
    orders,
    coded = orders.length > 0,
  }: {
    readonly project: ProjectRecord;
    readonly orders: readonly StandingOrder[];
    readonly coded?: boolean;
  },
): Promise<OfferFacts> {
  const codings = !coded ? null : await hub.hub!.costCodings(project.id);
  const rule = hub.hub!.ordersFromErp;
  return step(engine, hub.tenant, async (tx) => {
    const linked = new Set<string>();
    for (const code of new Set(orders.map(({ vendorCode }) => vendorCode))) {
      const vendor = { sourceConnection: erp.id, sourceObject: 'vendor', sourceId: code };
      if ((await linkedTarget(tx, hub.id, vendor)) !== null) linked.add(code);
    }
    return {
      rule: rule === 'off' ? 'purchase-orders' : rule,
      erpCode: erp.code,
      project,
      isVendorLinked: (code) => linked.has(code),
      mappings: await mappingsFor(tx, erp, project.id),
      costCodes: codings?.costCodes ?? new Map(),
      costTypes: codings?.costTypes ?? new Map(),
    };
  });
}
