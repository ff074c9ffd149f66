import type { ProcoreAct } from '../../../src/procore/simulator/act.ts';
import { billed, mapRetainage } from '../billing.ts';
import { approvedChangeOrder, exportChangeOrders } from '../changes.ts';
import { procoreState } from '../looking.ts';
import type { SeedRows } from '../seeds.ts';
import {
  APPROVER,
  exportCommitment,
  OTHER_PROJECT,
  PETER,
  PROJECT,
  people,
  until,
  vendors,
  type World,
} from '../world.ts';
import type { Calls } from './counter.ts';

/** Sends so many records of one object to the ERP, one after the other as people do, and answers their ids. */
export type Story = {
  readonly object: string;
  /** Most calls for each at either system: what was measured, and half as many reads for looks that come between. */
  readonly most: Readonly<Record<'procore' | 'erp', Calls>>;
  readonly send: (world: World, count: number) => Promise<readonly number[]>;
};

const PRIME = 562949953700001;
const PRIME_LINE = PRIME + 10;
const WAREHOUSES = 562949953500010;

/** What the stories need in Procore besides what every world has. */
export function seedFor(count: number): SeedRows {
  return {
    projects: Array.from({ length: count }, (_, index) => ({
      id: WAREHOUSES + index,
      name: `Warehouse ${index}`,
      project_number: `JOB-9${index}`,
    })),
    prime_contracts: [
      {
        ...{ id: PRIME, project_id: PROJECT, number: 'PC-1', title: 'Pier 4', status: 'Approved' },
        ...{ executed: true, retainage_percent: '10.0', vendor_id: vendors.unknown },
        origin_id: 'B1-CONTRACT-1',
        line_items: [
          {
            ...{ id: PRIME_LINE, cost_code_id: 41, line_item_type_id: 31 },
            ...{ amount: '100000.00', description: 'Steel' },
          },
        ],
      },
    ],
  };
}

/** Names what the documents of the stories post to, so that nobody is asked. */
export async function mapAll(world: World): Promise<void> {
  await mapRetainage(world, '2050');
  for (const [kind, key, code] of [
    ['customer', String(PRIME), 'C2000'],
    ['revenue', '', '4000'],
    ['retainage-receivable', '', '1250'],
  ] as const) {
    const value = { kind: kind === 'customer' ? 'customer' : 'account', code } as const;
    const mapping = { kind, scope: '', key, value };
    const done = await world.service.setMapping({ tenant: world.tenant, user: people.accountant, mapping });
    if (!done.ok) throw new Error(done.detail);
  }
}

const contracts: number[] = [];

/** Reads and writes at Procore, then at the ERP. */
function most(procore: readonly [number, number], erp: readonly [number, number]): Story['most'] {
  const of = ([reads, writes]: readonly [number, number]) => ({ reads, writes });
  return { procore: of(procore), erp: of(erp) };
}

export const STORIES: readonly Story[] = [
  { object: 'project', most: most([20, 2], [7, 1]), send: sendProjects },
  { object: 'commitment', most: most([24, 2], [4, 1]), send: sendCommitments },
  { object: 'change-order', most: most([28, 2], [6, 1]), send: sendChangeOrders },
  { object: 'sub-invoice', most: most([26, 2], [18, 3]), send: sendApplications },
  { object: 'company-direct-cost', most: most([16, 2], [8, 1]), send: sendDirectCosts },
  { object: 'owner-invoice', most: most([18, 2], [18, 1]), send: sendOwnerInvoices },
];

async function sendProjects(world: World, count: number) {
  const ids = Array.from({ length: count }, (_, index) => WAREHOUSES + index);
  for (const id of ids) await exported(world, 'project', id);
  return ids;
}

async function sendCommitments(world: World, count: number) {
  for (let index = 0; index < count; index += 1) {
    const lines = [{ amount: '1000.00' }, { amount: '50.25' }];
    contracts.push((await exportCommitment(world, { number: `SC-${index}`, lines })).contract);
  }
  return contracts;
}

async function sendChangeOrders(world: World) {
  const ids: number[] = [];
  for (const contract of contracts) {
    const { id } = await approvedChangeOrder(world, contract, [{ amount: '77.00' }, { amount: '-7.00' }]);
    ids.push(id);
    await exportChangeOrders(world, [id]);
  }
  return ids;
}

async function sendApplications(world: World) {
  const state = await procoreState(world);
  const ids: number[] = [];
  for (const contract of contracts) {
    const [line] = state.contracts.find(({ id }) => id === contract)!.line_items;
    const { application } = await billed(world, contract, [
      {
        line_item_id: line!.id,
        work_completed_this_period: '400.00',
        work_completed_retainage_retained_this_period: '40.00',
      },
    ]);
    ids.push(application);
  }
  return ids;
}

async function sendDirectCosts(world: World, count: number) {
  const ids: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const made = await act(world, {
      as: PETER,
      action: 'create_company_direct_cost',
      vendor_id: vendors.steel,
      invoice_number: `SS-${index}`,
      description: 'Bolts',
      accounting_date: '2026-11-10',
      direct_cost_date: '2026-11-09',
      line_items: [
        directLine(PROJECT, 41, `${100 + index}.10`),
        directLine(OTHER_PROJECT, 44, `0.${25 + index}`),
      ],
    });
    ids.push(Number(made.direct_cost_id));
    await exported(world, 'company_level_direct_cost', ids.at(-1)!);
  }
  return ids;
}

function directLine(project_id: number, cost_code_id: number, unit_cost: string) {
  return { project_id, cost_code_id, line_item_type_id: 31, unit_cost, description: 'Bolts' };
}

async function sendOwnerInvoices(world: World, count: number) {
  const ids: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const made = await act(world, {
      as: PETER,
      action: 'bill_owner',
      prime_contract_id: PRIME,
      billing_date: '2026-11-20',
      period_start: '2026-11-01',
      period_end: '2026-11-20',
      status: 'approved',
      lines: [{ source_id: PRIME_LINE, work_completed_this_period: '400.10' }],
    });
    ids.push(Number(made.payment_application_id));
    await exported(world, 'payment_application', ids.at(-1)!);
    // Each is billed from the one before: all at once they look again whenever one is posted, as often as they are many.
    await confirmed(world, 'owner-invoice', ids);
  }
  return ids;
}

/** Waits until all of them stand in the ERP and Procore was told. */
export async function confirmed(world: World, object: string, ids: readonly number[]): Promise<void> {
  await until(`each ${object} is confirmed`, async () => {
    const rows = await world.query<{ source_id: string }>(
      "select distinct source_id from document where source_object = $1 and state = 'confirmed'",
      [object],
    );
    const done = new Set(rows.map(({ source_id }) => source_id));
    return ids.every((id) => done.has(String(id)));
  });
}

async function exported(world: World, kind: string, id: number): Promise<void> {
  await act(world, { as: PETER, action: 'send_object_to_erp', kind, ids: [id] });
  await act(world, { as: APPROVER, action: 'approve_object_export', kind, ids: [id] });
}

const act = (world: World, body: object) => world.act(body as ProcoreAct);
