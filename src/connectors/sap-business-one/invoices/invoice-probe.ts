import type { Match, ProbeResult, Read } from '../../../domain/posting/writes.ts';
import { REFERENCE_FIELD } from '../orders/order-form.ts';
import { matchWithFields } from '../service-layer/held-fields.ts';
import { allRows, quoted } from '../service-layer/odata.ts';
import {
  INVOICE_FIELDS,
  type InvoiceEntity,
  type Row,
  readInvoice,
  readReferenceOf,
} from '../service-layer/wire.ts';
import { draftState } from './drafts.ts';
import { hashOfEntity, hashOfSent, ORDER_OBJECT, RECEIPT_OBJECT, rowsInOrder } from './invoice-form.ts';
import { type InvoiceSet, idIn, type SentInvoice } from './sent-invoice.ts';

export type FoundInvoice = {
  readonly entity: InvoiceEntity;
  readonly match: Match;
  readonly row: Row['fields'];
};

/** What drafts call the set that they will stand in. */
const OBJECT_OF: Readonly<Record<InvoiceSet, readonly string[]>> = {
  PurchaseInvoices: ['oPurchaseInvoices', '18'],
  PurchaseCreditNotes: ['oPurchaseCreditNotes', '19'],
  Invoices: ['oInvoices', '13'],
};
const KEY = { name: 'DocEntry', kind: 'number' } as const;

/** Invoices of one kind and drafts of them that meet a filter on the header; whole, as orders are. */
export async function* invoicesWhere(
  read: Read,
  kind: InvoiceSet,
  filter: string,
  { fields }: Pick<SentInvoice['body'], 'fields'> = {},
): AsyncIterable<FoundInvoice> {
  const selected = fields === undefined ? { select: INVOICE_FIELDS } : {};
  for (const set of [kind, 'Drafts'] as const) {
    for await (const row of allRows(read, { set, filter, ...selected, key: KEY })) {
      if (set === 'Drafts' && !OBJECT_OF[kind].includes(String(row.fields.DocObjectCode))) continue;
      const entity = readInvoice(row.fields);
      const match = set === 'Drafts' ? draftMatch(entity) : invoiceMatch(kind, entity);
      if (match) yield { entity, match, row: row.fields };
    }
  }
}

/** The mirror that cancels an invoice carries our reference as well and is no invoice. */
function invoiceMatch(set: InvoiceSet, entity: InvoiceEntity): Match | null {
  if (entity.CancelStatus === 'csCancellation') return null;
  const cancelled = entity.CancelStatus === 'csYes' || entity.Cancelled === 'tYES';
  return {
    id: idIn(set, entity.DocEntry),
    ...(entity.DocNum ? { number: entity.DocNum } : {}),
    state: cancelled ? 'cancelled' : 'posted',
    hash: hashOfEntity(entity),
  };
}

function draftMatch(entity: InvoiceEntity): Match | null {
  const state = draftState(entity.AuthorizationStatus);
  return state === null ? null : { id: `draft-${entity.DocEntry}`, state, hash: hashOfEntity(entity) };
}

/** What stands in the company under an invoice's reference. */
export async function findInvoice(read: Read, sent: SentInvoice): Promise<ProbeResult> {
  const wanted = hashOfSent(sent);
  const matches: Match[] = [];
  const filter = `${REFERENCE_FIELD} eq ${quoted(sent.body.reference)}`;
  const { body } = sent;
  for await (const { entity, match: found, row } of invoicesWhere(read, sent.set, filter, body)) {
    const match = matchWithFields(found, body, row);
    const same = match.hash === wanted && match.state === 'posted';
    matches.push(same ? { ...match, lineKeys: lineKeysOf(sent, entity) } : match);
  }
  return { kind: 'found', matches };
}

/** Equal forms have the same rows in the same order. */
function lineKeysOf({ rows }: SentInvoice, entity: InvoiceEntity): Readonly<Record<string, string>> {
  const found = rowsInOrder(entity);
  return Object.fromEntries(rows.map(({ key }, index) => [key, found[index]?.LineNum ?? '']));
}

/**
 * Invoices, or credit memos, under our prefix. The client copies user fields from an order to what is drawn from it, so an invoice that
 * a person draws from an order of ours carries the order's reference: such copies are left out.
 */
export async function* invoicesOfOurs(
  read: Read,
  kind: InvoiceSet,
  filter: string,
): AsyncIterable<FoundInvoice> {
  let few: FoundInvoice[] = [];
  for await (const found of invoicesWhere(read, kind, filter)) {
    few.push(found);
    if (few.length < ORDERS_AT_ONCE) continue;
    yield* await withoutCopies(read, few);
    few = [];
  }
  yield* await withoutCopies(read, few);
}

// Keeps the address of one look-up below 2,000 characters.
const ORDERS_AT_ONCE = 50;

async function withoutCopies(read: Read, found: readonly FoundInvoice[]): Promise<FoundInvoice[]> {
  const rows = found.flatMap(({ entity }) => entity.DocumentLines);
  const references = new Map<string, ReadonlyMap<string, string>>();
  for (const [type, set] of Object.entries(BASES)) {
    const bases = rows.filter(({ BaseType }) => BaseType === type).map(({ BaseEntry }) => BaseEntry);
    references.set(type, await referencesOf(read, set, [...new Set(bases)]));
  }
  const isCopy = ({ entity }: FoundInvoice) =>
    entity.DocumentLines.some((row) => {
      const known = references.get(row.BaseType);
      // A receipt took the reference of its order along, as whatever is drawn on the receipt does.
      return known === undefined ? isDrawn(row) : known.get(row.BaseEntry) === entity.U_TiebeamRef;
    });
  return found.filter((each) => !isCopy(each));
}

/** What ours draw on. */
const BASES: Readonly<Record<string, string>> = {
  [ORDER_OBJECT]: 'PurchaseOrders',
  [RECEIPT_OBJECT]: 'PurchaseDeliveryNotes',
};

function isDrawn({ BaseType }: { readonly BaseType: string }): boolean {
  return BaseType !== '' && BaseType !== '-1';
}

async function referencesOf(
  read: Read,
  set: string,
  orders: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const references = new Map<string, string>();
  for (let from = 0; from < orders.length; from += ORDERS_AT_ONCE) {
    const some = orders.slice(from, from + ORDERS_AT_ONCE);
    const filter = some.map((order) => `DocEntry eq ${order}`).join(' or ');
    const query = { set, filter, select: ['DocEntry', REFERENCE_FIELD], key: KEY };
    for await (const row of allRows(read, query)) {
      const { DocEntry, U_TiebeamRef } = readReferenceOf(row.fields);
      references.set(DocEntry, U_TiebeamRef);
    }
  }
  return references;
}
