import type { ContextObject } from '../../domain/context-record.ts';
import { type Address, CONTEXT, type ContextPlace } from '../context/context-objects.ts';

/** Levels of a tool as an administrator sees them, the lowest first. */
export const LEVELS = ['None', 'Read Only', 'Standard', 'Admin'] as const;
export type Level = (typeof LEVELS)[number];

/** One tool that the service account needs, in the words of the page where an administrator gives it. */
export type Need = {
  readonly tool: string;
  readonly level: Level;
  readonly why: string;
  /** What can only be shown by doing it; absent where reading is all. */
  readonly writes?: string;
  /** Needed by some companies only: its absence is told, and is no fault. */
  readonly onlyTo?: string;
  readonly reads: readonly { readonly what: string; readonly path: string }[];
};

export function companyNeeds(companyId: string): readonly Need[] {
  const company = `/rest/v1.0/companies/${companyId}`;
  return [
    {
      tool: 'Directory',
      level: 'Admin',
      why: 'to read vendors and users, and to write the ERP ids of vendors',
      writes: 'write the ERP id of a vendor',
      reads: [
        { what: 'vendors', path: `/rest/v1.0/vendors?company_id=${companyId}&per_page=1` },
        { what: 'users', path: `/rest/v1.3/companies/${companyId}/users?per_page=1` },
      ],
    },
    {
      tool: 'ERP Integrations',
      level: 'Admin',
      why: 'to hear what is exported, and to answer it',
      writes: 'mark a record as synced, close a request, tell the limits of the ERP',
      reads: [
        { what: 'ERP requests', path: `${company}/erp_requests?page=1&per_page=1` },
        { what: 'request details', path: `${company}/erp_request_details?filters[item_id]=1` },
      ],
    },
    {
      tool: 'Webhooks',
      level: 'Standard',
      why: 'to be told of changes at once',
      writes: 'create a webhook and its triggers',
      reads: [{ what: 'webhooks', path: `/rest/v1.0/webhooks/hooks?company_id=${companyId}` }],
    },
  ];
}

/** What is read as evidence needs its tools open for reading; one that is off holds no evidence, which is no fault. */
export function contextNeeds(objects: readonly ContextObject[], place: ContextPlace): readonly Need[] {
  const tools = [...new Set(objects.flatMap((object) => CONTEXT[object].tool ?? []))];
  return tools.map((tool): Need => {
    const sources = objects.map((object) => CONTEXT[object]).filter((source) => source.tool === tool);
    const what = sources.map(({ words }) => words).join(', ');
    return {
      tool,
      level: 'Read Only',
      why: `to read as evidence: ${what}`,
      onlyTo: `read as evidence: ${what}`,
      reads: sources.map(({ words, list, narrowed, unstamped }) => {
        const tools = { path: `/rest/v2.0/companies/${place.companyId}/workflows/tools` };
        const { path, query = {} }: Address = narrowed === 'by tool' ? tools : list(place);
        const isPaged = narrowed !== 'not paged' && narrowed !== 'by tool' && !unstamped;
        const paging = isPaged ? { page: '1', per_page: '1' } : {};
        return { what: words, path: `${path}?${new URLSearchParams({ ...query, ...paging })}` };
      }),
    };
  });
}

export function projectNeeds(projectId: string): readonly Need[] {
  const of = `project_id=${projectId}&per_page=1`;
  return [
    {
      tool: 'Commitments',
      level: 'Admin',
      why: 'to read commitments and pay applications, and to write ERP ids and payments',
      writes: 'write the ERP id of a commitment, record a payment',
      reads: [
        { what: 'work order contracts', path: `/rest/v1.0/work_order_contracts?${of}` },
        { what: 'purchase order contracts', path: `/rest/v1.0/purchase_order_contracts?${of}` },
        { what: 'subcontractor invoices', path: `/rest/v1.1/requisitions?${of}` },
      ],
    },
    {
      tool: 'Direct Costs',
      level: 'Admin',
      why: 'to show posted cost in the budget',
      onlyTo: 'show posted cost in the budget',
      reads: [
        { what: 'direct costs', path: `/rest/v1.1/projects/${projectId}/direct_costs?page=1&per_page=1` },
        { what: 'cost codes', path: `/rest/v1.0/cost_codes?${of}` },
      ],
    },
    {
      tool: 'Change Orders',
      level: 'Read Only',
      why: 'to export change orders',
      onlyTo: 'export change orders',
      reads: [{ what: 'change order packages', path: `/rest/v1.0/change_order_packages?${of}` }],
    },
    {
      tool: 'Prime Contracts',
      level: 'Admin',
      why: 'to bill owners, and to read prime contracts',
      onlyTo: 'bill owners, and read prime contracts',
      // A sweep takes a refusal of these for "not used": here it is told.
      reads: [
        { what: 'prime contracts', path: `/rest/v1.0/prime_contracts?${of}` },
        { what: 'owner invoices', path: `/rest/v1.0/payment_applications?${of}` },
      ],
    },
    {
      tool: 'Budget',
      level: 'Read Only',
      why: 'to export budgets, and to compare them',
      onlyTo: 'export budgets, and compare them',
      reads: [{ what: 'budget views', path: `/rest/v1.0/budget_views?${of}` }],
    },
  ];
}
