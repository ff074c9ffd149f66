import { assertMayRead } from '../directory/tool-levels.ts';
import { permittedProject } from '../http/auth.ts';
import { notFound } from '../http/errors.ts';
import {
  assertParameters,
  enumFilter,
  paged,
  pagingParameters,
  requiredInteger,
  stampedFilter,
} from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { DAILY_LOG_KINDS, type DailyLogKind, UNSTAMPED } from '../projects/daily-log-fields.ts';
import { PROJECT_OBJECT_TOOLS, type ProjectObjectKind } from '../projects/project-object-fields.ts';
import { type ProjectObject, projectObjects } from '../projects/project-object-store.ts';
import { projectObjectView } from '../projects/project-object-views.ts';
import type { Project } from '../records.ts';

type Served = {
  readonly list: string;
  readonly page: string;
  /** Filters of the list beside paging; the project is in the path, or in the query of both. */
  readonly filters: readonly string[];
  readonly pageFilters?: readonly string[];
  readonly keep?: (context: Context) => (record: ProjectObject) => boolean;
};

const STAMPED = ['filters[created_at]', 'filters[updated_at]'] as const;
const log = (name: string): Served => ({
  list: `/rest/v1.0/projects/:project_id/${name}`,
  page: `/rest/v1.0/projects/:project_id/${name}/:id`,
  filters: ['log_date', 'start_date', 'end_date'],
  keep: ofDays,
});

const SERVED: Readonly<Record<ProjectObjectKind, Served>> = {
  ...dailyLogs(),
  change_event: {
    list: '/rest/v1.1/change_events',
    page: '/rest/v1.1/change_events/:id',
    filters: ['project_id', ...STAMPED, 'filters[include_deleted]'],
    pageFilters: ['project_id', 'include_deleted_change_event_line_items'],
  },
  rfi: {
    list: '/rest/v1.0/projects/:project_id/rfis',
    page: '/rest/v1.0/projects/:project_id/rfis/:id',
    filters: [...STAMPED, 'filters[id]', 'filters[status]'],
    keep: ({ query }) => {
      const status = enumFilter(query, 'filters[status]', ['open', 'closed', 'draft']);
      return (record) => status === null || (record.kind === 'rfi' && record.fields.status === status);
    },
  },
  submittal: {
    list: '/rest/v1.1/projects/:project_id/submittals',
    page: '/rest/v1.1/projects/:project_id/submittals/:id',
    filters: [...STAMPED, 'filters[id]'],
  },
  manpower_log: log('manpower_logs'),
  delay_log: log('delay_logs'),
  notes_log: log('notes_logs'),
  task: {
    list: '/rest/v1.0/tasks',
    page: '/rest/v1.0/tasks/:id',
    filters: ['project_id', 'view', 'filters[updated_at]'],
    pageFilters: ['project_id'],
  },
  file: {
    list: '/rest/v1.0/projects/:project_id/documents',
    page: '/rest/v1.0/files/:id',
    filters: [...STAMPED, 'view', 'sort', 'filters[document_type]'],
    pageFilters: ['project_id', 'show_latest_version_only'],
    keep: ({ query }) => {
      const type = enumFilter(query, 'filters[document_type]', ['file', 'folder']);
      return () => type !== 'folder';
    },
  },
};

function dailyLogs(): Readonly<Record<DailyLogKind, Served>> {
  const served = DAILY_LOG_KINDS.map((kind) => [kind, log(`${kind}s`)]);
  return Object.fromEntries(served) as Readonly<Record<DailyLogKind, Served>>;
}

export const projectObjectRoutes: readonly Route[] = (Object.keys(SERVED) as ProjectObjectKind[]).flatMap(
  (kind): Route[] => [
    { method: 'GET', pattern: SERVED[kind].list, handle: (context) => list(context, kind) },
    { method: 'GET', pattern: SERVED[kind].page, handle: (context) => show(context, kind) },
  ],
);

function list(context: Context, kind: ProjectObjectKind): Answer {
  const { world, query } = context;
  const { filters, keep } = SERVED[kind];
  assertParameters(query, [...(kind === UNSTAMPED ? [] : pagingParameters), ...filters]);
  const project = projectOf(context, kind);
  const deleted = enumFilter(query, 'filters[include_deleted]', ['only', 'with']);
  const isStamped = stampedFilter(query);
  const isKept = keep?.(context) ?? (() => true);
  const rows = projectObjects(world, project.id, kind).filter(
    (record) =>
      isStamped(record) &&
      isKept(record) &&
      (record.deleted_at === null ? deleted !== 'only' : deleted !== null),
  );
  if (kind === UNSTAMPED)
    return { status: 200, body: rows.map((record) => projectObjectView(world, record, 'list')) };
  return paged(context, rows, (record) => projectObjectView(world, record, 'list'));
}

function show(context: Context, kind: ProjectObjectKind): Answer {
  assertParameters(context.query, SERVED[kind].pageFilters ?? []);
  const project = projectOf(context, kind);
  const record = context.world.projectObjects.get(Number(context.params.id));
  if (record?.project_id !== project.id || record.kind !== kind || record.deleted_at !== null)
    throw notFound();
  return { status: 200, body: projectObjectView(context.world, record, 'page') };
}

function projectOf(context: Context, kind: ProjectObjectKind): Project {
  const { world, connection, query, params } = context;
  const id =
    params.project_id === undefined ? requiredInteger(query, 'project_id') : Number(params.project_id);
  const project = permittedProject(world, connection, id);
  assertMayRead(context, PROJECT_OBJECT_TOOLS[kind].tool);
  return project;
}

/** Without a date a daily log shows today only. */
function ofDays({ world, query }: Context): (record: ProjectObject) => boolean {
  const today = new Date(world.clock.now()).toISOString().slice(0, 10);
  const day = query.get('log_date');
  const from = day ?? query.get('start_date') ?? query.get('end_date') ?? today;
  const to = day ?? query.get('end_date') ?? query.get('start_date') ?? today;
  return ({ fields }) => {
    const date = 'date' in fields ? (fields.date ?? '') : '';
    return date >= from && date <= to;
  };
}
