import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setPolicy } from '../../src/store/policy.ts';
import { inTenant } from '../../src/store/transaction.ts';
import { standingStill } from '../attack/standing-still.ts';
import { approveAs, holdErpAccount } from './hands.ts';
import {
  approvalsOf,
  documentOf,
  orderOf,
  orderWrites,
  questionAbout,
  questions,
  standsIn,
} from './looking.ts';
import { refusedForFrozenVendor, thawVendor } from './refused-order.ts';
import { ordersOf, standsOnce } from './standing.ts';
import { exportCommitment, people, startWorld, until, vendors, type World } from './world.ts';

const dora = { id: 'u-con2', email: 'dora@harbor.example', name: 'Dora', roles: ['controller'] };

let world: World;
beforeAll(async () => {
  world = await startWorld({ users: [...Object.values(people), dora] });
  await standsOnce(world, await exportCommitment(world));
});
afterAll(() => world?.stop());

const large = [{ amount: '60000.00' }];

/** Everything of the audit chain that a person did to a document. */
async function decisions(document: string): Promise<string[]> {
  const rows = await world.query<{ kind: string }>(
    "select kind from audit where document = $1 and actor like '%@%' order by seq",
    [document],
  );
  return rows.map(({ kind }) => kind);
}

describe('many people at one question', () => {
  test('approving and rejecting it at once make one decision, and everybody else is told whose', async () => {
    const release = await holdErpAccount(world);
    const { contract } = await exportCommitment(world, { lines: large });
    const { id, document, evidence } = await questionAbout(world, contract, 'approval');
    const { payloadHash = '' } = evidence;
    const clicks = Array.from({ length: 50 }, (_, index) => {
      const user = index % 2 === 0 ? people.controller : dora;
      const wish = { tenant: world.tenant, user, reviewId: id };
      return index % 3 === 0
        ? world.service.reject({ ...wish, reason: 'No.' })
        : world.service.approve({ ...wish, payloadHash });
    });
    const answers = await Promise.all(clicks);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    for (const answer of answers) {
      if (answer.ok) continue;
      expect(answer.status).toBe(409);
      expect(answer.detail).toMatch(/^(cora|dora)@harbor\.example (approved|rejected) it before you/);
    }
    expect(await decisions(document!)).toHaveLength(1);
    const state = (await documentOf(world, contract))?.state;
    expect(['ready', 'withdrawn']).toContain(state);
    await release();
    const end = state === 'ready' ? 'confirmed' : 'withdrawn';
    await standsIn(world, contract, end);
    expect(await ordersOf(world, contract)).toHaveLength(end === 'confirmed' ? 1 : 0);
  });

  test('withdrawing, rejecting and approving it at once post it or take it back, and never both', async () => {
    const { contract } = await exportCommitment(world, { lines: large });
    const { id, document, evidence } = await questionAbout(world, contract, 'approval');
    const { payloadHash = '' } = evidence;
    const by = { tenant: world.tenant, user: people.controller };
    const clicks = Array.from({ length: 51 }, (_, index) => {
      if (index % 3 === 0) return world.service.reject({ ...by, reviewId: id, reason: 'No.' });
      if (index % 3 === 1) return world.service.approve({ ...by, reviewId: id, payloadHash });
      return world.service.withdraw({ ...by, documentId: document!, reason: 'Back.' });
    });
    const taken = (await Promise.all(clicks)).filter(({ ok }) => ok).length;
    const said = await decisions(document!);
    // What is approved and not yet sent may still be withdrawn: those are two decisions, one after the other.
    expect(said).toHaveLength(taken);
    expect([['approved'], ['approved', 'withdrawn'], ['rejected'], ['withdrawn']]).toContainEqual(said);
    const end = said.at(-1) === 'approved' ? 'confirmed' : 'withdrawn';
    await standsIn(world, contract, end);
    expect(await ordersOf(world, contract)).toHaveLength(end === 'confirmed' ? 1 : 0);
  });

  test('planning a refused order again fifty times at once plans and posts it once', async () => {
    const { contract, document } = await refusedForFrozenVendor(world);
    await thawVendor(world);
    const wish = { tenant: world.tenant, user: people.accountant, documentId: document.id };
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.service.replan(wish)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    await standsIn(world, contract, 'confirmed');
    await orderOf(world, contract);
    expect(await decisions(document.id)).toEqual(['replanned']);
  });
});

test('once it was sent it is neither withdrawn nor rejected, and the answer names the way that is left', async () => {
  await world.erp.trouble({ kind: 'lost-reply', times: 1 });
  const { contract } = await exportCommitment(world, { lines: large });
  const question = await questionAbout(world, contract, 'approval');
  expect(await approveAs(world, people.controller, contract)).toEqual({ ok: true });
  const document = await standsIn(world, contract, 'posting');
  const by = { tenant: world.tenant, user: people.controller };
  const withdrawn = await world.service.withdraw({ ...by, documentId: document.id, reason: 'Stop.' });
  expect(withdrawn).toMatchObject({ ok: false, status: 409, detail: expect.stringContaining('reversal') });
  const rejected = await world.service.reject({ ...by, reviewId: question.id, reason: 'Stop.' });
  expect(rejected).toMatchObject({ ok: false, detail: expect.stringContaining('approved it before you') });
  await standsIn(world, contract, 'confirmed');
  await orderOf(world, contract);
});

describe('between the approval and the send', () => {
  const asOperator = (text: string, values: unknown[]) => world.query(text, values);

  test.each([
    {
      what: 'the approver lost the role',
      change: () => asOperator("update app_user set roles = '{accountant}' where id = $1", [dora.id]),
      undo: () => asOperator("update app_user set roles = '{controller}' where id = $1", [dora.id]),
      changed: [],
    },
    {
      what: 'the approver was disabled',
      change: () => asOperator('update app_user set disabled_at = now() where id = $1', [dora.id]),
      undo: () => asOperator('update app_user set disabled_at = null where id = $1', [dora.id]),
      changed: [],
    },
    {
      what: 'the policy was changed',
      change: () =>
        inTenant(world.db.pools.app, world.tenant, (tx) =>
          setPolicy(
            tx,
            {
              approvals: [
                { kind: 'purchase-order', threshold: '40000.00', currency: 'USD', role: 'controller' },
              ],
            },
            people.engineer.email,
          ),
        ),
      undo: async () => [],
      changed: ['Changed since dora@harbor.example approved it: Policy: version 0 before, version 1 now'],
    },
  ])(
    '$what: it is asked again, with what changed, and nothing was sent',
    async ({ change, undo, changed }) => {
      const release = await holdErpAccount(world);
      const { contract } = await exportCommitment(world, { lines: large });
      expect(await approveAs(world, dora, contract)).toEqual({ ok: true });
      await standsIn(world, contract, 'ready');
      const writes = await orderWrites(world);
      await change();
      await release();
      await standsIn(world, contract, 'awaiting-approval');
      expect(await approvalsOf(world, contract)).toEqual([{ stale: true, consumed: false }]);
      expect(await orderWrites(world)).toBe(writes);
      const { evidence } = await questionAbout(world, contract, 'approval');
      const { facts = [] } = evidence;
      expect(facts.map(({ label, value }) => `${label}: ${value}`)).toEqual(changed);
      await undo();
      expect(await approveAs(world, people.controller, contract)).toEqual({ ok: true });
      await standsIn(world, contract, 'confirmed');
      await orderOf(world, contract);
    },
  );
});

describe('work that was set aside', () => {
  test('is shown to an engineer after eight tries, and tried once more at a click, as an engineer only', async () => {
    await world.stopWorkers();
    await world.query(
      "insert into lane (tenant, stage, id, account, attempts, last_error) select current_tenant(), 'source', 'b1|nothing|1', account, 8, 'before' from connection where id = 'b1'",
    );
    world.startWorker();
    const question = await until('the engineer is told', async () =>
      (await questions(world, 'quarantined')).find(({ subject }) => subject === 'lane:source:b1|nothing|1'),
    );
    expect(question.question).toContain('no room resolves the object nothing');
    const by = { tenant: world.tenant, reviewId: question.id };
    expect(await world.service.redrive({ ...by, user: people.accountant })).toMatchObject({ status: 403 });
    const tries = async () =>
      Number(
        (await world.query<{ attempts: number }>("select attempts from lane where id = 'b1|nothing|1'"))[0]!
          .attempts,
      );
    const before = await tries();
    expect(await world.service.redrive({ ...by, user: people.engineer })).toEqual({ ok: true });
    await until('it was tried once more', async () => (await tries()) > before);
    const audited = await world.query("select 1 from audit where kind = 'redriven' and actor = $1", [
      people.engineer.email,
    ]);
    expect(audited).toHaveLength(1);
    expect(await world.service.reject({ ...by, user: people.engineer, reason: 'Ours.' })).toEqual({
      ok: true,
    });
    await world.query("delete from lane where id = 'b1|nothing|1'");
  });

  test('is asked about no longer once it works again', async () => {
    const id = `procore|vendor|${vendors.steel}`;
    const subject = `lane:source:${id}`;
    await world.query(
      `insert into review_item (tenant, id, kind, subject, title, question, role)
       values (current_tenant(), gen_random_uuid(), 'quarantined', $1, 'Work', 'It failed 9 times.', 'engineer')`,
      [subject],
    );
    await world.query(
      `insert into lane (tenant, stage, id, account, attempts, last_error)
       select current_tenant(), 'source', $1, account, 9, 'before' from connection where id = 'procore'`,
      [id],
    );
    await until('nobody is asked', async () =>
      (await questions(world, 'quarantined', 'expired')).some((question) => question.subject === subject),
    );
    expect(await questions(world, 'quarantined')).toEqual([]);
  });
});

test('nothing that these people did leaves anything standing still', async () => {
  await expect.poll(() => standingStill(world.query), { timeout: 10_000 }).toEqual([]);
});
