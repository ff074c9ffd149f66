import { ownerInvoiceShowView } from './billing/owner-invoice-views.ts';
import { paymentView } from './billing/payment-store.ts';
import { requisitionTruth } from './billing/requisition-views.ts';
import { contractShowView } from './contracts/contract-views.ts';
import { primeShowView } from './contracts/prime-contract-views.ts';
import { taxCodeView } from './costs/tax-code-store.ts';
import { vendorView } from './directory/directory-views.ts';
import { isReadyToImport } from './erp-tool/staged-record-store.ts';
import { decimalText, moneyText, QUANTITY_SCALE } from './http/decimals.ts';
import { isoSeconds } from './iso-seconds.ts';
import { projectObjectView } from './projects/project-object-views.ts';
import type { World } from './state.ts';
import type { WebhookDesk } from './webhooks/webhooks.ts';

/** The whole truth as JSON, for checkers that compare it with what the product believes. */
export function groundTruth(world: World, desk: WebhookDesk): Record<string, unknown> {
  return {
    clock: new Date(world.clock.now()).toISOString(),
    settings: world.settings,
    companies: [...world.companies.values()],
    users: [...world.users.values()],
    projects: [...world.projects.values()],
    vendors: [...world.vendors.values()].map((vendor) => ({
      ...vendorView(vendor),
      company_id: vendor.company_id,
      erp_status: vendor.erp_status,
    })),
    line_item_types: [...world.lineItemTypes.values()],
    cost_codes: [...world.costCodes.values()],
    cost_code_line_item_types: [...world.costTypeAssignments.values()],
    standard_cost_code_lists: [...world.standardCostCodeLists.values()],
    standard_cost_codes: [...world.standardCostCodes.values()],
    sub_jobs: [...world.subJobs.values()],
    tax_codes: [...world.taxCodes.values()].map(taxCodeView),
    insurances: [...world.insurances.values()],
    payment_readiness: world.readiness.truth(),
    contracts: contractTruth(world),
    change_order_packages: [...world.changeOrders.values()].map(({ lines, ...changeOrder }) => ({
      ...changeOrder,
      grand_total: moneyText(changeOrder.grand_total),
      line_items: lines.map(({ markups, ...line }) => ({
        ...line,
        markups: markups.map((markup) => ({
          ...markup,
          percentage: moneyText(markup.percentage),
          amount: moneyText(markup.amount),
        })),
        amount: moneyText(line.amount),
        quantity: decimalText(line.quantity, QUANTITY_SCALE),
        unit_cost: decimalText(line.unit_cost, QUANTITY_SCALE),
      })),
    })),
    billing_periods: [...world.billingPeriods.values()],
    requisitions: [...world.requisitions.values()].map((requisition) => requisitionTruth(world, requisition)),
    contract_payments: [...world.payments.values()].map((payment) => ({
      ...paymentView(payment),
      ...payment.details,
    })),
    job_costs: [...world.jobCosts.values()].map(({ amounts, ...cost }) => ({
      ...cost,
      ...Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, moneyText(value)])),
    })),
    ...ownerSide(world),
    ...budgetTruth(world),
    ...projectLife(world),
    direct_costs: [...world.directCosts.values()],
    direct_cost_line_items: [...world.directCostLines.values()].map((line) => ({
      ...line,
      amount: moneyText(line.amount),
    })),
    files: [...world.files.values()].map(({ bytes, ...file }) => ({ ...file, size: bytes.length })),
    staged_records: [...world.stagedRecords.values()].map((record) => ({
      ...record,
      ready_to_import: isReadyToImport(world, record),
    })),
    erp_requests: [...world.requests.values()],
    erp_request_details: [...world.details.values()],
    hooks: [...desk.hooks.values()],
    triggers: [...desk.triggers.values()],
    deliveries: desk.deliveries.map(({ headers: _secret, ...delivery }) => delivery),
    write_log: world.writeLog,
    write_log_dropped: world.writeLogDropped,
  };
}

function contractTruth(world: World): unknown[] {
  return [...world.contracts.values()].map((contract) => ({
    ...contractShowView(world, contract),
    kind: contract.kind,
    company_id: contract.company_id,
    project_id: contract.project_id,
    vendor_id: contract.vendor_id,
    erp_status: contract.erp_status,
    custom_fields: contract.custom_fields,
    line_items: world.contractLines(contract).map((line) => ({
      ...line,
      amount: moneyText(line.amount),
      quantity: decimalText(line.quantity, QUANTITY_SCALE),
      unit_cost: decimalText(line.unit_cost, QUANTITY_SCALE),
      details: line.details.map((detail) => ({ ...detail, amount: moneyText(detail.amount) })),
      created_at: isoSeconds(line.created_at),
      updated_at: isoSeconds(line.updated_at),
    })),
  }));
}

/** The contract with the owner, what is billed on it, and costs that no project owns. */
function ownerSide(world: World): Record<string, unknown> {
  return {
    prime_contracts: [...world.primeContracts.values()].map((contract) => ({
      ...primeShowView(world, contract),
      company_id: contract.company_id,
      project_id: contract.project_id,
      erp_status: contract.erp_status,
    })),
    payment_applications: [...world.ownerInvoices.values()].map((invoice) => ({
      ...ownerInvoiceShowView(world, invoice, ''),
      erp_status: invoice.erp_status,
      item_origin_ids: Object.fromEntries(invoice.items.map(({ id, origin_id }) => [id, origin_id])),
    })),
    company_direct_costs: [...world.companyDirectCosts.values()].map((cost) => ({
      ...cost,
      lines: cost.lines.map((line) => ({
        ...line,
        quantity: decimalText(line.quantity, QUANTITY_SCALE),
        unit_cost: decimalText(line.unit_cost, QUANTITY_SCALE),
        amount: moneyText(line.amount),
      })),
    })),
  };
}

/** What people write beside contracts and money. */
function projectLife(world: World): Record<string, unknown> {
  return {
    project_objects: [...world.projectObjects.values()].map((record) => ({
      ...projectObjectView(world, record, 'page'),
      kind: record.kind,
      project_id: record.project_id,
      deleted: record.deleted_at !== null,
    })),
    workflow_instances: [...world.workflows.values()],
    units: [...world.units.values()],
  };
}

function budgetTruth(world: World): Record<string, unknown> {
  return {
    budgets: [...world.budgets.values()],
    budget_line_items: [...world.budgetLines.values()].map(({ amount, quantity, unit_cost, ...line }) => ({
      ...line,
      amount: moneyText(amount),
      quantity: decimalText(quantity, QUANTITY_SCALE),
      unit_cost: decimalText(unit_cost, QUANTITY_SCALE),
    })),
    budget_changes: [...world.budgetChanges.values()].map(({ lines, ...change }) => ({
      ...change,
      lines: lines.map(({ amount, ...line }) => ({ ...line, amount: moneyText(amount) })),
    })),
    budget_modifications: [...world.budgetModifications.values()].map(({ amount, ...row }) => ({
      ...row,
      transfer_amount: moneyText(amount),
    })),
    wbs_codes: [...world.wbsCodes.values()],
    erp_transactions: [...world.erpTransactions.values()].map((transaction) => ({
      ...transaction,
      value: moneyText(transaction.value),
    })),
  };
}
