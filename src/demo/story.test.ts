import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { having } from './cast.ts';
import { createVendor, editByHand } from './erp-clerk.ts';
import { keepTelling } from './live.ts';
import { editSchedule } from './procore-people.ts';
import { type Simulators, startSimulators } from './simulators.ts';
import { firstExports, pause } from './story.ts';
import { readTruth, type Truth } from './truth.ts';
import { makeWorld, type World } from './world.ts';

const TODAY = '2026-11-21';
const NEVER = new AbortController().signal;
const world = knowingItsErp(makeWorld(12, TODAY));
const told: string[] = [];

let simulators: Simulators;
beforeAll(async () => {
  simulators = await startSimulators(world);
  await firstExports({ world, simulators, onProgress: (line) => told.push(line), signal: NEVER });
}, 30_000);
afterAll(() => simulators.stop());

/** Procore was told how long a number the ERP holds, as the set-up tells it. */
function knowingItsErp(made: World): World {
  const max_length = { enabled: true, length: 100, message: 'The ERP holds %{length} characters.' };
  const fields = { number: { enabled: true, validation: { max_length } } };
  const entities = { commitments: { rules: { export: { fields } } } };
  const erp = { metadata: { settings: { entities } } };
  return { ...made, procore: { ...made.procore, company: { ...made.procore.company, erp } } };
}

const truth = () => readTruth({ procore: simulators.procore.url, businessOne: simulators.businessOne.url });

describe('the people of the story', () => {
  it('export every approved commitment that is to be sent, once', async () => {
    const { procore } = await truth();
    const wanted = world.cast.commitments.filter(({ part }) => part !== 'draft' && part !== 'never-sent');
    expect(procore.requests.map(({ contractId }) => contractId).sort()).toEqual(
      wanted.map(({ id }) => String(id)).sort(),
    );
    expect(procore.requests.every(({ status }) => status === 'in_progress')).toBe(true);
  });

  it('shorten the number that Procore refuses, and no other', async () => {
    const [long] = having(world.cast, 'number-too-long');
    const { contracts } = (await truth()).procore;
    const renamed = world.cast.commitments.filter(
      ({ id, number }) => contracts.find((row) => row.id === String(id))?.number !== number,
    );
    expect(renamed).toEqual([long]);
    expect(contracts.find(({ id }) => id === String(long!.id))?.number).toMatch(/^SC-\d{4}-\d{3}$/);
    expect(told).toContainEqual(expect.stringMatching(/The ERP holds 100 characters/));
  });

  it('change a schedule to figures that doing it twice leaves as they are', async () => {
    const [commitment] = having(world.cast, 'edited-after-posting');
    const edit = {
      commitment: commitment!,
      moreCents: 1_001n,
      newLine: { id: 562_949_953_480_900, cents: 7n },
    };
    const cents = ({ procore }: Truth) =>
      procore.contracts.find(({ id }) => id === String(commitment!.id))!.revisedCents;
    const before = cents(await truth());
    await editSchedule(simulators.hands, world.cast, edit);
    await editSchedule(simulators.hands, world.cast, edit);
    expect(cents(await truth())).toBe(before + 1_008n);
  });

  it('set the late vendor up in the ERP', async () => {
    const vendor = world.cast.vendors.find(({ standing }) => standing === 'comes-later')!;
    expect((await truth()).businessOne.vendors).not.toContain(vendor.cardCode);
    await createVendor(simulators.businessOne.url, vendor);
    expect((await truth()).businessOne.vendors).toContain(vendor.cardCode);
  });

  it('edit an order by hand to whole hundreds, so that both sides differ', async () => {
    const [order] = (await truth()).businessOne.orders;
    expect(order!.totalCents).toBe(487_540n);
    await editByHand(simulators.hands, order!);
    const [after] = (await truth()).businessOne.orders;
    expect(after!.totalCents).toBe(490_000n);
  });
});

describe('the living demo', () => {
  let service: Server;
  let baseUrl = '';
  beforeAll(async () => {
    service = createServer((_request, response) => response.writeHead(200).end('{}'));
    await new Promise<void>((done) => service.listen(0, '127.0.0.1', done));
    const address = service.address();
    baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  });
  afterAll(() => new Promise((done) => service.close(done)));

  it('writes and exports as many commitments as allowed, then ends', async () => {
    const fresh = await startSimulators(world);
    try {
      const lines: string[] = [];
      const live = keepTelling({
        baseUrl,
        world,
        simulators: fresh,
        seed: 2,
        onProgress: (line) => lines.push(line),
        maxDocuments: 4,
        everyMs: 10,
      });
      const urls = { procore: fresh.procore.url, businessOne: fresh.businessOne.url };
      const requests = async () => (await readTruth(urls)).procore.requests.length;
      for (let look = 0; look < 100 && (await requests()) < 36; look += 1) await pause(50, NEVER);
      await live.stop();
      expect(await requests()).toBe(36);
      expect(lines.filter((line) => line.includes('was written and exported'))).toHaveLength(4);
      expect(lines.filter((line) => line.startsWith('nothing came of it'))).toEqual([]);
    } finally {
      await fresh.stop();
    }
  }, 30_000);

  it('stops when it is told to, in the middle of the first wave', async () => {
    const fresh = await startSimulators(world);
    try {
      const live = keepTelling({ baseUrl, world, simulators: fresh, seed: 2, onProgress: () => {} });
      await live.stop();
      const urls = { procore: fresh.procore.url, businessOne: fresh.businessOne.url };
      expect((await readTruth(urls)).procore.requests.length).toBeLessThan(32);
    } finally {
      await fresh.stop();
    }
  }, 30_000);
});
