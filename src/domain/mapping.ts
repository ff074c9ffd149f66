import { type Canonical, contentHash } from './canonical.ts';
import type { CommitmentLine } from './records.ts';

/** A current mapping row as the plan used it: kept with the document, so that an approval can bind it. */
export type MappingRow = {
  /** `retainage` has one row for each scope: the account for retainage payable. */
  readonly kind: 'project' | 'vendor' | 'cost' | 'retainage';
  readonly scope: string;
  readonly key: string;
  readonly value: { readonly kind: 'account' | 'item' | 'project' | 'vendor'; readonly code: string };
  readonly version: number;
  readonly setBy: string;
};

/** A question that only a person can answer, with what the plan would have used. */
export type MappingAsk = {
  readonly kind: MappingRow['kind'];
  readonly key: string;
  readonly label: string;
  readonly scopeId: string;
};

/** Hash of the mapping rows used: an approval of this document dies when one of them changes. */
export function mappingHash(rows: readonly MappingRow[]): string {
  const used: Canonical[] = rows.map(({ kind, scope, key, value, version }) => ({
    kind,
    scope,
    key,
    value,
    version: String(version),
  }));
  return contentHash(used);
}

/** The key under which a line's coding is mapped. */
export function costKey(line: Pick<CommitmentLine, 'costCode' | 'costType'>): string {
  return `${line.costCode?.code ?? ''}|${line.costType?.code ?? ''}`;
}
