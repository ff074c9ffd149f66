import { startSweeps } from '../../src/engine/watch/sweep.ts';
import { startProcoreSimulator } from '../../src/procore/simulator/server.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { startBusinessOne } from './erp-target.ts';
import { businessOneSeed, COMPANY, people, procoreSeed } from './seeds.ts';
import { setUpTenant } from './set-up-tenant.ts';
import { addMappings, type World } from './world.ts';

export const CANARY = 'canary';

/** The same seed with a canary in every text that people write; codes and ids stay the same on purpose. */
function withCanaries<T>(seed: T): T {
  const words =
    /Harbor Builders|Steel|Concrete|Pier|Depot|Peter|Anna|Roofing|Paint|Structural|@(?=steel|concrete)/g;
  const marked = JSON.stringify(seed).replace(words, (word) =>
    word === '@' ? `@${CANARY}-` : `${CANARY} ${word}`,
  );
  return JSON.parse(marked) as T;
}

/** A second tenant in the same database and process, with systems of its own that give out the same ids. */
export async function addRival(world: World) {
  const tenant = 'rival';
  const procoreSim = await startProcoreSimulator({ port: 0 });
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${procoreSim.url}/_sim/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
  await call('POST', 'seed', withCanaries(procoreSeed()));
  const erp = await startBusinessOne(300, withCanaries(businessOneSeed));
  await setUpTenant(world.engine, tenant, {
    users: Object.values(people).map((user) => ({
      ...user,
      id: `${CANARY}-${user.id}`,
      email: `${CANARY}-${user.email}`,
      name: `${CANARY} ${user.name}`,
    })),
    procoreUrl: procoreSim.url,
    procoreApiUrl: procoreSim.url,
    companyId: COMPANY,
    lifeMs: 300,
    erp: erp.connection,
    phase: 'one-way',
  });
  const rival: World = {
    ...world,
    tenant,
    erp,
    sim: call,
    act: (act) => call('POST', 'act', act) as ReturnType<World['act']>,
    sweep: () => startSweeps(world.engine, tenant, ['procore', erp.connection.id]),
    query: (text, values = []) =>
      inTenant(world.engine.pools.app, tenant, async (tx) => (await tx.query(text, values)).rows),
    async stop() {
      await Promise.all([procoreSim.stop(), erp.stop()]);
    },
  };
  await addMappings({ ...rival, startWorker: () => ({ stop: async () => {} }) });
  return rival;
}
