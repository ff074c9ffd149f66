import type { PostedBase, PurchaseOrderBody, PurchaseOrderLine } from '../../../domain/documents.ts';
import { fieldChanges } from '../../../domain/planning/document-fields.ts';
import type { Match, ProbeResult, Read } from '../../../domain/posting/writes.ts';
import { draftState } from '../invoices/drafts.ts';
import { readStop } from '../service-layer/errors.ts';
import { holdsFields, matchWithFields, standingFields } from '../service-layer/held-fields.ts';
import { allRows, quoted } from '../service-layer/odata.ts';
import { vendorError } from '../service-layer/vendor-error.ts';
import { bodyOf, ORDER_FIELDS, type OrderEntity, type Row, readOrder } from '../service-layer/wire.ts';
import { changesSince, locksAgainst } from './order-difference.ts';
import {
  formHash,
  formOfBody,
  formOfEntity,
  formOfRequest,
  lineFormOf,
  lineFormOfEntity,
  linesInOrder,
  type OrderForm,
  REFERENCE_FIELD,
} from './order-form.ts';
import { linesAfterUpdate } from './purchase-order.ts';

export type FoundOrder = {
  readonly entity: OrderEntity;
  readonly match: Match;
  readonly row: Row['fields'];
};

/** Orders, or requests, and drafts of them that meet a filter on the header; whole, where fields of the company's own are wanted. */
export async function* ordersWhere(
  read: Read,
  filter: string,
  { fields }: Pick<PurchaseOrderBody, 'fields'> = {},
  of: keyof typeof OBJECTS = 'PurchaseOrders',
): AsyncIterable<FoundOrder> {
  // One that the company lacks would refuse the whole read, if it were named.
  const selected = fields === undefined ? { select: ORDER_FIELDS } : {};
  const objects: readonly string[] = OBJECTS[of];
  for (const set of [of, 'Drafts'] as const) {
    const key = { name: 'DocEntry', kind: 'number' } as const;
    for await (const row of allRows(read, { set, filter, ...selected, key })) {
      // Drafts of all document types share one set; the type comes as a member name or as its number.
      if (set === 'Drafts' && !objects.includes(String(row.fields.DocObjectCode))) continue;
      const entity = readOrder(row.fields);
      const form = of === 'PurchaseRequests' ? formOfRequest(entity) : formOfEntity(entity);
      const match = set === 'Drafts' ? draftMatch(entity, form) : orderMatch(entity, form);
      if (match) yield { entity, match, row: row.fields };
    }
  }
}

/** What drafts of them are called: by the member's name, or by its number. */
const OBJECTS = {
  PurchaseOrders: ['oPurchaseOrders', '22'],
  PurchaseRequests: ['oPurchaseRequest', '1470000113'],
} as const satisfies Record<string, readonly string[]>;

function orderMatch(entity: OrderEntity, form: OrderForm): Match {
  const state = entity.Cancelled === 'tYES' ? 'cancelled' : 'posted';
  return {
    id: entity.DocEntry,
    ...(entity.DocNum ? { number: entity.DocNum } : {}),
    state,
    hash: formHash(form),
  };
}

/** A draft has keys of its own; the order made of it will have another one. */
function draftMatch(entity: OrderEntity, form: OrderForm): Match | null {
  const state = draftState(entity.AuthorizationStatus);
  if (state === null) return null;
  return { id: `draft-${entity.DocEntry}`, state, hash: formHash(form) };
}

/** What stands in the company under our reference: 0, 1 or, if something went wrong, more. */
export async function findByReference(read: Read, body: PurchaseOrderBody): Promise<ProbeResult> {
  const wanted = formHash(formOfBody(body));
  const matches: Match[] = [];
  const filter = `${REFERENCE_FIELD} eq ${quoted(body.reference)}`;
  for await (const { entity, match: found, row } of ordersWhere(read, filter, body)) {
    const match = matchWithFields(found, body, row);
    const same = match.hash === wanted && match.state === 'posted';
    matches.push(same ? { ...match, lineKeys: pairLines(body.lines, body, entity, new Set()) } : match);
  }
  return { kind: 'found', matches };
}

/** Where a posted order stands: as wanted, as we left it, or elsewhere because somebody changed or fixed it. */
export async function standingOf(
  read: Read,
  body: PurchaseOrderBody,
  base: PostedBase,
): Promise<ProbeResult> {
  // A full read on purpose: with $select the server gives a constant ETag, which would fail every guarded write.
  const response = await read({ method: 'GET', path: `/PurchaseOrders(${base.id})` });
  const elsewhere = (difference: string): ProbeResult => {
    return { kind: 'standing', standing: 'elsewhere', id: base.id, difference };
  };
  if (response.status === 404 && vendorError(response)?.code === '-2028') {
    return elsewhere('The order is not in SAP Business One any more.');
  }
  if (response.status !== 200) throw readStop(response, 'the purchase order');
  const row = bodyOf(response);
  const entity = readOrder(row);
  if (entity.Cancelled === 'tYES') return elsewhere('The order was cancelled in SAP Business One.');
  if (holdsFields(body, row) && formHash(formOfEntity(entity)) === targetHashOfUpdate(body, base)) {
    const lineKeys = lineKeysAfter(body, base, entity);
    const number = entity.DocNum ? { number: entity.DocNum } : {};
    return { kind: 'standing', standing: 'at-target', id: base.id, ...number, lineKeys };
  }
  const reasons = [
    ...changesSince(base, entity),
    ...fieldChanges(base.body.fields, body.fields, standingFields(row, Object.keys(body.fields ?? {}))),
    ...locksAgainst(body, base, entity),
  ];
  if (reasons.length > 0) return elsewhere(reasons.join(' '));
  const guard = response.headers.etag;
  return {
    kind: 'standing',
    standing: 'at-base',
    id: base.id,
    lineKeys: base.lineKeys,
    ...(guard === undefined ? {} : { guard }),
  };
}

export function targetHashOfUpdate(body: PurchaseOrderBody, base: PostedBase): string {
  return formHash(formOfBody(body, linesAfterUpdate(body, base)));
}

function lineKeysAfter(
  body: PurchaseOrderBody,
  base: PostedBase,
  entity: OrderEntity,
): Readonly<Record<string, string>> {
  const known = new Set(base.body.lines.map((line) => line.key));
  const keys: Record<string, string> = {};
  const added: PurchaseOrderLine[] = [];
  for (const line of body.lines) {
    const number = known.has(line.key) ? base.lineKeys[line.key] : undefined;
    if (number === undefined) added.push(line);
    else keys[line.key] = number;
  }
  return { ...keys, ...pairLines(added, body, entity, new Set(Object.values(base.lineKeys))) };
}

/** Pairs our lines with rows in order: each with the first free row that says the same. */
export function pairLines(
  lines: readonly PurchaseOrderLine[],
  body: PurchaseOrderBody,
  entity: OrderEntity,
  taken: Set<string>,
): Readonly<Record<string, string>> {
  const rows = linesInOrder(entity).map((row) => {
    return { number: row.LineNum, form: JSON.stringify(lineFormOfEntity(row, entity.DocType)) };
  });
  const keys: Record<string, string> = {};
  for (const line of lines) {
    const wanted = JSON.stringify(lineFormOf(line, body.projectCode));
    const row = rows.find(({ number, form }) => form === wanted && !taken.has(number));
    if (!row) continue;
    taken.add(row.number);
    keys[line.key] = row.number;
  }
  return keys;
}
