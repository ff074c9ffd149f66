import { payableCents } from '../billing/invoices.ts';
import {
  amountOf,
  centsOf,
  effectiveLines,
  type FollowedRecord,
  type Invoice,
  takeId,
  type World,
} from '../company/state.ts';

/** What a line of an entry is: a control account has no other name than its role. */
type Role = 'work' | 'accrued' | 'retainage' | 'payables' | 'bank' | 'typed';

export type EntryLine = {
  readonly line: number;
  readonly role: Role;
  readonly account: string | null;
  readonly project: string | null;
  readonly sub_job: string | null;
  readonly cost_code: string | null;
  readonly order_line: number | null;
  readonly description: string;
  /** Debit less credit. */
  readonly amount: string;
};

/** An entry of the journal. It balances, is never edited and never deleted: what it booked is taken back by another. */
export type Entry = FollowedRecord & {
  readonly kind: Invoice['type'] | 'delivery' | 'cancellation' | 'payment' | 'void' | 'manual' | 'reversal';
  /** The invoice or payment that booked it. */
  readonly document: string | null;
  readonly order: string | null;
  /** The entry that this one takes back. */
  readonly reverses: string | null;
  readonly vendor: string | null;
  readonly vendor_number: string | null;
  readonly currency: string;
  readonly date: string;
  readonly memo: string;
  readonly lines: readonly EntryLine[];
};

export type NewLine = Pick<EntryLine, 'role' | 'account' | 'description'> &
  Partial<Pick<EntryLine, 'project' | 'sub_job' | 'cost_code' | 'order_line'>> & { readonly cents: bigint };
type Head = Pick<Entry, 'kind' | 'date' | 'memo'> & Partial<Omit<Entry, 'lines' | 'code' | 'change'>>;

export function bookEntry(world: World, head: Head, lines: readonly NewLine[]): string {
  const booked = lines.filter(({ cents }) => cents !== 0n);
  if (booked.reduce((sum, { cents }) => sum + cents, 0n) !== 0n) throw new Error('an entry has to balance');
  const code = takeId(world, 'LJ');
  const change = ++world.changeCount;
  const entry: Entry = {
    ...{ document: null, order: null, reverses: null, vendor: null, vendor_number: null },
    currency: world.company.currency,
    ...head,
    ...{ code, change },
    lines: booked.map(({ cents, ...line }, index) => ({
      ...{ project: null, sub_job: null, cost_code: null, order_line: null },
      ...line,
      line: index + 1,
      amount: amountOf(cents),
    })),
  };
  world.records.journal.set(code, entry);
  return code;
}

/** Cost gross on the accounts of its lines, what is withheld or paid out of it, and what the vendor is owed. */
export function enterInvoice(world: World, invoice: Invoice): void {
  const { id, type: kind, vendor, vendor_number, date, title: memo, currency, retainage } = invoice;
  const order = invoice.order === null ? null : world.orders.get(invoice.order);
  const ordered = new Map(order ? effectiveLines(order).map((line) => [line.line, line]) : []);
  const work = invoice.lines.map((line): NewLine => {
    const { order_line, delivery, description, cents } = line;
    // It was booked as cost when it came in.
    if (delivery !== undefined) return { role: 'accrued', account: null, description: delivery, cents };
    const on = order_line === null ? undefined : ordered.get(order_line);
    const coding = {
      account: line.account ?? on?.account ?? null,
      project: line.project ?? order?.project ?? null,
      sub_job: line.sub_job ?? on?.sub_job ?? null,
      cost_code: on?.cost_code ?? null,
    };
    return {
      role: 'work',
      ...coding,
      order_line,
      description,
      cents: kind === 'credit-memo' ? -cents : cents,
    };
  });
  const kept = retainage === null ? 0n : kind === 'retainage-release' ? retainage.cents : -retainage.cents;
  bookEntry(
    world,
    { kind, document: id, order: invoice.order, vendor, vendor_number, date, memo, currency },
    [
      ...work,
      {
        ...{ role: 'retainage', account: retainage?.account ?? null, project: order?.project ?? null },
        ...{ description: 'Retainage', cents: kept },
      },
      { role: 'payables', account: null, description: vendor, cents: -payableCents(invoice) },
    ],
  );
}

export function enterPayment(
  world: World,
  payment: { readonly code: string; readonly vendor: string; readonly date: string },
  amounts: readonly string[],
): void {
  const cents = amounts.reduce((sum, amount) => sum + centsOf(amount), 0n);
  const { code: document, vendor, date } = payment;
  bookEntry(world, { kind: 'payment', document, vendor, date, memo: `Payment ${document}` }, [
    { role: 'payables', account: null, description: vendor, cents },
    { role: 'bank', account: null, description: vendor, cents: -cents },
  ]);
}

export function entries(world: World): Entry[] {
  return [...world.records.journal.values()] as Entry[];
}

/** Takes an entry back by one with the sides changed over. */
export function mirror(world: World, entry: Entry, kind: Entry['kind'], date: string): void {
  const { lines, code, change: _, ...head } = entry;
  const turned = lines.map(({ amount, line: __, ...line }) => ({ ...line, cents: -centsOf(amount) }));
  bookEntry(world, { ...head, kind, date, reverses: code, memo: `${head.memo} (taken back)` }, turned);
}

/** The entry of a document, as it was booked first. */
export function entryOf(world: World, document: string): Entry | undefined {
  return entries(world).find((entry) => entry.document === document && entry.reverses === null);
}

/** Cost is read job by job: entries that name no project are no part of it. */
export function jobCosts(world: World): Entry[] {
  return entries(world).filter(({ lines }) => lines.some(({ project }) => project !== null));
}
