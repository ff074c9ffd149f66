import { z } from 'zod';
import type { FieldPair } from '../schemas/documents.ts';

const text = z.string().nullable().catch(null);
const NewRecord = z.object({
  kind: z.enum(['vendor', 'project', 'cost-code', 'sub-job']),
  code: text,
  name: z.string(),
  taxId: text,
  email: text,
  phone: text,
  parent: text,
  projectCode: text,
  address: z
    .object({ street: text, city: text, state: text, zip: text, country: text })
    .nullable()
    .catch(null),
});

/** What a master record would be in the ERP, field by field; null for documents of other kinds. */
export function newRecordFields(stored: unknown): z.infer<typeof FieldPair>[] | null {
  const record = NewRecord.safeParse(stored).data;
  if (record === undefined) return null;
  const { kind, code, name, taxId, email, phone, address, parent, projectCode } = record;
  const place = address && [address.street, address.city, address.state, address.zip, address.country];
  const shown: readonly (readonly [string, string | null])[] = [
    ['Code', code ?? 'given by the ERP'],
    ['Name', name],
    ...(kind === 'cost-code' ? ([['Below', parent]] as const) : []),
    ...(kind === 'sub-job' ? ([['Project', projectCode]] as const) : []),
    ...(kind !== 'vendor'
      ? []
      : ([
          ['Tax id', taxId],
          ['E-mail', email],
          ['Telephone', phone],
          ['Address', place === null ? null : place.filter(Boolean).join(', ')],
        ] as const)),
  ];
  return shown.map(([field, target]) => ({ field, source: null, target, same: null }));
}
