import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowJobCosts } from '../../src/engine/decisions/allow-job-costs.ts';
import { type ComparedCost, compareActuals } from '../../src/engine/watch/compare-actuals.ts';
import { type AlteredWorld, startAlteredWorld } from './altered-world.ts';
import { billed, invoiceStands, mapRetainage } from './billing.ts';
import { actInErp } from './hands.ts';
import { procoreState, questions, standsIn } from './looking.ts';
import { counted, showBy, shownIn } from './posted-cost.ts';
import { exportCommitment, OTHER_PROJECT, PROJECT, people, startWorld, until, type World } from './world.ts';

/** What reached either system as a write: without sign-ins, and without the reads that B1 takes as a POST. */
async function writes(world: World): Promise<{ procore: string[]; erp: string[] }> {
  const ours = ({ path }: { path: string }) => !/Login|Logout|oauth|webhooks|CompanyService/.test(path);
  const pathOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
  return {
    procore: (await shownIn(world)).write_log.filter(ours).map(pathOf),
    erp: (await world.truth()).writes.filter(ours).map(pathOf),
  };
}

const allow = (world: World, user: (typeof people)[keyof typeof people], allowed: boolean) =>
  allowJobCosts(world.engine, { tenant: world.tenant, user, allowed });

async function comparedOf(world: World, projectId: number): Promise<ComparedCost | undefined> {
  const all = await compareActuals(world.engine, world.tenant);
  return all.find(({ project }) => project.id === String(projectId));
}

const cents = (amount: string) => BigInt(amount.replace('.', ''));

/** Waits until the budget shows what the ledger says, but for what nobody can attribute; both sheets say the same. */
function tiesOut(world: World, projectId: number, ledger: string): Promise<ComparedCost> {
  let last: ComparedCost | undefined;
  return until(`project ${projectId} shows ${ledger}`, async () => {
    last = await comparedOf(world, projectId);
    if (last?.ledger !== ledger || last.waiting !== '0.00' || last.unread !== '0.00') return null;
    if (last.notes.some((note) => note.includes('under way'))) return null;
    return cents(last.directCosts) + cents(last.byPayApplications) === cents(last.shown) ? last : null;
  }).catch(() => {
    throw new Error(`project ${projectId} never showed ${ledger}: ${JSON.stringify(last)}`);
  });
}

const map = (world: World, key: string, code: string) =>
  world.service.setMapping({
    tenant: world.tenant,
    user: people.accountant,
    mapping: { kind: 'cost', scope: '', key, value: { kind: 'account', code } },
  });

const book = (
  world: World,
  date: string,
  ...lines: { account: string; debit: string; project?: string }[]
) => {
  const sum = lines.reduce((total, { debit }) => total + cents(debit), 0n);
  const credit = `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`;
  if (world.erp.system === 'sap-business-one')
    return actInErp(world, { action: 'post_journal', date, lines: [...lines, { account: '2050', credit }] });
  const typed = lines.map(({ debit: amount, ...line }) => ({ ...line, amount }));
  const owed = { account: '2050', amount: `-${credit}` };
  return world.b1.post('act', { action: 'post_entry', date, lines: [...typed, owed] });
};

/** Has the entry of this amount reversed on its own day. */
async function reverse(world: World, amount: string, date: string): Promise<void> {
  const [entry] = await world.query<{ id: string }>(
    "select native_id as id from record where object = 'journal' and body @> $1",
    [JSON.stringify({ lines: [{ amount }] })],
  );
  if (world.erp.system === 'sap-business-one')
    return actInErp(world, { action: 'reverse_journal', jdtNum: Number(entry!.id) });
  return world.b1.post('act', { action: 'reverse_entry', id: entry!.id, date });
}

describe.each(['sap-business-one', 'demo-erp'] as const)(
  'while every connection to %s is read-only',
  (erp) => {
    let world: World;
    beforeAll(async () => {
      world = await startWorld({ phase: 'read-only', erp });
      await world.query("update connection set phase = 'read-only'");
      await map(world, '08-100|S', '5200');
      await mapRetainage(world, '2050');
      await book(
        world,
        '2026-10-15',
        { account: '5100', debit: '1250.05', project: 'JOB-4' },
        { account: '5200', debit: '300.10', project: 'JOB-4' },
        { account: '5100', debit: '70.07' },
      );
      await book(world, '2026-11-02', { account: '5100', debit: '0.95', project: 'JOB-4' });
    });
    afterAll(() => world?.stop());

    test('cost is read and compared, and nothing at all is written before somebody switches that on', async () => {
      const cost = await until('the entries are read', async () => {
        const seen = await comparedOf(world, PROJECT);
        return seen?.ledger === '1551.10' && seen.unread === '0.00' ? seen : null;
      });
      expect(cost).toMatchObject({
        attributed: '1251.00',
        unattributed: '300.10',
        shown: '0.00',
        residual: '0.00',
      });
      expect(await allow(world, people.accountant, true)).toMatchObject({ ok: false, status: 403 });
      await world.sweep();
      await new Promise((done) => setTimeout(done, 1_500));
      expect(await writes(world)).toEqual({ procore: [], erp: [] });
    });

    test('switched on, the budget shows each cent that can be attributed, by month and to date', async () => {
      expect(await allow(world, people.engineer, true)).toEqual({ ok: true });
      const cost = await tiesOut(world, PROJECT, '1551.10');
      expect(cost).toMatchObject({
        shown: '1251.00',
        directCosts: '1251.00',
        unattributed: '300.10',
        strayed: '0.00',
        residual: '0.00',
      });
      const shown = await shownIn(world);
      expect(
        shown.direct_cost_line_items.map(({ cost_code_id, amount }) => [cost_code_id, amount]).sort(),
      ).toEqual([
        [42, '0.95'],
        [42, '1250.05'],
      ]);
      expect(shown.job_costs).toMatchObject([
        { cost_code_id: 42, job_to_date_cost: '1251.0', commitment_invoiced: '0.0' },
      ]);
      const audit = await world.query<{ actor: string }>(
        "select actor from audit where kind = 'job-costs-allowed'",
      );
      expect(audit).toEqual([{ actor: people.engineer.email }]);
    });

    test('what nobody can attribute stands in front of an accountant with its amount, until a mapping tells', async () => {
      const asked = async () =>
        (await questions(world, 'exception')).filter(({ subject }) => subject.startsWith('unattributed:'));
      const [question] = await until('somebody is asked', async () => {
        const open = await asked();
        return open.length > 0 ? open : null;
      });
      expect(question!.question).toContain('USD 300.10');
      await map(world, '08-100|S', '5300');
      expect(await tiesOut(world, PROJECT, '1551.10')).toMatchObject({
        shown: '1551.10',
        unattributed: '0.00',
      });
      await until('nobody is asked any more', async () => (await asked()).length === 0);
    });

    test('a reversal takes its own month back, and only rows that changed are sent', async () => {
      const before = (await writes(world)).procore.length;
      await reverse(world, '0.95', '2026-11-02');
      await tiesOut(world, PROJECT, '1550.15');
      const shown = await shownIn(world);
      expect(shown.direct_cost_line_items.map(({ amount }) => amount).sort()).toEqual([
        '0.0',
        '1250.05',
        '300.1',
      ]);
      const { procore } = await writes(world);
      const sent = procore.slice(before).map((each) => each.replace(/^.*(direct_costs|erp_job_costs)/, '$1'));
      expect(sent.sort()).toEqual(['direct_costs/line_items/sync', 'erp_job_costs/sync']);
    });

    test('an answer that was lost is looked for, and nothing stands twice', async () => {
      const rule = { kind: 'lost-reply', times: 2, match: { method: 'PATCH', path_regex: 'direct_costs' } };
      await world.sim('POST', 'faults', { seed: 1, rules: [rule] });
      await book(world, '2026-10-20', { account: '5100', debit: '49.85', project: 'JOB-4' });
      const cost = await tiesOut(world, PROJECT, '1600.00');
      expect(cost).toMatchObject({ shown: '1600.00', directCosts: '1600.00', strayed: '0.00' });
      const counts = (await world.sim('GET', 'faults')) as Record<string, { reached: number }>;
      expect(counts['lost-reply']!.reached).toBeGreaterThan(0);
      const origins = (await shownIn(world)).direct_cost_line_items.map(({ origin_id }) => origin_id);
      expect(new Set(origins).size).toBe(origins.length);
    });

    test('a cost code that the project lacks in Procore waits by name, and the others go on', async () => {
      await book(
        world,
        '2026-10-20',
        { account: '5100', debit: '5.00', project: 'JOB-5' },
        { account: '5200', debit: '7.00', project: 'JOB-5' },
      );
      const cost = await until('the other project is shown', async () => {
        const seen = await comparedOf(world, OTHER_PROJECT);
        return seen?.shown === '7.00' ? seen : null;
      });
      expect(cost).toMatchObject({ ledger: '12.00', attributed: '12.00', waiting: '5.00', residual: '0.00' });
      expect(cost.notes).toContain('03-100 S to date, 5.00: not shown yet');
    });

    test('switched off, nothing more of it leaves; and the ERP was never written to', async () => {
      expect(await allow(world, people.controller, false)).toEqual({ ok: true });
      const { procore } = await writes(world);
      await book(world, '2026-11-03', { account: '5100', debit: '1.00', project: 'JOB-4' });
      await until('it is read', async () => (await comparedOf(world, PROJECT))?.waiting === '1.00');
      await new Promise((done) => setTimeout(done, 1_200));
      const after = await writes(world);
      expect(after.procore).toEqual(procore);
      expect(after.erp).toEqual([]);
      expect(procore.every((each) => /direct_costs|erp_job_costs/.test(each))).toBe(true);
    });
  },
);

describe('beside pay applications', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ procore: { jobCostColumns: ['open_balance'] } });
    await map(world, '08-100|S', '5200');
    await mapRetainage(world, '2050');
    await allow(world, people.engineer, true);
  });
  afterAll(() => world?.stop());

  test('an invoice of ours is cost of the lines that it bills, gross, and no direct cost; cancelled, it is none', async () => {
    const { contract } = await exportCommitment(world, {
      lines: [{ amount: '10000.00' }, { amount: '5000.00', code: 45 }],
    });
    await standsIn(world, contract, 'confirmed');
    const { contracts } = await procoreState(world);
    const [steel, doors] = contracts.find(({ id }) => id === contract)!.line_items.map(({ id }) => id);
    const { application } = await billed(world, contract, [
      {
        line_item_id: steel!,
        work_completed_this_period: '4000.00',
        work_completed_retainage_retained_this_period: '400.00',
      },
      { line_item_id: doors!, work_completed_this_period: '1000.50' },
    ]);
    const { target_id } = await invoiceStands(world, application, 'confirmed');
    const cost = await tiesOut(world, PROJECT, '5000.50');
    expect(cost).toMatchObject({
      shown: '5000.50',
      byPayApplications: '5000.50',
      directCosts: '0.00',
      unattributed: '0.00',
    });
    const costs = (await shownIn(world)).job_costs;
    expect(
      costs.map(({ cost_code_id, job_to_date_cost }) => [cost_code_id, job_to_date_cost]).sort(),
    ).toEqual([
      [41, '4000.0'],
      [45, '1000.5'],
    ]);
    expect(costs.find(({ cost_code_id }) => cost_code_id === 45)).toMatchObject({
      ...{ original_commitment: '5000.0', approved_commitment_changes: '0.0', revised_commitment: '5000.0' },
      open_balance: '3999.5',
    });
    expect(Object.keys(costs[0]!)).not.toContain('original_estimate');
    await actInErp(world, { action: 'cancel_invoice', docEntry: Number(target_id) });
    expect(await tiesOut(world, PROJECT, '0.00')).toMatchObject({ shown: '0.00', byPayApplications: '0.00' });
    expect((await shownIn(world)).direct_cost_line_items).toEqual([]);
  });

  test('entries are shown one by one, and nothing of a month that was added up stands beside them', async () => {
    await book(world, '2026-10-15', { account: '5100', debit: '30.05', project: 'JOB-4' });
    await actInErp(world, {
      action: 'create_invoice',
      document: {
        ...{ CardCode: 'V1000', NumAtCard: 'SS-77', DocType: 'dDocument_Service', DocDate: '2026-10-16' },
        DocumentLines: [{ AccountCode: '5100', LineTotal: 70, ProjectCode: 'JOB-4' }],
      },
    });
    await tiesOut(world, PROJECT, '100.05');
    expect(await counted(world)).toMatchObject([{ direct_cost_type: 'expense', amounts: ['100.05'] }]);
    await showBy(world, 'document');
    await until('each is shown', async () => (await counted(world)).length === 2);
    await tiesOut(world, PROJECT, '100.05');
    const [entry, bill] = (await counted(world)).toSorted((a, b) =>
      a.amounts[0]!.localeCompare(b.amounts[0]!),
    );
    expect(entry).toMatchObject({ direct_cost_type: 'expense', amounts: ['30.05'] });
    expect(entry!.details).toMatchObject({ direct_cost_date: '2026-10-15' });
    expect(bill).toMatchObject({ direct_cost_type: 'invoice', amounts: ['70.0'] });
    expect(bill!.details).toMatchObject({ invoice_number: 'SS-77', vendor_id: expect.any(Number) });
  });

  test('a reversal is an entry of its own, and what is added up again takes every single one back', async () => {
    await reverse(world, '30.05', '2026-10-15');
    await tiesOut(world, PROJECT, '70.00');
    expect((await counted(world)).flatMap(({ amounts }) => amounts).sort()).toEqual([
      '-30.05',
      '30.05',
      '70.0',
    ]);
    await showBy(world, 'month');
    await until(
      'months are added up',
      async () =>
        (await counted(world)).every(({ amounts }) => amounts.length === 1 && !amounts[0]!.startsWith('-')) &&
        (await counted(world)).length > 0,
    );
    expect(await tiesOut(world, PROJECT, '70.00')).toMatchObject({ directCosts: '70.00', strayed: '0.00' });
    const heads = await counted(world);
    expect(heads.every(({ origin_id }) => /-2026-\d\d$/.test(origin_id ?? ''))).toBe(true);
  });
});

describe('at hours of the company', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ procore: { jobCostHours: 'after-close' } });
    await mapRetainage(world, '2050');
    await allow(world, people.engineer, true);
  });
  afterAll(() => world?.stop());

  const looked = async () => {
    const rows = await world.query<{ value: string }>("select value from cursor where name = 'job-costs'");
    const place = rows[0] === undefined ? null : JSON.parse(rows[0].value);
    return place?.asked === false ? (place.at as string) : null;
  };
  const more = (debit: string) => book(world, '2026-11-03', { account: '5100', debit, project: 'JOB-4' });
  const shows = async (amount: string) =>
    until(`it shows ${amount}`, async () => (await comparedOf(world, PROJECT))?.shown === amount);

  test('the ledger is read when a period is closed there or somebody asks, and not in between', async () => {
    await until('the first look is over', looked);
    await more('10.00');
    await world.sweep();
    const before = await looked();
    // Every list is looked at again, the journal among them: whatever it would find stands after this one.
    await until('projects were read again', async () => {
      const rows = await world.query(
        "select 1 from cursor where name = 'pull:payment' and moved_at > now() - interval '1 s'",
      );
      return rows.length === 1;
    });
    expect(await looked()).toBe(before);
    expect(await comparedOf(world, PROJECT)).toBeUndefined();
    await world.service.askForActuals(world.tenant);
    await shows('10.00');
    await more('5.00');
    await actInErp(world, { action: 'lock_period', code: `${new Date().getUTCFullYear()}-03` });
    await shows('15.00');
  });
});

describe('what Procore refuses', () => {
  let altered: AlteredWorld;
  beforeAll(async () => {
    altered = await startAlteredWorld();
    await mapRetainage(altered.world, '2050');
    await allow(altered.world, people.engineer, true);
  });
  afterAll(() => altered?.stop());

  const asked = () =>
    until('an engineer is asked', async () => {
      const open = await questions(altered.world, 'exception');
      return open.find(({ question }) => question.includes('permission'));
    });

  test('stands in front of an engineer, and what goes next time is the figure of that time', async () => {
    const { world, procore } = altered;
    const more = (debit: string) => book(world, '2026-11-03', { account: '5100', debit, project: 'JOB-4' });
    procore.refuse('erp_job_costs');
    await more('10.00');
    const first = await asked();
    expect((await comparedOf(world, PROJECT))?.notes.join()).toContain('refused by Procore');
    procore.refuse();
    await more('5.00');
    await tiesOut(world, PROJECT, '15.00');
    await until('the old question is closed', async () =>
      (await questions(world, 'exception', 'expired')).some(({ id }) => id === first.id),
    );
    procore.refuse('erp_job_costs');
    await more('1.00');
    const { id: reviewId } = await asked();
    procore.refuse();
    expect(await world.service.redrive({ tenant: world.tenant, user: people.engineer, reviewId })).toEqual({
      ok: true,
    });
    expect(await tiesOut(world, PROJECT, '16.00')).toMatchObject({ shown: '16.00', directCosts: '16.00' });
    expect((await shownIn(world)).job_costs).toMatchObject([{ job_to_date_cost: '16.0' }]);
  });
});
