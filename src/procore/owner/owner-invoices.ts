import type { CodeRef, LineRetainage, OwnerInvoiceRecord, SubInvoiceLine } from '../../domain/records.ts';
import { amountText, currencyOf, dateOrNull } from '../commitments/commitments.ts';
import type { ProcoreConfig } from '../config.ts';
import type { PaymentApplicationShow, PrimeContractShow } from '../wire.ts';

/** What an owner invoice is put together from: its own page, its prime contract, and the application before it. */
export type ShownOwnerInvoice = {
  readonly row: PaymentApplicationShow;
  readonly contract: PrimeContractShow;
  readonly projectId: string;
  readonly previousId: string | null;
};

/** A payment application as the engine knows owner invoices. Every amount is one that Procore states, none is derived. */
export function ownerInvoiceRecord(shown: ShownOwnerInvoice, config: ProcoreConfig): OwnerInvoiceRecord {
  const { row, contract, projectId } = shown;
  const { g702 } = row;
  const currency = currencyOf(row, config);
  const web = `${config.webUrl.replace(/\/+$/, '')}/${config.companyId}/projects/${projectId}`;
  return {
    object: 'owner-invoice',
    id: row.id,
    projectId,
    contractId: contract.id,
    contractNumber: contract.number ?? '',
    contractTitle: contract.title ?? '',
    ownerName: row.formatted_contract_company ?? contract.vendor?.company ?? contract.vendor?.name ?? null,
    previousId: shown.previousId,
    application: Number(row.number),
    invoiceNumber: row.invoice_number,
    status: row.status,
    approved: row.status === 'approved',
    // A deleted one is not shown any more, neither alone nor in the list.
    deleted: false,
    currency,
    billingDate: dateOrNull(row.billing_date),
    periodStart: dateOrNull(row.period_start ?? row.billing_period?.start_date ?? null),
    periodEnd: dateOrNull(row.period_end ?? row.billing_period?.end_date ?? null),
    // Nothing that can be read says whether stored materials move by themselves. Where they do is the laxer of the two
    // readings: G decides what is billed either way.
    movesStoredMaterials: true,
    earnedLessRetainage: amountText(g702.total_earned_less_retainage, currency, 'line 6'),
    previouslyCertified: amountText(g702.less_previous_certificates_for_payment, currency, 'line 7'),
    currentDue: amountText(g702.current_payment_due, currency, 'line 8'),
    retainageHeld: amountText(g702.total_retainage, currency, 'line 5'),
    originId: row.origin_id,
    lines: row.g703.map((line, index) => lineOf(line, index + 1, currency)),
    attachments: row.attachments.map(({ id, filename, name }) => ({ id, name: filename ?? name ?? id })),
    url: `${web}/invoicing/owner/${row.id}`,
  };
}

type SheetLine = PaymentApplicationShow['g703'][number];

function lineOf(line: SheetLine, place: number, currency: string): SubInvoiceLine {
  const number =
    line.item_number !== null && /^\d{1,9}$/.test(line.item_number) ? Number(line.item_number) : place;
  const read = (text: string | null, column: string) =>
    amountText(text ?? '0', currency, `${column} of item ${number}`);
  const retainage = (kind: 'work_completed' | 'materials_stored'): LineRetainage => ({
    previouslyHeld: read(line[`${kind}_retainage_from_previous_application`], 'retainage'),
    retained: read(line[`${kind}_retainage_retained_this_period`], 'retainage'),
    released: read(line[`${kind}_retainage_released_this_period`], 'retainage'),
    held: read(line[`${kind}_retainage_currently_retained`], 'retainage'),
  });
  return {
    id: line.id,
    bills: line.origin_type === 'ChangeOrderPackage' ? 'change-order' : 'contract',
    // A markup bills no record of its own: its place on the sheet names it, and D shows where that moved.
    billedLineId: line.origin_id ?? `item-${number}`,
    position: number,
    description: line.description_override ?? line.description_of_work ?? '',
    costCode: codeOf(line),
    costType: null,
    scheduled: read(line.scheduled_value, 'C'),
    previous: read(line.work_completed_from_previous_application, 'D'),
    thisPeriod: read(line.work_completed_this_period, 'E'),
    stored: read(line.materials_presently_stored, 'F'),
    toDate: read(line.total_completed_and_stored_to_date, 'G'),
    workRetainage: retainage('work_completed'),
    storedRetainage: retainage('materials_stored'),
  };
}

function codeOf({ cost_code: code }: SheetLine): CodeRef | null {
  const shown = code?.full_code ?? code?.code ?? null;
  return shown === null ? null : { code: shown, name: code?.name ?? '' };
}
