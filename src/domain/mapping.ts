import type { CommitmentLine } from './records.ts';
import { type Canonical, contentHash } from './values/canonical.ts';

export const MAPPING_KINDS = [
  'company',
  'project',
  'vendor',
  'cost',
  'retainage',
  'customer',
  'revenue',
  'retainage-receivable',
] as const;

export type MappingKind = (typeof MAPPING_KINDS)[number];

/** What a row names. */
export const MAPPED_KINDS = ['account', 'item', 'project', 'vendor', 'customer', 'company'] as const;

/** Kinds of which there is one row for each scope, without a key. */
export const KEYLESS: ReadonlySet<MappingKind> = new Set(['retainage', 'revenue', 'retainage-receivable']);

/** A current mapping row as the plan used it: kept with the document, so that an approval can bind it. */
export type MappingRow = {
  /** A project is mapped to its ERP company, by the id of that connection; a customer is mapped by its prime contract. */
  readonly kind: MappingKind;
  /** '' for the whole ERP company that a document goes to, else the source project that differs from it. */
  readonly scope: string;
  readonly key: string;
  readonly value: {
    readonly kind: (typeof MAPPED_KINDS)[number];
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
