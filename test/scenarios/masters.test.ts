import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceLane } from '../../src/engine/lanes.ts';
import { step } from '../../src/engine/step.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { wakeLane } from '../../src/store/work/lane.ts';
import { actInErp, addErpProject, addErpVendor } from './hands.ts';
import { closedDetail, orderOf, procoreState, questions, standsIn } from './looking.ts';
import {
  APPROVER,
  exportCommitment,
  type NewLine,
  PETER,
  PROJECT,
  people,
  startWorld,
  until,
  vendors,
  type World,
} from './world.ts';

const VENDOR = 562949953600100;
const glass = VENDOR;
const paint = VENDOR + 1;
const uncoded = VENDOR + 2;
const WAREHOUSE = 562949953500010;
const KIOSK = WAREHOUSE + 1;
const warehouseCode = 562949953700001;

/** What the companies of Procore are called here, and which code each was given to be created under. */
const seed = {
  tax_codes: [{ code: 'V1', description: 'Full rate', rate1: 20 }],
  vendors: [
    { id: glass, name: 'Harbor Glass', origin_code: 'V2100', business_phone: '555 0100', city: 'Harbor' },
    { id: paint, name: 'Harbor Paint LLC', origin_code: 'V2200' },
    { id: uncoded, name: 'Harbor Signs' },
  ],
  projects: [
    { id: WAREHOUSE, name: 'Warehouse', project_number: 'JOB-9' },
    { id: KIOSK, name: 'Kiosk', project_number: 'JOB-77' },
  ],
  cost_codes: [
    { id: warehouseCode, project_id: WAREHOUSE, code: '100', full_code: '05-100', name: 'Structural Steel' },
  ],
};

let world: World;
beforeAll(async () => {
  const procore = { projectCodes: 'to-erp' };
  world = await startWorld({ seed, procore, erpConfig: { taxCodes: 'vat-groups' } });
});
afterAll(() => world?.stop());

type Master = Readonly<Record<string, unknown>>;
const inErp = async (kind: 'vendors' | 'projects', key: string, value: string) => {
  const all = ((await world.truth()) as unknown as Record<string, readonly Master[]>)[kind]!;
  return all.filter((each) => each[key] === value);
};
const inProcore = async (kind: 'vendors' | 'projects' | 'staged_records') =>
  ((await procoreState(world)) as unknown as Record<typeof kind, readonly Master[]>)[kind];
const originOf = async (kind: 'vendors' | 'projects', id: number) =>
  (await inProcore(kind)).find((each) => each.id === id)?.origin_id;

async function sendToErp(at: World, kind: 'vendor' | 'project', id: number, code?: string) {
  await at.act({ as: PETER, action: 'send_object_to_erp', kind, ids: [id] } as ProcoreAct);
  const done = await at.act({
    as: APPROVER,
    action: 'approve_object_export',
    kind,
    ids: [id],
    ...(code === undefined ? {} : { code }),
  } as ProcoreAct);
  return (done.request_detail_ids as number[])[0]!;
}

async function refresh(what: 'vendors' | 'jobs') {
  const act = { as: APPROVER, action: 'refresh_from_erp', what } as ProcoreAct;
  const done = await world.act(act);
  return closedDetail(world, (done.request_detail_ids as number[])[0]!);
}

test('tax groups of the ERP follow into Procore by themselves: linked, made, changed and archived', async () => {
  const shown = (wanted: Master) =>
    until(`${wanted.code} is as wanted`, async () => {
      const { tax_codes } = (await procoreState(world)) as unknown as { tax_codes: readonly Master[] };
      const ours = tax_codes.filter(({ code }) => code === wanted.code);
      return ours.length === 1 && Object.entries(wanted).every(([name, value]) => ours[0]![name] === value);
    });
  await shown({ code: 'V1', origin_id: 'V1', description: 'Full rate', rate1: 20 });
  await shown({ code: 'V0', origin_id: 'V0', rate1: 0, archived: false });
  await actInErp(world, {
    action: 'edit_tax',
    code: 'V1',
    rate: { from: '2021-01-01', ratePercent: '20.5' },
  });
  await actInErp(world, { action: 'edit_tax', code: 'V0', inactive: true });
  await world.sweep();
  await shown({ code: 'V1', rate1: 20.5 });
  await shown({ code: 'V0', archived: true });
});

/** A controller sees what would be created, and says yes. */
async function approveVendor(at: World, id: number): Promise<void> {
  const asked = await until(`somebody is asked to approve vendor ${id}`, async () => {
    const rows = await at.query<{ id: string; hash: string; role: string; question: string }>(
      `select r.id, d.payload_hash as hash, r.role, r.question from review_item r
       join document d on (d.tenant, d.id) = (r.tenant, r.document)
       where r.kind = 'approval' and r.state = 'open' and d.kind = 'vendor' and d.source_id = $1`,
      [String(id)],
    );
    return rows[0];
  });
  expect(asked.role).toBe('controller');
  const done = await at.service.approve({
    tenant: at.tenant,
    user: people.controller,
    reviewId: asked.id,
    payloadHash: asked.hash,
  });
  expect(done).toEqual({ ok: true });
}

const aboutMatchOf = (id: number) =>
  until(`somebody is asked which vendor ${id} is`, async () =>
    (await questions(world, 'vendor-match')).find(({ subject }) => subject === `vendor:${id}`),
  );

describe('a vendor and a project that only Procore has', () => {
  test('are created once though every answer is lost, and the commitment that waited posts by itself', async () => {
    await world.b1.post('faults', {
      seed: 1,
      rules: [
        { kind: 'lost-reply', times: 2, match: { method: 'POST', path_regex: 'BusinessPartners|Projects' } },
      ],
    });
    const job = await sendToErp(world, 'project', WAREHOUSE);
    expect(await closedDetail(world, job)).toMatchObject({ status: 'success' });
    expect(await inErp('projects', 'Name', 'Warehouse')).toMatchObject([{ Code: 'JOB-9' }]);
    expect(await originOf('projects', WAREHOUSE)).toBe('JOB-9');
    const mapped = await world.query(
      "select entry::jsonb ->> 'code' as code from audit where kind = 'mapping-set' and actor = 'tiebeam'",
    );
    expect(mapped).toEqual([{ code: 'JOB-9' }]);

    const line = { amount: '500.00', code: warehouseCode as unknown as 41 } satisfies NewLine;
    const { contract } = await exportCommitment(world, { vendor: glass, project: WAREHOUSE, lines: [line] });
    await standsIn(world, contract, 'blocked', { reason: 'vendor-unlinked' });
    const detail = await sendToErp(world, 'vendor', glass);
    await approveVendor(world, glass);
    expect(await closedDetail(world, detail)).toMatchObject({ status: 'success' });
    const [made, ...twins] = await inErp('vendors', 'CardName', 'Harbor Glass');
    expect(twins).toEqual([]);
    expect(made).toMatchObject({ CardCode: 'V2100', CardType: 'cSupplier', Phone1: '555 0100' });
    expect(made?.U_TiebeamRef).toMatch(/^TB1/);
    expect(await originOf('vendors', glass)).toBe('V2100');
    expect((await world.b1.faults())['lost-reply']?.reached).toBe(2);

    await standsIn(world, contract, 'confirmed');
    expect((await orderOf(world, contract)).cardCode).toBe('V2100');
  });

  test('are answered at once where they stand there already', async () => {
    const detail = await sendToErp(world, 'project', WAREHOUSE);
    expect(await closedDetail(world, detail)).toMatchObject({ status: 'success' });
    expect(await inErp('projects', 'Code', 'JOB-9')).toHaveLength(1);
  });

  test('are refused by field, and nothing of them is created', async () => {
    const detail = await sendToErp(world, 'vendor', uncoded);
    const told = await closedDetail(world, detail);
    expect(told).toMatchObject({ status: 'failed', messages: [expect.stringMatching(/^code: No code/)] });
    const long = await sendToErp(world, 'project', KIOSK, 'x'.repeat(21));
    expect((await closedDetail(world, long)).messages).toEqual([
      expect.stringMatching(/^code: .* has 21 characters, SAP Business One stores 20/),
    ]);
    expect(await inErp('vendors', 'CardName', 'Harbor Signs')).toEqual([]);
    expect(await inErp('projects', 'Name', 'Kiosk')).toEqual([]);
  });
});

describe('a vendor or a project that the ERP may have already', () => {
  test('is asked about, and linked instead of created', async () => {
    await addErpVendor(world, { CardCode: 'V3001', CardName: 'Twin Electric, Inc.' });
    const before = (await inErp('vendors', 'CardType', 'cSupplier')).length;
    const detail = await sendToErp(world, 'vendor', vendors.twin);
    const asked = await aboutMatchOf(vendors.twin);
    expect(asked.evidence.suggestions?.map(({ code }) => code)).toEqual(['V3001']);
    const answers = [
      {
        kind: 'vendor',
        scope: '',
        key: String(vendors.twin),
        value: { kind: 'vendor', code: 'V3001' },
      } as const,
    ];
    const { tenant } = world;
    await world.service.answer({ tenant, user: people.accountant, reviewId: asked.id, answers });
    expect(await closedDetail(world, detail)).toMatchObject({
      status: 'success',
      messages: [expect.stringContaining('V3001')],
    });
    expect(await originOf('vendors', vendors.twin)).toBe('V3001');
    expect(await inErp('vendors', 'CardType', 'cSupplier')).toHaveLength(before);
  });

  test('is created when a person said that it is none of them, and a controller approved it', async () => {
    await addErpVendor(world, { CardCode: 'V3100', CardName: 'Harbor Paint, Inc.', Frozen: 'tYES' });
    const detail = await sendToErp(world, 'vendor', paint);
    const asked = await aboutMatchOf(paint);
    const wish = { tenant: world.tenant, user: people.accountant, reviewId: asked.id };
    expect(await world.service.reject({ ...wish, reason: 'another company' })).toEqual({ ok: true });
    await approveVendor(world, paint);
    expect(await closedDetail(world, detail)).toMatchObject({ status: 'success' });
    expect(await inErp('vendors', 'CardCode', 'V2200')).toMatchObject([{ CardName: 'Harbor Paint LLC' }]);
  });

  test('is asked about by its code, and mapped to the one that a person names', async () => {
    await addErpProject(world, { Code: 'JOB-77', Name: 'Kiosk at the quay' });
    const detail = await sendToErp(world, 'project', KIOSK);
    const asked = await until('somebody is asked which project it is', async () =>
      (await questions(world, 'unmapped')).find(({ subject }) => subject === `mapping:project:${KIOSK}`),
    );
    expect(asked.evidence.suggestions).toMatchObject([{ code: 'JOB-77' }]);
    const answers = [
      { kind: 'project', scope: '', key: String(KIOSK), value: { kind: 'project', code: 'JOB-77' } } as const,
    ];
    await world.service.answer({
      tenant: world.tenant,
      user: people.accountant,
      reviewId: asked.id,
      answers,
    });
    expect(await closedDetail(world, detail)).toMatchObject({ status: 'success' });
    expect(await originOf('projects', KIOSK)).toBe('JOB-77');
    expect(await inErp('projects', 'Code', 'JOB-77')).toHaveLength(1);
  });
});

describe('a refresh', () => {
  const stagedAs = async (code: string) =>
    (await inProcore('staged_records')).find((row) => row.origin_id === code);
  const importIt = async (code: string) => {
    const row = await stagedAs(code);
    const act = { as: APPROVER, action: 'import_staged_record', staged_record_id: row?.id } as ProcoreAct;
    return Number((await world.act(act)).item_id);
  };

  test('offers vendors that Procore lacks, writes only what changed, and an imported one is linked by itself', async () => {
    await addErpVendor(world, { CardCode: 'V5000', CardName: 'Quarry North', Phone1: '555 0200' });
    await addErpVendor(world, { CardCode: 'V5001', CardName: 'Quarry South' });
    const first = await refresh('vendors');
    expect(first).toMatchObject({ status: 'success', messages: [expect.stringContaining('new in Ready')] });
    expect(await stagedAs('V5000')).toMatchObject({
      item_type: 'vendor',
      status: 'staged',
      data: { name: 'Quarry North', business_phone: '555 0200' },
    });
    expect(await stagedAs('V1000')).toBeUndefined();
    expect(await stagedAs('V2100')).toBeUndefined();

    await world.b1.post('act', { action: 'freeze_vendor', cardCode: 'V5001' });
    const second = await refresh('vendors');
    expect(second.messages[0]).toMatch(
      / 0 are new in Ready to Import, 0 were brought up to date .*, 1 taken off/,
    );
    expect(await stagedAs('V5001')).toMatchObject({ status: 'archived' });

    const vendor = await importIt('V5000');
    await until('the imported vendor is linked', async () => {
      const rows = await world.query(
        "select 1 from link where source_id = 'V5000' and target_id = $1 and state = 'linked'",
        [String(vendor)],
      );
      return rows.length === 1;
    });
    expect(
      await world.query("select 1 from document where kind = 'vendor-link' and source_id = 'V5000'"),
    ).toEqual([]);
  });

  test('tells how many rows Procore refused, asks an engineer, and is whole again once they are put right', async () => {
    await addErpVendor(world, { CardCode: 'V5002' });
    const told = await refresh('vendors');
    expect(told).toMatchObject({
      status: 'success',
      messages: [expect.anything(), '1 were refused by Procore and stand in front of an engineer.'],
    });
    const refused = async (state: string) =>
      (await questions(world, 'exception', state)).filter(({ question }) => question.includes('V5002'));
    expect(await refused('open')).toHaveLength(1);
    await world.b1.post('act', {
      action: 'edit_vendor',
      cardCode: 'V5002',
      changes: { CardName: 'Quarry West' },
    });
    expect((await refresh('vendors')).messages).toHaveLength(1);
    expect(await stagedAs('V5002')).toMatchObject({ data: { name: 'Quarry West' } });
    expect(await refused('open')).toEqual([]);
  });

  test('offers projects, and an imported one is mapped by itself', async () => {
    await addErpProject(world, { Code: 'JOB-88', Name: 'Ferry terminal' });
    expect(await refresh('jobs')).toMatchObject({ status: 'success' });
    expect(await stagedAs('JOB-88')).toMatchObject({ data: { project_number: 'JOB-88' } });
    expect(await stagedAs('JOB-4')).toBeUndefined();
    const project = await importIt('JOB-88');
    await until('the imported project is mapped', async () => {
      const rows = await world.query<{ by: string }>(
        `select set_by as by from mapping where kind = 'project' and key = $1 and value ->> 'code' = 'JOB-88' and current`,
        [String(project)],
      );
      return rows[0]?.by === 'tiebeam';
    });
  });
});

test('an ERP without cost codes by project says so of each project that is sent, and gets none', async () => {
  const reasons = await until('it is said', async () => {
    const rows = await world.query<{ reasons: readonly object[] }>(
      "select reasons from document where source_object = 'project-codes' and source_id = $1 and state = 'blocked'",
      [String(WAREHOUSE)],
    );
    return rows[0]?.reasons;
  });
  expect(reasons).toMatchObject([
    {
      message: expect.stringContaining('keeps no cost codes by project'),
      remedy: expect.stringContaining('Map cost codes to accounts'),
    },
  ]);
  // Nobody wants it any more: planned again it is withdrawn.
  const { engine, tenant } = world;
  await world.query(`update connection set config = config || '{"projectCodes":"off"}' where id = 'procore'`);
  engine.systems.reopen(tenant, 'procore');
  const hub = await engine.systems.hubOf(tenant);
  await step(engine, tenant, (tx) => wakeLane(tx, sourceLane(hub, 'project-codes', String(WAREHOUSE))));
  await until('it is withdrawn', async () => {
    const rows = await world.query(
      "select 1 from document where source_object = 'project-codes' and source_id = $1 and state = 'withdrawn'",
      [String(WAREHOUSE)],
    );
    return rows.length === 1;
  });
});

test('Ledgerline creates both as well, once though the answers are lost', async () => {
  const foreign = {
    id: warehouseCode + 1,
    project_id: PROJECT,
    code: '900',
    full_code: '77-900',
    name: 'Old',
  };
  const other = await startWorld({
    erp: 'demo-erp',
    procore: { projectCodes: 'from-erp' },
    seed: { ...seed, cost_codes: [...seed.cost_codes, { ...foreign, origin_id: 'JOB-9/05-300' }] },
    ledgerline: {
      cost_codes: [
        { code: '05', name: 'Metals' },
        { code: '05-100', name: 'structural  steel', parent: '05' },
        { code: '05-200', name: 'Bolts', parent: '05' },
        { code: '05-300', name: 'Rails', parent: '05' },
      ],
      cost_types: [{ code: 'S', name: 'Subcontract' }],
    },
  });
  try {
    await other.erp.trouble({ kind: 'lost-reply', on: 'create', times: 2 });
    const [vendor, project] = [
      await sendToErp(other, 'vendor', uncoded),
      await sendToErp(other, 'project', WAREHOUSE),
    ];
    await approveVendor(other, uncoded);
    for (const detail of [vendor, project])
      expect(await closedDetail(other, detail)).toMatchObject({ status: 'success' });
    expect(await other.erp.reached('lost-reply')).toBe(2);
    const state = (await (await fetch(`${other.erp.url}/_sim/state`)).json()) as Record<
      string,
      readonly Master[]
    >;
    expect(state.vendors!.filter(({ name }) => name === 'Harbor Signs')).toMatchObject([
      { code: expect.stringMatching(/^LV-/), reference: expect.stringMatching(/^TLL/) },
    ]);
    expect(state.projects!.filter(({ name }) => name === 'Warehouse')).toMatchObject([{ code: 'JOB-9' }]);
    await followsCostCodes(other);
  } finally {
    await other.stop();
  }
});

/** Cost codes that people assign to the new project in Ledgerline are written to it in Procore, row by row. */
async function followsCostCodes(at: World) {
  await at.sim('POST', 'faults', {
    seed: 1,
    rules: [{ kind: 'lost-reply', times: 1, match: { method: 'PATCH', path_regex: 'cost_codes/sync' } }],
  });
  const assigned = ['05-100', '05-200', '05-300'].map((cost_code) => ({ cost_code, cost_types: ['S'] }));
  const change = { cost_codes: assigned };
  await at.b1.post('act', { action: 'edit_project_codes', code: 'JOB-9', change });
  await at.sweep();
  const shown = async () =>
    ((await procoreState(at)) as unknown as { cost_codes: readonly Master[] }).cost_codes.filter(
      ({ project_id }) => project_id === WAREHOUSE,
    );
  const codes = await until('they stand with their types', async () => {
    const rows = await shown();
    const typed = rows.filter(({ line_item_type_ids: types }) => (types as readonly number[]).includes(31));
    return typed.length === 2 ? rows : undefined;
  });
  const [metals] = codes.filter(({ origin_id }) => origin_id === 'JOB-9/05');
  expect(codes.filter(({ id }) => id !== metals!.id)).toMatchObject([
    { id: warehouseCode, full_code: '05-100', origin_id: 'JOB-9/05-100', parent_id: metals!.id },
    { full_code: '05-200', origin_id: 'JOB-9/05-200', parent_id: metals!.id },
  ]);
  // One whose id another project bears is refused by Procore, and stands in front of somebody.
  const asked = await until('somebody is asked about the one that was refused', async () =>
    (await questions(at, 'exception')).find(({ question }) => question.includes('JOB-9/05-300')),
  );
  expect(asked.question).toMatch(/origin_id/);
}
