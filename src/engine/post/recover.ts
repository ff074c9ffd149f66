import { appendAudit } from '../../store/audit/audit.ts';
import { countUnsent, currentEpoch, openRoots, raiseEpoch } from '../../store/database/installation.ts';
import { listUsers } from '../../store/people/users.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine } from '../engine.ts';
import { postLane } from '../lanes.ts';
import { step } from '../step.ts';

/** What will be looked for in the systems before anything more is sent to them. */
export type Recovery = {
  readonly tenant: string;
  readonly connections: readonly {
    readonly connection: string;
    readonly name: string;
    readonly writes: number;
  }[];
  /** Documents with nothing to send yet: each is looked for when it is first sent. */
  readonly documents: number;
};

export async function foreseeRecovery(engine: Engine, tenant: string): Promise<Recovery> {
  const { roots, documents } = await step(engine, tenant, async (tx) => ({
    roots: await openRoots(tx),
    documents: await countUnsent(tx),
  }));
  const writes = new Map<string, number>();
  for (const root of roots) writes.set(root.connection, (writes.get(root.connection) ?? 0) + root.writes);
  const connections = await Promise.all(
    [...writes].map(async ([connection, count]) => ({
      connection,
      name: (await engine.systems.get(tenant, connection)).name,
      writes: count,
    })),
  );
  return { tenant, connections, documents };
}

export async function epochOf(engine: Engine, tenant: string): Promise<bigint> {
  return step(engine, tenant, currentEpoch);
}

/**
 * After a restore or failover our books may lack what was sent last. From the new epoch on every write that has not
 * ended, and every create that is sent for the first time, is looked for before it goes out. Workers that run are
 * fenced off in the same transaction. Raised once for all tenants: `seen` is the epoch that was read before.
 */
export async function recover(
  engine: Engine,
  wish: { readonly tenant: string; readonly seen: bigint; readonly by: string },
): Promise<bigint> {
  const { tenant, seen, by } = wish;
  return step(engine, tenant, async (tx) => {
    const epoch = await raiseEpoch(tx, seen);
    const roots = await openRoots(tx);
    for (const { connection, root } of roots)
      await wakeLane(tx, postLane(await engine.systems.get(tenant, connection), root));
    const writes = roots.reduce((sum, root) => sum + root.writes, 0);
    const body = { from: String(seen), epoch: String(epoch), lookedFor: String(writes) };
    await appendAudit(tx, [{ kind: 'epoch-raised', actor: by, at: engine.clock.now(), body }]);
    return epoch;
  });
}

/** Whether somebody with this e-mail is an engineer of the tenant. */
export async function isEngineer(engine: Engine, tenant: string, email: string): Promise<boolean> {
  const users = await step(engine, tenant, listUsers);
  return users.some(
    (user) => user.email.toLowerCase() === email.toLowerCase() && user.roles.includes('engineer'),
  );
}
