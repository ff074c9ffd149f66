import type { FileRef } from '../../domain/records.ts';

/** Which files of commitments and change orders are carried. */
export const ORDER_FILES = ['none', 'pdf', 'all'] as const;
export type OrderFiles = (typeof ORDER_FILES)[number];

export type ShownFile = {
  readonly id: string;
  readonly filename: string | null;
  readonly name: string | null;
  readonly url: string | null;
};

export function isCarried(rule: OrderFiles, name: string): boolean {
  return rule === 'all' || (rule === 'pdf' && /\.pdf$/i.test(name));
}

/** As a part of a record: without files it says nothing of them, so that it is the record that it was before. */
export function filesOf(shown: readonly ShownFile[]): { readonly attachments?: readonly FileRef[] } {
  if (shown.length === 0) return {};
  return { attachments: shown.map((file) => ({ id: file.id, name: nameOf(file) })) };
}

export function nameOf({ id, filename, name }: ShownFile): string {
  return filename ?? name ?? id;
}
