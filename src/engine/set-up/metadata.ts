import { canonicalOf, contentHash } from '../../domain/canonical.ts';
import { type MetadataDocument, metadataDocument } from '../../procore/metadata.ts';
import type { OpenConnection } from '../engine.ts';
import { isCarried } from '../requests/take-request.ts';

export type Metadata = { readonly document: MetadataDocument; readonly hash: string };

/** What Procore's ERP tool is told of an ERP: its own limits, and what is carried to it and from it. Pure. */
export function metadataFor(
  erp: Pick<OpenConnection, 'name' | 'constraints' | 'connection'>,
  hub: Pick<OpenConnection, 'hub'>,
): Metadata {
  const { pull, standingOrders } = erp.connection;
  const begun =
    standingOrders !== undefined && hub.hub?.ordersFromErp !== 'off' ? ['commitment', 'change-order'] : [];
  const document = metadataDocument({
    name: erp.name,
    constraints: erp.constraints,
    supports: erp.connection.supports,
    pulls: new Set([...Object.keys(pull), ...begun]),
    carries: isCarried,
    asked: hub.hub?.exportFields ?? [],
  });
  return { document, hash: contentHash(canonicalOf(document)) };
}
