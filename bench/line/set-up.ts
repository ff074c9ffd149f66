import { setMapping } from '../../src/engine/decisions/mappings.ts';
import { connect, ensureTenant, ensureUsers, setFirstPhase } from '../../src/engine/set-up/tenant.ts';
import { readEverything } from '../../src/engine/watch/sweep.ts';
import { describeConnection, type House } from '../../src/main.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { setPolicy } from '../../src/store/settings/policy.ts';
import { type Connections, mappings } from './company.ts';

export const TENANT = 'bench';

export const accountant = {
  id: 'accountant',
  email: 'ann@bench.example',
  name: 'Ann',
  roles: ['accountant'],
} as const;
export const controller = {
  id: 'controller',
  email: 'carl@bench.example',
  name: 'Carl',
  roles: ['controller'],
} as const;

/** The contractor of the bench as the service knows it; from `threshold` on the controller approves. */
export async function setUp(
  { engine, vault, pools }: House,
  config: Connections,
  threshold: string,
): Promise<void> {
  await ensureTenant(engine, TENANT, 'Bench Builders');
  await ensureUsers(engine, TENANT, [accountant, controller]);
  for (const [id, system, code, given] of [
    ['procore', 'procore', 'PC', config.procore],
    ['business-one', 'sap-business-one', 'B1', config.businessOne],
  ] as const) {
    const described = describeConnection(system, given);
    await connect(engine, vault, TENANT, { id, system, name: system, code, ...described }, 'bench');
    await setFirstPhase(engine, TENANT, id, 'one-way', 'bench');
  }
  const approvals = [{ kind: 'purchase-order', threshold, currency: 'USD', role: 'controller' }] as const;
  await inTenant(pools.app, TENANT, (tx) => setPolicy(tx, { approvals }, 'bench'));
  await readEverything(engine, TENANT, () => {});
  for (const mapping of mappings) {
    const saved = await setMapping(engine, {
      tenant: TENANT,
      user: accountant,
      mapping: { scope: '', ...mapping },
    });
    if (!saved.ok) throw new Error(saved.detail);
  }
}
