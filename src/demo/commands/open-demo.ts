import { setMapping } from '../../engine/decisions/mappings.ts';
import { consentToSetUp, showSetUp } from '../../engine/set-up/consent.ts';
import {
  connect,
  ensureTenant,
  ensureUsers,
  setFirstPhase,
  signInToken,
} from '../../engine/set-up/tenant.ts';
import { readEverything } from '../../engine/watch/sweep.ts';
import { systemClock } from '../../lib/clock.ts';
import { failPointFrom } from '../../lib/fail-point.ts';
import { openLog } from '../../lib/log.ts';
import {
  describeConnection,
  type House,
  openHouse,
  type Serving,
  serve,
  startAllSweeps,
} from '../../main.ts';
import { people } from '../people.ts';
import { type Simulators, startSimulators } from '../simulators.ts';
import { makeWorld, type World } from '../world.ts';

export const DEMO_TENANT = 'larkspur';
// Long enough for somebody who starts the demo before lunch.
const LINK_LIFE_MS = 12 * 3_600_000;

export type OpenDemo = {
  readonly world: World;
  readonly house: House;
  readonly serving: Serving;
  readonly simulators: Simulators;
  /** A fresh one-time sign-in token for one of the people. */
  readonly token: (part: keyof typeof people) => Promise<string>;
  readonly stop: () => Promise<void>;
};

export type DemoOptions = {
  readonly seed: number;
  readonly dataDir: string;
  readonly port: number;
  readonly logLevel: string;
  readonly say: (text: string) => void;
};

/** Database, simulators with the contractor in them, service and web app, connected and ready for the story. */
export async function openDemo({ seed, dataDir, port, logLevel, say }: DemoOptions): Promise<OpenDemo> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const world = makeWorld(seed, systemClock.now().toISOString().slice(0, 10));
    say('Starting PostgreSQL and the simulators ...');
    const [house, simulators] = await bothOrNone(
      openDemoHouse(dataDir, logLevel),
      startSimulators(world),
      stops,
    );
    await setUpTenant(house, simulators);
    say('Reading vendors, projects and accounts ...');
    await readEverything(house.engine, DEMO_TENANT, () => {});
    await map(house, world);
    const serving = await serve(house, {
      host: '127.0.0.1',
      port,
      https: false,
      simulated: ['Procore', 'SAP Business One'],
      roles: ['web', 'worker'],
    });
    stops.push(serving.stop);
    await setUpProcore(house, serving.url);
    await startAllSweeps(house.engine);
    const token = async (part: keyof typeof people) => {
      const made = await signInToken(house.engine, DEMO_TENANT, people[part].email, LINK_LIFE_MS);
      if (made === null) throw new Error(`the demo has no user ${part}`);
      return made;
    };
    return { world, house, serving, simulators, token, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function openDemoHouse(dataDir: string, logLevel: string): Promise<House> {
  return openHouse({
    dataDir,
    fresh: true,
    clock: systemClock,
    log: openLog(logLevel),
    // A visitor should see a lost webhook healed while watching; a real company looks every minute.
    pace: { pullEveryMs: 3_000, sweepEveryMs: 3_000 },
    failPoint: failPointFrom(process.env.TIEBEAM_FAIL_AT, () => process.kill(process.pid, 'SIGKILL')),
  });
}

/** Waits for both, so that neither outlives a failure of the other. */
async function bothOrNone(
  house: Promise<House>,
  simulators: Promise<Simulators>,
  stops: (() => Promise<void>)[],
): Promise<[House, Simulators]> {
  const [first, second] = await Promise.allSettled([house, simulators]);
  if (first.status === 'fulfilled') stops.push(first.value.close);
  if (second.status === 'fulfilled') stops.push(second.value.stop);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return [first.value, second.value];
}

async function setUpTenant({ engine, vault }: House, simulators: Simulators): Promise<void> {
  await ensureTenant(engine, DEMO_TENANT, 'Larkspur Builders');
  await ensureUsers(
    engine,
    DEMO_TENANT,
    Object.entries(people).map(([part, person]) => ({ id: part, ...person })),
  );
  const save = (id: string, system: string, name: string, code: string, config: unknown) =>
    connect(
      engine,
      vault,
      DEMO_TENANT,
      { id, system, name, code, ...describeConnection(system, config) },
      'demo',
    );
  await save('procore', 'procore', 'Procore', 'PC', simulators.procore.config);
  await save('business-one', 'sap-business-one', 'SAP Business One', 'B1', simulators.businessOne.config);
  await setFirstPhase(engine, DEMO_TENANT, 'procore', 'one-way', 'demo');
  await setFirstPhase(engine, DEMO_TENANT, 'business-one', 'one-way', 'demo');
}

/** The engineer reads what Procore lacks and consents to it, as on any first day. */
async function setUpProcore({ engine }: House, address: string): Promise<void> {
  const wish = { tenant: DEMO_TENANT, address };
  const shown = await showSetUp(engine, wish);
  if (!shown.ok) throw new Error(`the set-up in Procore: ${shown.detail}`);
  const user = { id: 'engineer', ...people.engineer };
  const consented = await consentToSetUp(engine, { ...wish, user, digest: shown.plan.digest });
  if (!consented.ok) throw new Error(`the set-up in Procore: ${consented.detail}`);
  const stuck = consented.results.find(({ outcome }) => outcome !== 'done');
  if (stuck !== undefined) throw new Error(`the set-up in Procore: ${stuck.what} ${stuck.message}`);
}

/** The coding that the contractor has had for years; what is new stays for people to answer. */
async function map({ engine }: House, world: World): Promise<void> {
  const user = { id: 'accountant', ...people.accountant };
  for (const mapping of world.mappings) {
    const saved = await setMapping(engine, { tenant: DEMO_TENANT, user, mapping });
    if (!saved.ok) throw new Error(`mapping ${mapping.kind} ${mapping.key}: ${saved.detail}`);
  }
}
