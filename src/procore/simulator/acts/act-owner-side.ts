import { z } from 'zod';
import { billOwner, ownerInvoiceFields, reviewOwnerInvoice } from '../billing/owner-invoice-store.ts';
import {
  createPrimeContract,
  primeContractFields,
  primeLineFields,
} from '../contracts/prime-contract-store.ts';
import { companyDirectCostFields, createCompanyDirectCost } from '../costs/company-direct-cost-store.ts';
import { idField } from '../http/body.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor } from '../records.ts';
import type { World } from '../state.ts';

const as = idField;

export const ownerSideActs = [
  z.strictObject({
    ...primeContractFields.shape,
    as,
    action: z.literal('create_prime_contract'),
    project_id: idField,
    id: idField.optional(),
    line_items: z.array(primeLineFields).max(10_000).default([]),
  }),
  z.strictObject({
    ...ownerInvoiceFields.shape,
    as,
    action: z.literal('bill_owner'),
    prime_contract_id: idField,
  }),
  z.strictObject({
    as,
    action: z.literal('review_owner_invoice'),
    payment_application_id: idField,
    status: z.enum(['draft', 'under_review', 'revise_and_resubmit', 'approved']),
  }),
  z.strictObject({
    ...companyDirectCostFields.shape,
    as,
    action: z.literal('create_company_direct_cost'),
  }),
] as const;

export type OwnerSideAct = z.output<(typeof ownerSideActs)[number]>;

export const isOwnerSideAct = (act: { action: string }): act is OwnerSideAct =>
  ownerSideActs.some(({ shape }) => shape.action.value === act.action);

/** Plays what people do with the owner's contract, its invoices and the company's own costs. */
export function performOwnerSide(world: World, act: OwnerSideAct, actor: Actor): Record<string, unknown> {
  switch (act.action) {
    case 'create_prime_contract': {
      const { as: _as, action: _action, project_id, id, line_items: lines, ...input } = act;
      const project = found(world.projects, project_id);
      const contract = createPrimeContract(world, project, { id, input, lines, actor });
      return { prime_contract_id: contract.id, line_ids: contract.line_ids };
    }
    case 'bill_owner': {
      const { as: _as, action: _action, prime_contract_id, ...input } = act;
      const invoice = billOwner(world, found(world.primeContracts, prime_contract_id), input, actor);
      return { payment_application_id: invoice.id, item_ids: invoice.items.map(({ id }) => id) };
    }
    case 'review_owner_invoice': {
      const invoice = found(world.ownerInvoices, act.payment_application_id);
      reviewOwnerInvoice(world, invoice, act.status, actor);
      return { payment_application_id: invoice.id };
    }
    case 'create_company_direct_cost': {
      const { as: userId, action: _action, ...input } = act;
      const companyId = found(world.users, userId).company_id;
      return { direct_cost_id: createCompanyDirectCost(world, companyId, input, userId).id };
    }
  }
}

function found<T>(map: ReadonlyMap<number, T>, id: number): T {
  const record = map.get(id);
  if (!record) throw fieldErrors(422, { id: [`${id} is unknown`] });
  return record;
}
