import type { DocumentField } from '../../domain/planning/document-fields.ts';
import type { ExportField } from '../../domain/planning/export-fields.ts';
import { canonicalOf, contentHash } from '../../domain/values/canonical.ts';
import { type MetadataDocument, metadataDocument } from '../../procore/erp-tool/metadata.ts';
import type { OpenConnection } from '../engine.ts';
import { isCarried } from '../requests/take-request.ts';

export type Metadata = { readonly document: MetadataDocument; readonly hash: string };

/** The approver is asked for no more than the field of the ERP holds, and for a date where it holds one. */
function askedOf(asked: readonly ExportField[], held: readonly DocumentField[]): readonly ExportField[] {
  return asked.map((field) => {
    const place = held.find(({ of, key }) => of === field.of && key === field.key);
    if (place === undefined) return field;
    return { ...field, holds: place.holds, maxLength: Math.min(field.maxLength, place.maxLength) };
  });
}

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
    asked: askedOf(hub.hub?.exportFields ?? [], erp.connection.documentFields ?? []),
  });
  return { document, hash: contentHash(canonicalOf(document)) };
}
