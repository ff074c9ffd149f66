import { createHash } from 'node:crypto';
import { centsOf } from '../../src/demo/cents.ts';
import type { OurDocument, OurWord, Question } from '../checker/evidence.ts';
import type { Told } from './evidence-of-api.ts';
import type { World } from './world.ts';

export type DocumentRow = {
  readonly id: string;
  readonly contract: string;
  readonly revision: number;
  readonly state: string;
  readonly target_id: string | null;
  readonly planned_at: Date;
  readonly posted_at: Date | null;
  readonly payload_hash: string | null;
  readonly mapping_hash: string | null;
  readonly exposure_minor: string;
  readonly vendor_id: string | null;
  readonly requester: string | null;
  readonly request_key: string | null;
  readonly mappings: readonly { readonly setBy?: string }[];
  readonly reasons: readonly { readonly code: string; readonly owner: string; readonly message: string }[];
  readonly body: Body | null;
};

type Body = {
  readonly reference: string;
  readonly vendorCode: string;
  readonly projectCode: string;
  readonly currency: string;
  readonly total: string;
  readonly lines: readonly { readonly amount: string; readonly coding: { readonly code: string } }[];
};

export type PostingRow = {
  readonly document: string | null;
  readonly connection: string;
  readonly reference: string;
  readonly write_kind: string;
  readonly state: string;
  readonly attempt: number;
  readonly created_at: Date;
  /** The request detail that it answers, if it does. */
  readonly answers: string | null;
};

type ReviewRow = {
  readonly document: string | null;
  readonly role: string;
  readonly question: string;
  readonly state: string;
  readonly reference: string | null;
};

/** Everything that Tiebeam wrote down of orders, in one reading. */
export type Ours = {
  readonly documents: readonly DocumentRow[];
  readonly postings: readonly PostingRow[];
  readonly reviews: readonly ReviewRow[];
  readonly items: readonly {
    readonly key: string;
    readonly detail_id: string | null;
    readonly contract: string;
  }[];
};

export async function readOurs({ read }: World): Promise<Ours> {
  const documents = await read<DocumentRow>(
    `select id, source_id as contract, revision, state, target_id, planned_at, posted_at, payload_hash, mapping_hash,
       exposure_minor, vendor_id, requester, request_key, mappings, reasons, body
     from document where kind = 'purchase-order' order by seq`,
  );
  const postings = await read<PostingRow>(
    `select document, connection, reference, write_kind, state, attempt, created_at,
       operation #>> '{closing,requestDetailId}' as answers
     from posting order by seq`,
  );
  const reviews = await read<ReviewRow>(
    `select document, role, question, state, evidence ->> 'reference' as reference from review_item
     where state in ('open', 'rejected') order by seq`,
  );
  const items = await read<Ours['items'][number]>(
    "select key, detail_id, native_id as contract from request_item where object = 'commitment'",
  );
  return { documents, postings, reviews, items };
}

/** One business revision of one commitment at the ERP. */
export function keyOf(contract: string, revision: number | string): string {
  return `order of commitment ${contract}, revision ${revision}`;
}

/** The content of an order as both sides can say it; lines without an amount bind nobody. */
export function contentHash(order: {
  readonly vendor: string | null;
  readonly project: string | null;
  readonly lines: readonly { readonly account: string; readonly cents: bigint }[];
}): string {
  const lines = order.lines
    .filter(({ cents }) => cents !== 0n)
    .map(({ account, cents }) => `${account} ${cents}`)
    .sort();
  return createHash('sha256')
    .update([order.vendor, order.project, ...lines].join('\n'))
    .digest('hex');
}

export function ourWord(ours: Ours, told: Told, system: string): OurWord {
  return {
    writesOrigin: true,
    watchesDrift: false,
    documents: ours.documents.map((row) => ourDocument(row, ours, told, system)),
    postings: ours.postings
      .filter(({ document }) => document !== null)
      .map(({ reference, document, state, attempt }) => ({
        reference,
        document: document!,
        state,
        attempts: attempt,
      })),
    findings: ours.reviews
      .filter(({ reference, state }) => reference !== null && state === 'open')
      .map(({ reference, role, question }) => ({
        reference: reference!,
        question: { assigned: role, reason: question },
      })),
  };
}

const ON_ITS_WAY = ['planned', 'ready', 'posting'];
const POSTED = ['posted', 'confirmed'];

function ourDocument(row: DocumentRow, { documents }: Ours, told: Told, system: string): OurDocument {
  const { body } = row;
  const first = documents.find(({ contract }) => contract === row.contract);
  const isPosted = POSTED.includes(row.state);
  return {
    id: row.id,
    key: keyOf(row.contract, row.revision),
    state: isPosted ? 'posted' : ON_ITS_WAY.includes(row.state) ? 'open' : 'stopped',
    status: row.state,
    // In the list of documents `confirmed` is what stands on both sides.
    ...(told.states.get(row.id) === 'confirmed' ? { shown: 'synced' } : {}),
    listed: told.states.get(row.id) ?? null,
    target: isPosted && row.target_id !== null ? { system, id: row.target_id } : null,
    // The order carries the reference that it was made with, whatever changed it later.
    reference: first?.body?.reference ?? null,
    payloadHash:
      body === null
        ? null
        : contentHash({
            vendor: body.vendorCode,
            project: body.projectCode,
            lines: body.lines.map(({ amount, coding }) => ({ account: coding.code, cents: centsOf(amount) })),
          }),
    postedAt: row.posted_at?.getTime() ?? null,
    ...(body === null ? {} : { amount: centsOf(body.total), currency: body.currency }),
    question: questionOf(row, told, isPosted),
  };
}

/** What people see of it: an open question about it, or why it stands where it stands and whose turn it is. */
function questionOf(row: DocumentRow, { questions }: Told, isPosted: boolean): Question | null {
  const asked = questions.find(({ document }) => document === row.id);
  if (asked !== undefined) return { assigned: asked.role, reason: asked.question };
  const behind = row.reasons.find(({ code }) => code === 'waits-behind');
  if (behind !== undefined) return { assigned: behind.owner, reason: behind.message };
  const [reason] = row.reasons;
  return isPosted || reason === undefined ? null : { assigned: reason.owner, reason: reason.message };
}
