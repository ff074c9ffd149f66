import { acceptedBill } from '../../domain/approval/accepted-content.ts';
import {
  type DirectCostPlan,
  type DirectCostPlanInput,
  planDirectCost,
} from '../../domain/billing/direct-cost-invoice.ts';
import { isVendorCredit } from '../../domain/billing/vendor-credit.ts';
import type { DirectInvoiceBody, Operation } from '../../domain/documents.ts';
import { costKey, type MappingRow } from '../../domain/mapping.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import { projectsOfRecord } from '../../domain/projects-of-record.ts';
import type { AccountRecord, DirectCostRecord, PeriodRecord, ProjectRecord } from '../../domain/records.ts';
import { utcDate } from '../../domain/values/calendar-date.ts';
import type { DirectCostRef } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { findRecords, listRecords, type StoredRecord } from '../../store/records/record.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { attachFiles } from '../post/attach.ts';
import { confirmUnchanged, failRequest } from '../post/confirm.ts';
import { type Exported, exportedRecord } from './exported.ts';
import type { NumbersInErp } from './numbers-in-erp.ts';
import {
  isRefusedAlready,
  type Origin,
  saveAndGate,
  staysWithdrawn,
  takeWritesBack,
  withdraw,
} from './save-plan.ts';
import { frozenDateOf, numberWidthOf, originMayBeOurs, vendorIn } from './source-facts.ts';
import { subJobPlacesFor } from './sub-job-places.ts';
import { exportOf, refusesTyped } from './typed-fields.ts';

const OBJECT = 'company-direct-cost';

type Case = Exported<DirectCostRecord>;

/** Turns a direct cost of the company, as it was exported last, into the invoice it should be, and brings it to the gate. */
export async function planDirectCostInvoice(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { id, requestId }: DirectCostRef,
  numbers: NumbersInErp,
): Promise<void> {
  const facts = await exportedRecord<DirectCostRecord>(engine, tx, at, {
    object: OBJECT,
    id,
    requestId,
    kind: 'ap-invoice',
  });
  if (facts === null || (await refusesTyped(engine, tx, facts))) return;
  const { erp, posted, open } = facts;
  // A file may be read only after its invoice was posted.
  if (posted !== null) await attachFiles(engine, tx, erp, posted);
  if (await isOfSeveral(engine, tx, facts)) return answer(engine, tx, facts, 'several-companies');
  const kind = kindOf(facts.record.body);
  if (!erp.connection.supports.has(kind))
    return answer(engine, tx, facts, kind === 'create-vendor-credit' ? 'no-credits' : 'not-taken');
  const plan = planDirectCost(await planInput(engine, tx, facts, numbers));
  if (plan.kind === 'nothing') {
    await withdraw(engine, tx, erp, open, plan.why);
    return answer(engine, tx, facts, plan.why);
  }
  await save(engine, tx, facts, plan);
}

/** What it is in the ERP's books goes by its sign as a whole. */
function kindOf(of: { readonly total: string }): 'create-direct-invoice' | 'create-vendor-credit' {
  return isVendorCredit(of) ? 'create-vendor-credit' : 'create-direct-invoice';
}

const operationOf = (body: DirectInvoiceBody): Operation => ({ kind: kindOf(body), body });

/** One bill is one invoice in one company's books: how its parts are owed between two of them is not for us to say. */
async function isOfSeveral(engine: Engine, tx: Tx, { at, erp, record }: Case): Promise<boolean> {
  for (const project of projectsOfRecord(record.body))
    if ((await erpFor(engine, tx, at.tenant, project)) !== erp) return true;
  return false;
}

async function save(
  engine: Engine,
  tx: Tx,
  { at, erp, record, item, posted, open }: Case,
  { document }: Extract<DirectCostPlan, { kind: 'document' }>,
): Promise<void> {
  if (staysWithdrawn(open, item, { recordVersion: record.version, isPosted: posted !== null })) return;
  const { body } = document;
  const operation = body === null ? null : operationOf(body);
  if (isRefusedAlready(open, item, operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  const content = acceptedBill(record.body, record.body.currency, record.body.lines);
  const planning = { at, erp, open, item, content };
  await saveAndGate(engine, tx, planning, originOf(record), { ...document, operation });
}

async function planInput(
  engine: Engine,
  tx: Tx,
  { at, erp, record, item, posted, open, revision }: Case,
  numbers: NumbersInErp,
): Promise<DirectCostPlanInput> {
  const { body, nativeId } = record;
  const [vendor, rows, periods] = await Promise.all([
    vendorIn(tx, at, erp, body.vendorId),
    rowsFor(tx, erp, body),
    listRecords<PeriodRecord>(tx, erp.id, 'period'),
  ]);
  const codesOf = (kind: 'account' | 'project') =>
    rows.filter(({ value }) => value.kind === kind).map(({ value }) => value.code);
  const accounts = await findRecords<AccountRecord>(tx, erp.id, 'account', codesOf('account'));
  const projects = await findRecords<ProjectRecord>(tx, erp.id, 'project', codesOf('project'));
  const reference = postingReference(erp.code, {
    tenant: at.tenant,
    connection: erp.id,
    sourceObject: OBJECT,
    sourceId: nativeId,
    kind: 'ap-invoice',
    // Another reference than that of an invoice: the look for one of them does not see the other.
    part: isVendorCredit(body) ? 'credit' : '',
    revision,
  });
  const standing = posted?.body ?? null;
  return {
    record: body,
    exported: item === null ? null : exportOf(erp, item),
    originMayBeOurs: await originMayBeOurs(tx, erp, body.originId, open),
    posted: standing?.kind === 'ap-invoice' && standing.purpose === 'direct-cost' ? standing : null,
    vendorCode: vendor.code,
    vendorBlocked: vendor.blocked,
    mapping: (kind, scope, key) =>
      rows.find((row) => row.kind === kind && row.scope === scope && row.key === key) ?? null,
    targetAccount: (code) => accounts.find(({ nativeId }) => nativeId === code)?.body ?? null,
    targetProject: (code) => projects.find(({ nativeId }) => nativeId === code)?.body ?? null,
    subJobPlaces: await subJobPlacesFor(tx, at, erp, body.lines),
    periods: periods.map((period) => period.body),
    numberWidth: numberWidthOf(erp),
    numberTaken: (number) => numbers(number, new Set([reference])),
    identity: { revision, reference },
    preflight: (body) => erp.connection.preflight(operationOf(body)),
    frozenDate: frozenDateOf(open, item),
    today: utcDate(engine.clock.now()),
  };
}

/** The rows that its lines use, of the company and of each project that it is for. */
async function rowsFor(
  tx: Tx,
  erp: OpenConnection,
  { lines }: DirectCostRecord,
): Promise<readonly MappingRow[]> {
  const projects = [...new Set(lines.map(({ projectId }) => projectId))];
  const keys = new Set([...projects, ...lines.map(costKey)]);
  const found = new Map<string, MappingRow>();
  for (const project of projects)
    for (const row of await mappingsFor(tx, erp, project))
      if (keys.has(row.key)) found.set(`${row.kind} ${row.scope} ${row.key}`, row);
  return [...found.values()];
}

function originOf({ nativeId, body, version, hash }: StoredRecord<DirectCostRecord>): Origin {
  const projects = new Set(body.lines.map(({ projectId }) => projectId));
  return {
    sourceObject: OBJECT,
    sourceId: nativeId,
    kind: 'ap-invoice',
    part: '',
    root: `${OBJECT}:${nativeId}`,
    projectId: projects.size === 1 ? [...projects][0]! : null,
    vendorId: body.vendorId,
    vendorName: body.vendorName,
    number: body.invoiceNumber ?? `Direct cost ${nativeId}`,
    title: body.description,
    recordVersion: version,
    recordHash: hash,
  };
}

type Why =
  | Extract<DirectCostPlan, { kind: 'nothing' }>['why']
  | 'not-taken'
  | 'no-credits'
  | 'several-companies';

/** Nothing is to be posted: a request that asked for it gets its answer all the same. */
async function answer(engine: Engine, tx: Tx, { at, erp, item, posted }: Case, why: Why): Promise<void> {
  if (item === null || (item.state !== 'received' && item.state !== 'working')) return;
  // What stands already came from it and is being told: that answers it.
  if (posted?.state === 'posted' && posted.requestKey === item.key) return;
  if (posted !== null && why === 'unchanged') return confirmUnchanged(engine, tx, at, posted, item);
  const messages: Readonly<Record<Why, string>> = {
    'not-taken': `${erp.name} takes no invoice without an order through this integration. Enter it there by hand.`,
    'no-credits': `${erp.name} takes no credit of a vendor through this integration. Enter it there by hand.`,
    'several-companies':
      'Its lines are for projects of several ERP companies. Enter one bill for each of them in Procore.',
    'not-an-invoice':
      'Only bills and credits of vendors are posted: an expense or a payroll is in the books of the ERP already.',
    'not-exported': 'It was not exported.',
    unchanged: 'Nothing of it is to be posted.',
  };
  await failRequest(engine, tx, at, item, [messages[why]]);
}
