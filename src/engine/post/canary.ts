import { canaryReference, type StoredPosting } from '../../store/documents/posting.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';

/**
 * Whether a probe that found nothing can see a document known to stand in the target; null where none is known yet.
 * A search that is blind says "not there" of everything.
 */
export async function seesCanary(
  engine: Engine,
  at: OpenConnection,
  posting: StoredPosting,
): Promise<boolean | null> {
  const reference = await step(engine, at.tenant, (tx) =>
    canaryReference(tx, at.id, posting.object, posting.reference),
  );
  if (reference === null) return null;
  const known = at.connection
    .writes(withReference(posting.operation, reference))
    .find(({ name }) => name === posting.writeName);
  if (known === undefined) return false;
  const result = await known.probe(at.connection.read, { earlierIds: {} });
  return result.kind !== 'found' || result.matches.length > 0;
}

function withReference(operation: StoredPosting['operation'], reference: string): StoredPosting['operation'] {
  switch (operation.kind) {
    case 'create-order':
    case 'create-requisition':
      return { ...operation, body: { ...operation.body, reference } };
    case 'create-vendor':
      // Without its code: a vendor that somebody else has under it would prove nothing.
      return { ...operation, body: { ...operation.body, reference, code: null } };
    case 'create-project':
      return { ...operation, body: { ...operation.body, reference } };
    case 'create-cost-code':
      return { ...operation, body: { ...operation.body, reference } };
    case 'create-sub-job':
      return { ...operation, body: { ...operation.body, reference } };
    case 'create-invoice':
      return { ...operation, body: { ...operation.body, reference } };
    case 'create-direct-invoice':
      return { ...operation, body: { ...operation.body, reference } };
    case 'create-vendor-credit':
      return { ...operation, body: { ...operation.body, reference } };
    case 'create-budget':
      return { ...operation, body: { ...operation.body, reference } };
    case 'create-contract-change':
      return { ...operation, body: { ...operation.body, reference } };
    case 'create-vendor-payment':
      return { ...operation, body: { ...operation.body, reference } };
    case 'create-ar-invoice':
      return { ...operation, body: { ...operation.body, reference } };
    default:
      return operation;
  }
}
