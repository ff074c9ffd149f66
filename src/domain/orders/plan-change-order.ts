import type { PostedBase, PurchaseOrderBody, PurchaseOrderLine } from '../documents.ts';
import { fieldDifferences, withFields } from '../planning/document-fields.ts';
import type { TypedFields } from '../planning/export-fields.ts';
import { moved, totalOf } from '../planning/plan-amounts.ts';
import { type CodingFacts, codedLine } from '../planning/plan-coding.ts';
import { type Findings, openFindings } from '../planning/plan-findings.ts';
import type { OrderPlanInput } from '../planning/plan-input.ts';
import { type Reason, waitKeys } from '../reasons.ts';
import type { ChangeOrderRecord } from '../records.ts';
import { add, formatMoney, parseMoney, subtract } from '../values/money.ts';
import { asOrderLine, linesOfChange, nextRevision, sourceLineId, sumOf } from './change-order.ts';
import type { OrderPlan } from './plan-order.ts';

export type ChangeOrderPlanInput = Omit<CodingFacts, 'record'> &
  Pick<
    OrderPlanInput,
    'exported' | 'originMayBeOurs' | 'preflight' | 'revision' | 'referenceOf' | 'today'
  > & {
    readonly record: ChangeOrderRecord;
    /** The order of its commitment, with every change that stands in it; null until it is posted. */
    readonly order: PostedBase | null;
    /** Why there is none yet, where more is known of it. */
    readonly whyNotOrdered?: Reason | null;
    /** What was typed for it before, as far as that stands. */
    readonly held: TypedFields;
    /** Why that order may hold it already, from the time before it was taken over. */
    readonly mayHold: Reason | null;
  };

export type ChangeOrderPlan =
  | {
      readonly kind: 'nothing';
      readonly why: 'not-exported' | 'unchanged' | 'deleted' | 'not-approved-any-more' | 'without-amount';
    }
  | Extract<OrderPlan, { kind: 'document' }>;

/**
 * Decides what one change order makes of its order: the order as it stands, with the lines of this one beside those
 * that were signed. What it takes away is a line below zero, so that every line stays as it was approved. Pure.
 */
export function planChangeOrder(input: ChangeOrderPlanInput): ChangeOrderPlan {
  const { record, order, revision } = input;
  const standing = linesOfChange(order?.body.lines ?? [], record.id);
  const isPosted = standing.length > 0;
  // What is posted stays as it stands: undoing it is a change order of its own.
  if (record.deleted) return { kind: 'nothing', why: 'deleted' };
  if (isPosted && !record.approved) return { kind: 'nothing', why: 'not-approved-any-more' };
  if (!isPosted && input.exported === null) return { kind: 'nothing', why: 'not-exported' };
  if (record.lines.length === 0 && isZero(record)) return { kind: 'nothing', why: 'without-amount' };
  const found = openFindings();
  const coding = {
    ...input,
    standing: (id: string) => standing.find((line) => sourceLineId(line) === id),
  };
  const lines = record.lines.map((line) => {
    const coded = codedLine(coding, line, found);
    return coded === null ? null : asOrderLine(record, line, coded);
  });
  const amount = totalOf(record, found, { lines: 'change order', total: 'its total' });
  checkChangeOrder(input, isPosted, found);
  const complete = lines.filter((line): line is PurchaseOrderLine => line !== null);
  const isComplete = order !== null && complete.length === lines.length && found.amountsHold();
  const isHeld = fieldDifferences(input.exported?.fields, input.held).length === 0;
  if (isComplete && isPosted && isHeld && sameLines(standing, complete))
    return { kind: 'nothing', why: 'unchanged' };
  const inCurrency = order === null || order.body.currency === record.currency;
  const body = isComplete && inCurrency ? changedOrder(input, order, standing, complete) : null;
  const operation =
    body === null || order === null ? null : ({ kind: 'update-order', body, base: order } as const);
  found.targetRefuses(record.id, operation === null ? [] : input.preflight(operation));
  return {
    kind: 'document',
    revision,
    operation,
    body,
    amount,
    exposure: moved({
      currency: record.currency,
      wanted: record.lines.map(({ id, amount }, index) => ({ key: lines[index]?.key ?? id, amount })),
      before: inCurrency ? standing : [],
      after: complete,
    }),
    // The order keeps the day on which it was signed: nothing is booked by ordering more or less of it.
    accountingDate: order?.body.accountingDate ?? input.exported?.accountingDate ?? input.today,
    ...found.all(),
  };
}

function changedOrder(
  { record, revision, referenceOf, exported, held }: ChangeOrderPlanInput,
  order: PostedBase,
  standing: readonly PurchaseOrderLine[],
  lines: readonly PurchaseOrderLine[],
): PurchaseOrderBody {
  const { changeFields: _, ...body } = order.body;
  const { currency } = body;
  // A field that is left blank at another export keeps what was typed before.
  const typed = { ...held, ...exported?.fields };
  const others = body.lines.filter(({ changeOrder }) => changeOrder !== record.id);
  const added = subtract(sumOf(lines, currency), sumOf(standing, currency));
  return {
    ...body,
    reference: referenceOf(revision),
    revision: nextRevision(order, revision),
    total: formatMoney(add(parseMoney(body.total, currency), added)),
    lines: [...others, ...lines],
    ...withFields({ ...body.fields, ...typed }),
    ...(Object.keys(typed).length === 0 ? {} : { changeFields: typed }),
  };
}

function checkChangeOrder(
  { record, order, whyNotOrdered, mayHold, originMayBeOurs }: ChangeOrderPlanInput,
  isPosted: boolean,
  found: Findings,
): void {
  if (order === null)
    found.wait(
      'order',
      waitKeys.order(record.commitmentId),
      whyNotOrdered ?? {
        code: 'order-missing',
        owner: 'accountant',
        message: 'The order that it changes does not stand in the ERP yet.',
        remedy:
          'See what its commitment waits for; the change order goes by itself once the order is posted.',
      },
    );
  if (!isPosted && mayHold !== null) found.wait('order', waitKeys.order(record.commitmentId), mayHold);
  if (order !== null && order.body.currency !== record.currency)
    found.wait('source', record.id, {
      code: 'currency-mismatch',
      owner: 'accountant',
      field: 'currency',
      message: `The change order is in ${record.currency}; its order is in ${order.body.currency}.`,
      remedy: 'Correct the currency in Procore. An order keeps its currency.',
    });
  if (!record.approved)
    found.wait('source', record.id, {
      code: 'not-approved',
      owner: 'project-manager',
      message: `The change order is "${record.status}" in Procore, not approved.`,
      remedy: 'Approve it in Procore; it is looked at again by itself.',
    });
  if (record.originId !== null && !isPosted && !originMayBeOurs)
    found.wait('source', record.id, {
      code: 'foreign-origin',
      owner: 'engineer',
      message: `Procore says that it is synced already, as "${record.originId}", which does not stand in the order by our books.`,
      remedy:
        'Restore the database that posted it. If nothing of it stands in the ERP, unlink it in Procore and export it again.',
    });
}

/** Whether the order holds this already: the same lines in any order, to the last word. */
function sameLines(a: readonly PurchaseOrderLine[], b: readonly PurchaseOrderLine[]): boolean {
  const text = (lines: readonly PurchaseOrderLine[]) =>
    lines
      .map(({ key, description, amount, coding, subJob }) =>
        JSON.stringify([key, description, amount, coding.kind, coding.code, subJob]),
      )
      .sort()
      .join('\n');
  return text(a) === text(b);
}

/** Some change orders move time only. */
function isZero({ total, currency }: ChangeOrderRecord): boolean {
  try {
    return parseMoney(total, currency).minor === 0n;
  } catch {
    return false;
  }
}
