import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { insertUser } from '../../src/store/people/users.ts';
import { currentPolicy, setPolicy } from '../../src/store/settings/policy.ts';
import { billed, invoiceStands, mapRetainage } from './billing.ts';
import { approveAs, editLines, holdErpAccount, mapCost } from './hands.ts';
import {
  approvalsOf,
  closedDetail,
  documentOf,
  orderOf,
  procoreState,
  questionAbout,
  standsIn,
} from './looking.ts';
import {
  APPROVER,
  createCommitment,
  exportCommitment,
  PETER,
  PROJECT,
  people,
  sendAndApprove,
  startWorld,
  until,
  vendors,
  type World,
} from './world.ts';

// A second controller, who neither writes commitments nor edits mappings.
const dora = { id: 'u-con2', email: 'dora@harbor.example', name: 'Dora', roles: ['controller'] };

let world: World;
beforeAll(async () => {
  world = await startWorld({ users: [...Object.values(people), dora] });
});
afterAll(() => world?.stop());

const large = [{ amount: '60000.00' }];

/** Peter creates it and presses the button in Procore himself. */
async function exportedByPeter(lines: readonly { amount: string; code?: 41 | 42 | 43 }[]) {
  const contract = await createCommitment(world, { lines });
  await world.act({ as: PETER, action: 'send_to_erp', contract_ids: [contract] } as ProcoreAct);
  await world.act({
    as: PETER,
    action: 'approve_export',
    contract_ids: [contract],
    code: 'ERP',
  } as ProcoreAct);
  return contract;
}

async function orders(): Promise<number> {
  return (await world.truth()).orders.length;
}

describe('an order at or above the threshold', () => {
  test('waits for a controller who neither sent it nor shaped it, and then posts once', async () => {
    const contract = await exportedByPeter([{ amount: '49999.99' }, { amount: '0.01' }]);
    await standsIn(world, contract, 'awaiting-approval', { reason: 'needs-approval' });
    expect(await approveAs(world, people.accountant, contract)).toMatchObject({ ok: false, status: 403 });
    expect(await approveAs(world, people.peter, contract)).toMatchObject({ ok: false, status: 403 });
    expect(await orders()).toBe(0);
    expect(await approveAs(world, people.controller, contract)).toEqual({ ok: true });
    await standsIn(world, contract, 'confirmed');
    expect((await orderOf(world, contract)).document.DocTotal).toBe(50000);
  });

  test('cannot be approved by whoever edited a mapping that it uses', async () => {
    expect(await mapCost(world, '09-900|S', '5100', '', people.controller)).toEqual({ ok: true });
    const { contract } = await exportCommitment(world, { lines: [{ amount: '70000.00', code: 43 }] });
    await standsIn(world, contract, 'awaiting-approval');
    expect(await approveAs(world, people.controller, contract)).toMatchObject({ ok: false, status: 403 });
    expect(await approveAs(world, dora, contract)).toEqual({ ok: true });
    await standsIn(world, contract, 'confirmed');
  });

  test('approved fifty times at once is decided once, written down once and posted once', async () => {
    const { contract } = await exportCommitment(world, { lines: large });
    const question = await questionAbout(world, contract, 'approval');
    const { payloadHash = '' } = question.evidence;
    const decide = () =>
      world.service.approve({
        tenant: world.tenant,
        user: people.controller,
        reviewId: question.id,
        payloadHash,
      });
    const answers = await Promise.all(Array.from({ length: 50 }, decide));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    await standsIn(world, contract, 'confirmed');
    const entries = await world.query("select 1 from audit where kind = 'approved' and document = $1", [
      question.document,
    ]);
    expect(entries).toHaveLength(1);
    await orderOf(world, contract);
  });

  test('rejected with a reason is not posted, and its sender reads the reason in Procore', async () => {
    const { contract, detail } = await exportCommitment(world, { lines: large });
    const question = await questionAbout(world, contract, 'approval');
    const before = await orders();
    const rejected = await world.service.reject({
      tenant: world.tenant,
      user: people.controller,
      reviewId: question.id,
      reason: 'Over the budget of this phase.',
    });
    expect(rejected).toEqual({ ok: true });
    const closed = await closedDetail(world, detail);
    expect(closed.status).toBe('failed');
    expect(closed.messages.join()).toContain('Over the budget of this phase.');
    expect((await documentOf(world, contract))?.state).toBe('withdrawn');
    expect(await orders()).toBe(before);
  });

  test('rejected and then made smaller waits for a new export, and posts by that', async () => {
    const { contract } = await exportCommitment(world, { lines: large });
    const { id: reviewId } = await questionAbout(world, contract, 'approval');
    const by = { tenant: world.tenant, user: people.controller };
    expect(await world.service.reject({ ...by, reviewId, reason: 'Too much.' })).toEqual({ ok: true });
    const { contracts } = await procoreState(world);
    const line = contracts.find(({ id }) => id === contract)!.line_items[0]!;
    await editLines(world, contract, [{ id: line.id, amount: '12.00' }]);
    await until('the edit was seen and looked at', async () => {
      const rows = await world.query(
        `select 1 from record r where r.object = 'commitment' and r.native_id = $1 and r.version > 1
           and not exists (select from lane l where l.stage = 'source' and l.id like '%|commitment|' || r.native_id)`,
        [String(contract)],
      );
      return rows.length === 1;
    });
    expect((await documentOf(world, contract))?.state).toBe('withdrawn');
    await sendAndApprove(world, contract);
    await standsIn(world, contract, 'confirmed');
  });
});

describe('after an approval', () => {
  test.each([
    {
      what: 'a change in Procore',
      change: async (contract: number) => {
        const { contracts } = await procoreState(world);
        const line = contracts.find(({ id }) => id === contract)!.line_items[0]!;
        await editLines(world, contract, [{ id: line.id, amount: '90000.00' }]);
      },
    },
    { what: 'another mapping', change: () => mapCost(world, '03-100|S', '5200') },
  ])(
    '$what brings the order back to review; the approval is void and nothing is posted',
    async ({ change }) => {
      const { contract } = await exportCommitment(world, { lines: [{ amount: '80000.00', code: 42 }] });
      const first = await standsIn(world, contract, 'awaiting-approval');
      const before = await orders();
      const release = await holdErpAccount(world);
      expect(await approveAs(world, people.controller, contract)).toEqual({ ok: true });
      expect((await documentOf(world, contract))?.state).toBe('ready');
      await change(contract);
      const second = await standsIn(world, contract, 'awaiting-approval');
      expect(second.payload_hash).not.toBe(first.payload_hash);
      expect(await approvalsOf(world, contract)).toEqual([{ stale: true, consumed: false }]);
      const { facts = [] } = (await questionAbout(world, contract, 'approval')).evidence;
      expect(facts.map(({ label }) => label)).toContain(
        `Changed since ${people.controller.email} approved it: Line 03-100 S`,
      );
      await release();
      // A small order that overtakes it proves that the ERP is served again.
      const { contract: small } = await exportCommitment(world, { lines: [{ amount: '1.00' }] });
      await standsIn(world, small, 'confirmed');
      expect((await documentOf(world, contract))?.state).toBe('awaiting-approval');
      expect(await orders()).toBe(before + 1);
      expect(await approveAs(world, people.controller, contract)).toEqual({ ok: true });
      await standsIn(world, contract, 'confirmed');
      await orderOf(world, contract);
    },
  );
});

test('small orders for one vendor in one day need approval once they reach the threshold together', async () => {
  const contracts = await Promise.all(
    Array.from({ length: 12 }, () =>
      exportCommitment(world, { vendor: vendors.concrete, lines: [{ amount: '20000.00' }] }),
    ),
  );
  const states = await until('all are decided', async () => {
    const found = await Promise.all(contracts.map(({ contract }) => documentOf(world, contract)));
    const seen = found.map((document) => document?.state ?? '').sort();
    return seen.every((state) => state === 'confirmed' || state === 'awaiting-approval') && seen;
  });
  expect(states.filter((state) => state === 'confirmed')).toHaveLength(2);
});

describe('where the policy counts the export in Procore', () => {
  const anna = { id: 'u-anna', email: 'approver@harbor.example', name: 'Anna', roles: ['controller'] };

  beforeAll(async () => {
    await inTenant(world.db.pools.app, world.tenant, async (tx) => {
      await insertUser(tx, world.tenant, anna);
      const { version: _, ...policy } = await currentPolicy(tx);
      await setPolicy(tx, { ...policy, acceptance: { approverCounts: true } }, 'test');
    });
  });

  test('it is the approval of whoever exported what somebody else wrote, of exactly that', async () => {
    const { contract } = await exportCommitment(world, { lines: large });
    await standsIn(world, contract, 'confirmed');
    expect(await approvalsOf(world, contract)).toEqual([]);
    const told = await world.query<{ actor: string }>(
      "select actor from audit where kind = 'accepted' and document = (select id from document where source_id = $1)",
      [String(contract)],
    );
    expect(told).toEqual([{ actor: anna.email }]);
    const { contracts } = await procoreState(world);
    const line = contracts.find(({ id }) => id === contract)!.line_items[0]!;
    await editLines(world, contract, [{ id: line.id, amount: '190000.00' }]);
    await standsIn(world, contract, 'awaiting-approval', { revision: 2 });
  });

  test('and nothing of what one person both wrote and exported', async () => {
    const contract = await exportedByPeter(large);
    await standsIn(world, contract, 'awaiting-approval', { reason: 'needs-approval' });
    expect(await approveAs(world, people.controller, contract)).toEqual({ ok: true });
    await standsIn(world, contract, 'confirmed');
  });

  const auditOf = (source: string) =>
    world.query<{ actor: string }>(
      `select a.actor from audit a join document d on (d.tenant, d.id) = (a.tenant, a.document)
       where a.kind = 'accepted' and d.source_object = $1 order by a.seq`,
      [source],
    );

  test('of applications too, as long as they are billed as they say, and of none that one person entered and exported', async () => {
    expect(await mapRetainage(world, '2050')).toEqual({ ok: true });
    const { contract } = await exportCommitment(world, { lines: [{ amount: '400000.00' }] });
    await standsIn(world, contract, 'confirmed');
    const { contracts } = await procoreState(world);
    const line_item_id = contracts.find(({ id }) => id === contract)!.line_items[0]!.id;
    const work = { work_completed_this_period: '60000.00' };
    const retained = { work_completed_retainage_retained_this_period: '6000.00' };
    const { application } = await billed(world, contract, [{ line_item_id, ...work, ...retained }]);
    await invoiceStands(world, application, 'confirmed');
    expect(await auditOf('sub-invoice')).toEqual([{ actor: anna.email }]);
    const own = await billed(world, contract, [{ line_item_id, ...work }], { as: APPROVER });
    await invoiceStands(world, own.application, 'awaiting-approval', { reason: 'needs-approval' });
    expect(await auditOf('sub-invoice')).toHaveLength(1);
  });

  test('and of bills of the company', async () => {
    await until('the vendor is linked', async () => {
      const { vendors: shown } = await procoreState(world);
      return shown.find(({ id }) => id === vendors.steel)?.origin_id;
    });
    const line = { line_item_type_id: 31, cost_code_id: 41, project_id: PROJECT, unit_cost: '70000.00' };
    const line_items = [{ ...line, description: 'Bolts' }];
    const billOf = async (as: number, invoice_number: string) => {
      const made = await world.act({
        ...{ as, action: 'create_company_direct_cost', vendor_id: vendors.steel, invoice_number },
        ...{ description: 'Bolts', accounting_date: '2026-11-10', direct_cost_date: '2026-11-09' },
        line_items,
      } as ProcoreAct);
      const of = { kind: 'company_level_direct_cost', ids: [Number(made.direct_cost_id)] };
      await world.act({ as: PETER, action: 'send_object_to_erp', ...of } as ProcoreAct);
      await world.act({ as: APPROVER, action: 'approve_object_export', ...of } as ProcoreAct);
      return String(made.direct_cost_id);
    };
    const stands = async (id: string, state: string) => {
      let last: unknown;
      const look = async () => {
        const rows = await world.query<{ state: string }>(
          'select state, reasons, gate, requester from document where source_id = $1',
          [id],
        );
        last = rows;
        return rows.some((row) => row.state === state);
      };
      await until(`bill ${id} is ${state}`, look).catch(() => {
        throw new Error(`bill ${id} never stood in ${state}: ${JSON.stringify(last)}`);
      });
    };
    await stands(await billOf(PETER, 'SS-1'), 'confirmed');
    expect(await auditOf('company-direct-cost')).toEqual([{ actor: anna.email }]);
    await stands(await billOf(APPROVER, 'SS-2'), 'awaiting-approval');
  });
});
