import type { Outcome } from '../../../domain/posting/outcomes.ts';
import type { SettleObject } from '../../../domain/posting/settle-row.ts';
import type { Write } from '../../../domain/posting/writes.ts';
import type { PaymentBlocking, RetainageTax } from '../config.ts';
import { createOutcome } from '../service-layer/create-outcome.ts';
import { hashOfSent } from './invoice-form.ts';
import { NUMBER_TAKEN, saysNumberIsTaken, whoHasTheNumber } from './invoice-number.ts';
import { findInvoice } from './invoice-probe.ts';
import { encodeInvoice } from './purchase-invoice.ts';
import { type InvoiceBody, type InvoiceSet, idIn, type SentInvoice, sentInvoice } from './sent-invoice.ts';

/** Creates an invoice: of work, drawn from its order or not, to an owner, or of retainage that is paid out; or a credit memo. */
export function createInvoice(body: InvoiceBody, config: RetainageTax & PaymentBlocking): Write {
  const sent = sentInvoice(body);
  const paths = sent.rows.map(({ path }) => path);
  return {
    name: NAMES[sent.set],
    kind: 'create',
    object: objectOf(sent),
    reference: body.reference,
    targetHash: hashOfSent(sent),
    encode: () => encodeInvoice(sent, config),
    probe: (read) => findInvoice(read, sent),
    classify: (response) =>
      saysNumberIsTaken(response)
        ? { kind: 'accepted', handle: NUMBER_TAKEN }
        : inSet(
            sent.set,
            createOutcome(response, 'invoice', (place) => paths[place - 1]),
          ),
    poll: (read) => whoHasTheNumber(read, sent),
  };
}

const NAMES: Readonly<Record<InvoiceSet, string>> = {
  PurchaseInvoices: 'create-ap-invoice',
  PurchaseCreditNotes: 'create-ap-credit-memo',
  Invoices: 'create-ar-invoice',
};

function inSet(set: InvoiceSet, outcome: Outcome): Outcome {
  return outcome.kind === 'posted' ? { ...outcome, id: idIn(set, outcome.id) } : outcome;
}

function objectOf({ set, body: { purpose } }: SentInvoice): SettleObject {
  if (set === 'Invoices') return 'owner-invoice';
  if (set === 'PurchaseCreditNotes') return 'vendor-credit';
  return purpose === 'retainage-release' ? 'retainage-release' : 'ap-invoice';
}
