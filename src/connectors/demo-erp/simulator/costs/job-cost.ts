import type { z } from 'zod';
import type { ImportDocument } from '../billing/group-form.ts';
import type { ParsedSeed } from '../company/seed.ts';
import type { LineError, World } from '../company/state.ts';
import { fault } from '../http/line-error.ts';
import type { jobCostDeeds } from './job-cost-form.ts';

export type JobCostMaster = ImportDocument & { readonly type: 'cost-code' | 'sub-job' };

/** A sub job's code is taken once within its job, so both together name it. */
export function subJobId({ project, code }: { readonly project: string; readonly code: string }): string {
  return `${project}/${code}`;
}

/** What the job finds wrong with where a master of job cost hangs. */
export function checkJobCost(world: World, document: JobCostMaster): LineError[] {
  const bad = (field: string, code: string, message: string) => [fault(document, null, field, code, message)];
  if (document.type === 'sub-job') {
    const project = world.records.projects.get(document.project);
    return project?.active === true
      ? []
      : bad('project', project ? 'closed' : 'unknown', `project ${document.project} is not open`);
  }
  const { parent, code } = document;
  if (parent === undefined) return [];
  const above = world.records['cost-codes'].get(parent);
  if (above?.active !== true)
    return bad('parent', above ? 'closed' : 'unknown', `cost code ${parent} is closed or none`);
  return code.startsWith(`${parent}-`)
    ? []
    : bad('code', 'not-below', `a code below ${parent} begins with ${parent}-`);
}

/** What is wrong with the part of a job that a line is for. */
export function subJobFault(world: World, project: string | undefined, subJob: string | undefined) {
  if (subJob === undefined) return null;
  const part = world.records['sub-jobs'].get(subJob);
  if (!part || part.project !== project)
    return { code: 'unknown', message: `${project ?? 'no project'} has no sub job ${subJob}` };
  return part.active === true ? null : { code: 'closed', message: `sub job ${subJob} is closed` };
}

/** Brings what a company starts with under the names of the lists. */
export function seedJobCost(world: World, seed: ParsedSeed): void {
  const { records } = world;
  for (const code of seed.cost_codes)
    records['cost-codes'].set(code.code, { ...code, change: ++world.changeCount });
  for (const type of seed.cost_types)
    records['cost-types'].set(type.code, { ...type, change: ++world.changeCount });
  for (const tax of seed.tax_codes)
    records['tax-codes'].set(tax.code, { ...tax, change: ++world.changeCount });
  for (const subJob of seed.sub_jobs) {
    const id = subJobId(subJob);
    records['sub-jobs'].set(id, { ...subJob, id, change: ++world.changeCount });
  }
}

type Deed = z.output<(typeof jobCostDeeds)[number]>;

/** Does it, or says why not. */
export function performJobCost(world: World, { list, id, change }: Deed): string | null {
  const record = world.records[list].get(id);
  if (!record) return `there is no ${id} in ${list}`;
  world.records[list].set(id, { ...record, ...change, change: ++world.changeCount });
  return null;
}
