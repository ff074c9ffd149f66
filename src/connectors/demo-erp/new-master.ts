import { z } from 'zod';
import type { NewCostCodeBody, NewSubJobBody } from '../../domain/masters/new-job-cost.ts';
import type { NewProjectBody } from '../../domain/masters/new-project.ts';
import type { NewVendorBody } from '../../domain/masters/new-vendor.ts';
import type { Match, Read, Write } from '../../domain/posting/writes.ts';
import { readJson } from './client.ts';
import { type Form, formHash } from './form.ts';
import { encodeGroup, followed } from './import.ts';

type MasterType = 'vendor' | 'project' | 'cost-code' | 'sub-job';

export function createVendor(body: NewVendorBody): Write {
  const { reference, code, name, taxId, email, phone, address } = body;
  const said = { code, name, tax_id: taxId, email, phone, ...address };
  return creating(body, 'vendor', said, formOf({ reference, code, name, tax_id: taxId }));
}

export function createProject(body: NewProjectBody): Write {
  const { reference, code, name } = body;
  return creating(body, 'project', { code, name }, formOf({ reference, code, name }));
}

export function createCostCode(body: NewCostCodeBody): Write {
  const { reference, code, parent, name } = body;
  return creating(body, 'cost-code', { code, parent, name }, formOf({ reference, code, name, parent }));
}

export function createSubJob(body: NewSubJobBody): Write {
  const { reference, projectCode: project, code, name } = body;
  return creating(body, 'sub-job', { project, code, name }, formOf({ reference, code, name, project }));
}

/** Master records are imported as documents are; a code that nobody typed is Ledgerline's to give. */
function creating(
  { reference, revision }: { readonly reference: string; readonly revision: number },
  type: MasterType,
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

const record = z.object({
  /** Only of what its code does not name alone. */
  id: z.string().optional(),
  code: z.string(),
  name: z.string(),
  tax_id: z.string().nullish(),
  parent: z.string().nullish(),
  project: z.string().nullish(),
  reference: z.string(),
});

async function standingAs(read: Read, type: MasterType, reference: string, wanted: Form): Promise<Match[]> {
  const path = `/${type}s?reference=${encodeURIComponent(reference)}&limit=100`;
  const found = await readJson(read, path, z.object({ records: z.array(record) }));
  return found.records.map((there) => ({
    id: there.id ?? there.code,
    state: 'posted',
    hash: formHash(formOf({ ...there, code: wanted.code === GIVEN ? null : there.code })),
  }));
}

const GIVEN = 'given by Ledgerline';

type Facts = Pick<z.output<typeof record>, 'reference' | 'name' | 'tax_id' | 'parent' | 'project'> & {
  readonly code: string | null;
};

/** What nobody else would have entered like this; contact data may be corrected before we read it back. */
function formOf({ reference, code, name, tax_id: taxId, parent, project }: Facts): Form {
  const hangs = parent ?? project ?? null;
  const form = { reference, code: code ?? GIVEN, name, taxId: taxId ?? '' };
  return hangs === null ? form : { ...form, below: hangs };
}
