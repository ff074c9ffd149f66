import { z } from 'zod';
import type { ReviewViewRow } from '../../store/review-view.ts';
import type { HttpDeps, Person } from '../deps.ts';
import { ReviewItem, ReviewRow } from '../schemas.ts';
import { instant, maybeAmount, maybeInstant } from './amounts.ts';
import { editorsOf, listOf, mappingsOf, orderBodyOf } from './stored-json.ts';

type Row = z.infer<typeof ReviewRow>;
type Item = z.infer<typeof ReviewItem>;

const Label = z.object({ label: z.string(), value: z.string() });
const Ask = ReviewItem.shape.asks.element;
const Stored = z.object({ facts: z.unknown(), asks: z.unknown() });

/** A review item as the queue shows it to this person. */
export function toReviewRow(row: ReviewViewRow, person: Person, deps: HttpDeps): Row {
  const verdict = decidable(row, person, deps);
  return {
    id: row.id,
    kind: ReviewRow.shape.kind.parse(row.kind),
    title: row.title,
    question: row.question,
    role: row.role,
    state: ReviewRow.shape.state.parse(row.state),
    documentId: row.document,
    amount: maybeAmount(row.amount_minor, row.currency),
    currency: row.currency,
    project: row.project_name,
    openedAt: instant(row.opened_at),
    mayDecide: verdict.ok,
    whyNot: verdict.ok ? null : verdict.why,
  };
}

/** A review item with all that a decision needs; what is approved is the server's own summary. */
export function toReviewItem(row: ReviewViewRow, person: Person, alsoReleases: number, deps: HttpDeps): Item {
  return {
    ...toReviewRow(row, person, deps),
    payloadHash: row.payload_hash,
    evidence: [...summaryOf(row), ...factsOf(row.evidence)],
    asks: listOf(Ask, Stored.safeParse(row.evidence).data?.asks),
    alsoReleases,
    decidedBy: row.decided_by,
    decidedAt: maybeInstant(row.decided_at),
  };
}

function decidable(
  row: ReviewViewRow,
  person: Person,
  deps: HttpDeps,
): { ok: true } | { ok: false; why: string } {
  if (row.state !== 'open') return { ok: false, why: 'It is decided already.' };
  return deps.mayDecide(person, {
    kind: row.kind,
    neededRole: row.role,
    requester: row.requester,
    editors: editorsOf(row.mappings),
  });
}

function summaryOf(row: ReviewViewRow): z.infer<typeof Label>[] {
  const body = orderBodyOf(row.body);
  if (row.kind !== 'approval' || !body) return [];
  const lines = body.lines.map((line) => ({
    label: `Line ${line.costCode} ${line.costType}`.trim(),
    value: `${line.amount} ${body.currency} to ${line.coding.kind} ${line.coding.code}: ${line.description}`,
  }));
  const editors = mappingsOf(row.mappings).map((used) => `${used.kind} ${used.key} by ${used.setBy}`);
  return [
    { label: 'Number', value: body.number },
    { label: 'Title', value: body.title },
    { label: 'Vendor in the ERP', value: body.vendorCode },
    { label: 'Project in the ERP', value: body.projectCode },
    { label: 'Accounting date', value: body.accountingDate },
    { label: 'Total', value: `${body.total} ${body.currency}` },
    { label: 'Requested by', value: row.requester ?? 'nobody known' },
    ...lines,
    ...(editors.length > 0 ? [{ label: 'Mapping rows used', value: editors.join('; ') }] : []),
  ];
}

// Evidence is {facts: [{label, value}], asks: [...]}; a bare list of facts and plain members are read too.
function factsOf(evidence: unknown): z.infer<typeof Label>[] {
  if (Array.isArray(evidence)) return listOf(Label, evidence);
  const facts = listOf(Label, Stored.safeParse(evidence).data?.facts);
  const plain = z.record(z.string(), z.unknown()).safeParse(evidence).data ?? {};
  const members = Object.entries(plain).flatMap(([label, value]) =>
    typeof value === 'string' || typeof value === 'boolean' ? [{ label, value: String(value) }] : [],
  );
  return [...facts, ...members];
}
