import { z } from 'zod';
import type { Operation } from '../../domain/documents.ts';
import type { AssignedCode } from '../../domain/masters/job-cost-masters.ts';
import { isAssigned, type ProjectCodes } from '../../domain/masters/project-codes.ts';
import type { ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { readJson } from './client.ts';
import { encodeGroup, followed } from './import.ts';

type Assign = Extract<Operation, { kind: 'assign-cost-codes' }>;

const text = z.string();

/** How a project shows its cost codes. */
export const projectCodes = {
  cost_codes: z.array(z.object({ cost_code: text, cost_types: z.array(text) })),
  restricts_cost_codes: z.boolean(),
};

type Shown = z.output<z.ZodObject<typeof projectCodes>>;

export function projectCodesOf({ cost_codes, restricts_cost_codes: restricted }: Shown): ProjectCodes {
  const assigned = cost_codes.map(({ cost_code: code, cost_types: costTypes }) => ({ code, costTypes }));
  return { assigned, restricted };
}

// As many as one import takes.
const CODES_PER_IMPORT = 2_000;
const MAX_IMPORTS = 10;
export const MAX_ASSIGNED = CODES_PER_IMPORT * MAX_IMPORTS;

/** Imports only add: one that is sent twice changes nothing. */
export function assignCostCodes({ reference, projectCode, codes }: Assign): Write[] {
  if (codes.length > MAX_ASSIGNED)
    throw new RangeError(`${codes.length} cost codes are more than ten imports can carry`);
  const parts: (readonly AssignedCode[])[] = [];
  for (let start = 0; start < codes.length; start += CODES_PER_IMPORT)
    parts.push(codes.slice(start, start + CODES_PER_IMPORT));
  return parts.map((part, index) => assignment(reference, projectCode, part, index + 1));
}

function assignment(
  reference: string,
  project: string,
  codes: readonly AssignedCode[],
  place: number,
): Write {
  const sent = codes.map(({ code: cost_code, costTypes: cost_types }) => ({ cost_code, cost_types }));
  return {
    name: `assign-cost-codes-${place}`,
    kind: 'set',
    object: 'project-codes',
    reference,
    targetHash: contentHash({ project, codes: sent }),
    encode: () =>
      encodeGroup(reference, { type: 'project-codes', reference, revision: 1, project, codes: sent }),
    probe: (read) => standingOf(read, project, codes),
    ...followed({
      reference,
      keys: () => codes.map(({ code }) => code),
      idOf: (booked) => booked.id,
      mayBeOurs: () => false,
    }),
  };
}

const page = z.object({ records: z.array(z.object(projectCodes)) });

async function standingOf(read: Read, id: string, codes: readonly AssignedCode[]): Promise<ProbeResult> {
  const { records } = await readJson(read, `/projects?code=${encodeURIComponent(id)}`, page);
  const [project] = records;
  if (project === undefined)
    return { kind: 'standing', standing: 'elsewhere', id, difference: `Ledgerline has no project ${id}.` };
  const reached = isAssigned(codes, projectCodesOf(project).assigned);
  return { kind: 'standing', standing: reached ? 'at-target' : 'at-base', id };
}
