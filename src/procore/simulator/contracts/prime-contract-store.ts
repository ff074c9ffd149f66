import { z } from 'zod';
import { dateField, decimalField, idField } from '../http/body.ts';
import { MONEY_SCALE } from '../http/decimals.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor, Contract, ErpStatus, Line, Origin, Project, Stamps } from '../records.ts';
import type { World } from '../state.ts';
import { lineBody } from './contract-fields.ts';
import { applyLine, newLine, touchContract } from './contract-store.ts';
import { NO_ORIGIN } from './made-records.ts';

/** The contract with the owner. */
export type PrimeContract = Origin &
  Stamps & {
    id: number;
    kind: 'prime_contract';
    company_id: number;
    project_id: number;
    number: string;
    title: string;
    status: string;
    executed: boolean;
    accounting_method: 'amount' | 'unit';
    retainage: bigint;
    vendor_id: number | null;
    details: Record<string, unknown>;
    line_ids: number[];
    change_order_ids: number[];
    created_by_id: number | null;
    erp_status: ErpStatus;
  };

/** What change orders hang on. */
export type AnyContract = Contract | PrimeContract;

const KEPT = {
  description: z.string(),
  inclusions: z.string(),
  exclusions: z.string(),
  contract_date: dateField,
  contract_start_date: dateField,
  contract_estimated_completion_date: dateField,
  actual_completion_date: dateField,
  signed_contract_received_date: dateField,
  private: z.boolean(),
};

export const primeContractFields = z
  .strictObject({
    ...KEPT,
    number: z.string().min(1).max(255),
    title: z.string(),
    status: z.enum(['Draft', 'Out For Bid', 'Out For Signature', 'Approved', 'Complete', 'Terminated']),
    executed: z.boolean(),
    accounting_method: z.enum(['amount', 'unit']),
    retainage_percent: decimalField(MONEY_SCALE),
    /** The owner's company in the directory. */
    vendor_id: idField,
  })
  .partial();
export type PrimeContractInput = z.output<typeof primeContractFields>;

export const primeLineFields = z.strictObject({ ...lineBody.shape, id: idField.optional() });

export type NewPrimeContract = {
  id?: number | undefined;
  input: PrimeContractInput;
  lines: readonly z.output<typeof primeLineFields>[];
  actor: Actor;
};

export function createPrimeContract(world: World, project: Project, wanted: NewPrimeContract): PrimeContract {
  const { input, actor } = wanted;
  const { number, title, status, executed, accounting_method, retainage_percent, vendor_id, ...details } =
    input;
  if (vendor_id !== undefined && world.vendors.get(vendor_id)?.company_id !== project.company_id)
    throw fieldErrors(422, { vendor_id: ['is not a vendor of the company'] });
  const contract: PrimeContract = {
    id: wanted.id ?? world.nextId(),
    kind: 'prime_contract',
    company_id: project.company_id,
    project_id: project.id,
    number: number ?? `PC-${String(world.primeContracts.size + 1).padStart(3, '0')}`,
    title: title ?? '',
    status: status ?? 'Draft',
    executed: executed ?? false,
    accounting_method: accounting_method ?? 'amount',
    retainage: retainage_percent ?? 0n,
    vendor_id: vendor_id ?? null,
    details,
    line_ids: [],
    change_order_ids: [],
    created_by_id: actor.user_id,
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  for (const line of wanted.lines) addPrimeLine(world, contract, line);
  world.primeContracts.set(contract.id, contract);
  world.announce('Prime Contracts', 'create', contract, actor);
  return contract;
}

/** Changes a header: what is not given stays. */
export function editPrimeContract(
  world: World,
  contract: PrimeContract,
  input: PrimeContractInput,
  actor: Actor,
): void {
  const { number, title, status, executed, accounting_method, retainage_percent, vendor_id, ...details } =
    input;
  contract.number = number ?? contract.number;
  contract.title = title ?? contract.title;
  contract.status = status ?? contract.status;
  contract.executed = executed ?? contract.executed;
  contract.accounting_method = accounting_method ?? contract.accounting_method;
  contract.retainage = retainage_percent ?? contract.retainage;
  contract.vendor_id = vendor_id ?? contract.vendor_id;
  Object.assign(contract.details, details);
  touchAnyContract(world, contract, actor);
}

function addPrimeLine(world: World, contract: PrimeContract, input: z.output<typeof primeLineFields>): Line {
  const line = newLine(world, contract, input.id);
  applyLine(world, contract, line, input);
  world.lines.set(line.id, line);
  contract.line_ids.push(line.id);
  return line;
}

/** Marks the contract as changed now and tells the webhooks. */
export function touchAnyContract(world: World, contract: AnyContract, actor: Actor): void {
  if (contract.kind !== 'prime_contract') {
    touchContract(world, contract, actor);
    return;
  }
  contract.updated_at = world.clock.now();
  world.announce('Prime Contracts', 'update', contract, actor);
}

/** Sum of the lines, and of change orders by what has become of them. */
export function primeAmounts(
  world: World,
  contract: PrimeContract,
): Record<'original' | 'approved' | 'pending' | 'draft', bigint> {
  const sums = { original: 0n, approved: 0n, pending: 0n, draft: 0n };
  for (const line of world.contractLines(contract)) sums.original += line.amount;
  for (const { status, grand_total } of world.contractChangeOrders(contract)) {
    if (status === 'approved') sums.approved += grand_total;
    else if (status === 'draft') sums.draft += grand_total;
    else if (!['void', 'rejected', 'no_charge'].includes(status)) sums.pending += grand_total;
  }
  return sums;
}
