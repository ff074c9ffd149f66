import { createHash } from 'node:crypto';
import { centsOf } from '../../src/demo/cents.ts';
import type { OurDocument, OurWord, Question } from '../checker/evidence.ts';
import {
  type ErpDocument,
  type ErpLine,
  idOf,
  onAccount,
  onOrderLine,
  onRetainage,
  type SourceOf,
} from './erp.ts';
import type { Told } from './evidence-of-api.ts';
import type { World } from './world.ts';

export type DocumentRow = {
  readonly id: string;
  readonly kind: (typeof KINDS)[number];
  /** Which record of Procore it is of. */
  readonly object: SourceOf['object'];
  readonly source: string;
  readonly part: SourceOf['part'];
  /** The contract that it belongs to. */
  readonly root: string;
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

/** What we write down of orders and invoices. */
export const KINDS = ['purchase-order', 'ap-invoice', 'ar-invoice'] as const;

type Amount = { readonly amount: string };
type Body = {
  readonly reference: string;
  readonly projectCode: string;
  readonly currency: string;
  readonly total: string;
} & (
  | {
      readonly kind: 'purchase-order';
      readonly vendorCode: string;
      readonly lines: readonly (Amount & { readonly coding: { readonly code: string } })[];
    }
  | {
      readonly kind: 'ap-invoice';
      readonly vendorCode: string;
      readonly orderId: string;
      readonly lines: readonly (Amount & { readonly orderLine: string })[];
      readonly retainage: readonly Retainage[];
    }
  | {
      readonly kind: 'ar-invoice';
      readonly customerCode: string;
      readonly lines: readonly (Amount & { readonly account: string })[];
      readonly retainage: readonly Retainage[];
    }
);
type Retainage = Amount & { readonly account: string };

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

/** Everything that Tiebeam wrote down of orders and invoices, in one reading. */
export type Ours = {
  readonly documents: readonly DocumentRow[];
  readonly postings: readonly PostingRow[];
  readonly reviews: readonly ReviewRow[];
  readonly items: readonly {
    readonly key: string;
    readonly detail_id: string | null;
  }[];
};

export async function readOurs({ read, party: { tenant } }: World): Promise<Ours> {
  const documents = await read<DocumentRow>(
    `select id, kind, source_object as object, source_id as source, part, root, revision, state, target_id, planned_at,
       posted_at, payload_hash, mapping_hash, exposure_minor, vendor_id, requester, request_key, mappings, reasons, body
     from document where tenant = $1 and kind = any ($2) order by seq`,
    [tenant, KINDS],
  );
  const postings = await read<PostingRow>(
    `select document, connection, reference, write_kind, state, attempt, created_at,
       operation #>> '{closing,requestDetailId}' as answers
     from posting where tenant = $1 order by seq`,
    [tenant],
  );
  const reviews = await read<ReviewRow>(
    `select document, role, question, state, evidence ->> 'reference' as reference from review_item
     where tenant = $1 and state in ('open', 'rejected') order by seq`,
    [tenant],
  );
  const items = await read<Ours['items'][number]>(
    'select key, detail_id from request_item where tenant = $1',
    [tenant],
  );
  return { documents, postings, reviews, items };
}

/** One business revision of one record at the ERP; an application may have an effect by each of its parts. */
export function keyOf({ object, id, part }: SourceOf, revision: number | string): string {
  return `${nameOf({ object, id, part })}, revision ${revision}`;
}

export function nameOf({ object, id, part }: SourceOf): string {
  return part === '' ? `${object} ${id}` : `${object} ${id} ${part}`;
}

export function sourceOf({
  object,
  source: id,
  part,
}: Pick<DocumentRow, 'object' | 'source' | 'part'>): SourceOf {
  return { object, id, part };
}

/** The content of a document as both sides can say it; lines without an amount bind nobody. */
export function contentHash({ partner, project, lines }: Content): string {
  const retained = Map.groupBy(
    lines.filter(({ on }) => on.startsWith(onRetainage(''))),
    ({ on }) => on,
  );
  // Of an account of retainage only what it comes to is said on both sides.
  const sums = [...retained].map(([on, each]) => ({
    on,
    cents: each.reduce((sum, { cents }) => sum + cents, 0n),
  }));
  const told = [...lines.filter(({ on }) => !retained.has(on)), ...sums]
    .filter(({ cents }) => cents !== 0n)
    .map(({ on, cents }) => `${on} ${cents}`)
    .sort();
  return createHash('sha256')
    .update([partner, project, ...told].join('\n'))
    .digest('hex');
}

type Content = Pick<ErpDocument, 'partner' | 'project' | 'lines'>;

function contentOf(body: Body): Content {
  switch (body.kind) {
    case 'purchase-order': {
      const { vendorCode: partner, projectCode: project, lines } = body;
      return { partner, project, lines: lines.map((line) => on(onAccount(line.coding.code), line)) };
    }
    case 'ap-invoice': {
      const { vendorCode: partner, orderId, lines, retainage } = body;
      const drawn = lines.map((line) => on(onOrderLine(orderId, line.orderLine), line));
      return { partner, project: null, lines: [...drawn, ...retainage.map(held)] };
    }
    case 'ar-invoice': {
      const { customerCode: partner, projectCode: project, lines, retainage } = body;
      const billed = lines.map((line) => on(onAccount(line.account), line));
      return { partner, project, lines: [...billed, ...retainage.map(held)] };
    }
  }
}

function on(where: string, { amount }: Amount): ErpLine {
  return { on: where, cents: centsOf(amount) };
}

function held(line: Retainage): ErpLine {
  return on(onRetainage(line.account), line);
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
  const isPosted = POSTED.includes(row.state);
  const source = sourceOf(row);
  const ofSame = documents.filter((each) => each.object === row.object && each.source === row.source);
  return {
    id: row.id,
    key: keyOf(source, row.revision),
    state: isPosted ? 'posted' : ON_ITS_WAY.includes(row.state) ? 'open' : 'stopped',
    status: row.state,
    // In the list of documents `confirmed` is what stands on both sides.
    ...(told.states.get(row.id) === 'confirmed' ? { shown: 'synced' } : {}),
    listed: told.states.get(row.id) ?? null,
    target: isPosted && row.target_id !== null ? { system, id: idOf(row.object, row.target_id) } : null,
    // An order carries the reference that it was made with, whatever changed it later.
    reference: (row.kind === 'purchase-order' ? ofSame[0] : row)?.body?.reference ?? null,
    payloadHash: body === null ? null : contentHash(contentOf(body)),
    postedAt: row.posted_at?.getTime() ?? null,
    ...(body === null ? {} : { amount: centsOf(body.total), currency: body.currency }),
    question: questionOf(row, told, isPosted),
    // An application shows the id of one invoice: that of its work, where it has one.
    ...(row.part === 'retainage-release' && ofSame.some(({ part }) => part === 'progress')
      ? { writesOrigin: false }
      : {}),
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
