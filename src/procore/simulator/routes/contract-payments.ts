import { z } from 'zod';
import type { ContractPayment } from '../billing/billing-records.ts';
import {
  createPayment,
  deletePayment,
  editPayment,
  paymentFields,
  paymentView,
} from '../billing/payment-store.ts';
import type { AnyContract } from '../contracts/prime-contract-store.ts';
import { permittedProject } from '../http/auth.ts';
import { idField, parsedBody } from '../http/body.ts';
import { financeNotFound } from '../http/errors.ts';
import { assertParameters, paged, pagingParameters, requiredInteger } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';

const BASE = '/rest/v1.0/contract_payments';

const paymentBody = z.strictObject({
  project_id: idField,
  contract_id: idField,
  attachments: z.array(z.string()).max(100).optional(),
  contract_payment: paymentFields,
});

export const contractPaymentRoutes: readonly Route[] = [
  { method: 'GET', pattern: BASE, handle: listPayments },
  { method: 'POST', pattern: BASE, handle: postPayment },
  { method: 'GET', pattern: `${BASE}/:id`, handle: showPayment },
  { method: 'PATCH', pattern: `${BASE}/:id`, handle: patchPayment },
  { method: 'DELETE', pattern: `${BASE}/:id`, handle: removePayment },
];

function listPayments(context: Context): Answer {
  assertParameters(context.query, [...pagingParameters, 'project_id', 'contract_id']);
  return paged(context, context.world.contractPayments(askedContract(context).id), paymentView);
}

function showPayment(context: Context): Answer {
  assertParameters(context.query, ['project_id', 'contract_id']);
  return { status: 200, body: paymentView(paymentOf(context, askedContract(context))) };
}

function postPayment(context: Context): Answer {
  const body = parsedBody(paymentBody, context.body);
  const contract = contractOf(context, body.project_id, body.contract_id);
  const payment = createPayment(context.world, contract, body.contract_payment, context.actor);
  return { status: 201, body: paymentView(payment) };
}

function patchPayment(context: Context): Answer {
  const body = parsedBody(paymentBody, context.body);
  const payment = paymentOf(context, contractOf(context, body.project_id, body.contract_id));
  editPayment(context.world, payment, body.contract_payment, context.actor);
  return { status: 200, body: paymentView(payment) };
}

function removePayment(context: Context): Answer {
  assertParameters(context.query, ['project_id', 'contract_id']);
  deletePayment(context.world, paymentOf(context, askedContract(context)), context.actor);
  return { status: 200, body: '' };
}

function askedContract(context: Context): AnyContract {
  const { query } = context;
  return contractOf(context, requiredInteger(query, 'project_id'), requiredInteger(query, 'contract_id'));
}

function contractOf({ world, connection }: Context, projectId: number, contractId: number): AnyContract {
  const project = permittedProject(world, connection, projectId);
  const contract = world.contracts.get(contractId) ?? world.primeContracts.get(contractId);
  if (contract?.project_id !== project.id) throw financeNotFound('Contract', contractId);
  return contract;
}

function paymentOf({ world, params }: Context, contract: AnyContract): ContractPayment {
  const id = Number(params.id);
  const payment = world.payments.get(id);
  if (payment?.contract_id !== contract.id) throw financeNotFound('ContractPayment', id);
  return payment;
}
