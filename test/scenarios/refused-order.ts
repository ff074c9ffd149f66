import { actInErp, holdErpAccount } from './hands.ts';
import { type DocumentRow, standsIn } from './looking.ts';
import { exportCommitment, until, type World } from './world.ts';

export function freezeVendor(world: World, frozen: boolean): Promise<void> {
  return actInErp(world, { action: 'freeze_vendor', cardCode: 'V1000', frozen });
}

/** An order that the ERP refuses: its vendor is put on hold after the plan looked at it and before it is sent. */
export async function refusedForFrozenVendor(
  world: World,
): Promise<{ contract: number; detail: number; document: DocumentRow }> {
  const release = await holdErpAccount(world);
  const { contract, detail, request } = await exportCommitment(world);
  await standsIn(world, contract, 'ready');
  await nothingLeftToPlan(world, request);
  await freezeVendorUnread(world);
  await release();
  const document = await standsIn(world, contract, 'refused', { reason: 'refused' });
  return { contract, detail, document };
}

/** Freezes the vendor where the next look at the list of vendors is far away: only the ERP itself knows of it. */
export async function freezeVendorUnread(world: World): Promise<void> {
  await until('no look at the vendors is due', async () => {
    const put = await world.query(
      `update lane set due_at = now() + interval '1 hour'
       where stage = 'sweep' and id = 'b1|pull:vendor' and lease_until is null returning 1`,
    );
    return put.length === 1;
  });
  await freezeVendor(world, true);
}

/** Webhook and sweep both told of the request, and what they told is planned. */
export async function nothingLeftToPlan(world: World, request: number): Promise<void> {
  await until('nothing is left to plan', async () => {
    const told = await world.query('select 1 from signal where dedupe_key = $1', [`request:${request}`]);
    const lanes = await world.query("select 1 from lane where stage = 'source'");
    return told.length === 1 && lanes.length === 0;
  });
}

/** The vendor may be used again, and the engine has read so: another telephone number proves that it did. */
export async function thawVendor(world: World, phone = '555-0100'): Promise<void> {
  await freezeVendor(world, false);
  await actInErp(world, { action: 'edit_vendor', cardCode: 'V1000', changes: { Phone1: phone } });
  await world.query("update lane set due_at = now() where stage = 'sweep' and id = 'b1|pull:vendor'");
  await until('the vendor is read again', async () => {
    const rows = await world.query(
      `select 1 from record where connection = 'b1' and object = 'vendor' and native_id = 'V1000'
         and body ->> 'phone' = $1 and (body ->> 'active')::boolean`,
      [phone],
    );
    return rows.length === 1;
  });
}
