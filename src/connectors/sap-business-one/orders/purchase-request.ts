import type { PurchaseOrderBody } from '../../../domain/documents.ts';
import type { StandingRequisition } from '../../../domain/orders/standing-order.ts';
import type { Match, ProbeResult, Read, WireRequest, Write } from '../../../domain/posting/writes.ts';
import type { CalendarDate } from '../../../domain/values/calendar-date.ts';
import { createOutcome } from '../service-layer/create-outcome.ts';
import { type LinePathAt, readStop } from '../service-layer/errors.ts';
import { matchWithFields } from '../service-layer/held-fields.ts';
import { quoted } from '../service-layer/odata.ts';
import { vendorError } from '../service-layer/vendor-error.ts';
import { bodyOf, readOrder } from '../service-layer/wire.ts';
import { formHash, formOfBody, REFERENCE_FIELD } from './order-form.ts';
import { ordersWhere, pairLines } from './order-probe.ts';
import { docTypeOf, headerOf, lineOf } from './purchase-order.ts';

/** Asks for what an order would order, under our reference and without a revision: nothing of it is changed later. */
export function createRequisition(
  body: PurchaseOrderBody,
  requiredDate: CalendarDate,
  pathAt: LinePathAt,
): Write {
  const targetHash = formHash(formWanted(body, requiredDate));
  return {
    name: 'create-purchase-request',
    kind: 'create',
    object: 'purchase-requisition',
    reference: body.reference,
    targetHash,
    encode: () => encodeRequest(body, requiredDate),
    probe: (read) => findRequest(read, body, targetHash),
    classify: (response) => createOutcome(response, 'order', pathAt),
  };
}

function encodeRequest(body: PurchaseOrderBody, requiredDate: CalendarDate): WireRequest {
  const document = {
    DocType: docTypeOf(body),
    ...headerOf(body),
    // Until then it is valid; the required date is so spelt by the vendor.
    DocDueDate: requiredDate,
    RequriedDate: requiredDate,
    DocCurrency: body.currency,
    [REFERENCE_FIELD]: body.reference,
    DocumentLines: body.lines.map((line) => ({
      ...lineOf(line, body.projectCode),
      LineVendor: body.vendorCode,
      RequiredDate: requiredDate,
    })),
  };
  return { method: 'POST', path: '/PurchaseRequests', body: JSON.stringify(document) };
}

function formWanted(body: PurchaseOrderBody, required: CalendarDate) {
  return { ...formOfBody(body), revision: '', required };
}

async function findRequest(read: Read, body: PurchaseOrderBody, wanted: string): Promise<ProbeResult> {
  const matches: Match[] = [];
  const filter = `${REFERENCE_FIELD} eq ${quoted(body.reference)}`;
  for await (const { entity, match: found, row } of ordersWhere(read, filter, body, 'PurchaseRequests')) {
    const match = matchWithFields(found, body, row);
    const isSame = match.hash === wanted && match.state === 'posted';
    matches.push(isSame ? { ...match, lineKeys: pairLines(body.lines, body, entity, new Set()) } : match);
  }
  return { kind: 'found', matches };
}

/** Whether a request still waits to be ordered; null where it is gone. */
export async function requisitionAt(read: Read, id: string): Promise<StandingRequisition | null> {
  const response = await read({ method: 'GET', path: `/PurchaseRequests(${id})` });
  if (response.status === 404 && vendorError(response)?.code === '-2028') return null;
  if (response.status !== 200) throw readStop(response, 'the purchase request');
  const { DocEntry, DocNum, Cancelled, DocumentStatus } = readOrder(bodyOf(response));
  const ended = Cancelled === 'tYES' ? 'cancelled' : 'closed';
  return {
    id: DocEntry,
    number: DocNum ?? DocEntry,
    state: Cancelled !== 'tYES' && DocumentStatus === 'bost_Open' ? 'open' : ended,
  };
}
