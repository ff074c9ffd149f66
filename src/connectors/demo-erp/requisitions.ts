import type { PurchaseOrderBody } from '../../domain/documents.ts';
import type { StandingRequisition } from '../../domain/orders/standing-order.ts';
import { hashWithFields } from '../../domain/planning/document-fields.ts';
import type { Match, Read, Write } from '../../domain/posting/writes.ts';
import type { CalendarDate } from '../../domain/values/calendar-date.ts';
import { parseMoney } from '../../domain/values/money.ts';
import { readAll, readIfThere } from './client.ts';
import { type Form, lineFacts, namelessHash } from './form.ts';
import { followed } from './import.ts';
import { bookedOn, formOfBody } from './order-form.ts';
import { encodeRequisition } from './purchase-order.ts';
import { type Requisition, requisition } from './wire.ts';

/** Asks for what an order would order; nothing of it is changed later. */
export function createRequisition(body: PurchaseOrderBody, requiredDate: CalendarDate): Write {
  const { reference } = body;
  return {
    name: 'requisition',
    kind: 'create',
    object: 'purchase-requisition',
    reference,
    targetHash: namelessHash({ ...formOfBody(body), needed: requiredDate }),
    encode: () => encodeRequisition(body, requiredDate),
    ...followed({
      reference,
      keys: () => body.lines.map(({ key }) => key),
      idOf: (booked) => booked.id,
      mayBeOurs: () => false,
    }),
    async probe(read) {
      const matches = [];
      for await (const wanted of readAll(read, 'requisitions', requisition, { reference }))
        if (wanted.reference === reference) {
          const match = requisitionMatch(wanted);
          matches.push({ ...match, hash: hashWithFields(match.hash, body.fields, wanted.fields ?? {}) });
        }
      return { kind: 'found', matches };
    },
  };
}

export function requisitionMatch(wanted: Requisition): Match {
  return {
    id: wanted.id,
    number: wanted.id,
    state: wanted.status === 'cancelled' ? 'cancelled' : 'posted',
    hash: namelessHash(formOf(wanted)),
    lineKeys: Object.fromEntries(
      wanted.lines.flatMap(({ key, line }) => (key === null ? [] : [[key, String(line)]])),
    ),
  };
}

function formOf(wanted: Requisition): Form {
  const { vendor, project, currency, number, title, date, revision, needed_by: needed } = wanted;
  const lines = wanted.lines.map(({ line, key, account, sub_job, cost_code, description, amount }) => ({
    key: key ?? `number ${line}`,
    description,
    on: bookedOn(account, sub_job, cost_code),
    amount: parseMoney(amount, currency),
  }));
  const header = { vendor, project, currency, number, title, date, revision: String(revision), needed };
  return { ...header, ...lineFacts(lines) };
}

/** Whether it still waits to be ordered; null where it is gone. */
export async function requisitionAt(read: Read, id: string): Promise<StandingRequisition | null> {
  const found = await readIfThere(read, `/requisitions/${encodeURIComponent(id)}`, requisition);
  return found === null ? null : { id, number: id, state: found.status };
}
