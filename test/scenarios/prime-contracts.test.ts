import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openControl } from '../../src/connectors/demo-erp/simulator/http/control.ts';
import type { MappingRow } from '../../src/domain/mapping.ts';
import { formatMoney, parseMoney } from '../../src/domain/values/money.ts';
import { sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { closedDetail, procoreState, questions } from './looking.ts';
import { APPROVER, COMPANY, PETER, people, startWorld, until, type World } from './world.ts';

// An ERP that keeps contracts with owners: they begin there, and Procore's changes of them go back.
let world: World;
let ledgerline: ReturnType<typeof openControl>;
let contract: number;
let line: number;
let change: number;
beforeAll(async () => {
  world = await startWorld({
    erp: 'demo-erp',
    procore: { exportFields: ['prime-change-order:cost_center:8'] },
    erpConfig: { documentFields: ['prime-change-order:cost_center=change_center:8'] },
  });
  ledgerline = openControl(world.erp.url);
  const updates = [
    { item_type: 'cost_code', item_id: 41, origin_id: '05-100' },
    { item_type: 'line_item_type', item_id: 31, origin_id: 'S' },
  ];
  await world.rest('PATCH', `/rest/v1.0/companies/${COMPANY}/external_data/sync`, { updates });
});
afterAll(() => world?.stop());

const act = (body: object) => world.act(body as ProcoreAct);
const detailOf = (done: Record<string, number | number[]>) => (done.request_detail_ids as number[])[0]!;

async function exported(kind: string, id: number, erp_custom_fields: object = {}): Promise<number> {
  await act({ as: PETER, action: 'send_object_to_erp', kind, ids: [id] });
  const wish = { as: APPROVER, action: 'approve_object_export', kind, ids: [id], erp_custom_fields };
  return detailOf(await act(wish));
}

const marked = (origin_id: string | null) =>
  world.rest('PATCH', `/rest/v1.0/companies/${COMPANY}/external_data/sync`, {
    updates: [{ item_type: 'change_order', item_id: change, origin_id }],
  });

const refreshed = async () =>
  closedDetail(
    world,
    detailOf(await act({ as: APPROVER, action: 'refresh_from_erp', what: 'prime_contracts' })),
  );

async function stands(object: string, id: number, state: string) {
  let last: unknown;
  try {
    await until(`${object} ${id} is ${state}`, async () => {
      const rows = await world.query<{ state: string; reasons: unknown }>(
        `select state, reasons from document where source_object = $1 and source_id = $2
         order by revision desc, part limit 2`,
        [object, String(id)],
      );
      last = rows;
      return rows.length > 0 && rows.every((row) => row.state === state);
    });
  } catch {
    throw new Error(`${object} ${id} never stood in ${state}: ${JSON.stringify(last)}`);
  }
}

function map(kind: MappingRow['kind'], key: string, code: string) {
  const value = { kind: kind === 'customer' ? 'customer' : 'account', code } as const;
  const mapping = { kind, scope: '', key, value };
  return world.service.setMapping({ tenant: world.tenant, user: people.accountant, mapping });
}

type Row = Readonly<Record<string, unknown>> & { readonly id: number; readonly origin_id: string | null };
const inProcore = async (kind: string) =>
  ((await procoreState(world)) as unknown as Record<string, readonly Row[]>)[kind]!;

describe('contracts with owners', () => {
  const staged = async () =>
    (await inProcore('staged_records')).map(({ item_type, origin_id, status }) =>
      [item_type, origin_id, status].join(' '),
    );

  it('are offered to Procore with their lines by a Refresh, which writes only what changed', async () => {
    expect(await refreshed()).toMatchObject({
      status: 'success',
      messages: [expect.stringMatching(/1 prime contracts of Ledgerline\. 1 are new in Ready to Import/)],
    });
    const offered = ['prime_contract OC-1 staged', 'line_item OC-1/1 staged', 'line_item OC-1/2 staged'];
    expect((await staged()).toSorted()).toEqual(offered.toSorted());
    expect((await refreshed()).messages).toEqual([expect.stringMatching(/0 are new .* 0 were brought/)]);
    await ledgerline.post('act', { action: 'edit_contract', code: 'OC-1', title: 'Pier 4, east' });
    expect((await refreshed()).messages).toEqual([expect.stringMatching(/1 were brought up to date/)]);
    expect(await inProcore('staged_records')).toMatchObject([{ data: { title: 'Pier 4, east' } }, {}, {}]);
  });

  it('are known by their code once somebody imported them', async () => {
    const [row] = await inProcore('staged_records');
    const done = await act({ as: APPROVER, action: 'import_staged_record', staged_record_id: row!.id });
    contract = Number(done.item_id);
    const [made] = (await inProcore('prime_contracts')) as unknown as {
      origin_id: string;
      line_items: readonly Row[];
    }[];
    expect(made).toMatchObject({ origin_id: 'OC-1', line_items: [{ origin_id: 'OC-1/1' }, {}] });
    line = made!.line_items[0]!.id;
    await until('the contract is read', async () => {
      const rows = await world.query<{ body: object }>(
        "select body from record where connection = 'procore' and object = 'prime-contract'",
      );
      return rows.length === 1 && rows;
    });
    expect((await refreshed()).messages).toEqual([
      expect.stringMatching(/0 are new .* 0 were brought .* 1 are known already/),
    ]);
  });
});

describe('a change order of a prime contract', () => {
  it('waits for the account of revenue, and then stands in the contract once, its markup as revenue', async () => {
    const made = await act({
      as: PETER,
      action: 'create_change_order',
      contract_id: contract,
      title: 'Railing',
      status: 'approved',
      line_items: [
        {
          ...{ amount: '500.00', description: 'Rail', prime_line_item_id: line, cost_code_id: 41 },
          markups: [{ name: 'Overhead', percentage: '10', amount: '50.05' }],
        },
      ],
    });
    change = Number(made.change_order_package_id);
    const detail = await exported('prime_contract_change_order', change, { cost_center: 'X1' });
    await stands('prime-change-order', change, 'in-review');
    await world.erp.trouble({ kind: 'lost-reply' });
    expect(await map('revenue', '', '4000')).toEqual({ ok: true });
    await stands('prime-change-order', change, 'confirmed');
    expect(await world.erp.reached('lost-reply')).toBe(1);
    const { contracts, contractChanges } = await ledgerline.state();
    expect(contracts).toMatchObject([{ original: '1500.15', changed: '550.05' }]);
    expect(contractChanges).toMatchObject([
      {
        ...{ contract: 'OC-1', number: '001', title: 'Railing', fields: { change_center: 'X1' } },
        lines: [
          { account: '4000', amount: '500.00', description: 'CO 001: Rail' },
          { account: '4000', amount: '50.05', description: 'CO 001: Rail, Overhead' },
        ],
      },
    ]);
    const { id } = contractChanges[0]!;
    const [shown] = (await inProcore('change_order_packages')) as unknown as {
      origin_id: string;
      line_items: readonly { origin_id: string; markups: readonly { origin_id: string }[] }[];
    }[];
    expect(shown).toMatchObject({
      origin_id: `LL-${id}`,
      line_items: [{ origin_id: `LL-${id}/1`, markups: [{ origin_id: `LL-${id}/2` }] }],
    });
    expect(await closedDetail(world, detail)).toMatchObject({ status: 'success', times_written: 1 });
  });

  it('is billed with the contract, and what the owner pays of it shows in Procore until it is voided', async () => {
    const made = await act({
      ...{ as: PETER, action: 'bill_owner', prime_contract_id: contract, status: 'approved' },
      ...{ billing_date: '2026-11-20', period_start: '2026-11-01', period_end: '2026-11-20' },
      lines: [
        { source_id: line, work_completed_this_period: '400.10' },
        { source_id: change, work_completed_this_period: '550.05' },
      ],
    });
    const invoice = Number(made.payment_application_id);
    await exported('payment_application', invoice);
    await stands('owner-invoice', invoice, 'in-review');
    expect((await questions(world, 'unmapped')).map(({ subject }) => subject).sort()).toEqual([
      `mapping:customer:${contract}`,
      'mapping:retainage-receivable:',
    ]);
    expect(await map('customer', String(contract), 'C2000')).toEqual({ ok: true });
    expect(await map('retainage-receivable', '', '1250')).toEqual({ ok: true });
    await stands('owner-invoice', invoice, 'confirmed');
    const [posted] = (await ledgerline.state()).salesInvoices;
    expect(posted).toMatchObject({ customer: 'C2000', due: '855.13', retainage: { amount: '95.02' } });
    const { id } = posted!;
    await ledgerline.post('act', {
      ...{ action: 'receive_payment', method: 'check', number: '77', invoices: [{ id, amount: '800.00' }] },
    });
    const received = async () =>
      (await inProcore('contract_payments')).map(({ contract_id, amount, check_number }) => [
        contract_id,
        formatMoney(parseMoney(String(amount), 'USD')),
        check_number,
      ]);
    await until('the receipt is shown', async () => (await received()).length === 1);
    expect(await received()).toEqual([[contract, '800.00', '77']]);
    const [receipt] = (await ledgerline.state()).receipts;
    await ledgerline.post('act', { action: 'void_receipt', id: receipt!.code });
    await until('the voided one is taken back', async () => (await received()).length === 0);
  });

  it('stays linked while it stands in the ERP, and while it is billed there', async () => {
    const unlinked = async () => {
      const body = { action: 'unlink_object', kind: 'prime_contract_change_order', id: change };
      return closedDetail(world, detailOf(await act({ as: APPROVER, ...body })));
    };
    expect(await unlinked()).toMatchObject({
      status: 'failed',
      messages: [expect.stringContaining('still stands in Ledgerline')],
    });
    const { contractChanges, salesInvoices } = await ledgerline.state();
    await ledgerline.post('act', { action: 'cancel_contract_change', id: contractChanges[0]!.id });
    expect(await unlinked()).toMatchObject({
      status: 'failed',
      messages: [
        expect.stringContaining(
          `1 of its invoices are posted in Ledgerline (Invoice ${salesInvoices[0]!.id})`,
        ),
      ],
    });
    expect((await inProcore('change_order_packages'))[0]!.origin_id).not.toBeNull();
  });

  it('voided after it was posted nothing follows by itself: somebody is asked', async () => {
    const [{ id: posted }] = (await ledgerline.state()).contractChanges as unknown as [{ id: string }];
    // Another tool takes its id away and gives it back: with it, nobody could void it.
    await marked(null);
    await act({ as: PETER, action: 'void_change_order', change_order_package_id: change });
    await marked(`LL-${posted}`);
    const [asked] = await until('somebody is asked', async () => {
      const found = await questions(world, 'conflict');
      return found.length > 0 && found;
    });
    expect(asked!.question).toMatch(/is "void" in Procore, and change LX-\d+ of Ledgerline still stands/);
    expect((await ledgerline.state()).contractChanges).toHaveLength(1);
  });

  it('that was reset by the staff stands for an accountant, and nothing of it is posted again by itself', async () => {
    await act({ as: PETER, action: 'staff_reset_object', kind: 'prime_contract_change_order', id: change });
    await stands('prime-change-order', change, 'detached');
    expect((await questions(world, 'exception')).map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^reset:/),
    ]);
    expect((await ledgerline.state()).contractChanges).toHaveLength(1);
    const erp = await world.engine.systems.homeOf(world.tenant);
    const { findings } = await sweepReferences(world.engine, erp, null);
    expect(findings.filter(({ kind }) => kind === 'orphan')).toEqual([]);
  });
});
