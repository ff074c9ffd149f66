import { randomBytes } from 'node:crypto';
import { issueLoginLink } from '../../src/http/auth/login-link.ts';
import { buildServer } from '../../src/http/server.ts';
import { openPools, type Pools } from '../../src/store/database/pools.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { openTestEngine, vault } from '../scenarios/test-engine.ts';
import { ATTACK_SECRET } from './cluster.ts';
import type { World } from './world.ts';

export type Answer = { readonly status: number; readonly body: string };

/** The HTTP service of the product, asked past the proxy: what is judged is not disturbed. */
export type OpenService = {
  readonly pools: Pools;
  /** The addresses of all GET routes. */
  readonly readable: readonly string[];
  /** Somebody of a tenant, signed in. */
  readonly signIn: (tenant: string, userId: string) => Promise<(url: string) => Promise<Answer>>;
  readonly close: () => Promise<void>;
};

export async function openService({ database, service }: World): Promise<OpenService> {
  const pools = openPools(database.directUrl(), ATTACK_SECRET, { sizes: { app: 2, dispatch: 1, door: 1 } });
  const { clock, log } = openTestEngine(pools);
  const app = await buildServer(
    { ...service, pools, clock, randomBytes, log, fingerprint: vault.fingerprint },
    { https: false },
  );
  const headers = { host: 'tiebeam.test', 'x-tiebeam-request': '1' };
  return {
    pools,
    readable: app.declaredRoutes.flatMap(({ method, url }) => (method === 'GET' ? [url] : [])),
    async signIn(tenant, userId) {
      const { token } = await inTenant(pools.app, tenant, (tx) =>
        issueLoginLink(tx, { tenant, userId, now: clock.now(), randomBytes }),
      );
      const payload = { token };
      const entered = await app.inject({ method: 'POST', url: '/api/v1/sign-in/link', headers, payload });
      const cookie = String(entered.headers['set-cookie']).split(';')[0]!;
      return async (url) => {
        const { statusCode: status, body } = await app.inject({ url, headers: { ...headers, cookie } });
        return { status, body };
      };
    },
    async close() {
      await app.close();
      await pools.close();
    },
  };
}
