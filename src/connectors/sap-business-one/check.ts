import { type DocumentField, documentFields } from '../../domain/planning/document-fields.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Read } from '../../domain/posting/writes.ts';
import { DoorError } from '../../lib/door.ts';
import type { CheckFinding } from '../connector.ts';
import { fingerprintOf, readCompanySettings } from './company.ts';
import type { BusinessOneConfig } from './config.ts';
import { periodRows } from './pull.ts';
import { readStop } from './service-layer/errors.ts';
import {
  documentFieldFault,
  findUserField,
  fits,
  PAYMENT_FIELD,
  USER_FIELDS,
  type UserField,
  userFieldsFor,
} from './service-layer/user-fields.ts';
import type { CompanyEntity } from './service-layer/wire.ts';

const ENTITIES = [
  ['PurchaseOrders', 'DocEntry'],
  ['PurchaseDeliveryNotes', 'DocEntry'],
  ['PurchaseInvoices', 'DocEntry'],
  ['VendorPayments', 'DocEntry'],
  ['IncomingPayments', 'DocEntry'],
  ['JournalEntries', 'JdtNum'],
  ['Drafts', 'DocEntry'],
  ['BusinessPartners', 'CardCode'],
  ['Projects', 'Code'],
  ['ChartOfAccounts', 'Code'],
] as const;

/** Tries everything the connection will need, in the order in which it would fail. */
export async function* checkConnection(config: BusinessOneConfig, read: Read): AsyncIterable<CheckFinding> {
  let company: CompanyEntity;
  try {
    company = await readCompanySettings(read);
  } catch (error) {
    yield failed(subjectOf(error), error);
    return;
  }
  yield { subject: 'reach', ok: true, message: `${config.baseUrl} answers.` };
  yield { subject: 'sign-in', ok: true, message: `${config.userName} is signed in to ${config.companyDb}.` };
  yield { subject: 'company', ok: true, message: fingerprintOf(config, company) };
  yield* companySettings(company);
  for (const [set, key] of ENTITIES) {
    yield await attempt(`read ${set}`, async () => {
      const response = await read({ method: 'GET', path: `/${set}?$select=${key}&$top=1` });
      if (response.status !== 200) throw readStop(response, set);
      return `${set} can be read.`;
    });
  }
  if (config.commitmentsAs === 'requisition') yield await requests(read);
  yield await attempt('read periods', async () => {
    const years = await periodRows(read, 'GetPeriods', undefined);
    return `Posting periods of ${years.length} fiscal years can be read.`;
  });
  let ready = true;
  for (const field of userFieldsFor(config)) {
    const finding = await userFieldFinding(read, field);
    if (field.table === 'OPOR') ready &&= finding.ok;
    yield finding;
  }
  if (ready) yield await onInvoices(read);
  for (const field of documentFields(config.documentFields ?? [])) yield await typedFieldFinding(read, field);
  if (config.payments !== 'off') yield await paymentDrafts(read);
  yield retainageTax(config);
  yield requestLife(config);
}

function* companySettings(company: CompanyEntity): Iterable<CheckFinding> {
  if (company.EnableBranches === 'tYES') {
    yield {
      subject: 'branches',
      ok: false,
      message: 'The company works with branches; orders of ours name none.',
      remedy: 'Give the user of the connection one default branch in SAP Business One.',
    };
  }
  if (Number(company.TotalsAccuracy ?? '2') < 2) {
    yield {
      subject: 'decimals',
      ok: false,
      message: `Totals are kept with ${company.TotalsAccuracy} decimals: cents would be rounded away.`,
      remedy: 'Set the decimal places of amounts to at least 2 in the general settings of the company.',
    };
  }
  if (company.EnableApprovalProcedureInDI === 'tYES') {
    const message =
      'Approval procedures apply: an order that needs one stays a draft until it is approved there.';
    yield { subject: 'approval', ok: true, message };
  }
}

/** What each field is for, and what cannot be done without it. */
const WITHOUT = {
  OPOR: { on: 'purchase orders', lost: 'no order is posted' },
  OCRD: { on: 'vendors', lost: 'no vendor is created' },
  OPRJ: { on: 'projects', lost: 'no project is created' },
  OVPM: { on: 'payments', lost: 'no payment is made' },
} as const;

async function userFieldFinding(read: Read, field: UserField): Promise<CheckFinding> {
  const { on, lost } = WITHOUT[field.table];
  const subject = `user field U_${field.name}${field.table === 'OPOR' ? '' : ` of ${on}`}`;
  try {
    const found = await findUserField(read, field);
    if (found && fits(found, field)) return { subject, ok: true, message: `${subject} is ready.` };
    const message = found
      ? `${subject} exists as ${found.Type} of ${found.Size ?? 'no'} characters, a text of ${field.chars} is needed.`
      : `${subject} is missing on ${on}; without it ${lost}.`;
    const remedy = found
      ? 'Widen or rename the field in SAP Business One.'
      : 'Run `tiebeam check --fix`, which creates it; nobody else should be signed in meanwhile.';
    return { subject, ok: false, message, remedy };
  } catch (error) {
    return failed(subject, error);
  }
}

/** The company's own field for what approvers type: it is the company's to make, and never made from here. */
async function typedFieldFinding(read: Read, field: DocumentField): Promise<CheckFinding> {
  const subject = `field ${field.name} for ${field.of}:${field.key}`;
  const remedy = `Create or change ${field.name} in SAP Business One, or correct the setting documentFields.`;
  try {
    const fault = await documentFieldFault(read, field);
    return fault === null
      ? { subject, ok: true, message: `${field.name} can hold it.` }
      : { subject, ok: false, message: `${fault}.`, remedy };
  } catch (error) {
    return failed(subject, error);
  }
}

/** That a field of one header table shows on the others is commonly known and written nowhere. */
function onInvoices(read: Read): Promise<CheckFinding> {
  return attempt('user fields on invoices', async () => {
    const fields = USER_FIELDS.map(({ name }) => `U_${name}`).join(',');
    const response = await read({ method: 'GET', path: `/PurchaseInvoices?$select=${fields}&$top=1` });
    if (response.status !== 200) throw readStop(response, 'the user fields of A/P invoices');
    return 'The user fields of orders show on A/P invoices too.';
  });
}

/** What commitments become is told here, and that the one field of ours shows on it is commonly known only. */
function requests(read: Read): Promise<CheckFinding> {
  return attempt('commitments as requisitions', async () => {
    const path = `/PurchaseRequests?$select=DocEntry,U_${USER_FIELDS[0].name}&$top=1`;
    const response = await read({ method: 'GET', path });
    if (response.status !== 200) throw readStop(response, 'purchase requests and our field of them');
    return 'Commitments become purchase requests; the orders that people copy from them are found and linked.';
  });
}

/** That payments and drafts of them show the one field is assumed; without it a payment would not be found again. */
function paymentDrafts(read: Read): Promise<CheckFinding> {
  return attempt('user field on payment drafts', async () => {
    const path = `/PaymentDrafts?$select=DocEntry,U_${PAYMENT_FIELD.name}&$top=1`;
    const response = await read({ method: 'GET', path });
    if (response.status !== 200) throw readStop(response, 'the user field of payment drafts');
    return 'Payment drafts can be read with the field for our reference.';
  });
}

function retainageTax({ retainageTaxCode, retainageVatGroup }: BusinessOneConfig): CheckFinding {
  const code = retainageTaxCode ?? retainageVatGroup;
  const message =
    code === undefined
      ? 'Not set: lines of retainage get the tax that SAP Business One gives them. Name a code of no tax where it gives one.'
      : `Lines of retainage carry ${code}, which must be a tax of zero.`;
  return { subject: 'retainage tax', ok: true, message };
}

function requestLife(config: BusinessOneConfig): CheckFinding {
  const message =
    config.requestLifeMs === null
      ? 'Not set: when an answer is lost and the order is not found twice, a person decides.'
      : `A lost request counts as dead after ${config.requestLifeMs} ms.`;
  return { subject: 'request life', ok: true, message };
}

async function attempt(subject: string, act: () => Promise<string>): Promise<CheckFinding> {
  try {
    return { subject, ok: true, message: await act() };
  } catch (error) {
    return failed(subject, error);
  }
}

function failed(subject: string, error: unknown): CheckFinding {
  if (!(error instanceof Stop)) throw error;
  return { subject, ok: false, message: error.message, ...(error.remedy ? { remedy: error.remedy } : {}) };
}

function subjectOf(error: unknown): string {
  if (!(error instanceof Stop)) return 'reach';
  if (error.cause instanceof DoorError) return error.cause.trouble === 'tls' ? 'certificate' : 'reach';
  return error.kind === 'unauthorised' ? 'sign-in' : 'reach';
}
