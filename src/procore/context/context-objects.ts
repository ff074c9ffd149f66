import { type ContextObject, DAILY_LOG_OBJECTS, type DailyLogObject } from '../../domain/context-record.ts';
import * as fields from './context-fields.ts';
import { DAILY_LOGS } from './daily-logs.ts';

type Query = Readonly<Record<string, string>>;
export type Address = { readonly path: string; readonly query?: Query };
export type ContextPlace = { readonly companyId: string; readonly projectId: string };

/** One object that is read as evidence: where it is listed, how its changes are noticed, and who may see it. */
export type ContextSource = {
  readonly words: string;
  /** Lists of a project are read in the turns of the projects, those of the company as one list. */
  readonly of: 'project' | 'company';
  /** Where an administrator lets the service account read it; null where no permission is needed. */
  readonly tool: string | null;
  /** Webhooks that tell of it, by the name that Procore gives the resource. */
  readonly resource: string | null;
  /**
   * What narrows the list to changes: the filter by the time of the last change, days of which each is listed, or
   * nothing. An answer that is not paged is read in one call, one by tool in one for each that the company set up, one by
   * hundreds until a page is not full.
   */
  readonly narrowed: 'updated_at' | 'days' | 'not' | 'not paged' | 'by tool' | 'by hundreds';
  /** Each look reads all of it, and nothing else tells that one was deleted: what is not listed any more is gone. */
  readonly whole?: true;
  /** Its rows do not say when they changed, and come in one piece. */
  readonly unstamped?: boolean;
  readonly list: (place: ContextPlace) => Address;
  /** One record of it; null where nothing shows one alone. */
  readonly page: ((place: ContextPlace, id: string) => Address) | null;
  /** A list that leaves out what matters costs a call for each record that changed. */
  readonly rows: 'whole' | 'short';
  readonly read: fields.ReadContext;
};

const inPath = (name: string, version = 'v1.0') => ({
  list: ({ projectId }: ContextPlace): Address => ({
    path: `/rest/${version}/projects/${projectId}/${name}`,
  }),
  page: ({ projectId }: ContextPlace, id: string): Address => ({
    path: `/rest/${version}/projects/${projectId}/${name}/${id}`,
  }),
});

const inQuery = (path: string) => ({
  list: ({ projectId }: ContextPlace): Address => ({ path, query: { project_id: projectId } }),
  page: ({ projectId }: ContextPlace, id: string): Address => ({
    path: `${path}/${id}`,
    query: { project_id: projectId },
  }),
});

const inProject = { of: 'project', narrowed: 'updated_at', rows: 'whole' } as const;

export const CONTEXT: Readonly<Record<ContextObject, ContextSource>> = {
  'change-event': {
    ...inProject,
    ...inQuery('/rest/v1.1/change_events'),
    words: 'Change events',
    tool: 'Change Events',
    resource: 'Change Events',
    list: ({ projectId }) => ({
      path: '/rest/v1.1/change_events',
      query: { project_id: projectId, 'filters[include_deleted]': 'with' },
    }),
    read: fields.changeEvent,
  },
  'direct-cost': {
    ...inProject,
    ...inPath('direct_costs', 'v1.1'),
    words: 'Direct costs of projects',
    tool: 'Direct Costs',
    resource: 'Direct Costs',
    read: fields.directCost,
  },
  'billing-period': {
    ...inProject,
    ...inPath('billing_periods'),
    words: 'Billing periods',
    tool: 'Commitments',
    resource: null,
    read: fields.billingPeriod,
  },
  'budget-code': {
    ...inProject,
    ...inPath('work_breakdown_structure/wbs_codes'),
    words: 'Codes of budgets',
    tool: null,
    resource: null,
    page: null,
    read: fields.budgetCode,
  },
  'budget-change': {
    ...inProject,
    ...inPath('budget_changes'),
    words: 'Budget changes',
    tool: 'Budget',
    resource: 'Budget Changes',
    narrowed: 'not paged',
    page: null,
    read: fields.budgetChange,
  },
  'manual-forecast': {
    ...inProject,
    ...inPath('manual_forecast_line_items'),
    words: 'Forecasts of budgets, typed by hand',
    tool: 'Budget',
    resource: null,
    narrowed: 'not paged',
    whole: true,
    page: null,
    read: fields.manualForecast,
  },
  'advanced-forecast': {
    ...inProject,
    words: 'Forecasts of budgets, by months',
    tool: 'Budget',
    resource: null,
    narrowed: 'by hundreds',
    whole: true,
    list: ({ companyId, projectId }) => ({
      path: `/rest/v2.0/companies/${companyId}/projects/${projectId}/advanced_forecastings/rows`,
    }),
    page: null,
    read: fields.advancedForecast,
  },
  rfi: {
    ...inProject,
    ...inPath('rfis'),
    words: 'RFIs',
    tool: 'RFIs',
    resource: 'RFIs',
    rows: 'short',
    read: fields.rfi,
  },
  submittal: {
    ...inProject,
    ...inPath('submittals', 'v1.1'),
    words: 'Submittals',
    tool: 'Submittals',
    resource: 'Submittals',
    read: fields.submittal,
  },
  ...dailyLogs(),
  'schedule-task': {
    ...inProject,
    ...inQuery('/rest/v1.0/tasks'),
    words: 'Schedule tasks',
    tool: 'Schedule',
    resource: 'Tasks',
    read: fields.task,
  },
  file: {
    ...inProject,
    ...inQuery('/rest/v1.0/files'),
    words: 'Files',
    tool: 'Documents',
    resource: 'Project Files',
    list: ({ projectId }) => ({
      path: `/rest/v1.0/projects/${projectId}/documents`,
      query: { 'filters[document_type]': 'file' },
    }),
    read: fields.file,
  },
  currency: {
    ...inProject,
    words: 'Currencies of projects',
    tool: null,
    resource: null,
    narrowed: 'not paged',
    list: ({ companyId, projectId }) => ({
      path: `/rest/v1.0/companies/${companyId}/projects/${projectId}/currency_configuration`,
    }),
    page: null,
    read: fields.currency,
  },
  workflow: {
    of: 'company',
    words: 'Workflows',
    tool: 'Workflows',
    // Webhooks of workflows are in a closed beta.
    resource: null,
    narrowed: 'not',
    rows: 'whole',
    list: ({ companyId }) => ({ path: '/rest/v1.0/workflow_instances', query: { company_id: companyId } }),
    page: null,
    read: fields.workflow,
  },
  'workflow-instance': {
    ...inProject,
    words: 'Workflows of the newer routes',
    tool: 'Workflows',
    resource: null,
    narrowed: 'by tool',
    rows: 'short',
    list: ({ companyId, projectId }) => ({
      path: `/rest/v2.0/companies/${companyId}/projects/${projectId}/workflows/instances`,
    }),
    page: ({ companyId, projectId }, id) => ({
      path: `/rest/v2.0/companies/${companyId}/projects/${projectId}/workflows/instances/${id}`,
    }),
    read: fields.workflowInstance,
  },
  user: {
    of: 'company',
    words: 'Users',
    tool: 'Directory',
    resource: 'Company Users',
    narrowed: 'updated_at',
    rows: 'whole',
    list: ({ companyId }) => ({ path: `/rest/v1.3/companies/${companyId}/users` }),
    // The page of one user does not say whether they can push to accounting.
    page: null,
    read: fields.user,
  },
  unit: {
    of: 'company',
    words: 'Units of measure',
    tool: null,
    resource: null,
    narrowed: 'not',
    rows: 'whole',
    list: ({ companyId }) => ({ path: `/rest/v1.0/companies/${companyId}/uoms` }),
    page: null,
    read: fields.unit,
  },
};

function dailyLogs(): Readonly<Record<DailyLogObject, ContextSource>> {
  const logs = DAILY_LOG_OBJECTS.map((object): [string, ContextSource] => {
    const { name, ...sheet } = DAILY_LOGS[object];
    return [
      object,
      {
        ...inProject,
        ...inPath(`${name.toLowerCase().replaceAll(' ', '_')}_logs`),
        words: `${name} logs`,
        tool: 'Daily Log',
        resource: `${name} Logs`,
        narrowed: 'days',
        // A revision of a plan says neither when it was entered nor when it changed.
        unstamped: object === 'plan-revision-log',
        read: fields.dailyLog(object, { name, ...sheet }),
      },
    ];
  });
  return Object.fromEntries(logs) as Readonly<Record<DailyLogObject, ContextSource>>;
}

/** Of the objects that a connection reads, those that are listed by project or by company. */
export function contextOf(objects: readonly ContextObject[], of: ContextSource['of']): ContextObject[] {
  return objects.filter((object) => CONTEXT[object].of === of);
}
