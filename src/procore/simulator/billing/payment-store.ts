import { z } from 'zod';
import { NO_ORIGIN } from '../contracts/made-records.ts';
import type { AnyContract } from '../contracts/prime-contract-store.ts';
import { dateField, decimalField, idField, textField } from '../http/body.ts';
import { MONEY_SCALE, moneyText } from '../http/decimals.ts';
import { BLANK, fieldErrors, TAKEN } from '../http/errors.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Actor } from '../records.ts';
import type { World } from '../state.ts';
import type { ContractPayment } from './billing-records.ts';

const SYNCED_NOTICE =
  'The Contract Payment cannot be edited or deleted because it is synced with an ERP system';

export const paymentFields = z
  .strictObject({
    date: dateField,
    invoice_number: textField,
    check_number: textField,
    invoice_date: dateField,
    draw_request_number: z.int().nullable(),
    notes: textField,
    payment_number: z.int(),
    payment_method: z.enum(['check', 'credit_card', 'electronic']),
    amount: decimalField(MONEY_SCALE),
    origin_id: textField,
    origin_data: textField,
    requisition_id: idField.nullable(),
    prostore_file_ids: z.array(idField).max(100),
  })
  .partial();

export type PaymentInput = z.output<typeof paymentFields>;

/** Issued on a commitment, or received on a prime contract. */
export function createPayment(
  world: World,
  contract: AnyContract,
  input: PaymentInput,
  actor: Actor,
): ContractPayment {
  if (input.amount === undefined) throw fieldErrors(422, { amount: BLANK });
  const payment: ContractPayment = {
    id: world.nextId(),
    company_id: contract.company_id,
    project_id: contract.project_id,
    contract_id: contract.id,
    requisition_id: null,
    amount: input.amount,
    status: 'paid',
    payment_number: world.contractPayments(contract.id).length + 1,
    details: {},
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  applyPayment(world, payment, input);
  world.addPayment(payment);
  world.announce('Contract Payments', 'create', payment, actor);
  return payment;
}

/** A payment that an ERP has keeps everything but its origin and its attachments. */
export function editPayment(world: World, payment: ContractPayment, input: PaymentInput, actor: Actor): void {
  const { origin_id: _id, origin_data: _data, prostore_file_ids: _files, ...content } = input;
  if (Object.keys(content).length > 0) assertPaymentOpen(payment);
  applyPayment(world, payment, input);
  touchPayment(world, payment, actor);
}

export function deletePayment(world: World, payment: ContractPayment, actor: Actor): void {
  assertPaymentOpen(payment);
  world.removePayment(payment);
  world.announce('Contract Payments', 'delete', payment, actor);
}

export function touchPayment(world: World, payment: ContractPayment, actor: Actor): void {
  payment.updated_at = world.clock.now();
  world.announce('Contract Payments', 'update', payment, actor);
}

function assertPaymentOpen(payment: ContractPayment): void {
  if (payment.origin_id !== null) throw fieldErrors(422, { base: [SYNCED_NOTICE] });
}

function applyPayment(world: World, payment: ContractPayment, input: PaymentInput): void {
  const { amount, payment_number, requisition_id, origin_id, origin_data, ...details } = input;
  if (requisition_id && world.requisitions.get(requisition_id)?.contract_id !== payment.contract_id)
    throw fieldErrors(422, { requisition_id: ['is not an invoice of the contract'] });
  const { company_id: companyId, id } = payment;
  const target = { companyId, itemType: 'contract_payment', id, record: payment };
  if (!world.setOrigin(target, { origin_id, origin_data })) throw fieldErrors(422, TAKEN);
  payment.amount = amount ?? payment.amount;
  payment.payment_number = payment_number ?? payment.payment_number;
  if (requisition_id !== undefined) payment.requisition_id = requisition_id;
  Object.assign(payment.details, details);
}

export function paymentView(payment: ContractPayment): Record<string, unknown> {
  const given = (name: string): unknown => payment.details[name] ?? null;
  return {
    id: payment.id,
    amount: moneyText(payment.amount),
    check_number: given('check_number'),
    contract_id: payment.contract_id,
    created_at: isoSeconds(payment.created_at),
    updated_at: isoSeconds(payment.updated_at),
    date: given('date'),
    date_payment_settled: given('date_payment_settled'),
    date_payment_initiated: given('date_payment_initiated'),
    draw_request_number: given('draw_request_number'),
    external_payment_id: given('external_payment_id'),
    invoice_number: given('invoice_number'),
    notes: given('notes'),
    payment_number: payment.payment_number,
    attachments: [],
    project_id: payment.project_id,
    requisition_id: payment.requisition_id,
    origin_id: payment.origin_id,
    origin_code: payment.origin_code,
    origin_data: payment.origin_data,
    status: payment.status,
  };
}
