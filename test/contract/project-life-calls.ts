import { DAILY_LOG_KINDS } from '../../src/procore/simulator/projects/daily-log-fields.ts';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  COST_CODE,
  PROJECT,
  type Reply,
  USER,
  VENDOR,
} from '../../src/procore/simulator/simulator-fixture.ts';

type Call = { readonly operation: string; readonly run: () => Promise<Reply> };
type Kind = Extract<Parameters<Bench['act']>[0], { action: 'create_project_object' }>['kind'];

const inPath = (name: string) => `/rest/v1.0/projects/{project_id}/${name}`;
const DAY = '2026-08-03';
const logged = { date: DAY, vendor_id: VENDOR };

/** One thing of each kind, its list and its own page as the catalogue has them. */
const KINDS: readonly {
  readonly kind: Kind;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly list: string;
  readonly page: string;
  readonly query?: string;
}[] = [
  {
    kind: 'change_event',
    fields: { title: 'Rock', items: [{ cost: '5000.00', commitment_id: CONTRACT, vendor_id: VENDOR }] },
    list: '/rest/v1.1/change_events',
    page: '/rest/v1.1/change_events/{id}',
  },
  {
    kind: 'rfi',
    fields: {
      subject: 'Which bolts?',
      answer: 'M16',
      cost_code_id: COST_CODE,
      cost_impact: { status: 'tbd' },
    },
    list: inPath('rfis'),
    page: inPath('rfis/{id}'),
  },
  {
    kind: 'submittal',
    fields: { title: 'Steel', response: 'Approved', responsible_contractor_id: VENDOR },
    list: '/rest/v1.1/projects/{project_id}/submittals',
    page: '/rest/v1.1/projects/{project_id}/submittals/{id}',
  },
  {
    kind: 'manpower_log',
    fields: { ...logged, num_workers: 3, num_hours: '8.0' },
    list: inPath('manpower_logs'),
    page: inPath('manpower_logs/{id}'),
    query: `log_date=${DAY}`,
  },
  {
    kind: 'delay_log',
    fields: { ...logged, duration: 4 },
    list: inPath('delay_logs'),
    page: inPath('delay_logs/{id}'),
    query: `start_date=${DAY}&end_date=${DAY}`,
  },
  {
    kind: 'notes_log',
    fields: logged,
    list: inPath('notes_logs'),
    page: inPath('notes_logs/{id}'),
    query: `log_date=${DAY}`,
  },
  ...DAILY_LOG_KINDS.map((kind) => ({
    kind,
    fields: logged,
    list: inPath(`${kind}s`),
    page: inPath(`${kind}s/{id}`),
    query: `log_date=${DAY}`,
  })),
  {
    kind: 'task',
    fields: { name: 'Erect', start: `${DAY}T08:00:00Z`, finish: `${DAY}T16:00:00Z` },
    list: '/rest/v1.0/tasks',
    page: '/rest/v1.0/tasks/{id}',
  },
  {
    kind: 'file',
    fields: { name: 'plan.pdf', size: 1_024 },
    list: inPath('documents'),
    page: '/rest/v1.0/files/{id}',
  },
];

/** What people write in a project, read by list and page. */
export function projectLifeCalls(bench: () => Bench): Call[] {
  return [...KINDS.flatMap((each) => callsOf(bench, each)), ...companyCalls(bench)];
}

function callsOf(bench: () => Bench, { kind, fields, list, page, query }: (typeof KINDS)[number]): Call[] {
  let id = 0;
  const at = (template: string, more: string) => {
    const path = template.replace('{project_id}', String(PROJECT)).replace('{id}', String(id));
    const owner = template.includes('{project_id}') ? '' : `project_id=${PROJECT}`;
    return `${path}?${[owner, more].filter((part) => part !== '').join('&')}`;
  };
  return [
    {
      operation: `get ${list}`,
      run: async () => {
        const made = { action: 'create_project_object', project_id: PROJECT, kind, fields } as const;
        id = (await bench().act({ as: USER, ...made })).body.project_object_id;
        return bench().rest('GET', at(list, query ?? ''));
      },
    },
    { operation: `get ${page}`, run: () => bench().rest('GET', at(page, '')) },
  ];
}

function companyCalls(bench: () => Bench): Call[] {
  const instances = '/rest/v1.0/workflow_instances';
  const newer = '/rest/v2.0/companies/{company_id}';
  const newerInstances = `${newer}/projects/{project_id}/workflows/instances`;
  const units = '/rest/v1.0/companies/{company_id}/uoms';
  const currency = '/rest/v1.0/companies/{company_id}/projects/{project_id}/currency_configuration';
  const filled = (template: string) =>
    template.replace('{company_id}', String(COMPANY)).replace('{project_id}', String(PROJECT));
  let id = 0;
  const get = (operation: string, path: () => string): Call => ({
    operation: `get ${operation}`,
    run: () => bench().rest('GET', path()),
  });
  return [
    {
      operation: `get ${instances}`,
      run: async () => {
        const steps = [{ name: 'Manager', assignee_id: USER }];
        const item = { item_type: 'WorkOrderContract', item_id: CONTRACT } as const;
        const start = { as: USER, action: 'start_workflow', project_id: PROJECT, ...item, steps } as const;
        id = (await bench().act(start)).body.workflow_instance_id;
        return bench().rest('GET', `${instances}?company_id=${COMPANY}`);
      },
    },
    get(`${instances}/{id}`, () => `${instances}/${id}?company_id=${COMPANY}`),
    get(`${newer}/workflows/tools`, () => filled(`${newer}/workflows/tools`)),
    get(newerInstances, () => filled(`${newerInstances}?filters[tool_type]=work_order_contracts`)),
    // Of the page of one the catalogue demands its fields both inside and beside the envelope.
    get(units, () => filled(units)),
    get(currency, () => filled(currency)),
    get('/rest/v1.0/settings/permissions', () => `/rest/v1.0/settings/permissions?project_id=${PROJECT}`),
  ];
}
