import type { Operation } from '../../domain/documents.ts';
import {
  type ContractChangePlan,
  type ContractChangePlanInput,
  planContractChange,
} from '../../domain/owner/plan-contract-change.ts';
import {
  markupKey,
  type PrimeChangeOrderRecord,
  type PrimeContractRecord,
} from '../../domain/owner/prime-contract.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import type { AccountRecord, PeriodRecord } from '../../domain/records.ts';
import { utcDate } from '../../domain/values/calendar-date.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { expireSubject, openReview, wasAsked } from '../../store/documents/review.ts';
import { findRecord, findRecords, listRecords, type StoredRecord } from '../../store/records/record.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { primeContractRoot } from '../lanes.ts';
import { failRequest } from '../post/confirm.ts';
import { type Exported, exportedRecord, isUnanswered } from './exported.ts';
import {
  isRefusedAlready,
  type Origin,
  saveAndGate,
  staysWithdrawn,
  takeWritesBack,
  withdraw,
} from './save-plan.ts';
import { frozenDateOf, originMayBeOurs } from './source-facts.ts';
import { exportOf, refusesTyped } from './typed-fields.ts';

const OBJECT = 'prime-change-order';

type Case = Exported<PrimeChangeOrderRecord> & { readonly contract: PrimeContractRecord | null };

/** Turns a change order of a prime contract into the change of the owner contract that it should be in the ERP. */
export async function planPrimeChangeOrder(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const kind = 'contract-change';
  const found = await exportedRecord<PrimeChangeOrderRecord>(engine, tx, at, { object: OBJECT, id, kind });
  if (found === null) return;
  const { erp, record, open } = found;
  const of = { connection: at.id, object: 'prime-contract', nativeId: record.body.contractId };
  const facts: Case = { ...found, contract: (await findRecord<PrimeContractRecord>(tx, of))?.body ?? null };
  if (!erp.connection.supports.has('create-contract-change')) return answer(engine, tx, facts, 'not-taken');
  await askChangedSince(engine, tx, facts);
  if (await refusesTyped(engine, tx, facts)) return;
  const plan = planContractChange(await planInput(engine, tx, facts));
  if (plan.kind === 'nothing') {
    await withdraw(engine, tx, erp, open, plan.why);
    return answer(engine, tx, facts, plan.why);
  }
  await save(engine, tx, facts, plan);
}

async function save(
  engine: Engine,
  tx: Tx,
  { at, erp, record, contract, item, posted, open }: Case,
  { document }: Extract<ContractChangePlan, { kind: 'document' }>,
): Promise<void> {
  if (staysWithdrawn(open, item, { recordVersion: record.version, isPosted: posted !== null })) return;
  const { body } = document;
  const operation: Operation | null = body === null ? null : { kind: 'create-contract-change', body };
  if (isRefusedAlready(open, item, operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  const origin = originOf(record, contract);
  await saveAndGate(engine, tx, { at, erp, open, item }, origin, { ...document, operation });
}

async function planInput(
  engine: Engine,
  tx: Tx,
  { at, erp, record, contract, item, posted, open, revision }: Case,
): Promise<ContractChangePlanInput> {
  const { body, nativeId } = record;
  const rows = await mappingsFor(tx, erp, body.projectId);
  const codes = rows.filter(({ value }) => value.kind === 'account').map(({ value }) => value.code);
  const accounts = await findRecords<AccountRecord>(tx, erp.id, 'account', codes);
  const periods = await listRecords<PeriodRecord>(tx, erp.id, 'period');
  const code = contract?.originId ?? null;
  const target = code === null ? null : { connection: erp.id, object: 'prime-contract', nativeId: code };
  return {
    record: record.gone ? { ...body, deleted: true } : body,
    exported: item === null ? null : exportOf(erp, item),
    isPosted: posted !== null,
    contract,
    target: target === null ? null : ((await findRecord<PrimeContractRecord>(tx, target))?.body ?? null),
    erpName: erp.name,
    mapping: (kind, scope, key) =>
      rows.find((row) => row.kind === kind && row.scope === scope && row.key === key) ?? null,
    targetAccount: (account) => accounts.find(({ nativeId: id }) => id === account)?.body ?? null,
    periods: periods.map((period) => period.body),
    originMayBeOurs: await originMayBeOurs(tx, erp, body.originId, open),
    identity: {
      revision,
      reference: postingReference(erp.code, {
        tenant: at.tenant,
        connection: erp.id,
        sourceObject: OBJECT,
        sourceId: nativeId,
        kind: 'contract-change',
        part: '',
        revision,
      }),
    },
    preflight: (planned) => erp.connection.preflight({ kind: 'create-contract-change', body: planned }),
    frozenDate: frozenDateOf(open, item),
    today: utcDate(engine.clock.now()),
  };
}

function originOf(
  { nativeId, body, version, hash }: StoredRecord<PrimeChangeOrderRecord>,
  contract: PrimeContractRecord | null,
): Origin {
  return {
    sourceObject: OBJECT,
    sourceId: nativeId,
    kind: 'contract-change',
    part: '',
    root: primeContractRoot(body.contractId),
    projectId: body.projectId,
    // What is earned: no vendor's day counts it.
    vendorId: null,
    vendorName: contract?.ownerName ?? null,
    number: `${contract?.number ?? body.contractId} CO ${body.number}`,
    title: body.title,
    recordVersion: version,
    recordHash: hash,
  };
}

type Why = Extract<ContractChangePlan, { kind: 'nothing' }>['why'] | 'not-taken';

/** Nothing is to be posted: a request that asked for it gets its answer all the same. */
async function answer(
  engine: Engine,
  tx: Tx,
  { at, erp, record, item, posted }: Case,
  why: Why,
): Promise<void> {
  if (item === null || !(await isUnanswered(engine, tx, { at, item, posted }))) return;
  const { number } = record.body;
  const messages: Readonly<Record<Why, string>> = {
    'not-taken': `${erp.name} keeps no contracts with owners, so there is nothing to post there: change order ${number} is billed with the next owner invoice. Enter it by hand where the ERP shall know of it.`,
    deleted: `Change order ${number} was deleted or voided in Procore before it was posted.`,
    'without-amount': `Change order ${number} moves no amount: there is nothing to post.`,
    'not-exported': 'It was not exported.',
    unchanged: 'Nothing of it is to be posted.',
  };
  await failRequest(engine, tx, at, item, [messages[why]]);
}

/**
 * What was changed or taken back in Procore after it was posted still stands in the ERP as it was. Nothing follows from
 * it by itself: somebody is asked, once for each state that it is in.
 */
async function askChangedSince(engine: Engine, tx: Tx, { at, erp, record, posted }: Case): Promise<void> {
  const { nativeId, body, gone, version } = record;
  const kind = 'conflict';
  const subject = `${OBJECT}:${at.id}:${nativeId}`;
  const isTakenBack = gone || body.deleted || !body.approved;
  if (posted === null || (!isTakenBack && !movesOther(body, posted))) return expireSubject(tx, kind, subject);
  if (await wasAsked(tx, kind, subject, version)) return;
  const how = gone ? 'deleted' : isTakenBack ? `"${body.status}"` : `${body.total} ${body.currency}`;
  await openReview(tx, {
    id: engine.newId(),
    kind,
    subject,
    document: null,
    title: `${posted.number} ${body.title}`,
    question: `Change order ${body.number} is ${how} in Procore, and change ${posted.targetNumber ?? posted.targetId} of ${erp.name} still stands as it was posted. Nothing was changed there. Correct it in Procore, or undo it by a change order of the opposite amount.`,
    evidence: { document: posted.id, status: body.status, recordVersion: version },
    role: 'accountant',
  });
}

/** Whether its lines and markups move other amounts than those that were posted. */
function movesOther({ lines }: PrimeChangeOrderRecord, { body }: StoredDocument): boolean {
  if (body?.kind !== 'contract-change') return false;
  const amountOf = new Map(body.lines.map(({ key, amount }) => [key, amount]));
  const now = lines.flatMap(({ id, amount, markups }) => [
    [id, amount] as const,
    ...markups.map((markup) => [markupKey(markup.id), markup.amount] as const),
  ]);
  return now.length !== amountOf.size || now.some(([key, amount]) => amountOf.get(key) !== amount);
}
