import { z } from 'zod';
import type { NewProjectBody } from '../../domain/new-project.ts';
import type { NewVendorBody } from '../../domain/new-vendor.ts';
import type { Match, Read, Write } from '../../domain/writes.ts';
import { readJson } from './client.ts';
import { type Form, formHash } from './form.ts';
import { encodeGroup, followed } from './import.ts';

export function createVendor(body: NewVendorBody): Write {
  const { code, name, taxId, email, phone, address } = body;
  const said = { code, name, tax_id: taxId, email, phone, ...address };
  return creating(body, 'vendor', said, formOf(body.reference, code, name, taxId));
}

export function createProject(body: NewProjectBody): Write {
  const { code, name } = body;
  return creating(body, 'project', { code, name }, formOf(body.reference, code, name, null));
}

/** Master records are imported as documents are; a code that nobody typed is Ledgerline's to give. */
function creating(
  { reference, revision }: NewVendorBody | NewProjectBody,
  type: 'vendor' | 'project',
  fields: Readonly<Record<string, string | null>>,
  wanted: Form,
): Write {
  const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  return {
    name: type,
    kind: 'create',
    object: type,
    reference,
    targetHash: formHash(wanted),
    encode: () => encodeGroup(reference, { type, reference, revision, ...said }),
    probe: async (read) => ({ kind: 'found', matches: await standingAs(read, type, reference, wanted) }),
    ...followed({
      reference,
      keys: () => [],
      idOf: (booked) => booked.id,
      // A code is taken once, perhaps by a lost attempt of ours; the lists show what was booked at once.
      mayBeOurs: async (errors, read) =>
        errors.some(({ code }) => code === 'code-taken') &&
        (await standingAs(read, type, reference, wanted)).length > 0,
    }),
  };
}

const records = z.object({
  records: z.array(
    z.object({ code: z.string(), name: z.string(), tax_id: z.string().nullish(), reference: z.string() }),
  ),
});

async function standingAs(
  read: Read,
  type: 'vendor' | 'project',
  reference: string,
  wanted: Form,
): Promise<Match[]> {
  const path = `/${type}s?reference=${encodeURIComponent(reference)}&limit=100`;
  const found = await readJson(read, path, records);
  return found.records.map(({ code, name, tax_id: taxId = null, reference: ours }) => ({
    id: code,
    state: 'posted',
    hash: formHash(formOf(ours, wanted.code === GIVEN ? null : code, name, taxId)),
  }));
}

const GIVEN = 'given by Ledgerline';

/** What nobody else would have entered like this; contact data may be corrected before we read it back. */
function formOf(reference: string, code: string | null, name: string, taxId: string | null): Form {
  return { reference, code: code ?? GIVEN, name, taxId: taxId ?? '' };
}
