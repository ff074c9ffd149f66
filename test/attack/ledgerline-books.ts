import { z } from 'zod';
import { centsOf } from '../../src/demo/cents.ts';
import { parseJson } from '../../src/lib/decimal-json.ts';
import {
  type Books,
  type ErpDocument,
  type ErpLine,
  type ErpWrite,
  idOf,
  onAccount,
  onOrderLine,
  onRetainage,
  type SourceOf,
} from './erp.ts';

// Numbers arrive as their own text, so that no amount is ever read through a float.
const text = z.string().nullable();
const orderLines = z.array(z.object({ line: z.string(), account: z.string(), amount: z.string() }));
const shared = { id: z.string(), reference: text, note: z.string(), status: z.string() };
const retainage = z.object({ account: z.string(), amount: z.string() }).nullable();

const state = z.object({
  orders: z.array(
    z.object({
      ...shared,
      vendor: z.string(),
      project: z.string(),
      total: z.string(),
      lines: orderLines,
      changes: z.array(z.object({ reference: z.string(), lines: orderLines })),
    }),
  ),
  invoices: z.array(
    z.object({
      ...shared,
      type: z.enum(['invoice', 'retainage-release']),
      order: text,
      vendor: z.string(),
      payable: z.string(),
      lines: z.array(z.object({ order_line: z.string(), amount: z.string() })),
      retainage,
    }),
  ),
  salesInvoices: z.array(
    z.object({
      ...shared,
      type: z.enum(['sales-invoice', 'sales-release']),
      customer: z.string(),
      project: z.string(),
      due: z.string(),
      lines: z.array(z.object({ account: z.string(), amount: z.string() })),
      retainage,
    }),
  ),
  writes: z.array(z.object({ at: z.string(), body: z.string(), committed: z.boolean() })),
});
type State = z.output<typeof state>;
type Order = State['orders'][number];

const KINDS = {
  order: { object: 'commitment', part: '' },
  'order-change': { object: 'commitment', part: '' },
  invoice: { object: 'sub-invoice', part: 'progress' },
  'retainage-release': { object: 'sub-invoice', part: 'retainage-release' },
  'sales-invoice': { object: 'owner-invoice', part: 'progress' },
  'sales-release': { object: 'owner-invoice', part: 'retainage-release' },
} as const;
type Kind = keyof typeof KINDS;
const isKind = (type: string): type is Kind => Object.hasOwn(KINDS, type);

const imported = z.object({
  documents: z
    .array(z.object({ type: z.string(), reference: z.string(), revision: z.string(), note: z.string() }))
    .length(1),
});

/** The documents of a Ledgerline, and what was imported. */
export function ledgerlineBooks(truth: string): Books {
  const told = state.parse(parseJson(truth));
  const documents = [
    ...told.orders.filter(stands).map(
      (order): ErpDocument => ({
        ...headOf(order, 'order'),
        partner: order.vendor,
        project: order.project,
        totalCents: centsOf(order.total),
        lines: linesOf(order),
      }),
    ),
    ...told.invoices.filter(stands).map(
      (each): ErpDocument => ({
        ...headOf(each, each.type),
        partner: each.vendor,
        project: null,
        totalCents: centsOf(each.payable),
        lines: [
          ...each.lines.map(({ order_line, amount }) => ({
            on: onOrderLine(each.order ?? '', order_line),
            cents: centsOf(amount),
          })),
          ...kept(each),
        ],
      }),
    ),
    ...told.salesInvoices.filter(stands).map(
      (each): ErpDocument => ({
        ...headOf(each, each.type),
        partner: each.customer,
        project: each.project,
        totalCents: centsOf(each.due),
        lines: [
          ...each.lines.map(({ account, amount }) => ({ on: onAccount(account), cents: centsOf(amount) })),
          ...kept(each),
        ],
      }),
    ),
  ];
  return { documents, writes: writesOf(told), sent: { writes: told.writes.length, exempt: 0 } };
}

function stands({ status }: { readonly status: string }): boolean {
  return status !== 'cancelled';
}

function headOf({ id, reference, note }: Pick<Order, 'id' | 'reference' | 'note'>, type: Kind) {
  return { id: idOf(KINDS[type].object, id), key: id, reference, source: sourceOf(type, note) };
}

function sourceOf(type: Kind, note: string): SourceOf | null {
  const id = /\/(\d+)$/.exec(note)?.[1];
  return id === undefined ? null : { ...KINDS[type], id };
}

/** Withheld of an invoice, paid out by what has no lines. */
function kept({
  lines,
  retainage: held,
}: Pick<State['invoices'][number] | State['salesInvoices'][number], 'lines' | 'retainage'>): ErpLine[] {
  if (held === null) return [];
  const cents = centsOf(held.amount);
  return [{ on: onRetainage(held.account), cents: lines.length > 0 ? -cents : cents }];
}

/** Lines as they stand after all changes: each change adds to the line of its number or opens that line. */
function linesOf({ lines: ordered, changes }: Order): ErpLine[] {
  const standing = new Map<string, ErpLine>();
  for (const { line, account, amount } of [ordered, ...changes.map((change) => change.lines)].flat()) {
    const before = standing.get(line)?.cents ?? 0n;
    standing.set(line, { on: onAccount(account), cents: before + centsOf(amount) });
  }
  return [...standing.values()];
}

/**
 * A taken import is not yet one that took effect: its job may refuse it. How often a reference took effect is how
 * often it stands, and it is the first imports that were taken which are held to have done it.
 */
function writesOf({ orders, invoices, salesInvoices, writes }: State): ErpWrite[] {
  const effects = new Map<string, number>();
  const references = [
    ...orders.flatMap(({ reference, changes }) => [reference, ...changes.map((each) => each.reference)]),
    ...[...invoices, ...salesInvoices].map(({ reference }) => reference),
  ];
  for (const reference of references)
    if (reference !== null) effects.set(reference, (effects.get(reference) ?? 0) + 1);
  return writes.flatMap(({ at, body, committed }) => {
    const [{ type, reference, revision, note }] = imported.parse(parseJson(body)).documents as [
      z.output<typeof imported>['documents'][number],
    ];
    if (!isKind(type)) return [];
    const left = effects.get(reference) ?? 0;
    const tookEffect = committed && left > 0;
    if (tookEffect) effects.set(reference, left - 1);
    return {
      at: Date.parse(at),
      kind: type === 'order-change' ? ('set' as const) : ('create' as const),
      committed: tookEffect,
      reference,
      source: sourceOf(type, note),
      revision,
    };
  });
}
