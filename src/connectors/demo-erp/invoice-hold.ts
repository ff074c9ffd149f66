import { z } from 'zod';
import type { Operation } from '../../domain/documents.ts';
import { fittedHoldWords } from '../../domain/payments/payment-holds.ts';
import type { ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { readIfThere } from './client.ts';
import { encodeGroup, followed } from './import.ts';

type SetHold = Extract<Operation, { kind: 'set-payment-hold' }>;

// What does not fit is counted in the field; the whole text stands with the document in Tiebeam.
const HOLD_WIDTH = 200;

/** The words of a hold as Ledgerline keeps them, with a new invoice or on a posted one. */
export function holdText(words: string): string {
  return fittedHoldWords(words, HOLD_WIDTH);
}

/** Sets, changes or lifts the hold of a posted invoice. Whose a hold is shows by its words: ours say what we sent. */
export function setInvoiceHold(operation: SetHold): Write {
  const { reference, invoiceId: invoice, hold, left } = operation;
  return {
    name: hold === null ? 'lift-hold' : 'set-hold',
    kind: 'set',
    object: 'payment-block',
    reference,
    targetHash: contentHash({ invoice, hold, left }),
    encode: ({ guard: based_on }) =>
      encodeGroup(reference, {
        ...{ type: 'invoice-hold', reference, revision: 1, invoice, based_on },
        hold: hold === null ? null : holdText(hold),
      }),
    probe: (read) => standingOf(read, operation),
    ...followed({
      reference,
      keys: () => [],
      idOf: (booked) => booked.id,
      mayBeOurs: (errors) => errors.some(({ code }) => code === 'stale'),
    }),
  };
}

const held = z.object({
  status: z.enum(['posted', 'cancelled']),
  hold: z.string().nullable(),
  version: z.string(),
});

async function standingOf(read: Read, operation: SetHold): Promise<ProbeResult> {
  const { invoiceId: id } = operation;
  const elsewhere = (difference: string): ProbeResult => {
    return { kind: 'standing', standing: 'elsewhere', id, difference };
  };
  const invoice = await readIfThere(read, `/invoices/${encodeURIComponent(id)}`, held);
  if (invoice === null) return elsewhere('The invoice is not in Ledgerline any more.');
  if (invoice.status === 'cancelled') return elsewhere('The invoice was cancelled in Ledgerline.');
  const standing = comparedWith(operation, invoice.hold);
  if (standing === 'theirs') return elsewhere('The hold was changed in Ledgerline: it is left as it is.');
  return { kind: 'standing', standing, id, guard: invoice.version };
}

function comparedWith({ hold, left }: SetHold, stands: string | null): 'at-target' | 'at-base' | 'theirs' {
  const [wanted, ours] = [hold, left].map((words) => words && holdText(words));
  // Where nothing of ours is there, a hold that stands is somebody else's and none of this write's matter.
  if (stands === wanted || (wanted === null && ours === null)) return 'at-target';
  return stands === ours ? 'at-base' : 'theirs';
}
