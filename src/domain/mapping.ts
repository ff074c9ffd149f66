import { type Canonical, contentHash } from './canonical.ts';
import type { CommitmentLine } from './records.ts';

export const MAPPING_KINDS = [
  'project',
  'vendor',
  'cost',
  'retainage',
  'customer',
  'revenue',
  'retainage-receivable',
] as const;

export type MappingKind = (typeof MAPPING_KINDS)[number];

/** Kinds of which there is one row for each scope, without a key. */
export const KEYLESS: ReadonlySet<MappingKind> = new Set(['retainage', 'revenue', 'retainage-receivable']);

/** A current mapping row as the plan used it: kept with the document, so that an approval can bind it. */
export type MappingRow = {
  /** A customer is mapped by its prime contract. */
  readonly kind: MappingKind;
  readonly scope: string;
  readonly key: string;
  readonly value: {
    readonly kind: 'account' | 'item' | 'project' | 'vendor' | 'customer';
    readonly code: string;
  };
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
