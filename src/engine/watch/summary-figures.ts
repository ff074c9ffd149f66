import type { CostCoding, CostFacts, CostPart } from '../../domain/actuals/job-cost.ts';
import type { Carried, FigureFacts, There } from '../../domain/actuals/job-cost-figures.ts';
import type { JournalRecord } from '../../domain/actuals/journal.ts';
import { type OwnInvoice, type PaidPart, paidByCoding } from '../../domain/actuals/paid-cost.ts';
import { billedLineKey } from '../../domain/billing/plan-invoice-input.ts';
import type { PaymentRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import { localDate } from '../../domain/values/calendar-date.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { budgetsOfProject, invoicesOfProject } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { findByMatchKeys } from '../../store/records/record.ts';
import { currentPolicy } from '../../store/settings/policy.ts';
import type { OpenConnection } from '../engine.ts';
import { standingOrder } from '../plan/order-in-erp.ts';
import { paidInvoice } from './keep-record.ts';

/** What the ERP shows of the documents that our figures come from. */
export type Shown = { readonly orders: There; readonly budget: There };

/** Before the ERP is asked: what it could show is believed to be as we left it. */
export function unasked({ connection: { committed, budgetOf } }: OpenConnection): Shown {
  return {
    orders: committed === undefined ? undefined : null,
    budget: budgetOf === undefined ? undefined : null,
  };
}

/** Read fresh: orders that bind nobody yet are none. */
export async function shownInErp(
  { connection: { committed, budgetOf } }: OpenConnection,
  projectCode: string,
): Promise<Shown> {
  const orders = committed === undefined ? undefined : await Array.fromAsync(committed(projectCode));
  return {
    orders: orders?.filter(({ state }) => state === 'posted'),
    budget: budgetOf === undefined ? undefined : await Array.fromAsync(budgetOf(projectCode)),
  };
}

// A project with more paid invoices than this has payments beyond what one look may hold.
const MAX_PAYMENTS = 20_000;

/** What the summary of a project is made of beside its cost. */
export async function figureFacts(
  tx: Tx,
  place: { readonly hub: OpenConnection; readonly erp: OpenConnection; readonly projectId: string },
  seen: {
    readonly now: Date;
    readonly currency: string;
    readonly orders: readonly StoredDocument[];
    readonly journals: readonly JournalRecord[];
    readonly parts: readonly CostPart[];
    readonly facts: CostFacts;
    readonly shown: Shown;
  },
): Promise<FigureFacts> {
  const { hub, erp, projectId } = place;
  const { timeZone } = await currentPolicy(tx);
  const budgets = await budgetsOfProject(tx, hub.id, erp.id, projectId);
  const { currency, journals, parts, facts } = seen;
  const month = localDate(seen.now, timeZone ?? 'UTC').slice(0, 7);
  const own = ownInvoices(await invoicesOfProject(tx, hub.id, erp.id, projectId), seen.orders);
  const known = journals.flatMap(({ document }) => document?.id ?? []);
  const payments = await paidParts(tx, erp, new Set([...known, ...own.map(({ id }) => id)]));
  return {
    currency,
    month,
    budget: { carried: budgets.flatMap(carriedBudget), there: seen.shown.budget },
    orders: {
      carried: [...Map.groupBy(seen.orders, ({ root }) => root).values()].flatMap((written) =>
        carriedOrder(written, hub.id),
      ),
      there: seen.shown.orders,
    },
    paid:
      payments === null
        ? new Map()
        : paidByCoding(journals, parts, { ...facts, currency, month, payments, own }),
  };
}

function carriedOrder(written: readonly StoredDocument[], hub: string): Carried[] {
  const order = standingOrder(written, hub);
  if (order === null) return [];
  const { id, body } = order.base;
  return [
    {
      ...{ id, currency: body.currency, total: body.total },
      lines: body.lines.map(({ costCode, costType, amount, changeOrder }) => {
        return { costCode, costType, amount, isChange: changeOrder !== undefined };
      }),
    },
  ];
}

function carriedBudget(document: StoredDocument): Carried[] {
  const { targetId: id, body } = document;
  if (!isStanding(document) || id === null || body?.kind !== 'budget') return [];
  return [
    {
      ...{ id, currency: body.currency, total: body.total },
      lines: body.lines.map(({ costCode, costType, amount, changeId }) => {
        return { costCode, costType, amount, isChange: body.purpose === 'change' || changeId !== null };
      }),
    },
  ];
}

/** Their lines are named as those of the orders that they bill, whichever revision of an order that was. */
function ownInvoices(invoices: readonly StoredDocument[], orders: readonly StoredDocument[]): OwnInvoice[] {
  const codings = new Map<string, CostCoding>();
  for (const { root, body } of orders) {
    if (body?.kind !== 'purchase-order') continue;
    for (const line of body.lines) codings.set(`${root}/${billedLineKey(line)}`, line);
  }
  return invoices.flatMap(({ root, targetId, body }) => {
    if (targetId === null || body?.kind !== 'ap-invoice' || body.purpose === 'direct-cost') return [];
    const coded = body.moves.map((move) => ({
      ...move,
      coding: codings.get(`${root}/${move.line}`) ?? null,
    }));
    return [{ id: targetId, moves: coded }];
  });
}

/** Null where the ERP's payments are not read. */
async function paidParts(
  tx: Tx,
  erp: OpenConnection,
  invoices: ReadonlySet<string>,
): Promise<PaidPart[] | null> {
  if (erp.connection.pull.payment === undefined) return null;
  if (invoices.size === 0) return [];
  const keys = [...invoices].map(paidInvoice);
  const payments = await findByMatchKeys<PaymentRecord>(tx, erp.id, 'payment', keys, MAX_PAYMENTS);
  if (payments.length === MAX_PAYMENTS) return null;
  return payments.flatMap(({ body: { cancelled, currency, date, invoices: parts } }) =>
    cancelled
      ? []
      : parts
          .filter(({ invoiceId }) => invoices.has(invoiceId))
          .map(({ invoiceId, amount }) => ({ invoiceId, currency, amount, month: date.slice(0, 7) })),
  );
}
