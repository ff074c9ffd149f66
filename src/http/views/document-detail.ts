import type { z } from 'zod';
import { isAboutPayment } from '../../domain/payments/payment-holds.ts';
import type { ApprovalViewRow, PostingViewRow, TrailRow } from '../../store/views/document-trail-view.ts';
import type { DocumentDetailRow } from '../../store/views/document-view.ts';
import type { ErpFacts } from '../../store/views/erp-facts-view.ts';
import type { ReviewViewRow } from '../../store/views/review-view.ts';
import type { HttpDeps, Person } from '../deps.ts';
import { ANSWERERS, APPROVERS, hasRole, PROBERS, REJECTERS, REPLANNERS, WITHDRAWERS } from '../roles.ts';
import type { DocumentDetail, PostingRow } from '../schemas/documents.ts';
import { instant, maybeInstant } from './amounts.ts';
import { billOf, pairBill } from './bill-sides.ts';
import {
  pairChangeOrder,
  pairFields,
  pairInvoice,
  pairInvoiceLines,
  pairLines,
  pairVendor,
} from './both-sides.ts';
import { budgetOf, pairBudget } from './budget-sides.ts';
import { toDocumentRow } from './document-row.ts';
import { vendorFields, withReceipts } from './erp-facts.ts';
import { newRecordFields } from './new-record-sides.ts';
import { partOfOrder } from './part-of-order.ts';
import { pairPayment, paymentOf } from './payment-sides.ts';
import { toReviewRow } from './review-row.ts';
import {
  invoiceBodyOf,
  lineKeysOf,
  mappingsOf,
  orderBodyOf,
  reasonsOf,
  sourceCommitmentOf,
  sourcePayApplicationOf,
  vendorLinkOf,
} from './stored-json.ts';
import { timelineOf } from './timeline.ts';
import { typedFields } from './typed-fields.ts';

type Detail = z.infer<typeof DocumentDetail>;

export interface DocumentParts {
  document: DocumentDetailRow;
  approvals: readonly ApprovalViewRow[];
  postings: readonly PostingViewRow[];
  review: readonly ReviewViewRow[];
  trail: readonly TrailRow[];
  erp: ErpFacts;
  /** What the source sent, as text; null once it was erased. */
  sourcePayload: string | null;
}

/** The record page of a document. */
export function toDocumentDetail(
  parts: DocumentParts,
  caller: { tenant: string; person: Person },
  deps: HttpDeps,
): Detail {
  const { document } = parts;
  const review = parts.review.map((row) => toReviewRow(row, caller.person, deps));
  const reasons = reasonsOf(document.reasons);
  const sides = sidesOf(document);
  return {
    ...toDocumentRow(document, caller.tenant, deps),
    reasons: reasons.filter((reason) => !isAboutPayment(reason)),
    payment: reasons.filter(isAboutPayment),
    ...sides,
    lines: withReceipts(sides.lines, document, parts.erp),
    fields: [
      ...sides.fields,
      ...vendorFields(parts.erp.vendor),
      ...typedFields(document.typed, document.body),
    ],
    payload: pretty(document.body),
    payloadHash: document.payload_hash,
    sourcePayload: shortened(parts.sourcePayload) ?? pretty(document.source_body),
    mappings: mappingsOf(document.mappings).map((used) => ({ ...used, value: inWords(used.value) })),
    approvals: parts.approvals.map((approval) => ({
      by: approval.decided_by,
      role: approval.role,
      at: instant(approval.decided_at),
      state: approval.stale_at ? 'stale' : approval.consumed_at ? 'consumed' : 'valid',
    })),
    postings: parts.postings.map(toPostingRow),
    review,
    timeline: timelineOf(document, parts.trail),
    actions: actionsOf(document.state, parts.postings, review, caller.person),
  };
}

/** What stands in the source beside what is planned for the target. */
function sidesOf({
  source_object,
  source_id,
  source_body,
  body,
  line_keys,
}: DocumentDetailRow): Pick<Detail, 'fields' | 'lines'> {
  const keys = lineKeysOf(line_keys);
  const link = vendorLinkOf(body);
  if (link) return { fields: pairVendor(link), lines: [] };
  const record = newRecordFields(body);
  if (record) return { fields: record, lines: [] };
  const invoice = invoiceBodyOf(body);
  if (invoice) {
    const application = sourcePayApplicationOf(source_body);
    return { fields: pairInvoice(application, invoice), lines: pairInvoiceLines(application, invoice, keys) };
  }
  const bill = billOf(body);
  if (bill) return pairBill(bill, source_body, keys);
  const payment = paymentOf(body);
  if (payment) return pairPayment(payment, source_body);
  const budget = budgetOf(body);
  if (budget) return pairBudget(budget, source_body, keys);
  const [source, order] = [sourceCommitmentOf(source_body), orderBodyOf(body)];
  const changeOrder = source_object === 'change-order' ? source_id : undefined;
  const { part, keys: own } = order === null ? { part: null, keys } : partOfOrder(order, keys, changeOrder);
  const fields =
    changeOrder === undefined ? pairFields(source, part) : pairChangeOrder(source, part, order?.total);
  return { fields, lines: pairLines(source, part, own) };
}

function toPostingRow(posting: PostingViewRow): z.infer<typeof PostingRow> {
  return {
    id: posting.id,
    system: posting.system,
    write: posting.write_name,
    state: posting.state,
    reference: posting.reference,
    attempts: posting.attempt,
    reason: posting.reason,
    dueAt: maybeInstant(posting.due_at),
  };
}

const WITHDRAWABLE = new Set([
  'planned',
  'blocked',
  'in-review',
  'awaiting-approval',
  'ready',
  'refused',
  'conflict',
]);
const REPLANNABLE = new Set(['blocked', 'in-review', 'awaiting-approval', 'refused', 'conflict']);

/** What this person can do here now. The engine checks again: this only decides which buttons are shown. */
function actionsOf(
  state: string,
  postings: readonly PostingViewRow[],
  review: Detail['review'],
  person: Person,
): Detail['actions'] {
  const open = review.filter((item) => item.state === 'open' && item.mayDecide);
  const actions: Detail['actions'] = [];
  if (hasRole(person, APPROVERS) && open.some((item) => item.kind === 'approval')) actions.push('approve');
  if (hasRole(person, REJECTERS) && open.length > 0) actions.push('reject');
  if (
    hasRole(person, ANSWERERS) &&
    open.some((item) => item.kind === 'unmapped' || item.kind === 'vendor-match')
  ) {
    actions.push('answer');
  }
  if (hasRole(person, PROBERS) && postings.some((posting) => posting.state === 'exception')) {
    actions.push('probe-again');
  }
  if (hasRole(person, WITHDRAWERS) && WITHDRAWABLE.has(state)) actions.push('withdraw');
  if (hasRole(person, REPLANNERS) && REPLANNABLE.has(state)) actions.push('replan');
  return actions;
}

// A page shows a payload, it does not carry it: the whole of a large one stays in the database.
const MAX_PAYLOAD_CHARACTERS = 200_000;

function shortened(payload: string | null): string | null {
  if (payload === null || payload.length <= MAX_PAYLOAD_CHARACTERS) return payload;
  const rest = payload.length - MAX_PAYLOAD_CHARACTERS;
  return `${payload.slice(0, MAX_PAYLOAD_CHARACTERS)}\n... ${rest} more characters`;
}

function pretty(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value, null, 2);
}

function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && 'code' in value) {
    return 'kind' in value ? `${String(value.kind)} ${String(value.code)}` : String(value.code);
  }
  return JSON.stringify(value ?? null);
}
