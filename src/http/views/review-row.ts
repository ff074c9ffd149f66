import { z } from 'zod';
import { MAPPING_KINDS } from '../../domain/mapping.ts';
import type { ReviewViewRow } from '../../store/views/review-view.ts';
import type { HttpDeps, Person } from '../deps.ts';
import { BillingToDecide } from '../schemas/billing.ts';
import { AdoptableOrder, type ReviewItem, ReviewRow } from '../schemas/review.ts';
import { instant, maybeAmount, maybeInstant } from './amounts.ts';
import { editorsOf, listOf, mappingsOf, orderBodyOf } from './stored-json.ts';

type Row = z.infer<typeof ReviewRow>;
type Item = z.infer<typeof ReviewItem>;

const Label = z.object({ label: z.string(), value: z.string() });
const Suggestion = z.object({ code: z.string(), name: z.string(), why: z.string() });
const Ask = z.object({
  kind: z.enum(MAPPING_KINDS),
  key: z.string(),
  label: z.string(),
  scopeId: z.string().catch(''),
});
const Proposal = z.object({
  proposal: z.object({ certain: z.boolean(), hash: z.string(), candidates: z.array(AdoptableOrder) }),
  editors: z.array(z.string()),
});
const Billing = z.object({
  billing: BillingToDecide.extend({ hash: z.string() }),
  requester: z.string().nullable(),
});
const PolicyProposal = z.object({ hash: z.string(), proposedBy: z.string() });
const Stored = z.object({
  facts: z.unknown().optional(),
  asks: z.unknown().optional(),
  suggestions: z.unknown().optional(),
});

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
export function toReviewItem(
  row: ReviewViewRow,
  context: { person: Person; alsoReleases: number; projectNames: ReadonlyMap<string, string> },
  deps: HttpDeps,
): Item {
  const proposal = proposalOf(row)?.proposal;
  const billing = billingOf(row)?.billing;
  return {
    ...toReviewRow(row, context.person, deps),
    payloadHash: proposal?.hash ?? policyOf(row)?.hash ?? billing?.hash ?? row.payload_hash,
    evidence: evidenceOf(row),
    asks: asksOf(row.evidence).map((ask) => ({
      kind: ask.kind,
      key: ask.key,
      label: ask.label,
      scope:
        ask.scopeId === ''
          ? null
          : { id: ask.scopeId, name: context.projectNames.get(ask.scopeId) ?? ask.scopeId },
      suggestions: listOf(Suggestion, Stored.safeParse(row.evidence).data?.suggestions),
    })),
    ...(proposal === undefined
      ? {}
      : { adoption: { certain: proposal.certain, candidates: proposal.candidates } }),
    ...(billing === undefined ? {} : { billing }),
    alsoReleases: context.alsoReleases,
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
  const item = { kind: row.kind, neededRole: row.role };
  const billing = billingOf(row);
  // Nothing is coded by the answer.
  if (billing !== undefined)
    return deps.mayDecide(person, { ...item, requester: billing.requester, editors: [] });
  return deps.mayDecide(person, {
    ...item,
    requester: policyOf(row)?.proposedBy ?? row.requester,
    editors: proposalOf(row)?.editors ?? editorsOf(row.mappings),
  });
}

function proposalOf(row: ReviewViewRow): z.infer<typeof Proposal> | undefined {
  return row.kind === 'adoption' ? Proposal.safeParse(row.evidence).data : undefined;
}

function billingOf(row: ReviewViewRow): z.infer<typeof Billing> | undefined {
  return row.kind === 'billing' ? Billing.safeParse(row.evidence).data : undefined;
}

function policyOf(row: ReviewViewRow): z.infer<typeof PolicyProposal> | undefined {
  return row.kind === 'policy' ? PolicyProposal.safeParse(row.evidence).data : undefined;
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

/** Rows that the item asks for, as the engine wrote them down. */
export function asksOf(evidence: unknown): z.infer<typeof Ask>[] {
  return listOf(Ask, Stored.safeParse(evidence).data?.asks);
}

// An id that the page already shows as a link, and a hash that it shows as what is signed.
const SHOWN_ELSEWHERE = new Set(['document', 'hash']);

// An approval shows the whole planned order; other items what the engine noted, member by member.
function evidenceOf(row: ReviewViewRow): z.infer<typeof Label>[] {
  const facts = listOf(Label, Stored.safeParse(row.evidence).data?.facts);
  const summary = summaryOf(row);
  if (summary.length > 0) return [...summary, ...facts];
  const members = z.record(z.string(), z.unknown()).safeParse(row.evidence).data ?? {};
  const noted = Object.entries(members).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' && !SHOWN_ELSEWHERE.has(name)
      ? [{ label: words(name), value }]
      : [],
  );
  return [...facts, ...noted];
}

function words(name: string): string {
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return `${spaced.charAt(0).toUpperCase()}${spaced.slice(1)}`;
}
