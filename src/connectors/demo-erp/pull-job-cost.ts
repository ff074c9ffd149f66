import { z } from 'zod';
import type {
  CostCodeRecord,
  CostTypeRecord,
  SubJobRecord,
  TaxCodeRecord,
} from '../../domain/masters/job-cost-masters.ts';

const text = z.string();
const master = { change: z.int(), code: text, name: text, active: z.boolean() };

/** Lists of job cost, in the form that Ledgerline shows them in. */
export const costCode = z.object({ ...master, parent: text.nullable() });
export const costType = z.object(master);
export const subJob = z.object({ ...master, id: text, project: text });
export const taxCode = z.object({ ...master, rate: text.regex(/^\d{1,2}\.\d{1,4}$/) });

export function costCodeRecord({ code, name, parent, active }: z.output<typeof costCode>): CostCodeRecord {
  return { object: 'cost-code', id: code, name, parentId: parent, active };
}

export function costTypeRecord({ code, name, active }: z.output<typeof costType>): CostTypeRecord {
  return { object: 'cost-type', id: code, name, active };
}

export function subJobRecord({ id, project, code, name, active }: z.output<typeof subJob>): SubJobRecord {
  return { object: 'sub-job', id, projectId: project, code, name, originId: null, active };
}

export function taxCodeRecord({ code, name, rate, active }: z.output<typeof taxCode>): TaxCodeRecord {
  return { object: 'tax-code', id: code, name, rate, active };
}
