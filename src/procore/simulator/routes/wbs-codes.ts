import { WBS_STATUSES, wbsCodes, wbsCodeView } from '../budget/wbs-code-store.ts';
import { permittedProject } from '../http/auth.ts';
import { assertParameters, enumFilter, paged, pagingParameters, stampedFilter } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';

const BASE = '/rest/v1.0/projects/:project_id/work_breakdown_structure/wbs_codes';

export const wbsCodeRoutes: readonly Route[] = [{ method: 'GET', pattern: BASE, handle: listCodes }];

function listCodes(context: Context): Answer {
  const { world, connection, query, params } = context;
  assertParameters(query, [...pagingParameters, 'filters[status]', 'filters[updated_at]', 'scope']);
  enumFilter(query, 'scope', ['budget_code', 'production_quantity_code']);
  const status = enumFilter(query, 'filters[status][]', WBS_STATUSES);
  const isStamped = stampedFilter(query);
  const project = permittedProject(world, connection, Number(params.project_id));
  const rows = wbsCodes(world, project.id).filter(
    (code) => isStamped(code) && (status === null || code.status === status),
  );
  return paged(context, rows, (code) => wbsCodeView(world, code));
}
