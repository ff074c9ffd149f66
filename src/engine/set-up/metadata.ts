import { canonicalOf, contentHash } from '../../domain/canonical.ts';
import { type MetadataDocument, metadataDocument } from '../../procore/metadata.ts';
import type { OpenConnection } from '../engine.ts';
import { isCarried } from '../requests/take-request.ts';

export type Metadata = { readonly document: MetadataDocument; readonly hash: string };

/** What Procore's ERP tool is told of an ERP: its own limits, and what is carried to it. Pure. */
export function metadataFor(erp: Pick<OpenConnection, 'name' | 'constraints' | 'connection'>): Metadata {
  const document = metadataDocument({
    name: erp.name,
    constraints: erp.constraints,
    supports: erp.connection.supports,
    pulls: new Set(Object.keys(erp.connection.pull)),
    carries: isCarried,
  });
  return { document, hash: contentHash(canonicalOf(document)) };
}
