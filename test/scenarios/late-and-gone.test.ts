import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { standingStill } from '../attack/standing-still.ts';
import type { AlteredAnswers } from './altered-answers.ts';
import { type AlteredWorld, startAlteredWorld } from './altered-world.ts';
import { actInErp, addErpVendor, editLines, exportAgain, linkVendorInProcore, mapCost } from './hands.ts';
import { closedDetail, documentOf, procoreState, questionAbout, questions, standsIn } from './looking.ts';
import { audited, ordersOf, standsOnce } from './standing.ts';
import {
  createCommitment,
  exportCommitment,
  PETER,
  people,
  sendAndApprove,
  until,
  vendors,
  type World,
} from './world.ts';

let world: World;
let procore: AlteredAnswers;
let altered: AlteredWorld;
beforeAll(async () => {
  altered = await startAlteredWorld();
  ({ world, procore } = altered);
  await standsOnce(world, await exportCommitment(world));
});
afterAll(() => altered?.stop());

const paint = [{ amount: '5.00', code: 43 }] as const;
const lane = (contract: number) => `procore|commitment|${contract}`;

/** As if the lane of a commitment had failed so often already, for whatever reason. */
async function failedBefore(contract: number, attempts: number): Promise<void> {
  await world.query(
    `insert into lane (tenant, stage, id, account, attempts, last_error)
     select current_tenant(), 'source', $1, account, $2, 'before' from connection where id = 'procore'
     on conflict (tenant, stage, id) do update set attempts = $2, due_at = now(), wakes = lane.wakes + 1`,
    [lane(contract), attempts],
  );
}

async function missedAt(contract: number): Promise<Date | null> {
  const [row] = await world.query<{ missed_at: Date | null }>(
    "select missed_at from record where object = 'commitment' and native_id = $1",
    [String(contract)],
  );
  return row?.missed_at ?? null;
}

test('a commitment that never comes to sight is answered, asked about, and posted when it is exported again', async () => {
  const contract = await createCommitment(world);
  procore.hide(contract);
  const { detail } = await sendAndApprove(world, contract);
  await until('it was looked for', async () => {
    const rows = await world.query('select 1 from lane where id = $1 and attempts > 0', [lane(contract)]);
    return rows.length === 1;
  });
  await failedBefore(contract, 8);
  const closed = await closedDetail(world, detail);
  expect(closed).toMatchObject({ status: 'failed', messages: [expect.stringContaining('does not show')] });
  const missing = async () =>
    (await questions(world, 'quarantined')).filter(({ subject }) => subject.includes(String(contract)));
  const [question] = await missing();
  procore.hide(null);
  // An engineer who repaired the permission has it looked at again: seen, but its sender was told no.
  const again = { tenant: world.tenant, user: people.engineer, reviewId: question!.id };
  expect(await world.service.redrive(again)).toEqual({ ok: true });
  await until('nobody is asked any more', async () => (await missing()).length === 0);
  expect(await documentOf(world, contract)).toBeNull();
  const sent = await exportAgain(world, contract);
  await standsOnce(world, { contract, detail: sent.detail });
});

describe('a commitment that is not shown any more', () => {
  test('once, after trouble of another kind, is not gone', async () => {
    const { contract } = await exportCommitment(world, { lines: paint });
    await standsIn(world, contract, 'in-review');
    procore.hide(contract);
    await failedBefore(contract, 3);
    await until('it was missed', async () => (await missedAt(contract)) !== null);
    procore.hide(null);
    await until('it is shown again', async () => (await missedAt(contract)) === null);
    expect((await documentOf(world, contract))?.state).toBe('in-review');
    expect(await audited(world, contract, 'document-withdrawn')).toBe(0);
  });

  test('twice, with a pause, is gone: what waited is withdrawn and its sender is told', async () => {
    const { contract, detail } = await exportCommitment(world, { lines: paint });
    await standsIn(world, contract, 'in-review');
    procore.hide(contract);
    await failedBefore(contract, 0);
    await standsIn(world, contract, 'withdrawn');
    expect((await closedDetail(world, detail)).messages.join()).toContain('was deleted');
    procore.hide(null);
  });
});

test('an older export that arrives after a person took the newest back is answered as well', async () => {
  const { contract } = await exportCommitment(world, { lines: paint });
  const { id } = await standsIn(world, contract, 'in-review');
  const withdrawn = { tenant: world.tenant, user: people.accountant, documentId: id, reason: 'No.' };
  expect(await world.service.withdraw(withdrawn)).toEqual({ ok: true });
  await world.query(
    `insert into request_item (tenant, connection, key, request_id, event, object, native_id, content)
     select tenant, connection, '1/0', '1', event, object, native_id, content from request_item where native_id = $1`,
    [String(contract)],
  );
  await failedBefore(contract, 0);
  await until('the older one is answered', async () => {
    const rows = await world.query("select 1 from request_item where key = '1/0' and state = 'stale'");
    return rows.length === 1;
  });
  expect((await documentOf(world, contract))?.state).toBe('withdrawn');
});

describe('a link of a vendor that waits', () => {
  const vendor = vendors.unknown;
  const linkOf = async () =>
    (
      await world.query<{ id: string; state: string }>(
        "select id, state from document where kind = 'vendor-link' and part = $1",
        [String(vendor)],
      )
    )[0];
  const setPhase = (phase: 'read-only' | 'one-way') =>
    world.service.setPhase({ tenant: world.tenant, user: people.engineer, connectionId: 'b1', phase });
  const touchVendor = (fields: Record<string, string>) =>
    world.act({ as: PETER, action: 'edit_vendor', vendor_id: vendor, fields } as ProcoreAct);
  const waits = async () => {
    const link = await linkOf();
    return link?.state === 'blocked' && link;
  };

  test('and that a person took back does not come again by itself', async () => {
    await setPhase('read-only');
    await touchVendor({ email_address: 'bids@roofing.example' });
    await addErpVendor(world, {
      CardCode: 'V2000',
      CardName: 'Brand New Roofing, Inc.',
      EmailAddress: 'bids@roofing.example',
    });
    const { id } = await until('it waits', waits);
    const back = { tenant: world.tenant, user: people.accountant, documentId: id, reason: 'Another firm.' };
    expect(await world.service.withdraw(back)).toEqual({ ok: true });
    await setPhase('one-way');
    await until('the vendor was planned', async () => {
      const rows = await world.query('select 1 from lane where id = $1', [`procore|vendor|${vendor}`]);
      return rows.length === 0;
    });
    expect((await linkOf())?.state).toBe('withdrawn');
  });

  test('is withdrawn when the vendor is linked another way', async () => {
    await setPhase('read-only');
    await touchVendor({ business_phone: '2' });
    await until('it waits', waits);
    await linkVendorInProcore(world, vendor, 'V2000');
    await until('it is withdrawn', async () => (await linkOf())?.state === 'withdrawn');
    const links = await world.query(
      "select 1 from link where state = 'linked' and target_id = $1 and source_id = 'V2000'",
      [String(vendor)],
    );
    expect(links).toHaveLength(1);
    await setPhase('one-way');
  });
});

test('what changed in Procore during a conflict is planned once the conflict is decided', async () => {
  const { contract } = await exportCommitment(world);
  await standsIn(world, contract, 'confirmed');
  const [order] = await ordersOf(world, contract);
  const { contracts } = await procoreState(world);
  const line = contracts.find(({ id }) => id === contract)!.line_items[0]!;
  await actInErp(world, {
    action: 'edit_order_line',
    docEntry: Number(order!.id),
    lineNum: 0,
    changes: { LineTotal: 9 },
  });
  await editLines(world, contract, [{ id: line.id, amount: '20.00' }]);
  const first = await standsIn(world, contract, 'conflict', { revision: 2 });
  const by = { tenant: world.tenant, user: people.engineer };
  expect(await world.service.probeAgain({ ...by, documentId: first.id })).toMatchObject({
    ok: false,
    status: 409,
    title: 'A conflict',
  });
  await editLines(world, contract, [{ id: line.id, amount: '30.00' }]);
  await until('the newer content was looked at and is left alone', async () => {
    const seen = await world.query(
      "select 1 from record where object = 'commitment' and native_id = $1 and body ->> 'total' = '30.20'",
      [String(contract)],
    );
    return (
      seen.length === 1 &&
      (await world.query('select 1 from lane where id = $1', [lane(contract)])).length === 0
    );
  });
  const question = await questionAbout(world, contract, 'conflict');
  const wish = { tenant: world.tenant, user: people.accountant, reviewId: question.id };
  expect(await world.service.reject({ ...wish, reason: 'Theirs is right.' })).toEqual({ ok: true });
  await until('the newer content is planned', async () => {
    const now = await documentOf(world, contract);
    return now !== null && now.payload_hash !== first.payload_hash;
  });
});

test('in all of this nothing stands still', async () => {
  expect(await mapCost(world, '09-900|S', '5100')).toEqual({ ok: true });
  await expect.poll(() => standingStill(world.query), { timeout: 15_000 }).toEqual([]);
});
