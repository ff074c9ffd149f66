import { currency } from '../contracts/contract-views.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { World } from '../state.ts';
import { type DailyLogKind, UNSTAMPED } from './daily-log-fields.ts';
import type { ProjectObjectKind } from './project-object-fields.ts';
import type { ProjectObject } from './project-object-store.ts';

type View = Record<string, unknown>;
type Ref = { id: number; name: string };

/** How each kind is shown: a row of its list, and its own page, which for some kinds has other fields. */
export function projectObjectView(world: World, record: ProjectObject, place: 'list' | 'page'): View {
  const common = {
    id: record.id,
    created_at: isoSeconds(record.created_at),
    updated_at: isoSeconds(record.updated_at),
  };
  const shown = viewOf(world, record, place);
  return record.kind === UNSTAMPED ? { id: record.id, ...shown } : { ...common, ...shown };
}

function viewOf(world: World, record: ProjectObject, place: 'list' | 'page'): View {
  switch (record.kind) {
    case 'change_event':
      return changeEventView(world, record);
    case 'rfi':
      return rfiView(world, record, place);
    case 'submittal':
      return submittalView(world, record);
    case 'manpower_log':
      return manpowerLogView(world, record);
    case 'delay_log':
      return delayLogView(world, record);
    case 'notes_log':
      return notesLogView(world, record);
    case 'task':
      return taskView(world, record);
    case 'file':
      return place === 'list' ? documentView(world, record) : fileView(world, record);
    default:
      return dailyLogView(world, record);
  }
}

function changeEventView(world: World, record: ProjectObject<'change_event'>): View {
  const { fields } = record;
  const number = numberOf(record);
  const deletedAt = record.deleted_at === null ? null : isoSeconds(record.deleted_at);
  return {
    number,
    title: fields.title,
    description: fields.description,
    scope: fields.scope,
    deleted_at: deletedAt,
    comments_enabled: false,
    deletable: true,
    in_recycle_bin: record.deleted_at !== null,
    project_id: record.project_id,
    company_id: record.company_id,
    status: { id: STATUS_IDS[fields.status], name: fields.status, mapped_to_status: fields.status },
    event_origin: null,
    change_type: { id: 1, name: fields.change_type, abbreviation: fields.change_type.slice(0, 3) },
    change_reason: { id: 1, change_reason: fields.change_reason },
    prime_contract_for_estimates: null,
    attachments: [],
    external_data: { origin_id: null, origin_data: null },
    created_by: person(world, record.created_by_id),
    custom_fields: {},
    change_items: fields.items.map((item, index) => ({
      id: record.id * 1_000 + index,
      event_id: record.id,
      event_number: number,
      event_title: fields.title,
      item_type: 'change_event_line_item',
      description: item.description,
      // What is in an impact is not published (inferred).
      cost_impact: {
        commitment: item.commitment_id === undefined ? null : { id: item.commitment_id },
        change_order_package:
          item.change_order_package_id === undefined ? null : { id: item.change_order_package_id },
        vendor: item.vendor_id === undefined ? null : vendorRef(world, item.vendor_id),
      },
      latest_cost_values: { amount: item.cost },
      latest_revenue_values: { amount: item.revenue },
      created_at: isoSeconds(record.created_at),
      updated_at: isoSeconds(record.updated_at),
      deleted_at: null,
      deletable: true,
      editable: true,
      currency_configuration: currency(world, record.company_id),
      source: 'change_event',
    })),
    markup_items: [],
    production_quantities: [],
    currency_configuration: currency(world, record.company_id),
  };
}

const STATUS_IDS = { Open: 1, Closed: 2, Pending: 3 } as const;

function rfiView(world: World, record: ProjectObject<'rfi'>, place: 'list' | 'page'): View {
  const { fields } = record;
  const author = person(world, record.created_by_id);
  const shown: View = {
    custom_fields: {},
    assignee: author,
    assignees: [],
    ball_in_court: fields.status === 'open' ? author : null,
    ball_in_courts: fields.status === 'open' ? [author] : [],
    cost_code: codeRef(world, fields.cost_code_id),
    cost_impact: { status: fields.cost_impact.status, value: fields.cost_impact.value ?? null },
    deleted: record.deleted_at !== null,
    deleted_at: record.deleted_at === null ? null : isoSeconds(record.deleted_at),
    due_date: fields.due_date,
    initiated_at: isoSeconds(record.created_at),
    location: null,
    full_number: numberOf(record),
    number: numberOf(record),
    prefix: null,
    private: fields.private,
    received_from: null,
    reference: null,
    responsible_contractor: vendorRef(world, fields.responsible_contractor_id),
    rfi_manager: author,
    schedule_impact: { status: fields.schedule_impact.status, value: fields.schedule_impact.value ?? null },
    status: fields.status,
    translated_status: fields.status,
    subject: fields.subject,
    time_resolved: record.closed_at === null ? null : isoSeconds(record.closed_at),
  };
  const question = { id: record.id + 1 };
  if (place === 'list')
    return {
      ...shown,
      created_by: author,
      link: `https://app.procore.com/${record.project_id}/project/rfi/show/${record.id}`,
      location_id: null,
      questions: [{ ...question, body: fields.question, errors: [] }],
      project_stage: null,
      sub_job: null,
    };
  const official = { official: true, answer_date: isoSeconds(record.updated_at), created_by: author.name };
  const answers =
    fields.answer === undefined ? [] : [{ id: record.id + 2, ...official, ...body(fields.answer) }];
  return {
    ...shown,
    accepted: fields.status === 'closed',
    ball_in_court_role: 'assignee',
    distribution_list: [],
    draft: fields.status === 'draft',
    drawing_ids: [],
    drawing_number: null,
    questions: [
      {
        ...question,
        ...body(fields.question),
        question_date: isoSeconds(record.created_at),
        created_by: author.name,
        attachments: [],
        answers: answers.map((answer) => ({ ...answer, created_by_id: author.id, attachments: [] })),
      },
    ],
    specification_section: null,
  };
}

function body(text: string): View {
  return { plain_text_body: text, rich_text_body: `<p>${text}</p>` };
}

/** The fields that the list and the page of a submittal have in common. */
function submittalView(world: World, record: ProjectObject<'submittal'>): View {
  const { fields } = record;
  const { login: _login, ...author } = person(world, record.created_by_id);
  const approver = { id: record.id + 1, approver_type: 'approver', comment: '', response_required: true };
  return {
    number: numberOf(record),
    formatted_number: `${numberOf(record)}-${fields.revision}`,
    title: fields.title,
    description: '',
    revision: fields.revision,
    current_revision: true,
    private: false,
    due_date: fields.due_date,
    required_on_site_date: fields.required_on_site_date,
    created_by: author,
    responsible_contractor: vendorRef(world, fields.responsible_contractor_id),
    ball_in_court: [],
    status: {
      id: 1,
      name: fields.status,
      status: fields.status === 'Distributed' ? 'Closed' : fields.status,
    },
    type: { id: 1, name: fields.type },
    specification_section: null,
    approvers:
      fields.response === undefined
        ? []
        : [
            {
              ...approver,
              response: { id: 1, name: fields.response, considered: fields.response },
              user: author,
            },
          ],
    custom_fields: {},
  };
}

function manpowerLogView(world: World, record: ProjectObject<'manpower_log'>): View {
  const { fields } = record;
  const hours = String(fields.num_workers * Number(fields.num_hours));
  return {
    ...logView(world, record),
    man_hours: hours,
    notes: fields.notes,
    num_workers: fields.num_workers,
    num_hours: fields.num_hours,
    user: null,
    contact: null,
    cost_code: codeRef(world, fields.cost_code_id),
    trade: null,
    custom_fields: {},
    permissions: { can_update: false, can_delete: false },
  };
}

function delayLogView(world: World, record: ProjectObject<'delay_log'>): View {
  const { notes: comments, delay_type, duration } = record.fields;
  return { ...logView(world, record), comments, delay_type, duration };
}

function notesLogView(world: World, record: ProjectObject<'notes_log'>): View {
  const { notes: comment, is_issue_day } = record.fields;
  return { ...logView(world, record), comment, is_issue_day };
}

/** Those that differ in their columns only; only some of them are approved. */
function dailyLogView(world: World, record: ProjectObject<DailyLogKind>): View {
  const { date: _, vendor_id: __, ...columns } = record.fields;
  const { status, vendor, attachments, ...shown } = logView(world, record);
  const { kind } = record;
  return {
    ...shown,
    ...columns,
    ...(HAVE_STATUS.has(kind) ? { status } : {}),
    ...(kind === 'productivity_log' ? {} : { vendor }),
    ...(kind === 'productivity_log' || kind === 'visitor_log' ? {} : { attachments }),
  };
}

const HAVE_STATUS: ReadonlySet<string> = new Set([
  'daily_construction_report_log',
  'delivery_log',
  'visitor_log',
]);

function logView(
  world: World,
  record: ProjectObject<'manpower_log' | 'delay_log' | 'notes_log' | DailyLogKind>,
): View {
  const { date, vendor_id } = record.fields;
  return {
    date,
    datetime: `${date}T12:00:00Z`,
    position: record.place,
    status: 'approved',
    vendor: vendorRef(world, vendor_id),
    created_by: person(world, record.created_by_id),
    location: null,
    attachments: [],
  };
}

function taskView(world: World, record: ProjectObject<'task'>): View {
  const { fields } = record;
  return {
    name: fields.name,
    task_name: fields.name,
    key: String(record.id),
    start_datetime: fields.start,
    finish_datetime: fields.finish,
    percentage: fields.percentage,
    parent_id: null,
    pending: false,
    activity_id: fields.activity_id,
    critical_path: fields.critical_path,
    milestone: fields.milestone,
    row_number: record.place,
    has_children: false,
    baseline_start: fields.baseline_start ?? null,
    baseline_finish: fields.baseline_finish ?? null,
    manually_edited: false,
    created_by: person(world, record.created_by_id),
  };
}

function documentView(world: World, record: ProjectObject<'file'>): View {
  const { fields } = record;
  return {
    ...fileHead(record),
    created_by: person(world, record.created_by_id),
    read_only: false,
    is_recycle_bin: record.deleted_at !== null,
    document_type: 'file',
    private_parent: null,
    tracked_folder: null,
    file: {
      checked_out_by: null,
      checked_out_until: null,
      current_version: versionView(world, record),
      description: fields.description,
      file_type: typeOf(fields.name),
    },
    children: { has_children: false, has_children_files: false, has_children_folders: false },
    custom_fields: {},
  };
}

function fileView(world: World, record: ProjectObject<'file'>): View {
  const { fields } = record;
  return {
    ...fileHead(record),
    size: fields.size,
    description: fields.description,
    checked_out_until: null,
    tracked_folder: null,
    checked_out_by: null,
    file_type: typeOf(fields.name),
    file_versions: [versionView(world, record)],
    legacy_id: record.id,
    custom_fields: {},
  };
}

function fileHead({ fields, deleted_at }: ProjectObject<'file'>): View {
  return {
    name: fields.name,
    name_with_path: `${fields.folder}/${fields.name}`,
    parent_id: null,
    private: fields.private,
    is_tracked: false,
    is_deleted: deleted_at !== null,
  };
}

function versionView(world: World, record: ProjectObject<'file'>): View {
  const { fields } = record;
  return {
    id: record.id + fields.version,
    notes: null,
    url: `https://storage.procore.example/files/${record.id}`,
    size: fields.size,
    created_at: isoSeconds(record.updated_at),
    number: fields.version,
    created_by: person(world, record.created_by_id),
    prostore_file: null,
    file_id: record.id,
  };
}

function typeOf(name: string): string {
  return name.includes('.') ? (name.split('.').at(-1) ?? '') : '';
}

function numberOf<K extends ProjectObjectKind>({ fields, place }: ProjectObject<K>): string {
  const typed: unknown = Reflect.get(fields, 'number');
  return typeof typed === 'string' ? typed : String(place).padStart(3, '0');
}

function person(world: World, id: number): Ref & { login: string } {
  const user = world.users.get(id);
  return { id, login: user?.login ?? '', name: user?.name ?? '' };
}

function vendorRef(world: World, id: number | undefined): Ref | null {
  const vendor = id === undefined ? undefined : world.vendors.get(id);
  return vendor ? { id: vendor.id, name: vendor.name } : null;
}

function codeRef(world: World, id: number | undefined): Ref | null {
  const code = id === undefined ? undefined : world.costCodes.get(id);
  return code ? { id: code.id, name: code.name } : null;
}
