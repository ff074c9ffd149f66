import { mayHandle } from '../../domain/approval/may-decide.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import { allowJobCosts as setAllowed } from '../../store/records/job-cost.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine } from '../engine.ts';
import { sweepLane } from '../lanes.ts';
import { step } from '../step.ts';
import { type By, type Decided, declined } from './person.ts';

/**
 * Switches the showing of posted cost in Procore on or off. It lets out nothing else, and no phase of documents
 * switches it along.
 */
export async function allowJobCosts(
  engine: Engine,
  { tenant, user, allowed }: By & { allowed: boolean },
): Promise<Decided> {
  if (!mayHandle(user, 'engineer') && !mayHandle(user, 'controller'))
    return declined(403, 'You may not switch this', 'This needs the role engineer or controller.');
  const hub = await engine.systems.hubOf(tenant);
  await step(engine, tenant, async (tx) => {
    await setAllowed(tx, hub.id, allowed);
    if (allowed) await wakeLane(tx, sweepLane(hub, 'job-costs'));
    await appendAudit(tx, [
      {
        kind: 'job-costs-allowed',
        actor: user.email,
        at: engine.clock.now(),
        body: { connection: hub.id, allowed: allowed ? 'yes' : 'no' },
      },
    ]);
  });
  hub.allowWrites(allowed, 'job-costs');
  return { ok: true };
}
