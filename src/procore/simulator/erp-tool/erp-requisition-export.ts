import type { ContractPayment, Requisition, RequisitionItem } from '../billing/billing-records.ts';
import { billedLine } from '../billing/requisition-item-views.ts';
import { type Columns, certificateOf, changeOrderLine, sheetOf } from '../billing/requisition-sheet.ts';
import { ITEM_CLASS } from '../billing/requisition-store.ts';
import { decimalText, moneyText, QUANTITY_SCALE } from '../http/decimals.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Actor, ErpRequest } from '../records.ts';
import type { World } from '../state.ts';
import { openDetail, raise, raiseFor } from './erp-raise.ts';
import { forgetAll } from './erp-resets.ts';
import type { Ruled } from './erp-rules.ts';

type View = Record<string, unknown>;

/**
 * One request for a batch of invoices, each with a detail of its own to close. The published sample carries no
 * detail id at all, older guides say that the payload has it: the settings choose.
 */
export function requestRequisitionsExport(
  world: World,
  requisitions: readonly [Requisition, ...Requisition[]],
  choices: { code?: string | undefined; erp_custom_fields?: View | undefined },
  actor: Actor,
): ErpRequest {
  const id = world.nextId();
  const placement = world.settings.requisition_detail_id_placement;
  const rows = requisitions.map((requisition) => {
    const detail = openDetail(world, { ...requisition, kind: 'requisition' }, id);
    requisition.erp_status = 'exportging';
    return {
      detail,
      row: {
        ...requisitionRow(world, requisition),
        code: choices.code ?? requisition.invoice_number ?? String(requisition.number),
        erp_custom_fields: choices.erp_custom_fields ?? {},
        ...(placement === 'row' ? { request_detail_id: detail.id } : {}),
      },
    };
  });
  return raise(world, actor, {
    id,
    company_id: requisitions[0].company_id,
    name: 'create_requisitions',
    detail: rows[0]?.detail,
    placement,
    fields: { requisitions: rows.map(({ row }) => row) },
  });
}

/** What the rules of the ERP metadata look at. */
export function requisitionRuled(world: World, requisition: Requisition, code: string | undefined): Ruled {
  const view = () => {
    const row = requisitionRow(world, requisition);
    return [{ ...row, code: code ?? row.invoice_number ?? String(requisition.number) }];
  };
  return [['requisitions', view]];
}

/** A super user forgets that an invoice was exported; the integrator is told and has nothing to close. */
export function requestRequisitionReset(world: World, requisition: Requisition, actor: Actor): ErpRequest {
  const originId = requisition.origin_id;
  forgetAll(world, [
    { itemType: 'requisition', record: requisition },
    ...requisition.items.map((record) => ({ itemType: `requisition_${record.kind}`, record })),
  ]);
  requisition.updated_at = world.clock.now();
  return raiseFor(
    world,
    actor,
    { ...requisition, kind: 'requisition' },
    {
      name: 'reset_requisition',
      fields: {
        requisition_id: requisition.id,
        project_id: requisition.project_id,
        requisition_origin_id: originId,
        reset_override: false,
      },
    },
  );
}

/** Announced as create_payment, sent as create_contract_payment: the settings choose the name. */
export function requestPaymentExport(world: World, payment: ContractPayment, actor: Actor): ErpRequest {
  const contract = world.contracts.get(payment.contract_id);
  const given = (name: string): unknown => payment.details[name] ?? null;
  return raiseFor(
    world,
    actor,
    { ...payment, kind: 'contract_payment' },
    {
      name: world.settings.payment_request_name,
      fields: {
        contract_payment: {
          id: payment.id,
          company_id: payment.company_id,
          project_id: payment.project_id,
          contract_id: payment.contract_id,
          requisition_id: payment.requisition_id,
          external_payment_id: given('external_payment_id'),
          invoice_number: given('invoice_number'),
          invoice_date: given('invoice_date'),
          status: payment.status,
          amount: moneyText(payment.amount),
          date_payment_created: isoSeconds(payment.created_at),
          date_payment_initiated: isoSeconds(payment.created_at),
          date_payment_funded: isoSeconds(payment.created_at),
          date_payment_settled: null,
          retainage_released_payment_amount: given('retainage_released') ?? '0.0',
          draw_request_number: given('draw_request_number'),
          payment_method: 'ach',
          payment_number: null,
          vendor_id: contract?.vendor_id ?? null,
          bank_id: 'primary',
          check_number: given('check_number'),
        },
        company_id: payment.company_id,
      },
    },
  );
}

/** A super user forgets that a payment was exported; the integrator takes it back. */
export function requestPaymentReset(
  world: World,
  payment: ContractPayment,
  override: boolean,
  actor: Actor,
): ErpRequest {
  const { id, origin_id, origin_code, origin_data, company_id } = payment;
  forgetAll(world, [{ itemType: 'contract_payment', record: payment }]);
  return raise(world, actor, {
    id: world.nextId(),
    name: 'reset_payment',
    company_id,
    fields: {
      payment_id: id,
      payment_type: payment.details.payment_method ?? 'credit_card',
      origin_id,
      origin_code,
      origin_data,
      reset_override: override,
    },
  });
}

function requisitionRow(world: World, requisition: Requisition): View {
  const contract = world.contracts.get(requisition.contract_id);
  const { earnedLessRetainage, previousCertificates } = certificateOf(world, requisition);
  const sheet = sheetOf(world, requisition);
  return {
    procore_requisition_id: requisition.id,
    accounting_method: contract?.accounting_method ?? 'amount',
    billing_date: requisition.billing_date,
    contract_id: requisition.contract_id,
    contract_origin_id: contract?.origin_id ?? null,
    created_at: isoSeconds(requisition.created_at),
    custom_fields: {},
    formatted_payment_due: dollars(earnedLessRetainage - previousCertificates),
    invoice_number: requisition.invoice_number,
    job_origin_id: world.projects.get(requisition.project_id)?.origin_id ?? null,
    line_items: requisition.items.flatMap((item) => {
      const columns = sheet.get(item.id);
      return columns ? [itemRow(world, requisition, item, columns)] : [];
    }),
  };
}

function itemRow(world: World, requisition: Requisition, item: RequisitionItem, columns: Columns): View {
  const contract = world.contracts.get(requisition.contract_id);
  const changed = changeOrderLine(world, item);
  const parentId = item.change_order_id !== null ? changed?.parent_line_id : item.line_item_id;
  const line = world.lines.get(parentId ?? -1);
  const coded = changed ?? line;
  const { description, unit_cost, uom } = billedLine(world, item);
  const { workRetainage: work, storedRetainage: stored } = columns;
  const gross = columns.toDate - columns.toDateBefore;
  return {
    procore_requisition_item_id: item.id,
    accounting_method: contract?.accounting_method ?? 'amount',
    amount: moneyText(gross),
    change_order_line_item_origin_id: changed?.origin_id ?? null,
    commitment_item_origin_id: line?.origin_id ?? null,
    cost_code_id: coded?.cost_code_id ?? null,
    cost_code_origin_id: world.costCodes.get(coded?.cost_code_id ?? -1)?.origin_id ?? null,
    description,
    formatted_amount: dollars(gross),
    formatted_unit_cost: dollars(unit_cost / 100n),
    line_item_description: description,
    line_item_type_origin_id: world.lineItemTypes.get(coded?.line_item_type_id ?? -1)?.origin_id ?? null,
    qty: decimalText(columns.quantity, QUANTITY_SCALE),
    released_work_completed_this_period: moneyText(work.released),
    requisition_item_type: ITEM_CLASS[item.kind],
    retainage_materials_presently_stored: moneyText(stored.held),
    retainage_materials_previously_stored: moneyText(stored.before),
    retainage_this_period: moneyText(work.retained + stored.retained),
    retainage_work_completed_this_period: moneyText(work.retained),
    scheduled_total_amount: moneyText(columns.scheduled),
    tax_code_origin_id: null,
    unit_cost: decimalText(unit_cost, QUANTITY_SCALE),
    uom: uom === '' ? null : uom,
  };
}

/** "$1,087.80"; the sign of a negative amount stands before the dollar (inferred). */
function dollars(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${cents < 0n ? '-' : ''}$${whole}.${digits.slice(-2)}`;
}
