import type { SettleObject } from '../../../domain/posting/settle-row.ts';
import type { Write } from '../../../domain/posting/writes.ts';
import type { PaymentBlocking, RetainageTax } from '../config.ts';
import { createOutcome } from '../service-layer/create-outcome.ts';
import { hashOfSent } from './invoice-form.ts';
import { NUMBER_TAKEN, saysNumberIsTaken, whoHasTheNumber } from './invoice-number.ts';
import { findInvoice } from './invoice-probe.ts';
import { encodeInvoice } from './purchase-invoice.ts';
import { type InvoiceBody, sentInvoice } from './sent-invoice.ts';

/** Creates an invoice: of work, drawn from its order or not, to an owner, or of retainage that is paid out. */
export function createInvoice(body: InvoiceBody, config: RetainageTax & PaymentBlocking): Write {
  const sent = sentInvoice(body);
  const paths = sent.rows.map(({ path }) => path);
  return {
    name: body.kind === 'ar-invoice' ? 'create-ar-invoice' : 'create-ap-invoice',
    kind: 'create',
    object: objectOf(body),
    reference: body.reference,
    targetHash: hashOfSent(sent),
    encode: () => encodeInvoice(sent, config),
    probe: (read) => findInvoice(read, sent),
    classify: (response) =>
      saysNumberIsTaken(response)
        ? { kind: 'accepted', handle: NUMBER_TAKEN }
        : createOutcome(response, 'invoice', (place) => paths[place - 1]),
    poll: (read) => whoHasTheNumber(read, sent),
  };
}

function objectOf({ kind, purpose }: InvoiceBody): SettleObject {
  if (kind === 'ar-invoice') return 'owner-invoice';
  return purpose === 'retainage-release' ? 'retainage-release' : 'ap-invoice';
}
