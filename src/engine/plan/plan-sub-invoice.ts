import { acceptedApplication } from '../../domain/billing/accepted-application.ts';
import { type InvoiceDocument, planInvoice } from '../../domain/billing/plan-invoice.ts';
import type { InvoicePlanInput } from '../../domain/billing/plan-invoice-input.ts';
import type { Operation } from '../../domain/documents.ts';
import type { AccountRecord, SubInvoiceRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { findRecords } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { adoptionOf } from './adopted.ts';
import { billingFacts, type ExportedInvoice, exportedInvoice } from './exported-invoice.ts';
import { type OrderInErp, orderOf } from './order-in-erp.ts';
import { holdsOf } from './payment-readiness.ts';
import { whyNotOrdered } from './plan-requisition.ts';
import { saveInvoices } from './save-invoices.ts';
import { vendorIn } from './source-facts.ts';

/** Turns the present state of a pay application into the invoices it should be, and brings them to the gate. */
export async function planSubInvoice(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  id: string,
  seen: OrderInErp,
): Promise<void> {
  const invoice = await exportedInvoice<SubInvoiceRecord>(engine, tx, at, { object: 'sub-invoice', id });
  if (invoice === null) return;
  const input = await planInput(engine, tx, invoice, seen);
  const plan = planInvoice(input);
  const bodies = [
    ...invoice.parts.flatMap(({ posted }) => posted?.body ?? []),
    ...(plan.kind === 'nothing' ? [] : plan.documents.flatMap(({ body }) => body ?? [])),
  ];
  const moves = bodies.flatMap((body) => ('moves' in body ? body.moves : []));
  const { application, vendorId, vendorName } = invoice.record.body;
  await saveInvoices(engine, tx, invoice, plan, {
    operationOf: ({ body }) => operationOf(body, seen),
    namesOf: (part) => ({
      vendorId,
      vendorName,
      title: `${part === 'progress' ? 'Pay application' : 'Retainage of application'} ${application}`,
    }),
    content: acceptedApplication(invoice.record.body, input.previous, moves),
  });
}

function operationOf(body: InvoiceDocument['body'], { lines }: OrderInErp): Operation | null {
  if (body === null) return null;
  return { kind: 'create-invoice', body, ...(lines === null ? {} : { orderLines: lines }) };
}

async function planInput(
  engine: Engine,
  tx: Tx,
  invoice: ExportedInvoice<SubInvoiceRecord>,
  seen: OrderInErp,
): Promise<InvoicePlanInput> {
  const { at, erp } = invoice;
  const { body } = invoice.record;
  const { facts, rows, ours } = await billingFacts(engine, tx, invoice);
  const { opening } = await adoptionOf(tx, at, erp, body.commitmentId);
  const vendor = await vendorIn(tx, at, erp, body.vendorId);
  const order = await orderOf(tx, at, erp, body.commitmentId);
  const codes = rows.filter(({ kind }) => kind === 'retainage').map(({ value }) => value.code);
  const accounts = await findRecords<AccountRecord>(tx, erp.id, 'account', codes);
  return {
    ...facts,
    vendorCode: vendor.code,
    vendorBlocked: vendor.blocked,
    vendorNotes: vendor.notes,
    order,
    openLines: seen.lines ?? [],
    whyNotOrdered: order === null ? await whyNotOrdered(tx, at, erp, body.commitmentId) : null,
    opening: opening ?? facts.opening,
    targetAccount: (code) => accounts.find(({ nativeId }) => nativeId === code)?.body ?? null,
    numberTaken: (number) => seen.taken(number, ours),
    holds: await holdsOf(tx, at, body),
    preflight: (planned) => {
      const operation = operationOf(planned, seen);
      return operation === null ? [] : erp.connection.preflight(operation);
    },
  };
}
