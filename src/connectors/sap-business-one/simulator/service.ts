import { addToAttachment, createAttachment, fileOf, removalRefused } from './attachments.ts';
import { COMPANY_OPERATIONS, companyAnswer } from './company/company-service.ts';
import type { Session, SimState } from './company/state.ts';
import { CREDIT_NOTE, INVOICE, ORDER, PURCHASE_REQUEST, SALES_INVOICE } from './documents/document-kinds.ts';
import { checkIfMatch, updateOrder } from './documents/document-update.ts';
import { createDocument } from './documents/documents.ts';
import type { Row } from './documents/rows.ts';
import { updateInvoice } from './invoices/invoice-update.ts';
import { createPartner, updatePartner } from './masters/masters.ts';
import { createProject, updateProject } from './masters/projects.ts';
import { actionsOf } from './masters/set-actions.ts';
import { type EntitySet, findSet, isKnownName, keyOf } from './masters/sets.ts';
import { createUserField } from './masters/user-fields.ts';
import {
  badRequest,
  notFound,
  notSupported,
  type ProtocolVersion,
  sessionExpired,
  unknownResource,
} from './odata/errors.ts';
import { counted, type ListRequest, listed, refuseUnknownOptions, selected } from './odata/odata-query.ts';
import { etagOf, rendered } from './odata/render.ts';
import { createPaymentDraft } from './payments/payment-drafts.ts';
import { createPayment, INCOMING } from './payments/payments.ts';
import { logIn, loginCookies } from './session.ts';

/** One request under /b1s, as the routing needs it. */
export interface Call {
  method: string;
  version: ProtocolVersion;
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  requestBytes: Buffer;
  requestText: string;
}

/** What goes back, and whether the request changed anything. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: unknown;
  committed: boolean;
  created: { set: string; key: string | number } | null;
}

const PATH = /^([A-Za-z_]\w*)(?:\((.*)\))?(?:\/(\$?\w+))?$/;

export function header(call: Call, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The routes that need no session. */
export function serveLogin(state: SimState, call: Call): Answer {
  const session = logIn(state, call.requestText);
  const context = call.version === 'v1' ? 'odata.metadata' : '@odata.context';
  const body = {
    [context]: `/b1s/${call.version}/$metadata#B1Sessions/@Element`,
    SessionId: session.id,
    Version: '1000280',
    SessionTimeout: state.settings.sessionTimeoutMin,
  };
  return { ...answer(200, body), headers: { 'set-cookie': loginCookies(state, session) } };
}

/** Serves a request that has a live session; refusals are thrown. */
export function serve(state: SimState, call: Call, session: Session): Answer {
  if (call.path === 'Logout') return logOut(state, call, session);
  const operation = COMPANY_OPERATIONS.find((name) => name === call.path);
  if (operation !== undefined) {
    const isReadable = call.method === 'GET' && operation === 'CompanyService_GetAdminInfo';
    if (call.method !== 'POST' && !isReadable) throw notSupported(`${call.method} ${operation}`);
    return answer(200, companyAnswer(state, operation, call.requestText, call.version));
  }
  const [, name = '', key, tail] = PATH.exec(call.path) ?? [];
  const set = findSet(name);
  // The one reported sign of a misspelt route is this answer, so a wrong case gets it on every known name.
  if (set === undefined && isKnownName(name)) throw sessionExpired();
  if (set === undefined) throw unknownResource(call.path);
  return key === undefined ? serveSet(state, call, set, tail) : serveEntity(state, call, set, key, tail);
}

function logOut(state: SimState, call: Call, session: Session): Answer {
  if (call.method !== 'POST') throw notSupported(`${call.method} Logout`);
  state.sessions.delete(session.id);
  return answer(204, undefined);
}

function serveSet(state: SimState, call: Call, set: EntitySet, tail: string | undefined): Answer {
  if (call.method === 'POST' && tail === undefined) return created(state, call, set);
  if (call.method !== 'GET') throw notSupported(`${call.method} ${set.name}`);
  const request = listRequest(call, set);
  if (tail === '$count') {
    const count = counted(state, set.all(state), request);
    return { ...answer(200, String(count)), headers: { 'content-type': 'text/plain' } };
  }
  if (tail !== undefined) throw unknownResource(call.path);
  return answer(200, listed(state, set.all(state), request));
}

function listRequest(call: Call, set: EntitySet): ListRequest {
  const { version, query } = call;
  const { name, typeName, tagged } = set;
  return { set: name, typeName, tagged, version, query, preferredPageSize: preferredPageSize(call) };
}

function preferredPageSize(call: Call): number | null {
  const preferred = /odata\.maxpagesize=(\d{1,9})(?!\d)/.exec(header(call, 'prefer') ?? '')?.[1];
  const size = preferred ?? header(call, 'b1s-pagesize');
  if (size === undefined) return null;
  if (!/^\d{1,9}$/.test(size)) throw badRequest(`Page size '${size}' is not a whole number`);
  return Number.parseInt(size, 10);
}

function created(state: SimState, call: Call, set: EntitySet): Answer {
  refuseUnknownOptions(call.query, []);
  const made = createdIn(state, call, set);
  const location = `/b1s/${call.version}/${set.name}(${set.printKey(made.row)})`;
  const record = { set: made.set, key: set.keyValue(made.row) };
  if (/return-no-content/.test(header(call, 'prefer') ?? '')) {
    const headers = { location, 'preference-applied': 'return-no-content' };
    return { ...answer(204, undefined), headers, committed: true, created: record };
  }
  const full = entityAnswer(state, call, set, made.row, null);
  return { ...full, status: 201, headers: { ...full.headers, location }, committed: true, created: record };
}

function createdIn(state: SimState, call: Call, set: EntitySet): { set: string; row: Row } {
  const { requestText } = call;
  switch (set.name) {
    case 'PurchaseRequests':
      return createDocument(state, PURCHASE_REQUEST, requestText);
    case 'PurchaseOrders':
      return createDocument(state, ORDER, requestText);
    case 'PurchaseInvoices':
      return createDocument(state, INVOICE, requestText);
    case 'PurchaseCreditNotes':
      return createDocument(state, CREDIT_NOTE, requestText);
    case 'Invoices':
      return createDocument(state, SALES_INVOICE, requestText);
    case 'VendorPayments':
      return { set: set.name, row: createPayment(state, requestText) };
    case 'IncomingPayments':
      return { set: set.name, row: createPayment(state, requestText, INCOMING) };
    case 'PaymentDrafts':
      return { set: set.name, row: createPaymentDraft(state, requestText) };
    case 'BusinessPartners':
      return { set: set.name, row: createPartner(state, requestText) };
    case 'Projects':
      return { set: set.name, row: createProject(state, requestText) };
    case 'UserFieldsMD':
      return { set: set.name, row: createUserField(state, requestText) };
    case 'Attachments2':
      return {
        set: set.name,
        row: createAttachment(state, header(call, 'content-type'), call.requestBytes),
      };
    default:
      throw notSupported(`POST ${set.name}`);
  }
}

function serveEntity(
  state: SimState,
  call: Call,
  set: EntitySet,
  key: string,
  tail: string | undefined,
): Answer {
  const row = set.find(state, keyOf(set, key));
  if (row === undefined) throw notFound();
  if (tail !== undefined) return acted(state, call, set, row, tail);
  if (call.method === 'GET') {
    refuseUnknownOptions(call.query, ['$select']);
    return entityAnswer(state, call, set, row, selected(state, call.query, set.typeName));
  }
  if (call.method === 'DELETE' && set.name === 'Attachments2') throw removalRefused();
  if (call.method !== 'PATCH') throw notSupported(`${call.method} ${set.name}`);
  checkIfMatch(row, set.tagged ? header(call, 'if-match') : undefined);
  changed(state, call, set, row);
  return { ...answer(204, undefined), committed: true };
}

function changed(state: SimState, call: Call, set: EntitySet, row: Row): void {
  const replace = header(call, 'b1s-replacecollectionsonpatch') === 'true';
  if (set.name === 'PurchaseOrders') updateOrder(state, row, call.requestText, replace);
  else if (['PurchaseInvoices', 'PurchaseCreditNotes', 'Invoices'].includes(set.name))
    updateInvoice(state, row, call.requestText);
  else if (set.name === 'BusinessPartners') updatePartner(state, row, call.requestText, replace);
  else if (set.name === 'Projects') updateProject(state, row, call.requestText);
  else if (set.name === 'Attachments2')
    addToAttachment(state, row, header(call, 'content-type'), call.requestBytes);
  else throw notSupported(`PATCH ${set.name}`);
}

function acted(state: SimState, call: Call, set: EntitySet, row: Row, tail: string): Answer {
  if (set.name === 'Attachments2' && tail === '$value' && call.method === 'GET') {
    const headers = { 'content-type': 'application/octet-stream' };
    return { ...answer(200, fileOf(state, row, call.query.get('filename'))), headers };
  }
  const action = actionsOf(set.name).get(tail);
  if (action === undefined) throw unknownResource(call.path);
  if (call.method !== 'POST') throw notSupported(`${call.method} ${tail}`);
  if (set.tagged) checkIfMatch(row, header(call, 'if-match'));
  const made = action(state, row);
  if (made === null) return { ...answer(204, undefined), committed: true };
  // An action that returns its document; with which status is not documented.
  const created = { set: set.name, key: set.keyValue(made) };
  return { ...entityAnswer(state, call, set, made, null), committed: true, created };
}

function entityAnswer(
  state: SimState,
  call: Call,
  set: EntitySet,
  row: Row,
  select: string[] | null,
): Answer {
  const context = call.version === 'v1' ? 'odata.metadata' : '@odata.context';
  const view = { version: call.version, select, tagged: set.tagged };
  const body = {
    [context]: `/b1s/${call.version}/$metadata#${set.name}/$entity`,
    ...rendered(state, set.typeName, row, view),
  };
  const headers: Record<string, string> = set.tagged && select === null ? { etag: etagOf(row) } : {};
  return { ...answer(200, body), headers };
}

function answer(status: number, body: unknown): Answer {
  return { status, headers: {}, body, committed: false, created: null };
}
