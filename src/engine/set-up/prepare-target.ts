import { getDocument } from '../../store/documents/document.ts';
import { startWorker } from '../dispatch/dispatch.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { planTargetSetup } from '../plan/plan-target-setup.ts';
import { step } from '../step.ts';

const GIVE_UP_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** Creates what our postings need in the ERP once, through the same gate, protocol and audit as every write. */
export async function prepareTarget(
  engine: Engine,
  erp: OpenConnection,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly why: string }> {
  const { tenant } = erp;
  if (!erp.connection.supports.has('prepare-target')) return { ok: true };
  const id = await step(engine, tenant, (tx) => planTargetSetup(engine, tx, erp, { isAsked: true }));
  return id === null ? { ok: false, why: 'it is on its way already' } : workUntilDone(engine, tenant, id);
}

async function workUntilDone(
  engine: Engine,
  tenant: string,
  id: string,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly why: string }> {
  const worker = startWorker(engine, { owner: engine.newId() });
  const end = engine.clock.now().getTime() + GIVE_UP_AFTER_MS;
  try {
    while (engine.clock.now().getTime() < end) {
      const document = await step(engine, tenant, (tx) => getDocument(tx, id));
      if (document?.state === 'confirmed') return { ok: true };
      if (document !== null && document.state !== 'ready' && document.state !== 'posting') {
        return { ok: false, why: document.reasons[0]?.message ?? `it is ${document.state}` };
      }
      await engine.clock.sleep(LOOK_EVERY_MS);
    }
    return { ok: false, why: 'it took too long; look at it in the web app' };
  } finally {
    await worker.stop();
  }
}
