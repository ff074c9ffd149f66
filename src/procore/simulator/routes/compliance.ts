import type { ComplianceDocument } from '../billing/payment-readiness-store.ts';
import { permittedProject } from '../http/auth.ts';
import { financeNotFound } from '../http/errors.ts';
import { assertParameters, paged, pagingParameters } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Contract, ContractKind, Insurance } from '../records.ts';
import { assertServed } from '../served.ts';

const KINDS: readonly ContractKind[] = ['work_order_contract', 'purchase_order_contract'];
const INVOICE =
  '/rest/v2.0/companies/:company_id/projects/:project_id/compliance/invoices/:invoice_id/documents';

/** Whether a contract, and an invoice on it, have the papers that they need. */
export const complianceRoutes: readonly Route[] = [
  ...KINDS.flatMap(routesOf),
  { method: 'GET', pattern: INVOICE, handle: listOfInvoice },
];

function routesOf(kind: ContractKind): Route[] {
  const base = `/rest/v1.0/projects/:project_id/${kind}s/:contract_id`;
  return [
    { method: 'GET', pattern: `${base}/compliance`, handle: (context) => show(context, kind) },
    { method: 'GET', pattern: `${base}/compliance_documents`, handle: (context) => list(context, kind) },
  ];
}

function show(context: Context, kind: ContractKind): Answer {
  const { world, query } = context;
  assertServed(world, 'compliance');
  assertParameters(query, []);
  const contract = contractOf(context, kind);
  const kept = world.readiness.compliance.get(contract.id);
  const documents = world.readiness.documentsOf('contract', contract.id);
  const insurances = [...world.insurances.values()].filter(
    ({ vendor_id, project_id }) =>
      vendor_id === contract.vendor_id && (project_id === null || project_id === contract.project_id),
  );
  return {
    status: 200,
    body: {
      updated_at: isoSeconds(kept?.updated_at ?? contract.updated_at),
      updated_by_id: kept?.updated_by_id ?? contract.created_by_id ?? 0,
      compliance_status: kept?.compliance_status ?? 'not_required',
      compliance_notes: kept?.compliance_notes ?? '',
      insurance_status: kept?.insurance_status ?? 'not_required',
      insurance_notes: kept?.insurance_notes ?? '',
      derived_insurance_status: derived(insurances.map(({ details }) => String(details.status))),
      insurance_documents: insurances.map(insuranceDocument),
      derived_compliance_status: derived(documents.map(({ status }) => status)),
      compliance_documents: documents.map(documentView),
      insurance_requirements_not_created: [],
      compliance_requirements_not_created: [],
    },
  };
}

function list(context: Context, kind: ContractKind): Answer {
  assertServed(context.world, 'compliance');
  assertParameters(context.query, pagingParameters);
  const contract = contractOf(context, kind);
  return paged(context, context.world.readiness.documentsOf('contract', contract.id), documentView);
}

/** The catalogue prints the data of this list as one object; a list of several can only be an array (inferred). */
function listOfInvoice(context: Context): Answer {
  const { world, connection, params, query } = context;
  assertServed(world, 'invoice_documents');
  assertParameters(query, pagingParameters);
  const project = permittedProject(world, connection, Number(params.project_id));
  const id = Number(params.invoice_id);
  if (world.requisitions.get(id)?.project_id !== project.id) throw financeNotFound('Requisition', id);
  const { body, ...page } = paged(context, world.readiness.documentsOf('invoice', id), (document) =>
    invoiceDocumentView(context, document),
  );
  return { ...page, body: { data: body } };
}

function contractOf({ world, connection, params }: Context, kind: ContractKind): Contract {
  const project = permittedProject(world, connection, Number(params.project_id));
  const id = Number(params.contract_id);
  const contract = world.contracts.get(id);
  if (contract?.kind !== kind || contract.project_id !== project.id)
    throw financeNotFound(kind === 'work_order_contract' ? 'WorkOrderContract' : 'PurchaseOrderContract', id);
  return contract;
}

/** All compliant is compliant, any other is not; what an empty list gives is inferred. */
function derived(statuses: readonly string[]): string {
  if (statuses.length === 0) return 'not_required';
  return statuses.every((status) => status === 'compliant') ? 'compliant' : 'not_compliant';
}

function insuranceDocument({ id, project_id, details }: Insurance) {
  return {
    id,
    name: details.insurance_provider ?? '',
    insurance_type: details.insurance_type ?? '',
    level: project_id === null ? 'company' : 'project',
    status: details.status,
    effective_at: midnight(details.effective_date),
    expires_at: midnight(details.expiration_date),
    attachments: [],
  };
}

/** A date of the directory as an instant; companies here are in UTC. */
function midnight(date: unknown): string | null {
  return typeof date === 'string' ? `${date}T00:00:00Z` : null;
}

function documentView(document: ComplianceDocument) {
  const { id, name, notes, type, status, effective_at, expires_at, created_at, updated_at } = document;
  return {
    id,
    name,
    notes,
    type,
    status,
    effective_at: midnight(effective_at),
    expires_at: midnight(expires_at),
    created_at: isoSeconds(created_at),
    updated_at: isoSeconds(updated_at),
    attachments: [],
  };
}

/** The newer API: every id is text, and the type has a longer name. */
function invoiceDocumentView({ world }: Context, document: ComplianceDocument) {
  const { type, attachments: _none, ...shared } = documentView(document);
  const { created_by_id, updated_by_id } = document;
  return {
    ...shared,
    id: String(document.id),
    document_type: type,
    reviewed_at: null,
    created_by_id: String(created_by_id),
    created_by: world.users.get(created_by_id)?.name ?? '',
    updated_by_id: String(updated_by_id),
    updated_by: world.users.get(updated_by_id)?.name ?? '',
    reviewed_by_id: null,
    reviewed_by: null,
    reviewer_notes: null,
    compliance_document_prostore_files: [],
  };
}
