import { z } from 'zod';
import { NO_ORIGIN } from '../contracts/made-records.ts';
import type { PrimeContract } from '../contracts/prime-contract-store.ts';
import { pdfOf, storeFile } from '../files.ts';
import { decimalField, idField } from '../http/body.ts';
import { MONEY_SCALE, percentOf } from '../http/decimals.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor, ErpStatus, Origin, Stamps } from '../records.ts';
import type { World } from '../state.ts';

const LOCK_NOTICE = 'This Payment Application cannot be edited because it has been synced with ERP';

/** One row of the continuation sheet: a line of the contract, or a change order as a whole. */
export type OwnerInvoiceItem = Origin & {
  id: number;
  company_id: number;
  item_number: number;
  source_type: 'LineItem' | 'ChangeOrderPackage';
  source_id: number;
  work: bigint;
  stored: bigint;
  work_retainage_percent: bigint;
  stored_retainage_percent: bigint;
  work_retainage_released: bigint;
};

/** What the contractor bills the owner; Procore calls it a payment application. */
export type OwnerInvoice = Origin &
  Stamps & {
    id: number;
    company_id: number;
    project_id: number;
    contract_id: number;
    number: number;
    invoice_number: string;
    billing_date: string;
    period_start: string;
    period_end: string;
    status: string;
    items: OwnerInvoiceItem[];
    file_ids: number[];
    erp_status: ErpStatus;
  };

const row = z.strictObject({
  /** The line of the contract or the change order package. */
  source_id: idField,
  work_completed_this_period: decimalField(MONEY_SCALE).optional(),
  materials_presently_stored: decimalField(MONEY_SCALE).optional(),
  work_completed_retainage_percent: decimalField(MONEY_SCALE).optional(),
  materials_stored_retainage_percent: decimalField(MONEY_SCALE).optional(),
  work_completed_retainage_released: decimalField(MONEY_SCALE).optional(),
});

export const ownerInvoiceFields = z.strictObject({
  invoice_number: z.string().optional(),
  billing_date: z.iso.date(),
  period_start: z.iso.date(),
  period_end: z.iso.date(),
  status: z.enum(['draft', 'under_review', 'revise_and_resubmit', 'approved']).default('draft'),
  /** The same percent of work done by now on every line. */
  percent_to_date: decimalField(MONEY_SCALE).optional(),
  lines: z.array(row).max(10_000).default([]),
  attach_pdf: z.boolean().default(false),
});
export type OwnerInvoiceInput = z.output<typeof ownerInvoiceFields>;

/** Bills everything that the contract and its approved change orders hold. */
export function billOwner(
  world: World,
  contract: PrimeContract,
  input: OwnerInvoiceInput,
  actor: Actor,
): OwnerInvoice {
  const earlier = ownerInvoicesOf(world, contract.id);
  const number = earlier.length + 1;
  const { lines, percent_to_date: percent, attach_pdf: withFile, ...fields } = input;
  const invoice: OwnerInvoice = {
    ...fields,
    id: world.nextId(),
    company_id: contract.company_id,
    project_id: contract.project_id,
    contract_id: contract.id,
    number,
    invoice_number: input.invoice_number ?? String(number),
    items: [],
    file_ids: withFile ? [pdfFor(world, contract, number)] : [],
    erp_status: 'not_in_erp',
    ...NO_ORIGIN,
    ...world.stamps(),
  };
  invoice.items = sourcesOf(world, contract).map((source, index) => {
    const wish = lines.find(({ source_id }) => source_id === source.source_id);
    const before = billedBefore(world, invoice, source.source_id);
    const asked = percent === undefined ? 0n : percentOf(source.scheduled, percent) - before.work;
    return {
      source_id: source.source_id,
      source_type: source.source_type,
      id: world.nextId(),
      company_id: contract.company_id,
      item_number: index + 1,
      work: wish?.work_completed_this_period ?? asked,
      stored: wish?.materials_presently_stored ?? 0n,
      work_retainage_percent: wish?.work_completed_retainage_percent ?? contract.retainage,
      stored_retainage_percent: wish?.materials_stored_retainage_percent ?? contract.retainage,
      work_retainage_released: wish?.work_completed_retainage_released ?? 0n,
      ...NO_ORIGIN,
    };
  });
  world.ownerInvoices.set(invoice.id, invoice);
  world.announce('Payment Applications', 'create', invoice, actor);
  return invoice;
}

function pdfFor(world: World, contract: PrimeContract, number: number): number {
  const { company_id, number: name } = contract;
  const bytes = pdfOf(`Payment application ${number} on ${name}`);
  const file = { company_id, filename: `${name}-${number}.pdf`, content_type: 'application/pdf', bytes };
  return storeFile(world, file).id;
}

export function reviewOwnerInvoice(world: World, invoice: OwnerInvoice, status: string, actor: Actor): void {
  if (invoice.origin_id !== null) throw fieldErrors(422, { base: [LOCK_NOTICE] });
  invoice.status = status;
  touchOwnerInvoice(world, invoice, actor);
}

export function touchOwnerInvoice(world: World, invoice: OwnerInvoice, actor: Actor): void {
  invoice.updated_at = world.clock.now();
  world.announce('Payment Applications', 'update', invoice, actor);
}

/** The invoices on a contract, first to last. */
export function ownerInvoicesOf(world: World, contractId: number): OwnerInvoice[] {
  return [...world.ownerInvoices.values()].filter(({ contract_id }) => contract_id === contractId);
}

type Source = Pick<OwnerInvoiceItem, 'source_id' | 'source_type'> & { scheduled: bigint };

function sourcesOf(world: World, contract: PrimeContract): Source[] {
  const changes = world.contractChangeOrders(contract).filter(({ status }) => status === 'approved');
  return [
    ...world
      .contractLines(contract)
      .map(({ id, amount }): Source => ({ source_id: id, source_type: 'LineItem', scheduled: amount })),
    ...changes.map(({ id, grand_total }): Source => {
      return { source_id: id, source_type: 'ChangeOrderPackage', scheduled: grand_total };
    }),
  ];
}

/** What earlier invoices took of one source. */
export function billedBefore(
  world: World,
  invoice: Pick<OwnerInvoice, 'contract_id' | 'number'>,
  sourceId: number,
): { work: bigint; retained: bigint } {
  const sums = { work: 0n, retained: 0n };
  for (const earlier of ownerInvoicesOf(world, invoice.contract_id)) {
    const item = earlier.number < invoice.number && earlier.items.find((each) => each.source_id === sourceId);
    if (!item) continue;
    sums.work += item.work;
    sums.retained += percentOf(item.work, item.work_retainage_percent) - item.work_retainage_released;
  }
  return sums;
}

export type OwnerColumns = {
  scheduled: bigint;
  previous: bigint;
  work: bigint;
  stored: bigint;
  toDate: bigint;
  workRetainage: { before: bigint; retained: bigint; released: bigint; held: bigint };
  storedRetainage: bigint;
};

/** The columns of one row; stored materials are held back on what lies there now and on nothing earlier. */
export function ownerColumns(world: World, invoice: OwnerInvoice, item: OwnerInvoiceItem): OwnerColumns {
  const scheduled =
    item.source_type === 'LineItem'
      ? (world.lines.get(item.source_id)?.amount ?? 0n)
      : (world.changeOrders.get(item.source_id)?.grand_total ?? 0n);
  const before = billedBefore(world, invoice, item.source_id);
  const retained = percentOf(item.work, item.work_retainage_percent);
  const released = item.work_retainage_released;
  return {
    scheduled,
    previous: before.work,
    work: item.work,
    stored: item.stored,
    toDate: before.work + item.work + item.stored,
    workRetainage: {
      before: before.retained,
      retained,
      released,
      held: before.retained + retained - released,
    },
    storedRetainage: percentOf(item.stored, item.stored_retainage_percent),
  };
}

export type OwnerCertificate = {
  original: bigint;
  /** Change orders that the invoice bills: those of earlier invoices apart from new ones. */
  changes: Record<'earlier' | 'fresh', { plus: bigint; minus: bigint }>;
  toDate: bigint;
  workRetainage: bigint;
  storedRetainage: bigint;
  completed: bigint;
  stored: bigint;
  previousCertificates: bigint;
};

export function ownerCertificate(world: World, invoice: OwnerInvoice): OwnerCertificate {
  const last = ownerInvoicesOf(world, invoice.contract_id).find(
    ({ number }) => number === invoice.number - 1,
  );
  const sums: OwnerCertificate = {
    original: 0n,
    changes: { earlier: { plus: 0n, minus: 0n }, fresh: { plus: 0n, minus: 0n } },
    toDate: 0n,
    workRetainage: 0n,
    storedRetainage: 0n,
    completed: 0n,
    stored: 0n,
    previousCertificates: last ? earnedLessRetainage(ownerCertificate(world, last)) : 0n,
  };
  for (const item of invoice.items) {
    const columns = ownerColumns(world, invoice, item);
    if (item.source_type === 'LineItem') sums.original += columns.scheduled;
    else {
      const known = last?.items.some((each) => each.source_id === item.source_id);
      const bucket = sums.changes[known ? 'earlier' : 'fresh'];
      bucket[columns.scheduled < 0n ? 'minus' : 'plus'] += columns.scheduled;
    }
    sums.toDate += columns.toDate;
    sums.completed += columns.previous + columns.work;
    sums.stored += columns.stored;
    sums.workRetainage += columns.workRetainage.held;
    sums.storedRetainage += columns.storedRetainage;
  }
  return sums;
}

export function earnedLessRetainage(certificate: OwnerCertificate): bigint {
  return certificate.toDate - certificate.workRetainage - certificate.storedRetainage;
}

export function contractSumToDate({ original, changes }: OwnerCertificate): bigint {
  const { earlier, fresh } = changes;
  return original + earlier.plus + earlier.minus + fresh.plus + fresh.minus;
}
