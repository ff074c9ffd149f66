import { mayHandle } from '../../domain/approval/may-decide.ts';
import type { Phase } from '../../domain/states.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import { setConnectionPhase, setProjectPhase } from '../../store/settings/connection.ts';
import type { Engine } from '../engine.ts';
import { wakeWaiting } from '../plan/wake.ts';
import { step } from '../step.ts';
import { type By, type Decided, declined, gone } from './person.ts';

/** Moves a connection or one project between the phases of a rollout. */
export async function setPhase(
  engine: Engine,
  {
    tenant,
    user,
    connectionId,
    phase,
    projectId,
  }: By & { connectionId: string; phase: Phase; projectId?: string },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    if (!mayHandle(user, 'engineer') && !mayHandle(user, 'controller'))
      return declined(403, 'You may not change phases', 'This needs the role engineer or controller.');
    if (projectId !== undefined) await setProjectPhase(tx, connectionId, projectId, phase);
    else if ((await setConnectionPhase(tx, connectionId, phase)) === null) return gone;
    if (projectId === undefined)
      (await engine.systems.get(tenant, connectionId)).allowWrites(phase !== 'read-only');
    for (const erp of await engine.systems.erpsOf(tenant))
      await wakeWaiting(engine, tx, tenant, 'phase', erp.id);
    await appendAudit(tx, [
      {
        kind: 'phase-set',
        actor: user.email,
        at: engine.clock.now(),
        body: { connection: connectionId, project: projectId, phase },
      },
    ]);
    return { ok: true };
  });
}
