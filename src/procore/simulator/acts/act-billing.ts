import { z } from 'zod';
import type { Requisition, RequisitionItem } from '../billing/billing-records.ts';
import { createPayment, paymentFields } from '../billing/payment-store.ts';
import { itemFields, type RequisitionInput } from '../billing/requisition-fields.ts';
import { sheetOf } from '../billing/requisition-sheet.ts';
import {
  assertNotSynced,
  createRequisition,
  editRequisition,
  type ItemChange,
  isApprovedStatus,
} from '../billing/requisition-store.ts';
import { assertApprover } from '../directory/approvers.ts';
import { assertReady, markReady } from '../erp-tool/erp-flow.ts';
import { requestsMade } from '../erp-tool/erp-raise.ts';
import {
  requestPaymentExport,
  requestRequisitionReset,
  requestRequisitionsExport,
  requisitionRuled,
} from '../erp-tool/erp-requisition-export.ts';
import { assertRules } from '../erp-tool/erp-rules.ts';
import { pdfOf, storeFile } from '../files.ts';
import { decimalField, idField } from '../http/body.ts';
import { MONEY_SCALE, percentOf } from '../http/decimals.ts';
import { BLANK, fieldErrors } from '../http/errors.ts';
import type { Actor, Contract } from '../records.ts';
import type { World } from '../state.ts';

const as = idField;
const requisition_id = idField;
const requisition_ids = z.array(idField).min(1).max(1_000);
const percent = decimalField(MONEY_SCALE);

/** A line that somebody fills in: by amounts, or by how much of its work is done by now. */
const line = z.strictObject({
  ...z.strictObject(itemFields).partial().shape,
  line_item_id: idField,
  detail_line_item_id: idField.optional(),
  percent_to_date: percent.optional(),
});
const lines = z.array(line).max(10_000).default([]);

export const billingActs = [
  z.strictObject({
    as,
    action: z.literal('submit_application'),
    contract_id: idField,
    period_id: idField.optional(),
    requisition_start: z.iso.date().optional(),
    requisition_end: z.iso.date().optional(),
    billing_date: z.iso.date().optional(),
    invoice_number: z.string().optional(),
    final: z.boolean().optional(),
    /** The same percent of work done on every line. */
    percent_to_date: percent.optional(),
    lines,
    /** Kept as a draft instead of being submitted. */
    draft: z.boolean().default(false),
    attach_pdf: z.boolean().default(true),
  }),
  z.strictObject({ as, action: z.literal('revise_application'), requisition_id, lines }),
  z.strictObject({
    as,
    action: z.literal('review_application'),
    requisition_id,
    decision: z.enum(['approve', 'approve_as_noted', 'reject', 'reopen', 'ask_owner']),
  }),
  /** The architect certifies less than was claimed, line by line, and approves the rest. */
  z.strictObject({ as, action: z.literal('cut_application'), requisition_id, lines }),
  z.strictObject({ as, action: z.literal('delete_application'), requisition_id }),
  z.strictObject({ as, action: z.literal('close_billing_period'), period_id: idField }),
  z.strictObject({
    as,
    action: z.literal('configure_invoicing'),
    contract_id: idField,
    move_materials_to_previous_work_completed: z.boolean(),
  }),
  z.strictObject({ as, action: z.literal('send_applications_to_erp'), requisition_ids }),
  z.strictObject({
    as,
    action: z.literal('approve_application_export'),
    requisition_ids,
    code: z.string().optional(),
    erp_custom_fields: z.record(z.string(), z.unknown()).optional(),
  }),
  z.strictObject({ as, action: z.literal('reset_application'), requisition_id }),
  z.strictObject({
    ...paymentFields.shape,
    as,
    action: z.literal('record_payment'),
    contract_id: idField,
    /** Procore Pay made it: it has an id there and goes to the ERP. */
    send_to_erp: z.boolean().default(false),
    /** What of it pays retainage out, as the export says it. */
    retainage_released: z
      .string()
      .regex(/^\d{1,15}\.\d{2}$/)
      .optional(),
  }),
  /** Sent to the ERP once more, whatever became of it before. */
  z.strictObject({ as, action: z.literal('send_payment_to_erp'), payment_id: idField }),
] as const;

export type BillingAct = z.output<(typeof billingActs)[number]>;
type ActOf<A extends BillingAct['action']> = Extract<BillingAct, { action: A }>;
type Made = Record<string, unknown>;

/** Plays what people do with pay applications and payments. */
export function performBilling(world: World, act: BillingAct, actor: Actor): Made {
  switch (act.action) {
    case 'submit_application':
      return submit(world, act, actor);
    case 'revise_application':
      return revise(world, act, actor, 'under_review');
    case 'cut_application':
      return revise(world, act, actor, 'approved_as_noted');
    case 'review_application':
      return review(world, act, actor);
    case 'delete_application':
      return remove(world, requisitionBy(world, act.requisition_id));
    case 'close_billing_period':
      return closePeriod(world, act.period_id);
    case 'configure_invoicing':
      contractBy(world, act.contract_id).moves_materials = act.move_materials_to_previous_work_completed;
      return { contract_id: act.contract_id };
    case 'send_applications_to_erp':
      return sendToErp(world, act.requisition_ids);
    case 'approve_application_export':
      return approveExport(world, act, actor);
    case 'reset_application':
      return reset(world, act.requisition_id, actor);
    case 'record_payment':
      return recordPayment(world, act, actor);
    case 'send_payment_to_erp': {
      const payment = world.payments.get(act.payment_id);
      if (payment === undefined) throw fieldErrors(422, { base: ['There is no such payment'] });
      return requestsMade(world, [requestPaymentExport(world, payment, actor)]);
    }
  }
}

export const isBillingAct = (act: { action: string }): act is BillingAct =>
  billingActs.some(({ shape }) => shape.action.value === act.action);

function submit(world: World, act: ActOf<'submit_application'>, actor: Actor): Made {
  const contract = contractBy(world, act.contract_id);
  const { period_id, requisition_start, requisition_end, billing_date, invoice_number, final } = act;
  const input: RequisitionInput = {
    period_id,
    requisition_start,
    requisition_end,
    billing_date,
    invoice_number,
    final,
    status: act.draft ? 'draft' : 'under_review',
  };
  const requisition = createRequisition(world, contract, { input, items: [], actor });
  try {
    const asked = requisition.items.map((item) => ({
      item,
      input: percentInput(world, requisition, item, act),
    }));
    editRequisition(world, requisition, { input: {}, items: asked, actor });
    editRequisition(world, requisition, { input: {}, items: changes(world, requisition, act.lines), actor });
  } catch (error) {
    world.removeRequisition(requisition);
    throw error;
  }
  claim(world, requisition);
  if (act.attach_pdf) attachPdf(world, contract, requisition);
  return made(requisition);
}

/** Work this period, so that work to date is the given percent of the line. */
function percentInput(
  world: World,
  requisition: Requisition,
  item: RequisitionItem,
  { percent_to_date }: { percent_to_date?: bigint | undefined },
): ItemChange['input'] {
  const columns = sheetOf(world, requisition).get(item.id);
  if (percent_to_date === undefined || !columns) return {};
  return { work_completed_this_period: percentOf(columns.scheduled, percent_to_date) - columns.previous };
}

function changes(
  world: World,
  requisition: Requisition,
  given: readonly z.output<typeof line>[],
): ItemChange[] {
  return given.map(({ line_item_id, detail_line_item_id, percent_to_date, ...input }) => {
    const item = requisition.items.find(
      (each) =>
        each.line_item_id === line_item_id &&
        (detail_line_item_id === undefined || each.detail_line_item_id === detail_line_item_id),
    );
    if (!item) throw fieldErrors(422, { line_item_id: [`${line_item_id} is not a line of the invoice`] });
    return { item, input: { ...percentInput(world, requisition, item, { percent_to_date }), ...input } };
  });
}

/** What the subcontractor asked for stays on the line, whatever the reviewers make of it. */
function claim(world: World, requisition: Requisition): void {
  const sheet = sheetOf(world, requisition);
  for (const item of requisition.items) {
    const columns = sheet.get(item.id);
    if (columns) item.claimed = columns.toDate - columns.toDateBefore;
  }
}

function attachPdf(world: World, contract: Contract, requisition: Requisition): void {
  const name = requisition.invoice_number ?? `${contract.number}-${requisition.number}`;
  const file = storeFile(world, {
    company_id: requisition.company_id,
    filename: `${name}.pdf`,
    content_type: 'application/pdf',
    bytes: pdfOf(`Pay application ${requisition.number} on ${contract.number}`),
  });
  requisition.file_ids.push(file.id);
}

function revise(
  world: World,
  act: ActOf<'revise_application' | 'cut_application'>,
  actor: Actor,
  status: 'under_review' | 'approved_as_noted',
): Made {
  const requisition = requisitionBy(world, act.requisition_id);
  assertNotSynced(requisition);
  editRequisition(world, requisition, {
    input: { status },
    items: changes(world, requisition, act.lines),
    actor,
  });
  if (status === 'under_review') claim(world, requisition);
  return made(requisition);
}

const DECIDED = {
  approve: 'approved',
  approve_as_noted: 'approved_as_noted',
  reject: 'revise_and_resubmit',
  reopen: 'under_review',
  ask_owner: 'pending_owner_approval',
} as const;

/** Reviewers have admin rights: they may open an approved invoice again, but not one that an ERP has. */
function review(world: World, act: ActOf<'review_application'>, actor: Actor): Made {
  const requisition = requisitionBy(world, act.requisition_id);
  assertNotSynced(requisition);
  editRequisition(world, requisition, { input: { status: DECIDED[act.decision] }, items: [], actor });
  return made(requisition);
}

function remove(world: World, requisition: Requisition): Made {
  assertNotSynced(requisition);
  if (!world.isLastRequisition(requisition)) throw fieldErrors(422, { base: ['is not the latest invoice'] });
  world.removeRequisition(requisition);
  return { requisition_id: requisition.id };
}

function closePeriod(world: World, id: number): Made {
  const period = world.billingPeriods.get(id);
  if (!period) throw fieldErrors(422, { period_id: ['is not a billing period'] });
  period.status = 'closed';
  period.updated_at = world.clock.now();
  return { period_id: id };
}

/** Only approved invoices of synced commitments reach Ready to Export. */
function sendToErp(world: World, ids: readonly number[]): Made {
  const requisitions = ids.map((id) => requisitionBy(world, id));
  for (const requisition of requisitions) {
    if (!isApprovedStatus(requisition.status))
      throw fieldErrors(422, { status: ['must be Approved or Approved as Noted to be sent to ERP'] });
    if (contractBy(world, requisition.contract_id).origin_id === null)
      throw fieldErrors(422, { commitment: ['is not synced with ERP'] });
    assertRules(world, requisition.company_id, requisitionRuled(world, requisition, undefined));
  }
  markReady(requisitions);
  for (const requisition of requisitions) requisition.updated_at = world.clock.now();
  return { requisition_ids: ids };
}

function approveExport(world: World, act: ActOf<'approve_application_export'>, actor: Actor): Made {
  assertApprover(world, actor);
  const [first, ...rest] = act.requisition_ids.map((id) => requisitionBy(world, id));
  if (!first) throw fieldErrors(422, { requisition_ids: BLANK });
  assertReady([first, ...rest]);
  const { code, erp_custom_fields } = act;
  for (const requisition of [first, ...rest])
    assertRules(world, requisition.company_id, requisitionRuled(world, requisition, code));
  const choices = { code, erp_custom_fields };
  return requestsMade(world, [requestRequisitionsExport(world, [first, ...rest], choices, actor)]);
}

function reset(world: World, id: number, actor: Actor): Made {
  const requisition = requisitionBy(world, id);
  if (requisition.origin_id === null) throw fieldErrors(422, { base: ['The invoice is not synced'] });
  return requestsMade(world, [requestRequisitionReset(world, requisition, actor)]);
}

function recordPayment(world: World, act: ActOf<'record_payment'>, actor: Actor): Made {
  const { as: _as, action: _action, contract_id, send_to_erp, retainage_released, ...input } = act;
  const payment = createPayment(world, contractBy(world, contract_id), input, actor);
  if (!send_to_erp) return { payment_id: payment.id };
  payment.details.external_payment_id = `pay-${payment.id}`;
  payment.details.retainage_released = retainage_released ?? null;
  return { payment_id: payment.id, ...requestsMade(world, [requestPaymentExport(world, payment, actor)]) };
}

function made(requisition: Requisition): Made {
  return { requisition_id: requisition.id, item_ids: requisition.items.map((item) => item.id) };
}

function requisitionBy(world: World, id: number): Requisition {
  const requisition = world.requisitions.get(id);
  if (!requisition) throw fieldErrors(422, { requisition_id: [`${id} is not an invoice`] });
  return requisition;
}

function contractBy(world: World, id: number): Contract {
  const contract = world.contracts.get(id);
  if (!contract) throw fieldErrors(422, { contract_id: [`${id} is not a contract`] });
  return contract;
}
