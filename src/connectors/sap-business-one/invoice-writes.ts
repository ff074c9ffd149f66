import type { ApInvoiceBody } from '../../domain/documents.ts';
import type { Write } from '../../domain/writes.ts';
import type { RetainageTax } from './config.ts';
import { createOutcome } from './create-outcome.ts';
import { hashOfBody, rowsOf } from './invoice-form.ts';
import { NUMBER_TAKEN, saysNumberIsTaken, whoHasTheNumber } from './invoice-number.ts';
import { findInvoice } from './invoice-probe.ts';
import { encodeInvoice } from './purchase-invoice.ts';

/** Creates an A/P invoice: of work, drawn from its order, or of retainage that is paid out. */
export function createInvoice(body: ApInvoiceBody, tax: RetainageTax): Write {
  const paths = rowsOf(body).map(({ path }) => path);
  return {
    name: 'create-ap-invoice',
    kind: 'create',
    object: body.purpose === 'progress' ? 'ap-invoice' : 'retainage-release',
    reference: body.reference,
    targetHash: hashOfBody(body),
    encode: () => encodeInvoice(body, tax),
    probe: (read) => findInvoice(read, body),
    classify: (response) =>
      saysNumberIsTaken(response)
        ? { kind: 'accepted', handle: NUMBER_TAKEN }
        : createOutcome(response, 'invoice', (place) => paths[place - 1]),
    poll: (read) => whoHasTheNumber(read, body),
  };
}
