import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { inject } from 'vitest';
import { z } from 'zod';
import { openPools, type Pools } from '../../src/store/database/pools.ts';
import { TEST_SECRET, type TestCluster } from './cluster-address.ts';
import { onServer, withDatabase } from './server.ts';

/** A migrated database of a test file's own. */
export interface TestDatabase {
  ownerUrl: string;
  secret: string;
  pools: Pools;
  drop(): Promise<void>;
}

const Answer = z.union([
  z.object({ ownerUrl: z.string(), template: z.string() }),
  z.object({ failed: z.string() }),
]);

/** Clones the migrated template: call it in beforeAll, and drop() in afterAll. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { ownerUrl: server, template } = await askForCluster();
  const name = `tiebeam_test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  // A clone does not inherit the grants on the database itself.
  await onServer(server, `REVOKE TEMPORARY ON DATABASE ${name} FROM PUBLIC`);
  const ownerUrl = withDatabase(server, name);
  const pools = openPools(ownerUrl, TEST_SECRET, { sizes: { app: 8, dispatch: 4, door: 4 } });
  return {
    ownerUrl,
    secret: TEST_SECRET,
    pools,
    async drop() {
      await pools.close();
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** An empty, unmigrated database, for tests of migration itself. */
export async function createEmptyDatabase(): Promise<{ ownerUrl: string; drop(): Promise<void> }> {
  const { ownerUrl: server } = await askForCluster();
  const name = `tiebeam_empty_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  return {
    ownerUrl: withDatabase(server, name),
    drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function askForCluster(): Promise<TestCluster> {
  const text = await new Promise<string>((resolve, reject) => {
    let received = '';
    const socket = connect(clusterPort(), '127.0.0.1');
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      received += part;
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(received));
  });
  const answer = Answer.parse(JSON.parse(text));
  if ('failed' in answer) throw new Error(`The test cluster did not start: ${answer.failed}`);
  return answer;
}

/** Of the run of tests, or of the command that started a cluster for itself. */
function clusterPort(): number {
  const own = process.env.TIEBEAM_TEST_CLUSTER_PORT;
  return own === undefined ? inject('clusterPort') : Number(own);
}
