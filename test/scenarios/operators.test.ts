import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wholePolicy } from '../../src/domain/approval/policy.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { currentPolicy, setPolicy } from '../../src/store/settings/policy.ts';
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

describe('the policy itself', () => {
  const present = () => inTenant(world.db.pools.app, world.tenant, currentPolicy);
  const ruled = (threshold: string) =>
    [{ kind: 'purchase-order', threshold, currency: 'USD', role: 'controller' }] as const;
  const openProposal = async () => {
    const [found] = await world.query<{ id: string; hash: string }>(
      "select id, evidence ->> 'hash' as hash from review_item where kind = 'policy' and state = 'open'",
    );
    return found ?? null;
  };

  test('changes by a second person only, and lets go at once what it asked about for nothing', async () => {
    const { tenant, service } = world;
    const { contract } = await exportCommitment(world, { lines: large });
    await standsIn(world, contract, 'awaiting-approval');
    const before = await present();
    const policy = { ...wholePolicy(before), approvals: ruled('70000.00') };
    const wish = { tenant, policy, base: before.version, reason: 'Steel costs more this year' };
    const byCora = { ...wish, user: people.controller };

    expect(await service.previewPolicy(wish)).toMatchObject({ ok: true, changes: [{ effect: 'looser' }] });
    expect(await service.proposePolicy({ ...byCora, base: before.version + 7 })).toMatchObject({
      status: 409,
    });
    expect(await service.proposePolicy({ ...byCora, policy: wholePolicy(before) })).toMatchObject({
      status: 422,
    });
    const wrong = { ...byCora, policy: { ...policy, approvals: ruled('-1') } };
    expect(await service.proposePolicy(wrong)).toMatchObject({
      fields: [{ field: 'approvals.0.threshold' }],
    });
    expect(await openProposal()).toBeNull();

    const both = await Promise.all([
      service.proposePolicy(byCora),
      service.proposePolicy({ ...wish, user: people.engineer }),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    const taken = (await openProposal())!;
    const back = { tenant, reviewId: taken.id, reason: 'By one of the two.' };
    const proposer = both[0]!.ok ? people.controller : people.engineer;
    expect(await service.reject({ ...back, user: proposer })).toEqual({ ok: true });
    expect(await service.proposePolicy(byCora)).toEqual({ ok: true });
    const { id, hash } = (await openProposal())!;
    const approve = { tenant, reviewId: id, payloadHash: hash };
    for (const user of [people.controller, people.accountant, people.engineer])
      expect(await service.approve({ ...approve, user })).toMatchObject({ ok: false, status: 403 });
    const other = { ...approve, payloadHash: 'v1:another', user: dora };
    expect(await service.approve(other)).toMatchObject({ ok: false, status: 409 });
    expect((await present()).version).toBe(before.version);

    const clicks = await Promise.all([1, 2, 3].map(() => service.approve({ ...approve, user: dora })));
    expect(clicks.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await present()).version).toBe(before.version + 1);
    await standsIn(world, contract, 'confirmed');
    expect(await approvalsOf(world, contract)).toEqual([]);
    const [kept] = await world.query('select set_by, approved_by, reason from policy where version = $1', [
      before.version + 1,
    ]);
    expect(kept).toEqual({ set_by: people.controller.email, approved_by: dora.email, reason: wish.reason });
  });

  test('takes no approval that was asked under an older one: it is asked anew, by the one that counts', async () => {
    const { contract } = await exportCommitment(world, { lines: [{ amount: '90000.00' }] });
    await standsIn(world, contract, 'awaiting-approval');
    // Nothing plans it anew before it is decided.
    await world.stopWorkers();
    await inTenant(world.db.pools.app, world.tenant, (tx) =>
      setPolicy(tx, { approvals: ruled('80000.00') }, people.engineer.email),
    );
    expect(await approveAs(world, dora, contract)).toMatchObject({
      status: 409,
      detail: expect.stringContaining('The policy changed since this was asked'),
    });
    world.startWorker();
    await until('it is asked anew', async () => (await approveAs(world, dora, contract)).ok);
    await standsIn(world, contract, 'confirmed');
  });
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
