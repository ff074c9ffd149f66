import type { Pulled } from '../../connectors/connector.ts';
import type { ProjectCodesRecord } from '../../domain/masters/job-cost-masters.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Read } from '../../domain/posting/writes.ts';
import type { ProcoreConfig } from '../config.ts';
import { PROCORE } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import { parsed } from '../wire.ts';
import { subJobs } from './code-lists.ts';
import { projectCodeRow } from './code-wire.ts';

// Each is a list of its own: more than any project has.
const MAX_SUB_JOBS = 500;

/**
 * The cost codes of a project as they stand now, with those of its sub jobs and the types that each has. An export of
 * the job names them as well; what it says may be old by the time it is worked.
 */
export async function projectCodes(
  read: Read,
  projectId: string,
  config: ProcoreConfig,
): Promise<Pulled & { readonly record: ProjectCodesRecord }> {
  const parts = await subJobs(read, projectId, config);
  if (parts.length > MAX_SUB_JOBS)
    throw new Stop('bug', PROCORE, `project ${projectId} has more than ${MAX_SUB_JOBS} sub jobs`);
  const types = new Map<string, Set<string>>();
  const raw: unknown[] = [];
  for (const subJobId of [null, ...parts.map(({ record }) => record.id)]) {
    const query = { project_id: projectId, ...(subJobId === null ? {} : { sub_job_id: subJobId }) };
    const rows = await readList(read, { path: '/rest/v1.0/cost_codes', query, pageSize: config.pageSize });
    raw.push(...rows);
    for (const row of rows) {
      const { full_code, code, line_item_types } = parsed(projectCodeRow, row, 'a cost code');
      const name = full_code ?? code;
      const known = types.get(name) ?? new Set<string>();
      types.set(name, known.union(new Set(line_item_types.map((type) => type.code))));
    }
  }
  const codes = [...types]
    .map(([code, costTypes]) => ({ code, costTypes: [...costTypes].toSorted() }))
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const record = { object: 'project-codes', id: projectId, projectId, codes } as const;
  return { record, raw: JSON.stringify(raw) };
}
