import { currency } from '../contracts/contract-views.ts';
import type { CompanyDirectCost, CompanyDirectCostLine } from '../costs/company-direct-cost-store.ts';
import { decimalText, moneyText, QUANTITY_SCALE } from '../http/decimals.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { World } from '../state.ts';
import { originOf } from './erp-directory-events.ts';
import { erpKind } from './erp-kinds.ts';
import { raise, raiseFor } from './erp-raise.ts';
import { forgetAll } from './erp-resets.ts';

type View = Record<string, unknown>;

/** Invoices that the company books over several projects; all of their ids travel as text. */
export const companyDirectCostKind = erpKind({
  find: (world, id) => world.companyDirectCosts.get(id),
  refusal: (world, cost) =>
    world.vendors.get(cost.vendor_id)?.origin_id === null ? { vendor: ['is not synced with ERP'] } : null,
  ruled: (world, cost) => [['company_level_direct_costs', () => [headerView(world, cost, 'exporting')]]],
  request: (world, costs, _choices, actor) =>
    costs.map((cost) =>
      raiseFor(world, actor, asItem(cost), {
        name: 'create_company_level_direct_cost',
        fields: {
          company_id: cost.company_id,
          direct_cost: {
            ...headerView(world, cost, 'exporting'),
            line_items: cost.lines.map((line) => lineView(world, line)),
          },
        },
      }),
    ),
  unlink: (world, cost, actor) =>
    raiseFor(world, actor, asItem(cost), {
      name: 'unlink_company_level_direct_cost',
      fields: { company_id: cost.company_id, direct_cost: headerView(world, cost, 'synced') },
    }),
  reset: (world, cost, actor, override) => {
    const fields = { direct_cost: { id: String(cost.id) }, ...originOf(cost), reset_override: override };
    forgetAll(world, [{ itemType: 'company_level_direct_cost', record: cost }]);
    const { company_id } = cost;
    return raise(world, actor, {
      id: world.nextId(),
      name: 'reset_company_level_direct_cost',
      company_id,
      fields,
    });
  },
});

const asItem = ({ id, company_id }: CompanyDirectCost) => ({
  id,
  company_id,
  kind: 'company_level_direct_cost',
});

function headerView(world: World, cost: CompanyDirectCost, status: 'exporting' | 'synced'): View {
  const total = moneyText(cost.lines.reduce((sum, { amount }) => sum + amount, 0n));
  const vendor = world.vendors.get(cost.vendor_id);
  const uploader = world.users.get(cost.uploaded_by_id);
  const projects = [...new Set(cost.lines.map(({ project_id }) => project_id))];
  return {
    id: String(cost.id),
    accounting_date: cost.accounting_date,
    billed_amount: total,
    currency_configuration: currency(world, cost.company_id),
    description: cost.description,
    direct_cost_attachment: cost.file_id === null ? null : attachmentOf(world, cost.file_id),
    direct_cost_date: cost.direct_cost_date,
    direct_cost_type: 'invoice',
    erp: { status },
    invoice_number: cost.invoice_number,
    line_item_total: total,
    paid_status: 'unpaid',
    payment_due_date: cost.payment_due_date,
    projects: projects.map((id) => ({ id, name: world.projects.get(id)?.name ?? '' })),
    received_date: cost.received_date,
    review_status: 'ready',
    status: 'approved',
    terms: cost.terms,
    uploaded_at: isoSeconds(cost.created_at),
    uploaded_by: uploader ? { id: String(uploader.id), name: uploader.name } : null,
    vendor: vendor ? { id: String(vendor.id), name: vendor.name, ...originOf(vendor) } : null,
    ...originOf(cost),
  };
}

/** Its link is for the moment: it is handed out when the request is read. */
function attachmentOf(world: World, id: number): View {
  const file = world.files.get(id);
  const uuid = `00000000-0000-4000-8000-${String(id).padStart(12, '0').slice(-12)}`;
  return { id, content_type: file?.content_type ?? '', name: file?.filename ?? '', uuid };
}

function lineView(world: World, line: CompanyDirectCostLine): View {
  const project = world.projects.get(line.project_id);
  const code = world.costCodes.get(line.cost_code_id);
  const type = world.lineItemTypes.get(line.line_item_type_id);
  return {
    id: String(line.id),
    description: line.description,
    extended_type: 'calculated',
    position: line.position,
    project: { id: String(line.project_id), name: project?.name ?? '' },
    quantity: decimalText(line.quantity, QUANTITY_SCALE),
    unit_cost: decimalText(line.unit_cost, QUANTITY_SCALE),
    total_amount: moneyText(line.amount),
    uom: { name: line.uom, read_only: true },
    wbs_code: null,
    job_origin_id: project?.origin_id ?? null,
    cost_code_id: line.cost_code_id,
    line_item_type_id: line.line_item_type_id,
    cost_code_origin_id: code?.origin_id ?? null,
    line_item_type_origin_id: type?.origin_id ?? null,
  };
}
