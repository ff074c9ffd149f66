import type { NumberedInvoice } from '../../connectors/connector.ts';
import type { OlderInvoice } from '../../domain/billing/billing-question.ts';
import { possibleNumbers } from '../../domain/billing/plan-invoice-number.ts';
import { possibleOwnerNumbers } from '../../domain/owner/owner-invoice.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { applicationsOf } from '../../store/documents/billing-decision.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import type { Engine } from '../engine.ts';
import { step } from '../step.ts';
import type { Application } from './applications.ts';
import { type BillingCase, contractOf } from './billing-case.ts';
import { vendorIn } from './source-facts.ts';

/** The vendor that bills an application, or the customer that it bills, by its code in the ERP; null while nobody said it. */
export async function partnerOf(
  tx: Tx,
  { hub, erp, record: { body } }: Pick<BillingCase, 'hub' | 'erp' | 'record'>,
): Promise<string | null> {
  if (body.object === 'sub-invoice') return (await vendorIn(tx, hub, erp, body.vendorId)).code;
  const rows = await mappingsFor(tx, erp, body.projectId);
  return rows.find(({ kind, key }) => kind === 'customer' && key === body.contractId)?.value.code ?? null;
}

/** Posted invoices of the partner that bear a number; null where this ERP does not tell. */
export async function postedNumbered(
  { erp, record: { object } }: Pick<BillingCase, 'erp' | 'record'>,
  partner: string,
  number: string,
): Promise<readonly NumberedInvoice[] | null> {
  const { invoicesNumbered, arInvoicesNumbered } = erp.connection;
  const look = object === 'sub-invoice' ? invoicesNumbered : arInvoicesNumbered;
  const found = (await look?.(partner, number)) ?? null;
  return found?.filter(({ state }) => state === 'posted') ?? null;
}

export function numbersOf(record: Application, orderNumber: string | null): readonly string[] {
  return record.object === 'sub-invoice'
    ? possibleNumbers(record, orderNumber)
    : possibleOwnerNumbers(record);
}

/** An application and all before it, each with the one invoice in the ERP that bears its number. */
export async function olderInvoices(engine: Engine, of: BillingCase): Promise<readonly OlderInvoice[]> {
  const { hub, record, order } = of;
  const { partner, applications } = await step(engine, hub.tenant, async (tx) => ({
    partner: await partnerOf(tx, of),
    applications: await applicationsOf<Application>(tx, hub.id, record.body.object, contractOf(record.body)),
  }));
  const older: OlderInvoice[] = [];
  for (const each of applications) {
    if (each.deleted || !each.approved || each.application > record.body.application) continue;
    const [number = ''] = numbersOf(each, order?.number ?? null);
    const found = partner === null || number === '' ? null : await postedNumbered(of, partner, number);
    const [invoice, ...others] = found?.filter(({ currency }) => currency === each.currency) ?? [];
    const { id: recordId, application, currentDue: amount } = each;
    older.push({ recordId, application, number, amount, invoice: others.length > 0 ? null : shown(invoice) });
  }
  return older;
}

function shown(invoice: NumberedInvoice | undefined): OlderInvoice['invoice'] {
  return invoice === undefined ? null : { id: invoice.id, number: invoice.number, amount: invoice.amount };
}
