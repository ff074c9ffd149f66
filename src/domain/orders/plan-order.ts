import type { Operation, PurchaseOrderBody, PurchaseOrderLine } from '../documents.ts';
import { restrictionOf } from '../masters/project-codes.ts';
import { withFields } from '../planning/document-fields.ts';
import { moved, totalOf } from '../planning/plan-amounts.ts';
import { codedLine, projectFor, vendorFor } from '../planning/plan-coding.ts';
import { type Findings, type Found, openFindings } from '../planning/plan-findings.ts';
import type { OrderPlanInput } from '../planning/plan-input.ts';
import { coveringPeriod, waitForPeriod } from '../planning/plan-period.ts';
import { type Reason, waitKeys } from '../reasons.ts';
import type { CommitmentRecord } from '../records.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import { contentHash } from '../values/canonical.ts';
import { type Money, magnitude, money } from '../values/money.ts';
import { AS_FOUND, acceptedNumber, isAsAccepted } from './adopted-order.ts';
import { changedLines, contractLines, nextRevision, totalWith } from './change-order.ts';

export type OrderPlan =
  | { readonly kind: 'nothing'; readonly why: 'not-exported' | 'unchanged' | 'deleted' }
  | (Found & {
      readonly kind: 'document';
      readonly revision: number;
      readonly operation: Operation | null;
      readonly body: PurchaseOrderBody | null;
      readonly exposure: Money;
      readonly amount: Money;
      readonly accountingDate: CalendarDate;
      /** Worth knowing, and in nobody's way. */
      readonly notes?: readonly Reason[];
    });

/** Decides what one commitment should become in the ERP. Pure: same input, same document, byte for byte. */
export function planOrder(input: OrderPlanInput): OrderPlan {
  const { record, base, revision } = input;
  // Its order stays as it stands: undoing what was posted is a reversal that a person starts.
  if (record.deleted) return { kind: 'nothing', why: 'deleted' };
  if (base === null && input.exported === null) return { kind: 'nothing', why: 'not-exported' };
  if (standsAsAccepted(input)) return { kind: 'nothing', why: 'unchanged' };
  const found = openFindings();
  const projectCode = projectFor(input, found);
  const vendorCode = vendorFor(input, found);
  const signed = contractLines(base?.body.lines ?? []);
  const coding = {
    ...input,
    restriction: projectCode === null ? null : restrictionOf(input.targetProject(projectCode)),
    standing: (id: string) => signed.find(({ key }) => key === id),
  };
  const lines = record.lines.map((line) => codedLine(coding, line, found));
  const amount = totalOf(record, found);
  checkSource(input, found);
  const accountingDate =
    base?.body.accountingDate ??
    input.frozenDate ??
    input.exported?.accountingDate ??
    record.contractDate ??
    input.today;
  checkPeriod(input, accountingDate, found);
  const complete = lines.filter((line): line is PurchaseOrderLine => line !== null);
  const isComplete =
    projectCode !== null &&
    vendorCode !== null &&
    complete.length === record.lines.length &&
    found.amountsHold();
  // What change orders brought into the order is not the commitment's to move.
  const changes = base?.body.currency === record.currency ? changedLines(base.body.lines) : [];
  const body: PurchaseOrderBody | null = isComplete
    ? {
        kind: 'purchase-order',
        reference: input.referenceOf(revision),
        revision: nextRevision(base, revision),
        number: acceptedNumber(input.accepted ?? null, record.number),
        title: record.title,
        vendorCode,
        projectCode,
        currency: record.currency,
        accountingDate,
        total: totalWith(record.total, changes, record.currency),
        lines: [...complete, ...changes],
        sourceUrl: record.url,
        // A field that is left blank at another export keeps what was typed before.
        ...withFields({ ...base?.body.fields, ...input.exported?.fields }),
      }
    : null;
  if (body !== null && base !== null && sameContent(body, base.body))
    return { kind: 'nothing', why: 'unchanged' };
  const operation = body === null ? null : operationFor(input, body, found);
  found.targetRefuses(record.id, operation === null ? [] : input.preflight(operation));
  return {
    kind: 'document',
    revision,
    operation,
    body,
    amount,
    exposure: base === null ? money(magnitude(amount), amount.currency) : movedBy(record, base.body, body),
    accountingDate,
    ...found.all(),
    notes: input.vendorNotes ?? [],
  };
}

/** An order that was taken over stays as it was found, differences and all, until the source changes or asks. */
function standsAsAccepted({ record, base, asFound, accepted, requestKey }: OrderPlanInput): boolean {
  if (accepted == null || !(asFound ?? base?.body.revision === AS_FOUND)) return false;
  return isAsAccepted(accepted, record, requestKey ?? null);
}

function checkSource({ record, base, originMayBeOurs, mayStand }: OrderPlanInput, found: Findings): void {
  if (base === null && mayStand != null) found.wait('adoption', waitKeys.adoption(record.id), mayStand);
  if (!record.approved) {
    found.wait('source', record.id, {
      code: 'not-approved',
      owner: 'project-manager',
      message: `The commitment is "${record.status}" in Procore, not approved.`,
      remedy: 'Approve it in Procore; it is looked at again by itself.',
    });
  }
  // An order may stand for it already, posted by another tool or by a database that is lost: never a second one.
  if (base === null && record.originId !== null && !originMayBeOurs) {
    found.wait('source', record.id, {
      code: 'foreign-origin',
      owner: 'engineer',
      message: `Procore says that it is synced already, as "${record.originId}", which was not posted from here.`,
      remedy:
        'Restore the database that posted it. If nothing stands in the ERP, unlink it in Procore and export it again.',
    });
  }
}

function checkPeriod({ periods, base }: OrderPlanInput, day: CalendarDate, found: Findings): void {
  if (base !== null || periods.length === 0) return;
  if (!coveringPeriod(periods, day)?.open) waitForPeriod(periods, day, found);
}

function movedBy(record: CommitmentRecord, base: PurchaseOrderBody, body: PurchaseOrderBody | null): Money {
  return moved({
    currency: base.currency,
    wanted: record.lines.map(({ id: key, amount }) => ({ key, amount })),
    before: contractLines(base.lines),
    after: body?.lines ?? [],
    otherProject: body !== null && body.projectCode !== base.projectCode,
  });
}

/** No ERP takes a day before the document's own. */
function requiredBy({ contractDate }: CommitmentRecord, { accountingDate }: PurchaseOrderBody): CalendarDate {
  return contractDate !== null && contractDate > accountingDate ? contractDate : accountingDate;
}

/** Whether the ERP already holds this: revision, reference and date of an update are ours, not content. */
export function sameContent(a: PurchaseOrderBody, b: PurchaseOrderBody): boolean {
  const content = ({
    reference: _r,
    revision: _v,
    accountingDate: _d,
    sourceUrl: _u,
    changeFields: _c,
    ...rest
  }: PurchaseOrderBody) => contentHash(rest);
  return content(a) === content(b);
}

function operationFor(
  { record, base, asRequisition }: OrderPlanInput,
  body: PurchaseOrderBody,
  found: Findings,
): Operation {
  if (base === null && asRequisition === true)
    return { kind: 'create-requisition', body, requiredDate: requiredBy(record, body) };
  if (base === null) return { kind: 'create-order', body };
  if (base.body.vendorCode !== body.vendorCode) {
    found.reason({
      code: 'vendor-changed',
      owner: 'accountant',
      field: 'vendor',
      message: `The vendor changed from ${base.body.vendorCode} to ${body.vendorCode}; an order cannot change its vendor.`,
      remedy: 'Cancel the order in the ERP and export the commitment again.',
    });
  }
  if (base.body.currency !== body.currency) {
    found.wait('source', record.id, {
      code: 'target-refuses',
      owner: 'accountant',
      field: 'currency',
      message: `The currency changed from ${base.body.currency} to ${body.currency}; an order cannot change its currency.`,
      remedy: 'Cancel the order in the ERP and export the commitment again.',
    });
  }
  return { kind: 'update-order', body, base };
}
