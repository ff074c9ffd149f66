import { canonicalOf, contentHash } from '../domain/canonical.ts';
import type { Operation } from '../domain/documents.ts';
import { mappingHash } from '../domain/mapping.ts';
import { getDocument } from '../store/document.ts';
import { documentsOf } from '../store/document-lists.ts';
import type { DocumentPlan } from '../store/document-row.ts';
import { startWorker } from './dispatch.ts';
import type { Engine } from './engine.ts';
import { passGate } from './pass-gate.ts';
import { step } from './step.ts';

const GIVE_UP_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** Creates what our postings need in the ERP once, through the same gate, protocol and audit as every write. */
export async function prepareTarget(
  engine: Engine,
  tenant: string,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly why: string }> {
  const erp = await engine.systems.erpOf(tenant);
  const hub = await engine.systems.hubOf(tenant);
  const operation: Operation = { kind: 'prepare-target' };
  if (!erp.connection.supports.has(operation.kind)) return { ok: true };
  const key = {
    sourceConnection: erp.id,
    sourceObject: 'connection',
    sourceId: erp.id,
    targetConnection: erp.id,
    kind: 'target-setup',
    part: '',
  } as const;
  const id = engine.newId();
  await step(engine, tenant, async (tx) => {
    const last = (await documentsOf(tx, key)).at(-1) ?? null;
    const draft: DocumentPlan = {
      ...key,
      id,
      revision: (last?.revision ?? 0) + 1,
      root: 'setup',
      state: 'planned',
      projectId: null,
      vendorId: null,
      vendorName: null,
      number: erp.code,
      title: `Prepare ${erp.name}`,
      amountMinor: null,
      currency: null,
      exposureMinor: 0n,
      accountingDate: null,
      recordVersion: 1,
      recordHash: '',
      body: null,
      operation,
      payloadHash: contentHash(canonicalOf(operation)),
      mappings: [],
      mappingHash: mappingHash([]),
      gate: null,
      reasons: [],
      requester: null,
      requestKey: null,
    };
    await passGate(engine, tx, { erp, hub, draft, exposure: null });
  });
  return workUntilDone(engine, tenant, id);
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
