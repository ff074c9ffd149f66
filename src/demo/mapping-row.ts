/** One row as POST /api/v1/mappings takes it. */
export type MappingRow = {
  readonly kind: 'project' | 'vendor' | 'cost' | 'retainage';
  readonly scope: string;
  readonly key: string;
  readonly value: { readonly kind: 'account' | 'project' | 'vendor'; readonly code: string };
};
