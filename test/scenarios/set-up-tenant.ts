import type { Engine } from '../../src/engine/engine.ts';
import {
  connect,
  ensureTenant,
  ensureUsers,
  type NewUser,
  setFirstPhase,
} from '../../src/engine/set-up/tenant.ts';
import { procore } from '../../src/procore/index.ts';
import type { ErpTarget } from './erp-target.ts';
import { vault } from './test-engine.ts';

/** A tenant with its users, its Procore company and its ERP, as the set-up leaves it. */
export async function setUpTenant(
  engine: Engine,
  tenant: string,
  wish: {
    readonly users: readonly NewUser[];
    readonly procoreUrl: string;
    readonly procoreApiUrl: string;
    readonly companyId: number;
    readonly lifeMs: number | null;
    readonly erp: ErpTarget['connection'];
    readonly phase: 'read-only' | 'one-way';
    /** Settings of the Procore connection besides. */
    readonly procore?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  await ensureTenant(engine, tenant, tenant);
  await ensureUsers(engine, tenant, wish.users);
  const { clientSecret, ...config } = procore.config.parse({
    authUrl: wish.procoreUrl,
    apiUrl: wish.procoreApiUrl,
    companyId: String(wish.companyId),
    clientId: 'tiebeam',
    clientSecret: 'secret',
    requestLifeMs: wish.lifeMs,
    // Stories are short: a project that rests is looked at as often as one that does not.
    quietSeconds: 1,
    ...wish.procore,
  });
  const hub = {
    id: 'procore',
    system: 'procore',
    name: 'Procore',
    code: 'PC',
    account: `procore ${wish.procoreUrl} ${wish.companyId}`,
    config,
    secrets: { clientSecret },
  };
  await connect(engine, vault, tenant, hub, 'test');
  await connect(engine, vault, tenant, wish.erp, 'test');
  await setFirstPhase(engine, tenant, 'procore', 'one-way', 'test');
  await setFirstPhase(engine, tenant, wish.erp.id, wish.phase, 'test');
}
