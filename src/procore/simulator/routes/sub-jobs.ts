import { z } from 'zod';
import { createSubJob, editSubJob, subJobRow } from '../costs/cost-code-store.ts';
import { permittedProject } from '../http/auth.ts';
import { idField, parsedBody } from '../http/body.ts';
import { assertParameters, paged, pagingParameters, requiredInteger } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { SubJob } from '../records.ts';
import { syncAnswer } from '../sync-engine.ts';
import { assertRowCount, submittedRows } from './vendors.ts';

const syncBody = z.strictObject({ project_id: idField, updates: z.array(subJobRow) });

export const subJobRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/sub_jobs', handle: listSubJobs },
  { method: 'PATCH', pattern: '/rest/v1.0/sub_jobs/sync', handle: syncSubJobs },
];

function listSubJobs(context: Context): Answer {
  const { world, query, connection } = context;
  assertParameters(query, [...pagingParameters, 'project_id']);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const rows = [...world.subJobs.values()].filter(({ project_id }) => project_id === project.id);
  return paged(context, rows, subJobView);
}

function syncSubJobs(context: Context): Answer {
  const { world, connection, query, company } = context;
  assertParameters(query, ['project_id']);
  assertRowCount(context.body);
  const body = parsedBody(syncBody, context.body);
  const project = permittedProject(world, connection, requiredInteger(query, 'project_id'));
  const own = (id: number) => {
    const subJob = world.subJobs.get(id);
    return subJob?.project_id === project.id ? subJob : undefined;
  };
  return syncAnswer(body.updates, submittedRows(context.body), {
    byId: own,
    byOriginId: (originId) => own(world.holderOf(company.id, 'sub_job', originId) ?? -1),
    create: (row) => createSubJob(world, project, row),
    update: (subJob, row) => editSubJob(world, subJob, row),
    view: subJobView,
  });
}

function subJobView(subJob: SubJob): Record<string, unknown> {
  const { id, name, code, origin_id, origin_data, created_at, updated_at } = subJob;
  const stamps = { created_at: isoSeconds(created_at), updated_at: isoSeconds(updated_at) };
  return { id, name, code, origin_id, origin_data, ...stamps };
}
