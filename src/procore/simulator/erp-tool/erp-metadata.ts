import type { Company } from '../records.ts';

/** One setting of the ERP metadata, below `settings`; undefined where nobody wrote it. */
export function metadataAt(company: Company | undefined, path: readonly string[]): unknown {
  return ['settings', ...path].reduce<unknown>((value, key) => member(value, key), company?.erp?.metadata);
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
