import type { InvoicePlan } from '../../domain/billing/plan-invoice.ts';
import type { InvoicePart } from '../../domain/billing/plan-invoice-input.ts';
import type { Operation } from '../../domain/documents.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { Engine } from '../engine.ts';
import { attachFiles } from '../post/attach.ts';
import { confirmUnchanged, failRequest } from '../post/confirm.ts';
import { DECIDED } from './billing-answers.ts';
import { type ExportedInvoice, INVOICE_OF, type InvoicedPart } from './exported-invoice.ts';
import {
  type Found,
  isRefusedAlready,
  type Origin,
  saveAndGate,
  staysWithdrawn,
  takeWritesBack,
  withdraw,
} from './save-plan.ts';

type PlannedInvoice = Omit<Found, 'operation'> & { readonly part: InvoicePart };
type Why = Extract<InvoicePlan, { kind: 'nothing' }>['why'];

type InvoicesPlan<Planned> =
  | { readonly kind: 'nothing'; readonly why: Why }
  | { readonly kind: 'documents'; readonly documents: readonly Planned[] };

/** How invoices of one kind are sent, and what people call them. */
type Form<Planned> = {
  readonly operationOf: (planned: Planned) => Operation | null;
  readonly namesOf: (part: InvoicePart) => Pick<Origin, 'vendorId' | 'vendorName' | 'title'>;
  /** What its approver may have accepted, as it is now; absent where no request carries that. */
  readonly content?: string | null;
};

/** Brings each part of an application to the gate, or answers why there is nothing of it. */
export async function saveInvoices<Planned extends PlannedInvoice>(
  engine: Engine,
  tx: Tx,
  invoice: ExportedInvoice,
  plan: InvoicesPlan<Planned>,
  form: Form<Planned>,
): Promise<void> {
  for (const part of invoice.parts) await savePart(engine, tx, invoice, part, plan, form);
  // A file may be read only after its invoice was posted.
  for (const { posted } of invoice.parts)
    if (posted !== null) await attachFiles(engine, tx, invoice.erp, posted);
  if (plan.kind === 'nothing') await answerNothing(engine, tx, invoice, plan.why);
}

async function savePart<Planned extends PlannedInvoice>(
  engine: Engine,
  tx: Tx,
  { at, erp, record, root, item }: ExportedInvoice,
  { part, open, posted }: InvoicedPart,
  plan: InvoicesPlan<Planned>,
  { operationOf, namesOf, content }: Form<Planned>,
): Promise<void> {
  // Something may be on its way: what it becomes decides what comes next, so the lane is woken when it ends. A conflict
  // that was found before anything was sent ends when the source is put right; any other a person ends.
  if (open?.state === 'posting' || (open?.state === 'conflict' && open.payloadHash !== null)) return;
  const planned = plan.kind === 'nothing' ? undefined : plan.documents.find((one) => one.part === part);
  if (planned === undefined)
    return withdraw(engine, tx, erp, open, plan.kind === 'nothing' ? plan.why : 'unchanged');
  if (staysWithdrawn(open, item, { recordVersion: record.version, isPosted: posted !== null })) return;
  const operation = operationOf(planned);
  if (isRefusedAlready(open, item, operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  const { body } = record;
  const origin: Origin = {
    sourceObject: body.object,
    sourceId: record.nativeId,
    kind: INVOICE_OF[body.object],
    part,
    root,
    projectId: body.projectId,
    number: body.invoiceNumber ?? `Application ${body.application}`,
    ...namesOf(part),
    recordVersion: record.version,
    recordHash: record.hash,
  };
  const planning = { at, erp, open, item, ...(content != null && { content }) };
  await saveAndGate(engine, tx, planning, origin, { ...planned, operation });
}

const ANSWERS: Readonly<Partial<Record<Why, string>>> = {
  deleted: 'The invoice was deleted in Procore before it was posted.',
  unchanged: 'The invoice bills nothing beyond what was posted before it.',
  ...DECIDED,
};

/** Nothing is to be posted: a request that asked for it gets its answer all the same. */
async function answerNothing(engine: Engine, tx: Tx, invoice: ExportedInvoice, why: Why): Promise<void> {
  const words = ANSWERS[why] ?? 'Nothing of this invoice is to be posted.';
  await answerExport(engine, tx, invoice, words, why === 'deleted');
}

/** In these words, unless what stands answers it. */
export async function answerExport(
  engine: Engine,
  tx: Tx,
  { at, item, parts }: ExportedInvoice,
  words: string,
  isGone = false,
): Promise<void> {
  if (item === null || (item.state !== 'received' && item.state !== 'working')) return;
  const standing = parts.flatMap(({ posted }) => posted ?? []);
  // What stands already came from it and is being told: that answers it.
  if (standing.some(({ state, requestKey }) => state === 'posted' && requestKey === item.key)) return;
  const [first] = standing;
  if (first !== undefined && !isGone) return confirmUnchanged(engine, tx, at, first, item);
  await failRequest(engine, tx, at, item, [words]);
}
