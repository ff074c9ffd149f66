import { afterAll, beforeAll, expect, test } from 'vitest';
import { sourceLane } from '../../src/engine/lanes.ts';
import { dryRun } from '../../src/engine/plan/dry-run.ts';
import { checkConnection } from '../../src/engine/set-up/check.ts';
import { planSetUp } from '../../src/engine/set-up/plan.ts';
import { connect, setFirstPhase } from '../../src/engine/set-up/tenant.ts';
import { step } from '../../src/engine/step.ts';
import { startSweeps } from '../../src/engine/watch/sweep.ts';
import { tieOut } from '../../src/engine/watch/tie-out.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { wakeLane } from '../../src/store/work/lane.ts';
import { billed } from './billing.ts';
import { type ErpTarget, startLedgerline } from './erp-target.ts';
import { allowStaging } from './event-acts.ts';
import { closedDetail, procoreState, type Question, questions } from './looking.ts';
import { ledgerlineSeed } from './seeds.ts';
import { vault } from './test-engine.ts';
import {
  APPROVER,
  exportCommitment,
  PETER,
  PROJECT,
  people,
  startWorld,
  until,
  vendors,
  type World,
} from './world.ts';

// One Procore company, two ERP companies of different kinds: SAP Business One was connected first, Ledgerline runs the
// south. Of the vendors Ledgerline has Steel only; Concrete comes there when it gets work in the south.
const SOUTH = PROJECT + 2;
const QUAY = PROJECT + 3;
const ATTIC = PROJECT + 4;
const codes = { [SOUTH]: 46, [ATTIC]: 47 };
let world: World;
let south: ErpTarget;

beforeAll(async () => {
  const [steel] = ledgerlineSeed.vendors;
  south = await startLedgerline(300, {
    vendors: [steel!, { code: 'V2500', name: 'Dock Supply Co' }],
    projects: [
      ...ledgerlineSeed.projects,
      { code: 'JOB-9', name: 'South yard' },
      { code: 'JOB-10', name: 'Quay' },
      { code: 'JOB-12', name: 'Lighthouse' },
    ],
  });
  world = await startWorld({
    seed: {
      projects: [
        { id: SOUTH, name: 'South yard', project_number: 'P-009', origin_id: 'JOB-9', origin_code: 'JOB-9' },
        { id: QUAY, name: 'Quay', project_number: 'P-010', origin_id: 'JOB-10', origin_code: 'JOB-10' },
        { id: ATTIC, name: 'Attic', project_number: 'P-011', origin_id: 'JOB-11', origin_code: 'JOB-11' },
      ],
      cost_codes: Object.entries(codes).map(([project, id]) => ({
        ...{ id, project_id: Number(project), code: '100', full_code: '05-100', name: 'Structural Steel' },
      })),
    },
  });
  const { engine, tenant } = world;
  await connect(engine, vault, tenant, south.connection, 'test');
  engine.systems.reopen(tenant, south.connection.id);
  await setFirstPhase(engine, tenant, south.connection.id, 'one-way', 'test');
  await startSweeps(engine, tenant, [south.connection.id]);
  // Nobody types anything into either ERP while the story runs: each list is read once, and in nobody's way then.
  const pulls = "stage = 'sweep' and id ~ '^(b1|ledgerline)[|]pull:'";
  await until('the lists of both companies are read', async () => {
    const unread = await world.query(
      `select id from lane where ${pulls} and id not in (select connection || '|' || name from cursor)`,
    );
    return unread.length === 0;
  });
  await world.query(`delete from lane where ${pulls}`);
});
afterAll(async () => {
  await world?.stop();
  await south?.stop();
});

type Staged = {
  readonly id: number;
  readonly origin_id: string;
  readonly data: Readonly<Record<string, string>>;
};

type Placed = {
  readonly id: string;
  readonly target_connection: string;
  readonly state: string;
  readonly target_id: string | null;
  readonly mappings: readonly { readonly kind: string }[];
};

/** All documents that a record of Procore became, in the order in which they were planned. */
const documents = (object: string, id: number) =>
  world.query<Placed>(
    'select id, target_connection, state, target_id, mappings from document where source_object = $1 and source_id = $2 order by seq',
    [object, String(id)],
  );

const stands = (object: string, id: number, company: string, state: string) =>
  until(`${object} ${id} is ${state} in ${company}`, async () =>
    (await documents(object, id)).find((row) => row.target_connection === company && row.state === state),
  );

const asked = (subject: string): Promise<Question> =>
  until(`somebody is asked about ${subject}`, async () =>
    (await questions(world, 'unmapped')).find((question) => question.subject === subject),
  );

const say = (kind: 'company' | 'project' | 'cost', key: string, code: string, scope = '') =>
  world.service.setMapping({
    tenant: world.tenant,
    user: people.accountant,
    mapping: { kind, scope, key, value: { kind: kind === 'cost' ? 'account' : kind, code } },
  });

const planned = async () => {
  const reasons = [];
  for await (const { plan } of dryRun(world.engine, world.tenant, String(SOUTH)))
    reasons.push(...(plan.kind === 'document' ? plan.reasons.map(({ code }) => code) : []));
  return reasons;
};

test('what ran before stays with the company that was connected first', async () => {
  const sent = await exportCommitment(world, { lines: [{ amount: '100.10' }] });
  await stands('commitment', sent.contract, 'b1', 'confirmed');
  expect(await world.erp.orders()).toMatchObject([{ total: '100.10' }]);
  expect(await south.orders()).toEqual([]);
  const moved = await say('company', String(PROJECT), 'ledgerline');
  expect(moved).toMatchObject({
    ok: false,
    status: 409,
    detail: expect.stringMatching(/stand in SAP Business One/),
  });
});

test('a project that nobody has placed waits, goes where a person says, and stays there', async () => {
  const sent = await exportCommitment(world, {
    project: SOUTH,
    vendor: vendors.concrete,
    lines: [{ amount: '2000.20', code: codes[SOUTH] as 41 }],
  });
  const question = await asked(`mapping:company:${SOUTH}`);
  expect(await documents('commitment', sent.contract)).toEqual([]);
  expect(await planned()).toEqual(['company-unknown']);
  // Its codes are chosen among those of its company, which nobody has named.
  expect(await say('project', String(SOUTH), 'JOB-4')).toMatchObject({ ok: false, status: 409 });

  // Somebody is mistaken first: what was planned in the wrong company waits there and is taken back.
  const mistaken = {
    kind: 'company',
    scope: '',
    key: String(SOUTH),
    value: { kind: 'company', code: 'b1' },
  } as const;
  const answer = {
    tenant: world.tenant,
    user: people.accountant,
    reviewId: question.id,
    answers: [mistaken],
  };
  expect(await world.service.answer(answer)).toEqual({ ok: true });
  await stands('commitment', sent.contract, 'b1', 'in-review');
  expect(await say('company', String(SOUTH), 'ledgerline')).toEqual({ ok: true });
  await stands('commitment', sent.contract, 'b1', 'withdrawn');
  await stands('commitment', sent.contract, 'ledgerline', 'in-review');

  // The same cost code has another account in each company, and a code that only the other one has is refused.
  expect(await say('cost', '05-100|S', '5100', 'ledgerline')).toEqual({ ok: true });
  expect(await say('project', String(SOUTH), 'JOB-77')).toMatchObject({ ok: false, status: 422 });
  expect(await say('project', String(SOUTH), 'JOB-9')).toEqual({ ok: true });

  // Its vendor is in the books of the first company only: work in the south is what asks for it there.
  const vendor = await stands('vendor', vendors.concrete, 'ledgerline', 'awaiting-approval');
  const [approval] = (await questions(world, 'approval')).filter(({ document }) => document === vendor.id);
  const approved = { tenant: world.tenant, user: people.controller, reviewId: approval!.id };
  expect(await world.service.approve({ ...approved, payloadHash: approval!.evidence.payloadHash! })).toEqual({
    ok: true,
  });
  const order = await stands('commitment', sent.contract, 'ledgerline', 'confirmed');
  expect((await closedDetail(world, sent.detail)).status).toBe('success');
  // Whoever placed the project does not approve what goes there: the row is one that was used.
  expect(order.mappings.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['company', 'project', 'cost']),
  );
  expect(await south.orders()).toMatchObject([{ id: order.target_id, total: '2000.20' }]);
  expect(await world.erp.orders()).toHaveLength(1);
  expect(await say('company', String(SOUTH), 'b1')).toMatchObject({ ok: false, status: 409 });

  const state = await procoreState(world);
  const [line] = state.contracts.find(({ id }) => id === sent.contract)!.line_items;
  const { application } = await billed(world, sent.contract, [
    { line_item_id: line!.id, work_completed_this_period: '500.05' },
  ]);
  await stands('sub-invoice', application, 'ledgerline', 'confirmed');
  expect(await south.invoices()).toMatchObject([{ payable: '500.05', drawn: [{ order: order.target_id }] }]);
  expect(await world.erp.invoices()).toEqual([]);
});

test('a project that Procore shows under a code of one company only is placed there', async () => {
  const { engine, tenant } = world;
  const hub = await engine.systems.hubOf(tenant);
  await step(engine, tenant, (tx) => wakeLane(tx, sourceLane(hub, 'project', String(QUAY))));
  const placed = await until('the quay is placed and mapped', async () => {
    const rows = await world.query<{ kind: string; code: string; set_by: string }>(
      "select kind, value ->> 'code' as code, set_by from mapping where key = $1 and current order by kind",
      [String(QUAY)],
    );
    return rows.length === 2 && rows;
  });
  expect(placed).toEqual([
    { kind: 'company', code: 'ledgerline', set_by: 'tiebeam' },
    { kind: 'project', code: 'JOB-10', set_by: 'tiebeam' },
  ]);
});

test('a vendor is one in Procore and one in each company, and Procore shows the code of the first', async () => {
  const links = await world.query<{ company: string; code: string }>(
    `select source_connection as company, source_id as code from link
     where source_object = 'vendor' and target_id = $1 and state = 'linked' order by source_connection`,
    [String(vendors.concrete)],
  );
  expect(links).toEqual([
    { company: 'b1', code: 'V1001' },
    { company: 'ledgerline', code: expect.any(String) },
  ]);
  const { vendors: shown } = await procoreState(world);
  expect(shown.find(({ id }) => id === vendors.concrete)?.origin_id).toBe('V1001');
});

test('a Refresh offers what any company has, each once, and what is imported belongs to where it came from', async () => {
  await allowStaging(world);
  const refresh = async (what: string) => {
    const done = await world.act({ as: APPROVER, action: 'refresh_from_erp', what } as ProcoreAct);
    return (await closedDetail(world, (done.request_detail_ids as number[])[0]!)).messages.join(' ');
  };
  const staged = async (originId: string) =>
    ((await procoreState(world)) as unknown as { staged_records: readonly Staged[] }).staged_records.filter(
      ({ origin_id }) => origin_id === originId,
    );
  const imported = async (originId: string) => {
    const [row] = await staged(originId);
    const deed = { as: APPROVER, action: 'import_staged_record', staged_record_id: row!.id };
    await world.act(deed as ProcoreAct);
  };
  expect(await refresh('jobs')).toMatch(/ and Ledgerline\. .*JOB-4.* stand in several companies/);
  expect((await staged('JOB-12')).map(({ data }) => data.name)).toEqual(['Lighthouse']);
  // Both companies have this one: it is offered once, or known.
  expect((await staged('JOB-5')).length).toBeLessThan(2);
  await imported('JOB-12');
  await until('the imported project is placed', async () => {
    const rows = await world.query(
      "select 1 from mapping where kind = 'company' and value ->> 'code' = 'ledgerline' and current and key in (select key from mapping where value ->> 'code' = 'JOB-12' and current)",
    );
    return rows.length === 1;
  });
  await refresh('vendors');
  expect(await staged('V2500')).toHaveLength(1);
  await imported('V2500');
  await until('the imported vendor is linked in its company', async () => {
    const rows = await world.query(
      "select 1 from link where source_connection = 'ledgerline' and source_id = 'V2500' and state = 'linked'",
    );
    return rows.length === 1;
  });
  expect((await questions(world, 'vendor-match')).filter(({ title }) => title.includes('Dock'))).toEqual([]);
});

test('what fits no single company goes back to its sender, and so does what a person rejects', async () => {
  const line = { line_item_type_id: 31, unit_cost: '10.00', description: 'Bolts' };
  const made = await world.act({
    ...{ as: PETER, action: 'create_company_direct_cost', vendor_id: vendors.steel, invoice_number: 'SS-1' },
    ...{ description: 'Bolts', accounting_date: '2026-11-10', direct_cost_date: '2026-11-09' },
    line_items: [
      { ...line, project_id: PROJECT, cost_code_id: 41 },
      { ...line, project_id: SOUTH, cost_code_id: codes[SOUTH] },
    ],
  } as ProcoreAct);
  const bill = { kind: 'company_level_direct_cost', ids: [Number(made.direct_cost_id)] };
  await world.act({ as: PETER, action: 'send_object_to_erp', ...bill } as ProcoreAct);
  const done = await world.act({ as: APPROVER, action: 'approve_object_export', ...bill } as ProcoreAct);
  const [detail] = done.request_detail_ids as number[];
  const told = await closedDetail(world, detail!);
  expect([told.status, told.messages.join()]).toEqual([
    'failed',
    expect.stringMatching(/several ERP companies/),
  ]);

  const lines = [{ amount: '1.00', code: codes[ATTIC] as 41 }];
  const sent = await exportCommitment(world, { project: ATTIC, lines });
  const { id: reviewId } = await asked(`mapping:company:${ATTIC}`);
  const reject = { tenant: world.tenant, user: people.accountant, reviewId, reason: 'not built by us' };
  expect(await world.service.reject(reject)).toEqual({ ok: true });
  const answer = await closedDetail(world, sent.detail);
  expect([answer.status, answer.messages.join()]).toEqual([
    'failed',
    expect.stringMatching(/not built by us/),
  ]);
  expect(await documents('commitment', sent.contract)).toEqual([]);
});

test('both companies are compared, checked and looked after', async () => {
  const { engine, tenant } = world;
  const tied = await tieOut(engine, tenant);
  const of = (id: number) => tied.find(({ project }) => project.id === String(id));
  expect(of(PROJECT)?.bridge).toMatchObject({ target: { minor: 10010n }, residual: { minor: 0n } });
  expect(of(SOUTH)?.bridge).toMatchObject({ target: { minor: 200020n }, difference: { minor: 0n } });
  for (const { id } of [world.erp.connection, south.connection])
    for await (const { ok, message } of checkConnection(engine, tenant, id))
      expect([ok, message]).toEqual([true, message]);
  const setUp = await planSetUp(engine, tenant, { address: 'https://tiebeam.example' });
  expect(setUp.ok && setUp.plan.metadata.document).toBeDefined();
});
