import type { NumberedInvoice } from '../../connectors/connector.ts';
import { standingBill, standingSale } from '../../domain/billing/standing-invoice.ts';
import { mappingHash } from '../../domain/mapping.ts';
import type { Reason } from '../../domain/reasons.ts';
import { isStanding } from '../../domain/states.ts';
import { utcDate } from '../../domain/values/calendar-date.ts';
import { formatMoney } from '../../domain/values/money.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { isOfAnotherRecord } from '../../store/documents/billing-decision.ts';
import { moveDocument, savePlan } from '../../store/documents/document.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { addLinks, linkedSource } from '../../store/documents/link.ts';
import { expireReviews } from '../../store/documents/review.ts';
import type { Engine } from '../engine.ts';
import { type BillingCase, isLive } from '../plan/billing-case.ts';
import { takeWritesBack } from '../plan/save-plan.ts';
import { wakePayments } from '../post/conclude.ts';
import type { Standing, StandingPart } from './find-standing.ts';
import { invoiceLink } from './link-older-invoices.ts';
import { type Declined, declined } from './person.ts';

/** Writes it down as an invoice that stands and that nobody here wrote; answers the ids of its documents. */
export async function saveStanding(
  engine: Engine,
  tx: Tx,
  of: BillingCase,
  standing: Standing,
): Promise<string[] | Declined> {
  const { hub, erp, record, documents } = of;
  const { invoice, parts } = standing;
  const { object, id: recordId } = record.body;
  const targetObject = object === 'sub-invoice' ? 'ap-invoice' : 'ar-invoice';
  const there = { targetConnection: erp.id, targetObject, targetId: invoice.id };
  const linked = await linkedSource(tx, hub.id, there);
  const { reference } = invoice;
  const isTaken =
    documents.some((document) => isStanding(document) && document.targetId === invoice.id) ||
    (linked !== null && linked.sourceId !== recordId) ||
    // Copied from an order, a reference says nothing; of another invoice of ours, it says whose it is.
    (reference !== null && (await isOfAnotherRecord(tx, erp.id, reference, recordId)));
  if (isTaken) return declined(409, 'Linked already', `Invoice ${invoice.number} stands for another record.`);
  const replaced = documents.filter(
    (document) => isLive(document) && parts.some(({ part }) => part === document.part),
  );
  if (replaced.some(isOnItsWay))
    return declined(409, 'On its way', 'A write of this application is on its way to the ERP.');
  for (const document of replaced) await giveWay(tx, of, document);
  const ids: string[] = [];
  for (const [index, part] of parts.entries())
    ids.push(await savePart(engine, tx, of, standing, { ...part, isFirst: index === 0 }));
  const [first] = parts;
  const place = first?.part === 'retainage-release' ? first.part : '';
  const inTheWay = await addLinks(tx, [
    invoiceLink(hub, erp, { object, recordId, place, invoiceId: invoice.id }),
  ]);
  // Nothing may stand half: another decision that linked it at this moment wins.
  if (inTheWay.length > 0)
    throw new Error(`invoice ${invoice.number} was linked to another record meanwhile`);
  await wakePayments(tx, erp, { kind: targetObject, targetId: invoice.id });
  return ids;
}

function isOnItsWay({ state, payloadHash }: StoredDocument): boolean {
  return state === 'posting' || (state === 'conflict' && payloadHash !== null);
}

async function giveWay(tx: Tx, { erp }: BillingCase, document: StoredDocument): Promise<void> {
  // None of it is half done: what has left by now takes all of the decision back.
  if (!(await takeWritesBack(tx, erp, document)))
    throw new Error(`a write of invoice ${document.number} is on its way`);
  await moveDocument(tx, document, { state: 'withdrawn', reasons: [] });
  // But for the question that is being answered.
  await expireReviews(tx, document.id, ['billing']);
}

async function savePart(
  engine: Engine,
  tx: Tx,
  { hub, erp, record, contract, documents, item, situation, order }: BillingCase,
  { invoice, partner, projectCode, number, difference }: Standing,
  { part, amount, former, isFirst }: StandingPart & { readonly isFirst: boolean },
): Promise<string> {
  const { body } = record;
  const found = {
    ...{ part, record: body, invoiceNumber: number, partnerCode: partner, projectCode },
    ...{
      amount: formatMoney(amount),
      moves: situation.billing.moves[part],
      today: utcDate(engine.clock.now()),
    },
  };
  const isSub = body.object === 'sub-invoice';
  const content = former ?? (isSub ? standingBill(found, order?.id ?? '') : standingSale(found));
  const last = documents.filter((document) => document.part === part).at(-1);
  const id = engine.newId();
  const plan = {
    ...{
      id,
      sourceConnection: hub.id,
      sourceObject: body.object,
      sourceId: body.id,
      targetConnection: erp.id,
    },
    ...{ kind: content.kind, part, revision: (last?.revision ?? 0) + 1, root: contract.root },
    state: 'confirmed' as const,
    projectId: body.projectId,
    vendorId: isSub ? body.vendorId : null,
    vendorName: isSub ? body.vendorName : body.ownerName,
    number: body.invoiceNumber ?? `Application ${body.application}`,
    title: `${part === 'progress' ? 'Application' : 'Retainage of application'} ${body.application}`,
    amountMinor: amount.minor,
    currency: amount.currency,
    exposureMinor: 0n,
    accountingDate: content.accountingDate,
    recordVersion: record.version,
    recordHash: record.hash,
    body: content,
    operation: null,
    payloadHash: null,
    mappings: [],
    mappingHash: mappingHash([]),
    gate: null,
    reasons: isFirst ? differenceOf(invoice, difference, erp.name) : [],
    requester: null,
    requestKey: item?.key ?? null,
  };
  await savePlan(tx, plan, []);
  await moveDocument(tx, plan, {
    state: 'confirmed',
    targetId: invoice.id,
    targetNumber: invoice.number,
    lineKeys: {},
  });
  return id;
}

/** A difference that was accepted is said for as long as it stands. */
function differenceOf({ number }: NumberedInvoice, difference: string, erp: string): readonly Reason[] {
  if (/^-?0(\.0+)?$/.test(difference)) return [];
  return [
    {
      code: 'taken-over',
      owner: 'accountant',
      message: `Invoice ${number} was linked as it stands in ${erp}, ${difference} beyond what the application bills.`,
      remedy: `Correct it in ${erp} if it is wrong: later applications bill on from what Procore says.`,
    },
  ];
}
