import { afterAll, beforeAll, expect, test } from 'vitest';
import { openControl as ledgerline } from '../../src/connectors/demo-erp/simulator/http/control.ts';
import type { DocumentBody } from '../../src/domain/documents.ts';
import { allowJobCosts } from '../../src/engine/decisions/allow-job-costs.ts';
import { compareActuals } from '../../src/engine/watch/compare-actuals.ts';
import { compareCodes } from '../../src/engine/watch/compare-codes.ts';
import { sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { mapCost } from './hands.ts';
import { closedDetail, procoreState, questions } from './looking.ts';
import { APPROVER, OTHER_PROJECT, PETER, PROJECT, people, startWorld, until, type World } from './world.ts';

/** A code that the ERP keeps itself: the other ones are mapped to accounts. */
const WINDOWS = 562949954000001;

let world: World;
beforeAll(async () => {
  world = await startWorld({
    erp: 'demo-erp',
    procore: { context: ['budget-code'] },
    seed: {
      line_item_types: [{ id: 32, name: 'Materials', code: 'M', base_type: 'materials', origin_id: 'M' }],
      cost_codes: [
        {
          ...{ id: WINDOWS, project_id: PROJECT, code: '200', full_code: '08-200', name: 'Windows' },
          ...{ origin_id: '08-200', line_item_type_ids: [32] },
        },
      ],
    },
    ledgerline: {
      cost_codes: [
        { code: '08', name: 'Openings' },
        { code: '08-200', name: 'Windows', parent: '08' },
      ],
      cost_types: [{ code: 'M', name: 'Materials' }],
    },
  });
  await until('the codes of the ERP are read', async () => {
    const rows = await world.query("select 1 from record where object in ('cost-code', 'cost-type')");
    return rows.length >= 3;
  });
});
afterAll(() => world?.stop());

type Line = readonly [costCode: 41 | 42 | 43 | 44 | typeof WINDOWS, amount: string];

async function setBudget(project: number, ...lines: readonly Line[]): Promise<readonly number[]> {
  const { budget_line_item_ids } = await world.act({
    ...{ as: PETER, action: 'set_budget', project_id: project },
    lines: lines.map(([cost_code_id, amount]) => {
      return { cost_code_id, line_item_type_id: cost_code_id === WINDOWS ? 32 : 31, amount };
    }),
  } as ProcoreAct);
  return budget_line_item_ids as number[];
}

async function approveChange(title: string, ...lines: readonly Line[]): Promise<number> {
  const made = await world.act({
    ...{ as: PETER, action: 'create_budget_change', project_id: PROJECT, title, status: 'approved' },
    lines: lines.map(([cost_code_id, amount]) => ({ cost_code_id, line_item_type_id: 31, amount })),
  } as ProcoreAct);
  return Number(made.budget_change_id);
}

async function exportBudget(project: number): Promise<number> {
  const sent = { as: PETER, kind: 'budget', ids: [project] };
  await world.act({ ...sent, action: 'send_object_to_erp' } as ProcoreAct);
  const done = await world.act({
    ...{ ...sent, as: APPROVER },
    action: 'approve_object_export',
  } as ProcoreAct);
  return (done.request_detail_ids as number[])[0]!;
}

/** What stands in the ERP as the budget of a job, entry by entry. */
async function entriesOf(job: string) {
  const { budgets } = await ledgerline(world.b1Url).state();
  return budgets
    .filter(({ project }) => project === job)
    .map(({ id, type, lines }) => [
      id,
      type,
      lines.map((line) => `${line.account ?? `${line.cost_code}/${line.cost_type}`} ${line.amount}`),
    ]);
}

type Row = {
  readonly id: string;
  readonly state: string;
  readonly reasons: readonly { readonly code: string }[];
  readonly body: DocumentBody | null;
};

/** The newest entry planned for a project, once it stands in a state. */
async function entryIn(project: number, revision: number, state: string, reason?: string): Promise<Row> {
  let last: Row | undefined;
  return until(`entry ${revision} of ${project} is ${state}`, async () => {
    [last] = await world.query<Row>(
      "select id, state, reasons, body from document where kind = 'budget' and project_id = $1 and revision = $2",
      [String(project), revision],
    );
    const told = reason === undefined || last?.reasons.some(({ code }) => code === reason);
    return last?.state === state && told && last;
  }).catch(() => {
    throw new Error(`entry ${revision} never stood in ${state}: ${JSON.stringify(last)}`);
  });
}

async function approve(document: string): Promise<void> {
  const [asked] = await until('somebody is asked', async () => {
    const found = (await questions(world, 'approval')).filter((each) => each.document === document);
    return found.length === 1 && found;
  });
  const { payloadHash = '' } = asked!.evidence;
  const { controller: user } = people;
  const wish = { tenant: world.tenant, user, reviewId: asked!.id, payloadHash };
  expect(await world.service.approve(wish)).toEqual({ ok: true });
}

/** However little it is, nothing of the budget is taken back there before a second person approved it. */
async function takenBack(revision: number): Promise<void> {
  const entry = await entryIn(PROJECT, revision, 'awaiting-approval');
  await approve(entry.id);
  await entryIn(PROJECT, revision, 'confirmed');
}

type InProcore = {
  readonly budgets: readonly {
    readonly id: number;
    readonly project_id: number;
    readonly origin_id: string | null;
    readonly erp_status: string;
  }[];
  readonly erp_transactions: readonly {
    readonly project_id: number;
    readonly value: string;
    readonly synced: boolean;
    readonly origin_id: string | null;
  }[];
};

async function inProcore(project: number) {
  const state = (await world.sim('GET', 'state')) as InProcore;
  const ofProject = ({ project_id }: { readonly project_id: number }) => project_id === project;
  return {
    budget: state.budgets.find(ofProject)!,
    transactions: state.erp_transactions.filter(ofProject),
  };
}

test('waits for a code, then is the original estimate of its job, once although the answer is lost', async () => {
  await setBudget(PROJECT, [41, '40000.10'], [43, '10.00'], [WINDOWS, '5.00']);
  const detail = await exportBudget(PROJECT);
  await entryIn(PROJECT, 1, 'in-review', 'cost-unmapped');
  await world.erp.trouble({ kind: 'lost-reply' });
  expect(await mapCost(world, '09-900|S', '5100')).toEqual({ ok: true });
  const { body } = await entryIn(PROJECT, 1, 'confirmed');
  expect(body).toMatchObject({ purpose: 'original', total: '40015.10' });
  expect(await world.erp.reached('lost-reply')).toBe(1);
  const entries = await entriesOf('JOB-4');
  expect(entries).toEqual([[expect.anything(), 'budget', ['5200 40000.10', '5100 10.00', '08-200/M 5.00']]]);
  expect((await closedDetail(world, detail)).status).toBe('success');
  const origin = `LL-${entries[0]![0]}`;
  const { budget, transactions } = await inProcore(PROJECT);
  expect(budget).toMatchObject({ origin_id: origin, erp_status: 'synced' });
  expect(transactions).toMatchObject([
    { value: '40000.1', synced: true, origin_id: `${origin}/1` },
    { value: '10.0', synced: true, origin_id: `${origin}/2` },
    { value: '5.0', synced: true, origin_id: `${origin}/3` },
  ]);
});

test('an update is one change of exactly what moved, once although its job was forgotten', async () => {
  const [to, from] = await setBudget(PROJECT, [41, '39000.00'], [42, '500.00']);
  await world.act({
    ...{ as: PETER, action: 'transfer_budget', project_id: PROJECT, transfer_amount: '25.00' },
    ...{ from_budget_line_item_id: from, to_budget_line_item_id: to },
  } as ProcoreAct);
  await world.erp.trouble({ kind: 'lost-job', on: 'read' });
  const detail = await exportBudget(PROJECT);
  await entryIn(PROJECT, 2, 'confirmed');
  expect(await world.erp.reached('lost-job')).toBe(1);
  expect((await entriesOf('JOB-4')).slice(1)).toEqual([
    // What moved from line to line goes along, at its own lines.
    [expect.anything(), 'budget-change', ['5200 -1000.10', '5100 500.00', '5200 25.00', '5100 -25.00']],
  ]);
  expect((await closedDetail(world, detail)).status).toBe('success');
  const { budget, transactions } = await inProcore(PROJECT);
  expect(transactions.every(({ synced }) => synced)).toBe(true);
  expect(budget.origin_id).toBe(`LL-${(await entriesOf('JOB-4'))[0]![0]}`);
});

test('one update that is told twice is posted once, and both are answered', async () => {
  await setBudget(PROJECT, [41, '39100.00']);
  const detail = await exportBudget(PROJECT);
  const again = await world.act({
    ...{ as: APPROVER, action: 'repeat_budget_export', project_id: PROJECT },
  } as ProcoreAct);
  await entryIn(PROJECT, 3, 'confirmed');
  for (const id of [detail, ...(again.request_detail_ids as number[])]) await closedDetail(world, id);
  await until('nothing is left to do', async () => {
    const items = await world.query("select 1 from request_item where state in ('received', 'working')");
    return items.length === 0;
  });
  expect((await entriesOf('JOB-4')).slice(2)).toEqual([
    [expect.anything(), 'budget-change', ['5200 100.00']],
  ]);
});

test('what was rejected is carried by the next update, together with what moved since', async () => {
  await setBudget(PROJECT, [42, '90500.00']);
  const rejected = await exportBudget(PROJECT);
  const { id } = await entryIn(PROJECT, 4, 'awaiting-approval');
  const [question] = (await questions(world, 'approval')).filter(({ document }) => document === id);
  expect(question!.question).toContain('Change the budget for the project?');
  const { controller: user } = people;
  await world.service.reject({ tenant: world.tenant, user, reviewId: question!.id, reason: 'Too much.' });
  expect(await closedDetail(world, rejected)).toMatchObject({
    status: 'failed',
    messages: [expect.stringContaining('Too much.')],
  });
  await setBudget(PROJECT, [42, '1500.00']);
  const detail = await exportBudget(PROJECT);
  const { id: next } = await entryIn(PROJECT, 4, 'awaiting-approval');
  // A move of 90,000 and one back are 179,000 that move, whatever is left of them.
  await approve(next);
  await entryIn(PROJECT, 4, 'confirmed');
  expect((await closedDetail(world, detail)).status).toBe('success');
  expect((await entriesOf('JOB-4')).slice(3)).toEqual([
    [expect.anything(), 'budget-change', ['5100 90000.00', '5100 -89000.00']],
  ]);
});

test('waits while its job is closed, and flows when it is opened again', async () => {
  await world.b1.post('act', { action: 'open_project', code: 'JOB-5', open: false });
  await until('it is read that the job is closed', async () => {
    const rows = await world.query(
      "select 1 from record where object = 'project' and native_id = 'JOB-5' and body ->> 'active' = 'false'",
    );
    return rows.length === 1;
  });
  await setBudget(OTHER_PROJECT, [44, '700.00']);
  await exportBudget(OTHER_PROJECT);
  await entryIn(OTHER_PROJECT, 1, 'blocked', 'target-refuses');
  expect(await entriesOf('JOB-5')).toEqual([]);
  await world.b1.post('act', { action: 'open_project', code: 'JOB-5', open: true });
  await entryIn(OTHER_PROJECT, 1, 'confirmed');
  expect(await entriesOf('JOB-5')).toEqual([[expect.anything(), 'budget', ['5200 700.00']]]);
});

test('estimates go to Procore with posted cost, as long as nobody else changes the budget in the ERP', async () => {
  const { engine, tenant } = world;
  await allowJobCosts(engine, { tenant, user: people.engineer, allowed: true });
  const post = (amount: string) =>
    world.b1.post('act', {
      action: 'post_entry',
      lines: [
        { account: '5200', project: 'JOB-5', amount },
        { account: '5100', amount: `-${amount}` },
      ],
    });
  await post('20.00');
  const costs = async () => {
    const { job_costs } = (await procoreState(world)) as unknown as {
      job_costs: readonly { project_id: number; job_to_date_cost: string }[];
    };
    return job_costs.filter(({ project_id: id }) => id === OTHER_PROJECT);
  };
  await until('cost is shown', async () => (await costs())[0]?.job_to_date_cost === '20.0');
  const estimates = { original_estimate: '700.0', approved_estimate_changes: '0.0', estimate: '700.0' };
  expect(await costs()).toMatchObject([estimates]);
  await world.b1.post('act', {
    ...{ action: 'change_budget', project: 'JOB-5', number: 'BC-1', account: '5200', amount: '5.00' },
  });
  await post('1.00');
  await until('more is shown', async () => (await costs())[0]?.job_to_date_cost === '21.0');
  const compared = await compareActuals(engine, tenant);
  const { notes } = compared.find(({ project }) => project.id === String(OTHER_PROJECT))!;
  expect(notes.join()).toContain('budget is not stated by cost code: BC-1 of 5.00 in the ERP was not sent');
});

test('the daily look finds every entry as it was posted', async () => {
  const erp = await world.engine.systems.homeOf(world.tenant);
  const report = await until('what was posted is old enough to be compared', async () => {
    const found = await sweepReferences(world.engine, erp, null);
    return found.listed >= 5 && found;
  });
  expect(report.findings).toEqual([]);
});

test('the comparison names what stands between both budgets, to the cent', async () => {
  const compared = async () => {
    const { tieOut } = await world.service.tieOutBudgets(world.tenant, { refresh: true });
    expect(tieOut.problem).toBeNull();
    const { source, target, difference, residual, items } = tieOut.projects.find(
      ({ project }) => project.id === String(PROJECT),
    )!;
    expect(residual).toBe('0.00');
    const parts = items.map(({ cause, number, amount }) => `${cause} ${number} ${amount}`);
    return { source, target, difference, parts };
  };
  expect(await compared()).toEqual({ source: '40615.00', target: '40615.00', difference: '0.00', parts: [] });
  await approveChange('Piles', [41, '250.05'], [41, '25.00'], [42, '-25.00']);
  await setBudget(PROJECT, [41, '39100.01'], [42, '61000.00']);
  await world.b1.post('act', {
    ...{ action: 'change_budget', project: 'JOB-4', number: 'BC-9', account: '5100', amount: '7.77' },
  });
  const documents = await entriesOf('JOB-4');
  const differs = {
    ...{ source: '100365.06', target: '40622.77', difference: '59742.29' },
    parts: [
      'change-not-posted 05-100 S 0.01',
      'change-not-posted 03-100 S 59500.00',
      'not-sent Budget change 1 250.05',
      `erp-only ${documents.at(-1)![0]} BC-9 -7.77`,
    ],
  };
  expect(await compared()).toEqual(differs);
  await exportBudget(PROJECT);
  const { id } = await entryIn(PROJECT, 5, 'awaiting-approval');
  const { parts, ...sums } = await compared();
  expect(sums).toEqual({ source: '100365.06', target: '40622.77', difference: '59742.29' });
  expect(parts[0]).toBe('waiting P-004 Budget change 4 59750.06');
  expect(parts.slice(1)).toEqual(differs.parts.slice(3));
  await approve(id);
  await entryIn(PROJECT, 5, 'confirmed');
  expect((await compared()).parts).toEqual(parts.slice(1));
});

test('an approved budget change goes with the next export, once although it is told twice', async () => {
  // The first one took the place of what had been moved from line to line.
  expect((await entriesOf('JOB-4'))[5]?.[2]).toEqual([
    ...['5200 0.01', '5100 59500.00'],
    ...['5200 275.05', '5100 -25.00', '5200 -25.00', '5100 25.00'],
  ]);
  const steel = await approveChange('Steel', [41, '10.10'], [42, '-10.10']);
  const detail = await exportBudget(PROJECT);
  const again = await world.act({
    ...{ as: APPROVER, action: 'repeat_budget_export', project_id: PROJECT },
  } as ProcoreAct);
  await entryIn(PROJECT, 6, 'confirmed');
  for (const each of [detail, ...(again.request_detail_ids as number[])]) await closedDetail(world, each);
  const after = async () => (await entriesOf('JOB-4')).slice(6).map(([, , lines]) => lines);
  expect(await after()).toEqual([['5200 10.10', '5100 -10.10']]);
  // Voided, it is taken back by the next export and by nothing else.
  const voided = { as: PETER, action: 'edit_budget_change', project_id: PROJECT, status: 'void' };
  await world.act({ ...voided, budget_change_id: steel } as ProcoreAct);
  await exportBudget(PROJECT);
  await takenBack(7);
  expect((await after())[1]).toEqual(['5200 -10.10', '5100 10.10']);
  // So is one that Procore shows no more.
  const decks = await approveChange('Decks', [41, '3.00'], [42, '-3.00']);
  await exportBudget(PROJECT);
  await entryIn(PROJECT, 8, 'confirmed');
  const gone = { as: PETER, action: 'delete_budget_change', project_id: PROJECT };
  await world.act({ ...gone, budget_change_id: decks } as ProcoreAct);
  await exportBudget(PROJECT);
  await takenBack(9);
  expect((await after()).slice(2)).toEqual([
    ['5200 3.00', '5100 -3.00'],
    ['5200 -3.00', '5100 3.00'],
  ]);
  const { transactions } = await inProcore(PROJECT);
  expect(transactions.every(({ synced }) => synced)).toBe(true);
});

test('codes that lines of the budget bear have a place in the ERP, and one that has none is named', async () => {
  const standings = async () => {
    const [compared] = (await compareCodes(world.engine, world.tenant)).filter(
      ({ project }) => project.id === String(PROJECT),
    );
    return (compared?.codes ?? [])
      .map(({ costCode, costType, standing }) => `${costCode} ${costType} ${standing.kind}`)
      .toSorted();
  };
  const known = ['03-100 S mapped', '05-100 S mapped', '08-200 M own', '09-900 S mapped'];
  await until('the codes are read', async () => (await standings()).length === known.length);
  expect(await standings()).toEqual(known);
  await world.act({
    ...{ as: PETER, action: 'set_wbs_status', project_id: PROJECT, status: 'active' },
    ...{ cost_code_id: 41, line_item_type_id: 32 },
  } as ProcoreAct);
  await until('a new one is read', async () => (await standings()).includes('05-100 M unknown'));
});
