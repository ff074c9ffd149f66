import { gate } from '../../domain/approval/gate.ts';
import {
  answersFor,
  type BillingAnswer,
  type BillingQuestion,
  billingQuestion,
  exposureOfParts,
  type OlderInvoice,
} from '../../domain/billing/billing-question.ts';
import { openingOf } from '../../domain/billing/opening.ts';
import { partNumber } from '../../domain/billing/plan-invoice-number.ts';
import { moneyWords, parseMoney } from '../../domain/values/money.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject, openReview } from '../../store/documents/review.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sourceLane } from '../lanes.ts';
import { step } from '../step.ts';
import { type ApplicationKey, type BillingCase, billingCase, isLive } from './billing-case.ts';
import { numbersOf, olderInvoices } from './invoices-in-erp.ts';

export function billingSubject({ object, id }: ApplicationKey): string {
  return `billing:${object}:${id}`;
}

/** What is kept with the question. Above the threshold whoever exported it does not decide. */
export type BillingEvidence = {
  readonly billing: BillingQuestion;
  readonly requester: string | null;
};

/**
 * Asks what becomes of an application that cannot be billed in its turn, and takes a question back that is none any
 * more. Where the one before has to be decided first, that is looked at.
 */
export async function askAboutBilling(
  engine: Engine,
  hub: OpenConnection,
  key: ApplicationKey,
): Promise<void> {
  const found = await step(engine, hub.tenant, async (tx) => {
    const one = await billingCase(engine, tx, hub, key);
    if (one !== null && answersFor(one.situation).length > 0) return one;
    await expireSubject(tx, 'billing', billingSubject(key));
    const before = one === null ? null : waitsForPrevious(one);
    if (before !== null) await wakeLane(tx, sourceLane(hub, key.object, before));
    return null;
  });
  if (found === null) return;
  const older = await olderOf(engine, found);
  await step(engine, hub.tenant, (tx) => openBillingQuestion(engine, tx, found, questionOf(found, older)));
}

export async function olderOf(engine: Engine, of: BillingCase): Promise<readonly OlderInvoice[]> {
  return answersFor(of.situation).includes('opening') ? olderInvoices(engine, of) : [];
}

function waitsForPrevious({ record, situation: { billing, posted } }: BillingCase): string | null {
  const code = billing.problem?.code;
  const isBehind = code === 'application-skipped' || (code === 'application-reopened' && posted.size === 0);
  return isBehind ? record.body.previousId : null;
}

export function questionOf(of: BillingCase, older: readonly OlderInvoice[]): BillingQuestion {
  const { record, order, standing, situation } = of;
  const [number = ''] = numbersOf(record.body, order?.number ?? null);
  return billingQuestion(record.body.object, situation, {
    ...{ recordHash: record.hash, older, standing },
    numberOf: (part, alone) => partNumber(number, part, alone),
  });
}

export async function openBillingQuestion(
  engine: Engine,
  tx: Tx,
  of: BillingCase,
  billing: BillingQuestion,
): Promise<void> {
  const { body } = of.record;
  const { role, requester } = whoDecides(of, billing);
  const document = of.documents.findLast(isLive)?.id ?? null;
  const title =
    body.object === 'sub-invoice'
      ? `Pay application ${body.application}, ${body.vendorName ?? 'vendor'}`
      : `Owner invoice ${body.application}, ${body.contractNumber}`;
  const evidence: BillingEvidence = { billing, requester };
  await openReview(tx, {
    id: engine.newId(),
    kind: 'billing',
    subject: billingSubject(body),
    document,
    title,
    question: wordsOf(of, billing),
    evidence: { ...evidence, facts: factsOf(of, billing) },
    role,
  });
}

/**
 * Whoever would approve its invoice decides what becomes of it, and is not who exported it. Below the threshold an
 * accountant does; billing begins with a controller's word.
 */
function whoDecides(
  { record: { body }, policy, situation, requester }: BillingCase,
  { answers }: BillingQuestion,
): { readonly role: string; readonly requester: string | null } {
  if (answers.includes('opening')) return { role: 'controller', requester };
  const verdict = gate({
    kind: body.object === 'sub-invoice' ? 'ap-invoice' : 'ar-invoice',
    phase: 'one-way',
    exposure: exposureOfParts(situation.billing),
    unapprovedToday: null,
    waitsFor: null,
    isDayIncomplete: false,
    policy,
    provenance: { requester: null, editors: [] },
    users: [],
  });
  return verdict.verdict === 'approval'
    ? { role: verdict.role, requester }
    : { role: 'accountant', requester: null };
}

const ASKED: Readonly<Record<BillingAnswer, (erp: string) => string>> = {
  next: () => 'Does the next application bill what it moved?',
  standing: (erp) => `Does its invoice stand in ${erp} already?`,
  opening: (erp) => `Were it and all before it billed in ${erp} before this contract was connected?`,
  itself: () => 'It was left to the next application. Is it billed by itself after all?',
};

function wordsOf({ erp, documents, situation }: BillingCase, { answers }: BillingQuestion): string {
  const [why = 'A later application waits for it.'] = documents
    .filter(isLive)
    .flatMap(({ reasons }) => reasons.map(({ message }) => message));
  const asked = answers.map((answer) => ASKED[answer](erp.name)).join(' Or: ');
  const what = situation.isWantedBack ? '' : `${why} `;
  return `${what}${asked} Nothing is sent to ${erp.name} by the answer.`;
}

function factsOf(
  { erp, record: { body } }: BillingCase,
  { parts, older, answers, currency }: BillingQuestion,
): readonly { readonly label: string; readonly value: string }[] {
  const words = (amount: string) => moneyWords(parseMoney(amount, currency));
  const due = parts.map(({ part, number, amount }) => ({
    label: part === 'progress' ? 'Its invoice' : 'Its release of retainage',
    value: `${number} of ${words(amount)}`,
  }));
  if (!answers.includes('opening')) return due;
  const opening = openingOf(body, []);
  return [
    { label: 'Billed to date', value: opening === null ? 'cannot be read' : words(opening.source) },
    {
      label: 'Retainage held of it',
      value: opening === null ? 'cannot be read' : words(opening.retainageHeld),
    },
    ...older.map(({ application, number, amount, invoice }) => ({
      label: `Application ${application}`,
      value: `${number} of ${amount} in Procore; ${invoice === null ? `no one invoice of that number in ${erp.name}` : `invoice ${invoice.number} of ${invoice.amount} in ${erp.name}`}`,
    })),
  ];
}
