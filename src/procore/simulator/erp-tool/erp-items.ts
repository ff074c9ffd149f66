import type { RequisitionItem } from '../billing/billing-records.ts';
import { touchOwnerInvoice } from '../billing/owner-invoice-store.ts';
import { touchPayment } from '../billing/payment-store.ts';
import { touchChangeOrder } from '../contracts/change-order-store.ts';
import { touchAnyContract } from '../contracts/prime-contract-store.ts';
import type { Actor, ErpStatus, Origin } from '../records.ts';
import type { World } from '../state.ts';

/** The dictionary of item types; this simulator holds objects of only some of them. */
export const ITEM_TYPES = [
  'budget',
  'change_order',
  'company_level_direct_cost',
  'contract_payment',
  'cost_code',
  'department',
  'insurance',
  'invoice_payment',
  'item',
  'line_item',
  'line_item_type',
  'markup',
  'payment_application',
  'payment_application_line_item',
  'prime_contract',
  'project',
  'purchase_order_contract',
  'requisition',
  'requisition_change_order_item',
  'requisition_contract_detail_item',
  'requisition_contract_item',
  'standard_cost_code',
  'sub_job',
  'tax_code',
  'vendor',
  'work_order_contract',
] as const;
export type ItemType = (typeof ITEM_TYPES)[number];

/** Something that an ERP may know. What carries a status of its own is exported by itself and not with another. */
export type ErpItem = {
  id: number;
  record: Origin & { id: number; erp_status?: ErpStatus };
  /** Moves the time of change and tells the webhooks; lines share the touch of what they hang on. */
  touch?: { of: object; run: (actor: Actor) => void };
};

/** The thing of that type and id in the company. */
export function findErpItem(world: World, companyId: number, itemType: string, id: number): ErpItem | null {
  const item = itemOf(world, itemType, id);
  return item?.record.company_id === companyId ? item : null;
}

/** What carries an export status of its own, or null for what is exported with something else. */
export function exportable({ record }: ErpItem): (Origin & { id: number; erp_status: ErpStatus }) | null {
  return isExportable(record) ? record : null;
}

function isExportable(record: ErpItem['record']): record is Required<ErpItem['record']> {
  return record.erp_status !== undefined;
}

type Found = ErpItem & { record: { company_id: number } };

function itemOf(world: World, itemType: string, id: number): Found | null {
  switch (itemType) {
    case 'work_order_contract':
    case 'purchase_order_contract': {
      const contract = world.contracts.get(id);
      return contract?.kind === itemType ? contractItem(world, contract.id, contract) : null;
    }
    case 'line_item':
      return lineItem(world, id);
    case 'change_order':
      return changeOrderItem(world, id, world.changeOrders.get(id));
    case 'prime_contract': {
      const contract = world.primeContracts.get(id);
      return contract ? contractItem(world, id, contract) : null;
    }
    case 'markup':
      return markupItem(world, id);
    case 'payment_application': {
      const invoice = world.ownerInvoices.get(id);
      const run = (actor: Actor) => invoice && touchOwnerInvoice(world, invoice, actor);
      return invoice ? { id, record: invoice, touch: { of: invoice, run } } : null;
    }
    case 'payment_application_line_item':
      return plain(
        [...world.ownerInvoices.values()].flatMap(({ items }) => items).find((item) => item.id === id),
      );
    case 'company_level_direct_cost':
      return stamped(world, world.companyDirectCosts.get(id), null);
    case 'vendor':
      return stamped(world, world.vendors.get(id), 'Company Vendors');
    case 'project':
      return stamped(world, world.projects.get(id), 'Projects');
    case 'cost_code': {
      const code = world.costCodes.get(id);
      return code?.deleted_at === null ? plain(code) : null;
    }
    case 'standard_cost_code':
      return plain(world.standardCostCodes.get(id));
    case 'sub_job':
      return plain(world.subJobs.get(id));
    case 'budget':
      return plain([...world.budgets.values()].find((budget) => budget.id === id));
    case 'insurance':
      return plain(world.insurances.get(id));
    case 'item':
      return plain(world.directCostLines.get(id));
    case 'line_item_type':
      return plain(world.lineItemTypes.get(id));
    case 'tax_code':
      return plain(world.taxCodes.get(id));
    case 'requisition':
      return stamped(world, world.requisitions.get(id), null);
    case 'contract_payment': {
      const payment = world.payments.get(id);
      const run = (actor: Actor) => payment && touchPayment(world, payment, actor);
      return payment ? { id, record: payment, touch: { of: payment, run } } : null;
    }
    case 'requisition_contract_item':
    case 'requisition_contract_detail_item':
    case 'requisition_change_order_item':
      return plain(requisitionItem(world, itemType, id));
    default:
      return null;
  }
}

function plain(record: Found['record'] | undefined): Found | null {
  return record ? { id: record.id, record } : null;
}

function stamped(
  world: World,
  record: (Found['record'] & { updated_at: number }) | undefined,
  resource: 'Company Vendors' | 'Projects' | null,
): Found | null {
  if (!record) return null;
  const run = (actor: Actor) => {
    record.updated_at = world.clock.now();
    if (resource) world.announce(resource, 'update', record, actor);
  };
  return { id: record.id, record, touch: { of: record, run } };
}

function contractItem(world: World, contractId: number, record: Found['record']): Found | null {
  const contract = world.contracts.get(contractId) ?? world.primeContracts.get(contractId);
  if (!contract) return null;
  return {
    id: record.id,
    record,
    touch: { of: contract, run: (actor) => touchAnyContract(world, contract, actor) },
  };
}

function changeOrderItem(
  world: World,
  changeOrderId: number,
  record: Found['record'] | undefined,
): Found | null {
  const changeOrder = world.changeOrders.get(changeOrderId);
  if (!changeOrder || changeOrder.deleted_at !== null || !record) return null;
  return {
    id: record.id,
    record,
    touch: { of: changeOrder, run: (actor) => touchChangeOrder(world, changeOrder, actor) },
  };
}

/** A line of a contract or of a change order: both are called line items. */
function lineItem(world: World, id: number): Found | null {
  const line = world.lines.get(id);
  if (line) return contractItem(world, line.contract_id, line);
  const changed = world.changeOrderLines.get(id);
  return changed ? changeOrderItem(world, changed.change_order_id, changed) : null;
}

function markupItem(world: World, id: number): Found | null {
  for (const line of world.changeOrderLines.values()) {
    const markup = line.markups.find((each) => each.id === id);
    if (markup) return changeOrderItem(world, line.change_order_id, markup);
  }
  return null;
}

function requisitionItem(world: World, itemType: string, id: number): RequisitionItem | undefined {
  for (const requisition of world.requisitions.values()) {
    const item = requisition.items.find((each) => each.id === id);
    if (item) return `requisition_${item.kind}` === itemType ? item : undefined;
  }
  return undefined;
}
