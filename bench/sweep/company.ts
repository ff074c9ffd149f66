import type { ProcoreSeed } from '../../src/procore/simulator/seed.ts';

const FIRST_ID = 562_949_954_000_000;
export const COMPANY = FIRST_ID;
const PROJECT = FIRST_ID + 100;
const VENDOR = FIRST_ID + 10_000;
const CONTRACT = FIRST_ID + 100_000;
const VENDORS = 50;
// Of ten documents two are change orders, and of ten commitments three are purchase orders.
const CHANGE_ORDERS = 0.2;

export const SECRET = 'secret';

export type Portfolio = {
  readonly seed: ProcoreSeed;
  /** Rows of each list of each project: both kinds of commitments, change orders, invoices of both sides. */
  readonly rows: readonly (readonly number[])[];
};

/** A company with so many projects and so many documents, spread evenly. */
export function portfolio(projects: number, documents: number): Portfolio {
  const changes = Math.round(documents * CHANGE_ORDERS);
  const contracts = documents - changes;
  const rows = Array.from({ length: projects }, () => [0, 0, 0, 0, 0]);
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  const placed = (index: number, list: number) => {
    const project = index % projects;
    rows[project]![list]! += 1;
    return PROJECT + project;
  };
  return {
    rows,
    seed: {
      company: { id: COMPANY, name: 'Many Jobs', erp: {} },
      apps: [{ client_id: 'tiebeam', client_secret: SECRET }],
      users: [{ login: 'peter@many.example', name: 'Peter' }],
      projects: numbers(projects).map((index) => ({ id: PROJECT + index, name: `Job ${index}` })),
      vendors: numbers(VENDORS).map((index) => ({ id: VENDOR + index, name: `Vendor ${index}` })),
      contracts: numbers(contracts).map((index) => {
        const isOrder = index % 10 < 3;
        return {
          id: CONTRACT + index,
          kind: isOrder ? ('purchase_order_contract' as const) : ('work_order_contract' as const),
          project_id: placed(index, isOrder ? 1 : 0),
          vendor_id: VENDOR + (index % VENDORS),
          number: `C-${index}`,
          status: 'Approved' as const,
          line_items: [{ amount: `${1_000 + (index % 900)}.50` }],
        };
      }),
      change_order_packages: numbers(changes).map((index) => {
        placed(index % contracts, 2);
        return {
          contract_id: CONTRACT + (index % contracts),
          status: 'approved' as const,
          grand_total: '10.05',
        };
      }),
    },
  };
}

/** Answers without which it cannot be read: pages that hold every list, and one for the lines of each document. */
export function leastCalls(
  { rows }: Portfolio,
  pageSize: number,
): { readonly pages: number; readonly shows: number } {
  const counts = rows.flat();
  return {
    pages: counts.reduce((sum, count) => sum + Math.max(1, Math.ceil(count / pageSize)), 0),
    shows: counts.reduce((sum, count) => sum + count, 0),
  };
}
