import { ERP_EVENTS } from '../../src/procore/erp-tool/erp-events.ts';
import type { Mangler } from './mangle.ts';

/** A delivery as each of the three versions writes it. */
export function webhook(mangler: Mangler, serial: number): Record<string, unknown> {
  const ulid = `01J${String(serial).padStart(23, '0')}`;
  const resource = mangler.one(['ERP Requests', 'Work Order Contracts', 'Company Vendors', 'Requisitions']);
  const at = { company_id: 7, project_id: 4, user_id: 5, resource_id: 900 + mangler.below(50) };
  const metadata = { source_user_id: 5, source_application_id: 'somebody', source_company_id: 7 };
  const v2 = {
    id: serial,
    ulid,
    ...at,
    api_version: 'v2',
    event_type: 'update',
    resource_name: resource,
    timestamp: '2026-11-20T10:00:00.000000Z',
    metadata,
  };
  switch (mangler.below(3)) {
    case 0:
      return v2;
    case 1:
      return { ...v2, api_version: 'v3.0', related_resources: [{ id: 8, name: 'Work Order Contracts' }] };
    default:
      return {
        id: ulid,
        timestamp: v2.timestamp,
        reason: 'update',
        company_id: '7',
        project_id: '4',
        user_id: '5',
        resource_type: resource,
        resource_id: String(at.resource_id),
        data: {},
      };
  }
}

const NAMES = Object.keys(ERP_EVENTS);

/** What a request names: records of a company, and the detail that waits for an answer. */
export type Named = {
  readonly company: number;
  readonly project: number;
  readonly contract: number;
  readonly record: number;
  readonly detail: number;
};

/** A request of the ERP tool for any event, with its records where the catalogue says that they stand. */
export function request(
  mangler: Mangler,
  serial: number,
  named: Named = { company: 7, project: 4, contract: 41, record: serial, detail: serial },
): Record<string, unknown> {
  const name = mangler.one(NAMES);
  const event = ERP_EVENTS[name]!;
  const rows = Array.from({ length: 1 + mangler.below(3) }, (_, index) => record(event.id, index, named));
  const field = event.rows;
  const data =
    field === undefined
      ? rows[0]!
      : { [field]: mangler.below(2) === 0 ? rows : rows[0], project_id: named.project };
  return {
    id: serial,
    company_id: named.company,
    request_name: name,
    created_at: '2026-11-20T10:00:00Z',
    ...(mangler.below(3) === 0 ? { request_detail_id: named.detail } : {}),
    request_data: mangler.below(5) === 0 ? [data, data] : { ...data, request_detail_id: named.detail },
  };
}

function record(
  fields: readonly string[] = ['id'],
  index: number,
  { project, contract, record: first }: Named,
): Record<string, unknown> {
  const id = first + index;
  return {
    [fields[0]!]: id,
    origin_id: `O-${id}`,
    type: 'WorkOrderContract',
    project: { id: project, origin_id: 'JOB-4' },
    contract_id: contract,
    code: 'C-1',
    additional_data: { accounting_date: '2026-11-20' },
  };
}

/** The same broken, whole or within its data, as it is read and as the parser is given it. */
export function brokenRequest(mangler: Mangler, serial: number, named?: Named): unknown {
  const whole = request(mangler, serial, named);
  return mangler.below(2) === 0
    ? mangler.mangled(whole)
    : { ...whole, request_data: mangler.mangled(whole.request_data) };
}
