import type { VendorRecord } from '../../domain/records.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import { detachTarget } from '../../store/documents/link.ts';
import { findRecord } from '../../store/records/record.ts';
import { wakeLane, wakeLanes } from '../../store/work/lane.ts';
import { wakePlaces } from '../../store/work/sweep-place.ts';
import { sourceLane, sweepLane } from '../lanes.ts';
import { succeedRequest } from '../post/confirm.ts';
import { linkShownSubJob } from '../resolve/resolve-sub-job.ts';
import { step } from '../step.ts';
import { pullToEnd } from '../watch/pull.ts';
import { linkImported } from './imported-commitment.ts';
import type { Work } from './work-item.ts';

/**
 * A person linked, unlinked or merged records in Procore's own screens. Its lists say what is so now; the notice is
 * a reason to read them, and nothing that it says is believed.
 */
export async function toldOfIds(work: Work): Promise<void> {
  const { engine, at, item, event } = work;
  const { object } = event;
  if (at.connection.pull[object] !== undefined) await pullToEnd(engine, at, object);
  // Imported: its project lists it with the ERP's id.
  if (object === 'sub-job' && event.act === 'linked') await linkShownSubJob(engine, at, item);
  const { nativeId: id, projectId, type } = item;
  if (object === 'commitment' && projectId !== null && type !== null)
    await linkImported(engine, at, { id, projectId, type }, item.requester ?? 'procore');
  await step(engine, at.tenant, async (tx) => {
    const freed = object === 'vendor' && event.act !== 'linked' ? await freeVendor(work, tx) : [];
    const named = [item.nativeId, ...(item.parentId === null ? [] : [item.parentId])];
    if (object === 'vendor')
      await wakeLanes(
        tx,
        named.map((id) => sourceLane(at, 'vendor', id)),
      );
    // Imported or linked by hand: its mapping follows from the id that Procore shows.
    if (object === 'project' && event.act === 'linked')
      await wakeLane(tx, sourceLane(at, 'project', item.nativeId));
    if (object === 'commitment') {
      await wakePlaces(tx, at.id, item.projectId === null ? 'all' : [item.projectId]);
      await wakeLane(tx, sweepLane(at, 'projects'));
    }
    await appendAudit(tx, [
      {
        kind: 'ids-changed-in-source',
        actor: 'procore',
        at: engine.clock.now(),
        body: {
          event: item.event,
          object,
          id: item.nativeId,
          originId: item.originId ?? '',
          into: item.parentId ?? '',
          unlinked: freed,
        },
      },
    ]);
    await succeedRequest(engine, tx, at, item, []);
  });
}

/** The link goes with the id in Procore: what is not posted yet then waits for the vendor's next link. */
async function freeVendor(
  { engine, at, item }: Work,
  tx: Parameters<typeof findRecord>[0],
): Promise<string[]> {
  const key = { connection: at.id, object: 'vendor', nativeId: item.nativeId };
  const vendor = await findRecord<VendorRecord>(tx, key);
  const isShown = vendor !== null && !vendor.gone && vendor.body.originId !== null;
  // Procore still shows the id, or somebody linked it anew by now: that is what counts.
  if (isShown) return [];
  const erp = await engine.systems.homeOf(at.tenant);
  const target = { targetConnection: at.id, targetObject: 'vendor', targetId: item.nativeId };
  return detachTarget(tx, erp.id, target);
}

/** Procore's reminder that a job may have moved: its cost is looked at now instead of with the next round. */
export async function periodic({ engine, at, item }: Work): Promise<void> {
  await step(engine, at.tenant, async (tx) => {
    await wakeLane(tx, sweepLane(at, 'job-costs'));
    await succeedRequest(engine, tx, at, item, []);
  });
}
