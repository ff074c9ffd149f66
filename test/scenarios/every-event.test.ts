import { afterAll, beforeAll, expect, test } from 'vitest';
import { planSetUp } from '../../src/engine/set-up/plan.ts';
import { runSetUp } from '../../src/engine/set-up/run.ts';
import { ERP_EVENTS } from '../../src/procore/erp-tool/erp-events.ts';
import { doesOf } from '../procore/coverage.ts';
import { Mangler } from '../procore/mangle.ts';
import { type AlteredWorld, startAlteredWorld } from './altered-world.ts';
import { mapRetainage } from './billing.ts';
import { endOf, startChild } from './child.ts';
import {
  allowStaging,
  RAISED,
  type Raised,
  seedOfEveryEvent,
  spareCodesTaken,
  vagueCost,
} from './event-acts.ts';
import { allDetails, detailsSay, ENDS, engineerSees, erpWrites, type Item, worked } from './event-ends.ts';
import type { World } from './world.ts';

let altered: AlteredWorld;
let world: World;
beforeAll(async () => {
  altered = await startAlteredWorld({
    seed: seedOfEveryEvent,
    procore: { ordersFromErp: 'purchase-orders' },
  });
  ({ world } = altered);
  await mapRetainage(world, '2050');
  const planned = await planSetUp(world.engine, world.tenant, {});
  if (!planned.ok) throw new Error(planned.detail);
  await runSetUp(world.engine, planned.plan, 'test');
  await allowStaging(world);
});
afterAll(() => altered?.stop());

test.each(RAISED)('%s', async (event, raise) => {
  const does = doesOf(event);
  const before = await erpWrites(world);
  const raised = await raise(world);
  const items = await worked(world, raised);
  for (const item of items) {
    expect(item.event).toBe(event);
    await ENDS[does](world, item);
  }
  await detailsSay(world, raised, items);
  if (does !== 'carried') expect(await erpWrites(world)).toBe(before);
});

test('an export that waits when its record is reset is answered as well', async () => {
  const raised = await vagueCost.exported(world);
  expect(await worked(world, raised)).toMatchObject([{ state: 'working' }]);
  await worked(world, await vagueCost.reset(world));
  const items = await worked(world, raised);
  expect(items).toMatchObject([
    { state: 'failed', messages: [expect.stringContaining('This export is over.')] },
  ]);
  await detailsSay(world, raised, items);
});

test('so every name of the dictionary was sent, and kept', async () => {
  const kept = await world.query<{ event: string }>('select distinct event from request_item');
  expect(kept.map(({ event }) => event).toSorted()).toEqual(Object.keys(ERP_EVENTS).toSorted());
});

test('only what waits in front of somebody on its way to the ERP is in progress, all else was closed once', async () => {
  const items = await world.query<Item>("select event, detail_id from request_item where state = 'working'");
  expect(items.map(({ event }) => doesOf(event)).filter((does) => does !== 'carried')).toEqual([]);
  const details = await allDetails(world);
  const open = details.filter(({ status }) => status === 'in_progress');
  expect(open.map(({ id }) => String(id)).toSorted()).toEqual(items.map((item) => item.detail_id).toSorted());
  for (const { status, times_written: times } of details)
    expect(times).toBe(status === 'in_progress' ? 0 : 1);
});

test('a service that is killed in the middle of a batch answers each of its items once', async () => {
  await world.stopWorkers();
  const raised = await spareCodesTaken(0, 16)(world);
  for (const failAt of ['after-plan', 'after-answer'] as const) {
    const end = await endOf(startChild(world, { failAt }));
    expect(end).toEqual({ by: 'SIGKILL', said: `reached ${failAt}` });
  }
  const open = (await allDetails(world)).filter(({ id }) => raised.details.includes(id));
  expect(open.some(({ status }) => status === 'in_progress')).toBe(true);
  world.startWorker();
  const items = await worked(world, raised);
  expect(items.map(({ state }) => state)).toEqual(raised.details.map(() => 'succeeded'));
  await detailsSay(world, raised, items);
});

test('an event that nobody knows is kept, shown to an engineer and answered', async () => {
  altered.procore.changeRequest((request) => ({ ...request, request_name: 'create_hologram' }));
  const raised = await spareCodesTaken(16, 1)(world);
  const [item, ...more] = await worked(world, raised);
  altered.procore.changeRequest((request) => request);
  expect([item!.event, more]).toEqual(['create_hologram', []]);
  await ENDS.declined(world, item!);
  await detailsSay(world, raised, [item!]);
});

test('requests that come broken are kept, and answered or shown to an engineer', async () => {
  await world.stopWorkers();
  const raised: Raised[] = [];
  for (let from = 17; from < 37; from += 1) raised.push(await spareCodesTaken(from, 1)(world));
  const seedOf = new Map(raised.map(({ requests: [id] }, index) => [id, index + 1]));
  altered.procore.changeRequest((request) => {
    const seed = seedOf.get(Number(request.id));
    if (seed === undefined) return request;
    return { ...request, request_data: new Mangler(seed * 7_919).mangled(request.request_data) };
  });
  world.startWorker();
  let seen = 0;
  for (const each of raised) {
    const items = await worked(world, each);
    // A record that came twice is two items, which end in one answer.
    const named = new Set(items.map((item) => Number(item.detail_id)));
    expect([...named], JSON.stringify(items)).toEqual(each.details);
    const [detail] = (await allDetails(world)).filter(({ id }) => named.has(id));
    expect(detail).toMatchObject({ times_written: 1 });
    if (await engineerSees(world, items[0]!)) seen += 1;
  }
  altered.procore.changeRequest((request) => request);
  expect(seen).toBeGreaterThan(0);
});

test('a request of which only its number is left has each of its details closed as failed, once', async () => {
  altered.procore.changeRequest(({ id }) => ({ id }));
  const raised = await spareCodesTaken(37, 3)(world);
  const items = await worked(world, raised);
  altered.procore.changeRequest((request) => request);
  expect(items.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
  for (const item of items) await ENDS.declined(world, item);
  await detailsSay(world, raised, items);
});

test('the audit trail of all of it is whole', async () => {
  expect((await world.service.verifyAudit(world.tenant)).verdict.verified).toBe(true);
});
