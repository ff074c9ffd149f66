import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { allowStaging } from './event-acts.ts';
import { mapCost } from './hands.ts';
import { closedDetail, procoreState, questions, standsIn } from './looking.ts';
import {
  APPROVER,
  exportCommitment,
  type NewLine,
  PETER,
  PROJECT,
  people,
  startWorld,
  until,
  type World,
} from './world.ts';

const FIRST = 562949955000000;
const [METALS, STEEL, DECK] = [FIRST + 1, FIRST + 2, FIRST + 3];
const [CONCRETE, WALLS] = [FIRST + 4, FIRST + 5];
const [STONE, VENEER] = [FIRST + 6, FIRST + 7];
const LONG = FIRST + 8;
const [YARD, EAST, WEST] = [FIRST + 11, FIRST + 12, FIRST + 13];
const [SPARE, USED, PIER] = [FIRST + 21, FIRST + 22, FIRST + 23];
const OLD_PAINT = FIRST + 24;

let world: World;
beforeAll(async () => {
  world = await startWorld({
    erp: 'demo-erp',
    procore: { projectCodes: 'to-erp' },
    seed: {
      standard_cost_codes: [
        { id: METALS, code: '05', name: 'Metals' },
        { id: STEEL, code: '120', name: 'Steel', parent_id: METALS },
        { id: DECK, code: '310', name: 'Decking', parent_id: METALS },
        { id: CONCRETE, code: '03', name: 'Concrete' },
        { id: WALLS, code: '300', name: 'Walls', parent_id: CONCRETE },
        { id: STONE, code: '04', name: 'Stone' },
        { id: VENEER, code: '100', name: 'Veneer', parent_id: STONE },
        { id: LONG, code: '99-MISCELLANEOUS', name: 'Other' },
      ],
      projects: [{ id: YARD, name: 'Yard', project_number: 'P-9', origin_id: 'YARD', origin_code: 'YARD' }],
      sub_jobs: [
        { id: EAST, project_id: PROJECT, code: 'E', name: 'East pier' },
        { id: WEST, project_id: YARD, code: 'W', name: 'West yard' },
      ],
      cost_codes: [
        {
          ...{ id: SPARE, project_id: PROJECT, code: '920', full_code: '09-920', name: 'Spare' },
          ...{ origin_id: '09-920', line_item_type_ids: [31] },
        },
        {
          ...{ id: USED, project_id: PROJECT, code: '930', full_code: '09-930', name: 'Used' },
          ...{ origin_id: '09-930', line_item_type_ids: [31] },
        },
        {
          ...{ id: OLD_PAINT, project_id: PROJECT, code: '910', full_code: '09-910', name: 'Old paint' },
          line_item_type_ids: [31],
        },
        {
          ...{ id: PIER, project_id: PROJECT, sub_job_id: EAST, code: '100', full_code: '02-100' },
          ...{ name: 'Piles', line_item_type_ids: [31] },
        },
      ],
      tax_codes: [{ code: 'CA', description: 'California', rate1: 8.25 }],
    },
    ledgerline: {
      cost_codes: [
        { code: '03', name: 'Concrete' },
        { code: '04', name: 'Masonry' },
        { code: '09', name: 'Finishes' },
        { code: '09-900', name: 'Paint', parent: '09' },
        { code: '09-910', name: 'Old paint', parent: '09', active: false },
      ],
      cost_types: [
        { code: 'S', name: 'Subcontract' },
        { code: 'L', name: 'Labor' },
      ],
      sub_jobs: [{ project: 'JOB-4', code: 'N', name: 'North pier' }],
      tax_codes: [
        { code: 'CA', name: 'California', rate: '8.2500' },
        { code: 'NY', name: 'New York', rate: '8.875' },
      ],
    },
  });
  await allowStaging(world);
});
afterAll(() => world?.stop());

type Row = Readonly<Record<string, unknown>>;
const inErp = async (list: 'costCodes' | 'subJobs' | 'orders' | 'projects') =>
  ((await (await fetch(`${world.erp.url}/_sim/state`)).json()) as Record<string, readonly Row[]>)[list]!;
const ordersInErp = async (number: string) =>
  (await inErp('orders')).filter((order) => order.number === number);
const inProcore = async (list: string) =>
  ((await procoreState(world)) as unknown as Record<string, readonly Row[]>)[list]!;
const rowOf = async (list: string, field: string, value: unknown) =>
  (await inProcore(list)).find((row) => row[field] === value);
const editInErp = (list: string, id: string, change: object) =>
  world.b1.post('act', { action: 'edit_job_cost', list, id, change });
const act = (deed: object) => world.act(deed as ProcoreAct);

async function sendToErp(kind: string, ids: readonly number[]): Promise<number[]> {
  await act({ as: PETER, action: 'send_object_to_erp', kind, ids });
  const done = await act({ as: APPROVER, action: 'approve_object_export', kind, ids });
  return done.request_detail_ids as number[];
}

async function refresh(what: string) {
  const done = await act({ as: APPROVER, action: 'refresh_from_erp', what });
  return closedDetail(world, (done.request_detail_ids as number[])[0]!);
}

const calls = async (kind: string) => {
  const [row] = await world.query<{ count: number }>(
    `select count(*)::int as count from posting where operation ->> 'kind' = $1`,
    [kind],
  );
  return row!.count;
};

describe('standard cost codes', () => {
  let details: readonly number[];

  test('sent as a batch are created once each, parents first, though answers are lost', async () => {
    await world.erp.trouble({ kind: 'lost-reply', on: 'create', times: 2 });
    details = await sendToErp('standard_cost_code', [
      ...[STEEL, DECK, METALS, WALLS, CONCRETE],
      ...[VENEER, STONE, LONG],
    ]);
    for (const place of [0, 1, 2, 3, 4])
      expect(await closedDetail(world, details[place]!)).toMatchObject({
        status: 'success',
        times_written: 1,
      });
    expect(await world.erp.reached('lost-reply')).toBe(2);
    const made = (await inErp('costCodes')).filter(({ reference }) => reference !== undefined);
    expect(made.map(({ code, parent }) => [code, parent]).toSorted()).toEqual([
      ['03-300', '03'],
      ['05', null],
      ['05-120', '05'],
      ['05-310', '05'],
    ]);
    expect(await rowOf('standard_cost_codes', 'id', STEEL)).toMatchObject({ origin_id: '05-120' });
    // The ERP had that one under its very name: it was linked.
    expect(await rowOf('standard_cost_codes', 'id', CONCRETE)).toMatchObject({ origin_id: '03' });
  });

  test('that the ERP refuses are told by field, and stop no other', async () => {
    expect(await closedDetail(world, details[7]!)).toMatchObject({
      status: 'failed',
      messages: [expect.stringMatching(/^code: .*at most 12 characters/)],
    });
  });

  test('under the code of another name are asked about, and what is below waits for the answer', async () => {
    const asked = await until('somebody is asked about 04', async () =>
      (await questions(world, 'conflict')).find(({ question }) => question.includes('04 as "Masonry"')),
    );
    const [below] = await world.query<{ state: string; reasons: readonly { code: string }[] }>(
      "select state, reasons from document where kind = 'cost-code' and source_id = $1",
      [String(VENEER)],
    );
    expect(below).toMatchObject({ state: 'blocked', reasons: [{ code: 'parent-missing' }] });
    await editInErp('cost-codes', '04', { name: 'Stone' });
    await world.sweep();
    for (const place of [5, 6])
      expect(await closedDetail(world, details[place]!)).toMatchObject({ status: 'success' });
    expect(await rowOf('standard_cost_codes', 'id', VENEER)).toMatchObject({ origin_id: '04-100' });
    expect((await inErp('costCodes')).filter(({ code }) => code === '04')).toHaveLength(1);
    expect((await questions(world, 'conflict')).map(({ id }) => id)).not.toContain(asked.id);
  });

  test('of the ERP are written to Procore level by level, though an answer is lost', async () => {
    await world.sim('POST', 'faults', {
      seed: 1,
      rules: [
        { kind: 'lost-reply', times: 1, match: { method: 'PATCH', path_regex: 'standard_cost_codes' } },
      ],
    });
    const told = await refresh('standard_cost_codes');
    expect(told.messages).toEqual([
      expect.stringMatching(/\d+ cost codes of Ledgerline\. 2 are new in Procore, 0 were brought up to date/),
    ]);
    const above = await rowOf('standard_cost_codes', 'origin_id', '09');
    expect(await rowOf('standard_cost_codes', 'origin_id', '09-900')).toMatchObject({
      code: '900',
      parent_id: above!.id,
    });
    expect(await rowOf('standard_cost_codes', 'origin_id', '09-910')).toBeUndefined();
  });

  test('that did not change are not written again; a name is, and a closed one stays', async () => {
    const before = await calls('sync-codes');
    expect((await refresh('standard_cost_codes')).messages).toHaveLength(1);
    expect(await calls('sync-codes')).toBe(before);
    await editInErp('cost-codes', '09', { name: 'Finishes and paint' });
    await editInErp('cost-codes', '09-900', { active: false });
    const { messages } = await refresh('standard_cost_codes');
    expect(messages[0]).toContain('1 were brought up to date');
    expect(messages[1]).toMatch(/^1 are closed in Ledgerline and stay in Procore/);
    expect(await rowOf('standard_cost_codes', 'origin_id', '09')).toMatchObject({
      name: 'Finishes and paint',
    });
  });
});

test('cost types are linked by code and name, or made, and the request without a detail is answered', async () => {
  const done = await act({ as: APPROVER, action: 'refresh_from_erp', what: 'standard_categories' });
  const request = String((done.erp_request_ids as number[])[0]);
  await until('the request is worked', async () => {
    const rows = await world.query<{ messages: readonly string[] }>(
      "select messages from request_item where request_id = $1 and state = 'succeeded'",
      [request],
    );
    return rows[0]?.messages[0]?.includes('1 are new in Procore, 0 were brought up to date, 1 were linked');
  });
  expect(await rowOf('line_item_types', 'id', 31)).toMatchObject({ origin_id: 'S', code: 'S' });
  expect(await rowOf('line_item_types', 'origin_id', 'L')).toMatchObject({ code: 'L', name: 'Labor' });
});

describe('sub jobs', () => {
  test('are created once in their job, though the answer is lost, and what is coded to them follows', async () => {
    await mapCost(world, '02-100|S', '5100');
    const lines = [{ amount: '70.00', code: PIER as unknown as 41 }, { amount: '30.00' }] satisfies NewLine[];
    const { contract } = await exportCommitment(world, { number: 'SC-EAST', lines });
    await standsIn(world, contract, 'blocked');
    expect(await ordersInErp('SC-EAST')).toEqual([]);
    await world.erp.trouble({ kind: 'lost-reply', on: 'create' });
    const [east] = await sendToErp('sub_job', [EAST]);
    expect(await closedDetail(world, east!)).toMatchObject({ status: 'success' });
    await standsIn(world, contract, 'confirmed');
    expect(await ordersInErp('SC-EAST')).toMatchObject([
      {
        lines: [
          { amount: '70.00', sub_job: 'JOB-4/E' },
          { amount: '30.00', sub_job: null },
        ],
      },
    ]);
    const [west] = await sendToErp('sub_job', [WEST]);
    await until('it waits for its project', async () => {
      const rows = await world.query(
        "select 1 from document where kind = 'sub-job' and state = 'blocked' and reasons -> 0 ->> 'code' = 'project-unmapped'",
      );
      return rows.length === 1;
    });
    await world.service.setMapping({
      tenant: world.tenant,
      user: people.accountant,
      mapping: { kind: 'project', scope: '', key: String(YARD), value: { kind: 'project', code: 'JOB-5' } },
    });
    expect(await closedDetail(world, west!)).toMatchObject({ status: 'success' });
    const made = (await inErp('subJobs')).filter(({ reference }) => reference !== undefined);
    expect(made.map(({ id }) => id).toSorted()).toEqual(['JOB-4/E', 'JOB-5/W']);
    expect(await rowOf('sub_jobs', 'id', EAST)).toMatchObject({ origin_id: 'JOB-4/E' });
  });

  test('that Procore lacks are offered for import, and none that it has', async () => {
    const told = await refresh('sub_jobs');
    expect(told.messages[0]).toMatch(/3 sub jobs of Ledgerline\. 1 are new in Ready to Import.* 2 are known/);
    const staged = await rowOf('staged_records', 'origin_id', 'JOB-4/N');
    expect(staged).toMatchObject({
      item_type: 'sub_job',
      data: { name: 'North pier', code: 'N', project_origin_id: 'JOB-4' },
    });
    await act({ as: APPROVER, action: 'import_staged_record', staged_record_id: staged!.id });
    expect((await refresh('sub_jobs')).messages[0]).toContain('3 are known already');
    await until('the imported sub job is linked', async () => {
      const linked = "select 1 from link where source_object = 'sub-job' and target_id = 'JOB-4/N'";
      return (await world.query(linked)).length === 1;
    });
  });
});

describe('cost codes of a project', () => {
  const projectInErp = async (code: string) =>
    (await inErp('projects')).find((project) => project.code === code) as
      | { cost_codes: readonly { cost_code: string; cost_types: readonly string[] }[] }
      | undefined;
  const assignedTo = async (project: string) => (await projectInErp(project))?.cost_codes ?? [];
  const editCodes = (change: object) =>
    world.b1.post('act', { action: 'edit_project_codes', code: 'JOB-4', change });

  test('are assigned with its export, once though the answer is lost, and what the ERP lacks is named', async () => {
    await editInErp('cost-codes', '09-900', { active: true });
    await world.sweep();
    await world.erp.trouble({ kind: 'lost-reply', on: 'create' });
    const [detail] = await sendToErp('project', [PROJECT]);
    expect(await closedDetail(world, detail!)).toMatchObject({ status: 'success' });
    await until('the project has the codes that the ERP knows', async () =>
      (await assignedTo('JOB-4')).some(({ cost_code }) => cost_code === '09-900'),
    );
    const reasons = await until('the others are named', async () => {
      const rows = await world.query<{ reasons: readonly { message: string }[] }>(
        "select reasons from document where source_object = 'project-codes' and source_id = $1 and state = 'blocked'",
        [String(PROJECT)],
      );
      return rows[0]?.reasons;
    });
    expect(reasons[0]!.message).toContain('09-920');
    const known = (await inErp('costCodes')).map(({ code }) => code);
    expect((await assignedTo('JOB-4')).every(({ cost_code }) => known.includes(cost_code))).toBe(true);
  });

  test('that the project restricts hold a line back until its code is assigned there', async () => {
    await mapCost(world, '09-910|S', '5100');
    await editCodes({ restricts_cost_codes: true });
    await world.sweep();
    const line = { amount: '12.00', code: OLD_PAINT as unknown as 41 } satisfies NewLine;
    const { contract } = await exportCommitment(world, { number: 'SC-PAINT', lines: [line] });
    await standsIn(world, contract, 'blocked');
    expect(await ordersInErp('SC-PAINT')).toEqual([]);
    await editInErp('cost-codes', '09-910', { active: true });
    await world.sweep();
    await standsIn(world, contract, 'confirmed');
    expect(await ordersInErp('SC-PAINT')).toMatchObject([{ lines: [{ cost_code: '09-910' }] }]);
    await editCodes({ restricts_cost_codes: false });
  });
});

describe('a cost type that is taken off a cost code', () => {
  const askToDelete = async (code: number) => {
    const done = await act({
      ...{ as: APPROVER, action: 'ask_to_delete_cost_types' },
      ...{ cost_code_id: code, line_item_type_ids: [31] },
    });
    return closedDetail(world, (done.request_detail_ids as number[])[0]!);
  };
  const assigned = (code: number) => rowOf('cost_code_line_item_types', 'cost_code_id', code);

  test('goes in Procore with its row of cost where nothing stands on it, though the answer is lost', async () => {
    await world.sim('POST', 'faults', {
      seed: 1,
      rules: [{ kind: 'lost-reply', times: 1, match: { method: 'DELETE' } }],
    });
    expect(await askToDelete(SPARE)).toMatchObject({ status: 'success', times_written: 1 });
    expect(await assigned(SPARE)).toBeUndefined();
    expect(await rowOf('job_costs', 'cost_code_id', SPARE)).toBeUndefined();
  });

  test('stays where something was posted on it', async () => {
    await mapCost(world, '09-930|S', '5100');
    const line = { amount: '10.00', code: USED as unknown as 41 } satisfies NewLine;
    const { contract } = await exportCommitment(world, { lines: [line] });
    await standsIn(world, contract, 'confirmed');
    expect(await askToDelete(USED)).toMatchObject({
      status: 'failed',
      messages: [expect.stringMatching(/^09-930 S stands on what was posted/)],
    });
    expect(await assigned(USED)).toBeDefined();
  });
});

test('tax codes follow the ERP by themselves: linked, made, changed and archived', async () => {
  const shown = (originId: string, wanted: Row) =>
    until(`${originId} is as wanted`, async () => {
      const row = await rowOf('tax_codes', 'origin_id', originId);
      return row !== undefined && Object.entries(wanted).every(([name, value]) => row[name] === value);
    });
  await shown('CA', { code: 'CA', rate1: 8.25 });
  await shown('NY', { description: 'New York', rate1: 8.875, archived: false });
  expect(await inProcore('tax_codes')).toHaveLength(2);
  await editInErp('tax-codes', 'CA', { rate: '8.50' });
  await editInErp('tax-codes', 'NY', { active: false });
  await world.sweep();
  await shown('CA', { rate1: 8.5 });
  await shown('NY', { archived: true });
});
