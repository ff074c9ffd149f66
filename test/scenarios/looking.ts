import { expect } from 'vitest';
import { until, type World } from './world.ts';

export type DocumentRow = {
  readonly id: string;
  readonly revision: number;
  readonly state: string;
  readonly reasons: readonly { readonly code: string; readonly message: string; readonly remedy?: string }[];
  readonly target_id: string | null;
  readonly payload_hash: string | null;
  readonly accounting_date: string | null;
};

/** The newest revision of a commitment's order. */
export async function documentOf(world: World, contract: number): Promise<DocumentRow | null> {
  const rows = await world.query<DocumentRow>(
    `select id, revision, state, reasons, target_id, payload_hash, accounting_date from document
     where source_object = 'commitment' and source_id = $1 order by revision desc limit 1`,
    [String(contract)],
  );
  return rows[0] ?? null;
}

/** Waits until a commitment's order stands in a state; says where it stood instead when it never does. */
export async function standsIn(
  world: World,
  contract: number,
  state: string,
  { revision = 1, reason }: { revision?: number; reason?: string } = {},
): Promise<DocumentRow> {
  let last: DocumentRow | null = null;
  try {
    return await until(`${contract} is ${state}`, async () => {
      last = await documentOf(world, contract);
      const told = reason === undefined || last?.reasons.some(({ code }) => code === reason);
      return last?.state === state && last.revision === revision && told ? last : null;
    });
  } catch {
    throw new Error(`revision ${revision} of ${contract} never stood in ${state}: ${JSON.stringify(last)}`);
  }
}

export type Question = {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly title: string;
  readonly question: string;
  readonly document: string | null;
  readonly state: string;
  readonly evidence: {
    readonly suggestions?: readonly { readonly code: string }[];
    readonly payloadHash?: string;
    readonly facts?: readonly { readonly label: string; readonly value: string }[];
  };
};

export async function questions(world: World, kind: string, state = 'open'): Promise<Question[]> {
  return world.query<Question>(
    `select id, kind, subject, title, question, document, state, evidence from review_item
     where kind = $1 and state = $2 order by opened_at`,
    [kind, state],
  );
}

/** The open question of a kind about a commitment's order. */
export async function questionAbout(world: World, contract: number, kind: string): Promise<Question> {
  return until(`somebody is asked about ${contract} (${kind})`, async () => {
    const document = await documentOf(world, contract);
    return (await questions(world, kind)).find((item) => item.document === document?.id);
  });
}

export type ProcoreState = {
  readonly vendors: readonly { readonly id: number; readonly origin_id: string | null }[];
  readonly contracts: readonly {
    readonly id: number;
    readonly origin_id: string | null;
    readonly line_items: readonly { readonly id: number; readonly amount: string }[];
  }[];
  readonly erp_request_details: readonly {
    readonly id: number;
    readonly status: string;
    readonly messages: readonly string[];
  }[];
};

export async function procoreState(world: World): Promise<ProcoreState> {
  return (await world.sim('GET', 'state')) as ProcoreState;
}

/** Waits until Procore shows a request detail closed, and returns what its sender reads. */
export async function closedDetail(world: World, detail: number) {
  return until(`request detail ${detail} is closed`, async () => {
    const { erp_request_details: details } = await procoreState(world);
    return details.find(({ id, status }) => id === detail && status !== 'in_progress');
  });
}

/** The order that stands in SAP Business One for a commitment; fails unless there is exactly one. */
export async function orderOf(world: World, contract: number) {
  const [{ reference } = { reference: '' }] = await world.query<{ reference: string }>(
    `select p.reference from posting p join document d on (d.tenant, d.id) = (p.tenant, p.document)
     where d.source_id = $1 and p.connection = 'b1' and p.write_kind = 'create' limit 1`,
    [String(contract)],
  );
  const { orders } = await world.truth();
  const ours = orders.filter(({ udfs }) => udfs.U_TiebeamRef === reference);
  expect(ours, `orders with the reference ${reference}`).toHaveLength(1);
  return ours[0]!;
}

/** Writes that reached purchase orders of the ERP so far. */
export async function orderWrites(world: World): Promise<number> {
  const { writes } = await world.truth();
  return writes.filter(({ path }) => path.includes('PurchaseOrders')).length;
}

export async function approvalsOf(
  world: World,
  contract: number,
): Promise<{ readonly stale: boolean; readonly consumed: boolean }[]> {
  return world.query(
    `select stale_at is not null as stale, consumed_at is not null as consumed from approval a
     join document d on (d.tenant, d.id) = (a.tenant, a.document) where d.source_id = $1 order by decided_at`,
    [String(contract)],
  );
}
