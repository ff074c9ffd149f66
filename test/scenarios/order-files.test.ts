import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { approvedApplication, exportApplications, invoiceStands, mapRetainage } from './billing.ts';
import { approvedChangeOrder, changeStands, exportChangeOrders } from './changes.ts';
import { procoreState, questions, standsIn } from './looking.ts';
import { createCommitment, PETER, sendAndApprove, startWorld, until, type World } from './world.ts';

const ERPS = [{ erp: 'sap-business-one' }, { erp: 'demo-erp' }] as const;

let world: World;
let contract: number;

const attach = (of: 'commitment' | 'change_order_package', id: number, name: string) =>
  world.act({ as: PETER, action: 'attach_file', of, id, name } as ProcoreAct);

/** Names of files on what was posted, without what is put before them; in Business One by the entry that is named. */
async function filesOn(of: 'orders' | 'invoices', place: number): Promise<string[]> {
  const truth = (await world.b1.truth()) as unknown as {
    readonly attachments?: readonly {
      readonly entry: number;
      readonly files: readonly { readonly name: string }[];
    }[];
    readonly files?: readonly { readonly document: string; readonly name: string }[];
  } & Record<
    typeof of,
    readonly { readonly id?: string; readonly document?: { readonly AttachmentEntry: number | null } }[]
  >;
  const { id, document } = truth[of][place]!;
  const entry = truth.attachments?.find((each) => each.entry === document?.AttachmentEntry);
  const names = entry?.files ?? truth.files?.filter((file) => file.document === id) ?? [];
  return names.map(({ name }) => name.replace(/^T[A-Z0-9]{15}-[0-9a-f]+-/, '')).sort();
}

async function hangs(of: 'orders' | 'invoices', place: number, ...names: string[]): Promise<void> {
  const found = await until(`${names.join(', ')} hang there`, async () => {
    const there = await filesOn(of, place);
    return there.length >= names.length && there;
  });
  expect(found).toEqual(names);
}

describe.each(ERPS)('files of a commitment in $erp', ({ erp }) => {
  beforeAll(async () => {
    world = await startWorld({ erp });
    expect(await mapRetainage(world, '2050')).toEqual({ ok: true });
  });
  afterAll(() => world?.stop());

  test('hang on its order once, those in PDF', async () => {
    contract = await createCommitment(world, { lines: [{ amount: '1000.00' }] });
    await attach('commitment', contract, 'signed contract.pdf');
    await attach('commitment', contract, 'notes.docx');
    await sendAndApprove(world, contract);
    await standsIn(world, contract, 'confirmed');
    await hangs('orders', 0, 'signed contract.pdf');
  });

  test('that come later are added, and those of a change order hang beside them', async () => {
    await attach('commitment', contract, 'amendment.pdf');
    await hangs('orders', 0, 'amendment.pdf', 'signed contract.pdf');
    const { id } = await approvedChangeOrder(world, contract, [{ amount: '50.00' }]);
    await attach('change_order_package', id, 'change.pdf');
    await exportChangeOrders(world, [id]);
    await changeStands(world, id, 'confirmed');
    await hangs('orders', 0, 'amendment.pdf', 'change.pdf', 'signed contract.pdf');
  });

  test('of an application that pays retainage out and bills nothing hang on that invoice', async () => {
    const { contracts } = await procoreState(world);
    const [line] = contracts.find(({ id }) => id === contract)!.line_items;
    const bill = async (part: 'progress' | 'retainage-release', of: object) => {
      const application = await approvedApplication(world, contract, [{ line_item_id: line!.id, ...of }]);
      await exportApplications(world, [application]);
      await invoiceStands(world, application, 'confirmed', { part });
    };
    await bill('progress', {
      work_completed_this_period: '400.00',
      work_completed_retainage_retained_this_period: '40.00',
    });
    await until('the first has its file', async () => (await filesOn('invoices', 0)).length === 1);
    await bill('retainage-release', { work_completed_retainage_released_this_period: '15.00' });
    await until('the release has its file', async () => (await filesOn('invoices', 1)).length === 1);
    expect(await questions(world, 'exception')).toEqual([]);
  });
});
