import { type OwnerInvoicePlanInput, planOwnerInvoice } from '../../domain/owner/owner-invoice.ts';
import type {
  AccountRecord,
  CustomerRecord,
  OwnerInvoiceRecord,
  ProjectRecord,
} from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { findRecords } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { billingFacts, type ExportedInvoice, exportedInvoice } from './exported-invoice.ts';
import type { NumbersInErp } from './numbers-in-erp.ts';
import { answerExport, saveInvoices } from './save-invoices.ts';

/** Turns the present state of an owner invoice into the A/R invoices it should be, and brings them to the gate. */
export async function planOwnerInvoices(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  id: string,
  numbers: NumbersInErp,
): Promise<void> {
  const invoice = await exportedInvoice<OwnerInvoiceRecord>(engine, tx, at, { object: 'owner-invoice', id });
  if (invoice === null) return;
  const { name, connection } = invoice.erp;
  if (!connection.supports.has('create-ar-invoice')) {
    const words = `${name} takes no invoices to owners through this integration. Enter it there by hand.`;
    return answerExport(engine, tx, invoice, words);
  }
  const plan = planOwnerInvoice(await planInput(engine, tx, invoice, numbers));
  const { application, contractNumber, ownerName } = invoice.record.body;
  await saveInvoices(engine, tx, invoice, plan, {
    operationOf: ({ body }) => (body === null ? null : { kind: 'create-ar-invoice', body }),
    namesOf: (part) => ({
      // It goes to a customer: no vendor's day counts it.
      vendorId: null,
      vendorName: ownerName,
      title: `${part === 'progress' ? 'Owner invoice' : 'Retainage of owner invoice'} ${application}, ${contractNumber}`,
    }),
  });
}

async function planInput(
  engine: Engine,
  tx: Tx,
  invoice: ExportedInvoice<OwnerInvoiceRecord>,
  numbers: NumbersInErp,
): Promise<OwnerInvoicePlanInput> {
  const { erp, root } = invoice;
  const { facts, rows, ours } = await billingFacts(engine, tx, invoice);
  const codesOf = (kind: 'account' | 'project' | 'customer') =>
    rows.filter(({ value }) => value.kind === kind).map(({ value }) => value.code);
  const accounts = await findRecords<AccountRecord>(tx, erp.id, 'account', codesOf('account'));
  const projects = await findRecords<ProjectRecord>(tx, erp.id, 'project', codesOf('project'));
  const customers = await findRecords<CustomerRecord>(tx, erp.id, 'customer', codesOf('customer'));
  return {
    ...facts,
    contract: root,
    targetAccount: (code) => accounts.find(({ nativeId }) => nativeId === code)?.body ?? null,
    targetProject: (code) => projects.find(({ nativeId }) => nativeId === code)?.body ?? null,
    targetCustomer: (code) => customers.find(({ nativeId }) => nativeId === code)?.body ?? null,
    numberTaken: (number) => numbers(number, ours),
    preflight: (body) => erp.connection.preflight({ kind: 'create-ar-invoice', body }),
  };
}
