import { Stop } from '../../domain/posting/outcomes.ts';
import type {
  CommitmentLine,
  DecimalText,
  LineRetainage,
  SubInvoiceLine,
  SubInvoiceRecord,
} from '../../domain/records.ts';
import { amountText, commitmentTypeOf, currencyOf, dateOrNull } from '../commitments/commitments.ts';
import type { ProcoreConfig } from '../config.ts';
import { PROCORE } from '../http/errors.ts';
import type { BillingPeriod, RequisitionItem, RequisitionShow, SheetRow } from '../wire.ts';

/** Approved as noted is approved with what the reviewer or the architect made of it; an owner's pending word is not. */
const APPROVED: ReadonlySet<string> = new Set(['approved', 'approved_as_noted']);

export function isApprovedApplication(status: string): boolean {
  return APPROVED.has(status);
}

const BILLS: ReadonlyMap<string, SubInvoiceLine['bills']> = new Map([
  ['contract_item', 'contract'],
  ['contract_detail_item', 'contract-detail'],
  ['change_order_item', 'change-order'],
  // A change order that is billed as a whole: its own id stands where others have a line's.
  ['whole_change_order_item', 'change-order'],
]);

/** What a pay application is put together from: its own page, its detail, and the lines of its commitment. */
export type ShownApplication = {
  readonly row: RequisitionShow;
  readonly sheet: readonly SheetRow[];
  readonly commitmentLines: ReadonlyMap<string, CommitmentLine>;
  /** The billing period that it names, where it states no days itself. */
  readonly period: BillingPeriod | null;
};

/** A requisition as the engine knows pay applications. Every amount is one that Procore states, none is derived. */
export function subInvoiceRecord(shown: ShownApplication, config: ProcoreConfig): SubInvoiceRecord {
  const { row, period } = shown;
  const currency = currencyOf(row, config);
  const commitmentType = commitmentTypeOf(row.commitment_type);
  if (commitmentType === null) throw unknownForm(row, `its commitment is a "${row.commitment_type}"`);
  const { summary } = row;
  return {
    object: 'sub-invoice',
    id: row.id,
    projectId: row.project_id,
    commitmentId: row.commitment_id,
    commitmentType,
    previousId: row.previous_requisition_id,
    application: Number(row.number),
    invoiceNumber: row.invoice_number,
    vendorId: row.vendor_id,
    vendorName: row.vendor_name,
    status: row.status,
    approved: isApprovedApplication(row.status),
    final: row.final ?? false,
    // A deleted one is not shown any more, neither alone nor in the list.
    deleted: false,
    currency,
    billingDate: dateOrNull(row.billing_date),
    periodStart: dateOrNull(row.requisition_start ?? period?.start_date ?? null),
    periodEnd: dateOrNull(row.requisition_end ?? period?.end_date ?? null),
    // Nothing that can be read states it: a billing period's due date is when the subcontractor has to submit.
    paymentDueDate: null,
    movesStoredMaterials: row.move_materials_to_previous_work_completed ?? false,
    earnedLessRetainage: amountText(summary.total_earned_less_retainage, currency, 'line 6'),
    previouslyCertified: amountText(summary.less_previous_certificates_for_payment, currency, 'line 7'),
    currentDue: amountText(summary.current_payment_due, currency, 'line 8'),
    retainageHeld: amountText(summary.total_retainage, currency, 'line 5'),
    createdByUserId: row.created_by?.id ?? null,
    originId: row.origin_id,
    lines: linesOf(shown, currency),
    attachments: row.attachments.map(({ id, filename, name }) => ({ id, name: filename ?? name ?? id })),
    url: `${config.webUrl.replace(/\/+$/, '')}/${config.companyId}/projects/${row.project_id}/invoicing/${row.id}`,
  };
}

function linesOf({ row, sheet, commitmentLines }: ShownApplication, currency: string): SubInvoiceLine[] {
  const rows = new Map(sheet.map((each) => [keyOf(each), each]));
  return row.items.map((item, index) => {
    const columns = rows.get(keyOf(item));
    if (columns === undefined) throw unknownForm(row, `its detail has no row for ${keyOf(item)}`);
    const bills = BILLS.get(item.item_type);
    if (bills === undefined) throw unknownForm(row, `it has an item of the kind "${item.item_type}"`);
    const billedLineId = item.line_item_id ?? item.id;
    const line = bills === 'change-order' ? undefined : commitmentLines.get(billedLineId);
    if (bills === 'contract-detail' && line === undefined)
      throw unknownForm(row, `${keyOf(item)} names no line of the commitment`);
    return {
      ...amountsOf(item, currency),
      // Each kind of item has ids of its own, so that a number alone could mean two of them.
      id: keyOf(item),
      bills,
      billedLineId,
      position: position(item, index + 1),
      description: item.description_of_work ?? '',
      costCode: line?.costCode ?? null,
      costType: line?.costType ?? null,
      workRetainage: workRetainage(columns, currency),
      storedRetainage: storedRetainage(columns, currency),
    };
  });
}

type Amounts = Pick<SubInvoiceLine, 'scheduled' | 'previous' | 'thisPeriod' | 'stored' | 'toDate'>;

function amountsOf(item: RequisitionItem, currency: string): Amounts {
  const read = (text: string | null, column: string): DecimalText =>
    amountText(text ?? '0', currency, `${column} of ${keyOf(item)}`);
  return {
    scheduled: read(item.scheduled_value, 'C'),
    previous: read(item.work_completed_from_previous_application, 'D'),
    thisPeriod: read(item.work_completed_this_period, 'E'),
    stored: read(item.materials_presently_stored, 'F'),
    toDate: read(item.total_completed_and_stored_to_date, 'G'),
  };
}

function workRetainage(row: SheetRow, currency: string): LineRetainage {
  const read = (text: string): DecimalText => amountText(text, currency, `retainage of ${keyOf(row)}`);
  return {
    previouslyHeld: read(row.work_completed_retainage_from_previous_application),
    retained: read(row.work_completed_retainage_retained_this_period),
    released: read(row.work_completed_retainage_released_this_period),
    held: read(row.work_completed_retainage_currently_retained),
  };
}

function storedRetainage(row: SheetRow, currency: string): LineRetainage {
  const read = (text: string | null): DecimalText =>
    amountText(text ?? '0', currency, `retainage on stored materials of ${keyOf(row)}`);
  return {
    previouslyHeld: read(row.materials_stored_retainage_from_previous_application),
    retained: read(row.materials_stored_retainage_retained_this_period),
    released: read(row.materials_stored_retainage_released_this_period),
    held: read(row.materials_stored_retainage_currently_retained),
  };
}

function position({ position: stated }: RequisitionItem, place: number): number {
  return stated !== null && /^\d{1,9}$/.test(stated) ? Number(stated) : place;
}

function keyOf({ item_type, id }: { readonly item_type: string; readonly id: string }): string {
  return `${item_type}/${id}`;
}

function unknownForm(row: RequisitionShow, what: string): Stop {
  return new Stop('bug', PROCORE, `pay application ${row.id} came in an unknown form: ${what}`, {
    remedy: 'Keep the raw answer and report it: nothing is planned from a sheet that cannot be read whole.',
  });
}
