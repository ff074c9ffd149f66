import type { Operation } from '../../domain/documents.ts';
import { mappingHash } from '../../domain/mapping.ts';
import type { DocumentState } from '../../domain/states.ts';
import { canonicalOf, contentHash } from '../../domain/values/canonical.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import type { DocumentPlan } from '../../store/documents/document-row.ts';
import { joinPlans } from '../../store/documents/plan-lock.ts';
import { cancelPostings } from '../../store/documents/posting.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { passGate } from './pass-gate.ts';

const operation: Operation = { kind: 'prepare-target' };
const WAITING: readonly DocumentState[] = ['planned', 'blocked', 'ready', 'refused'];

/**
 * Brings a set-up to the gate: the one that waits, or a new one if somebody asks for it. Returns its document, or
 * null where there is nothing to plan.
 */
export async function planTargetSetup(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  { isAsked }: { readonly isAsked: boolean },
): Promise<string | null> {
  await joinPlans(tx);
  const key = {
    sourceConnection: erp.id,
    sourceObject: 'connection',
    sourceId: erp.id,
    targetConnection: erp.id,
    kind: 'target-setup',
    part: '',
  } as const;
  const last = (await documentsOf(tx, key)).at(-1) ?? null;
  if (last?.state === 'posting') return null;
  const open = last !== null && WAITING.includes(last.state) ? last : null;
  if (!isAsked && (open === null || open.state === 'refused')) return null;
  if (open !== null && !(await cancelPostings(tx, open, 'plan'))) return null;
  const draft: DocumentPlan = {
    ...key,
    id: open?.id ?? engine.newId(),
    revision: open?.revision ?? (last?.revision ?? 0) + 1,
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
  const hub = await engine.systems.hubOf(erp.tenant);
  await passGate(engine, tx, { erp, hub, draft, exposure: null, before: null });
  return draft.id;
}
