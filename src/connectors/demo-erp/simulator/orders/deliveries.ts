import { z } from 'zod';
import {
  amountOf,
  centsOf,
  effectiveLines,
  type FollowedRecord,
  type Order,
  takeId,
  type World,
} from '../company/state.ts';
import { amount, day } from '../http/form-fields.ts';
import { bookEntry, entryOf } from '../journal/journal.ts';
import { takeBack } from '../journal/journal-deeds.ts';
import { periodFault } from '../journal/periods.ts';

/** What came in on one line of an order. */
type DeliveredLine = { readonly order_line: number; readonly cents: bigint; billedCents: bigint };

/** What came in against an order: from then on it is cost, and billed by it and not by its order. */
export type Delivery = {
  readonly code: string;
  change: number;
  readonly order: string;
  readonly vendor: string;
  readonly currency: string;
  readonly date: string;
  status: 'open' | 'closed' | 'cancelled';
  readonly lines: readonly DeliveredLine[];
};

const order_line = z.number().int().min(1);

/** What the people on the site and in the warehouse do. */
export const deliveryDeeds = [
  z.strictObject({
    action: z.literal('take_in'),
    order: z.string(),
    date: day.optional(),
    lines: z.array(z.strictObject({ order_line, amount })).min(1),
  }),
  z.strictObject({ action: z.literal('cancel_delivery'), code: z.string() }),
  z.strictObject({ action: z.literal('close_delivery'), code: z.string() }),
] as const;

type Deed = z.output<(typeof deliveryDeeds)[number]>;

export const isDeliveryDeed = (deed: { readonly action: string }): deed is Deed =>
  deliveryDeeds.some(({ shape }) => shape.action.value === deed.action);

/** Does it, or says why not. */
export function performDelivery(world: World, deed: Deed, today: string): string | null {
  if (deed.action === 'take_in') return takeIn(world, deed, today);
  const delivery = world.deliveries.get(deed.code);
  if (delivery?.status !== 'open') return `delivery ${deed.code} is none, or not open`;
  if (deed.action === 'cancel_delivery') {
    if (delivery.lines.some(({ billedCents }) => billedCents !== 0n)) return `${delivery.code} is billed`;
    const booked = entryOf(world, delivery.code);
    // In its own month while that is open, else today.
    const own = periodFault(world, delivery.date) === null ? delivery.date : today;
    const shut = booked ? takeBack(world, booked, 'cancellation', own) : null;
    if (shut !== null) return shut;
  }
  delivery.status = deed.action === 'cancel_delivery' ? 'cancelled' : 'closed';
  delivery.change = ++world.changeCount;
  touch(world.orders.get(delivery.order), today);
  return null;
}

/** Also more than is ordered: who counts what is unloaded looks at no order. */
function takeIn(world: World, deed: Deed & { action: 'take_in' }, today: string): string | null {
  const order = world.orders.get(deed.order);
  if (order?.status !== 'open') return `order ${deed.order} is none, or not open`;
  const date = deed.date ?? today;
  const shut = periodFault(world, date);
  if (shut !== null) return shut.message;
  const ordered = new Map(effectiveLines(order).map((line) => [line.line, line]));
  const [first, ...more] = deed.lines.map((line) => line.order_line);
  if (more.includes(first!) || new Set(more).size < more.length) return 'a line of the order is named once';
  for (const line of deed.lines) {
    const on = ordered.get(line.order_line);
    if (on === undefined) return `order ${order.id} has no line ${line.order_line}`;
    if (centsOf(line.amount) === 0n || centsOf(line.amount) > 0n !== on.cents > 0n)
      return `line ${line.order_line} goes the other way`;
  }
  const code = takeId(world, 'LG');
  const lines = deed.lines.map(({ order_line, amount: came }) => {
    return { order_line, cents: centsOf(came), billedCents: 0n };
  });
  const { id, vendor, currency, project } = order;
  world.deliveries.set(code, {
    ...{ code, change: ++world.changeCount, order: id, vendor, currency, date, status: 'open', lines },
  });
  touch(order, today);
  bookEntry(world, { kind: 'delivery', document: code, order: id, vendor, date, memo: `Delivery ${code}` }, [
    ...lines.map(({ order_line, cents }) => {
      const { account, sub_job = null, cost_code = null, description } = ordered.get(order_line)!;
      return { role: 'work', account, project, sub_job, cost_code, order_line, description, cents } as const;
    }),
    ...lines.map(
      ({ cents }) => ({ role: 'accrued', account: null, description: code, cents: -cents }) as const,
    ),
  ]);
  return null;
}

function touch(order: Order | undefined, today: string): void {
  if (order === undefined) return;
  order.version += 1;
  order.touchedOn = today;
}

/** What of a line came in and was not billed: it is not open on the order, also where its delivery was closed. */
export function deliveredCents(world: World, order: string, line: number): bigint {
  return [...world.deliveries.values()]
    .filter((delivery) => delivery.order === order && delivery.status !== 'cancelled')
    .flatMap(({ lines }) => lines.filter(({ order_line }) => order_line === line))
    .reduce((sum, { cents, billedCents }) => sum + cents - billedCents, 0n);
}

/** Of one line of a delivery; undefined where it has none of that line of its order, or is not open. */
export function openOn(world: World, code: string, order: string, line: number): bigint | undefined {
  const delivery = world.deliveries.get(code);
  if (delivery?.status !== 'open' || delivery.order !== order) return undefined;
  const found = delivery.lines.find(({ order_line }) => order_line === line);
  return found && found.cents - found.billedCents;
}

/** Bills a part of a delivery, or gives it back by a negative amount. */
export function billDelivery(world: World, code: string, line: number, cents: bigint): void {
  const delivery = world.deliveries.get(code)!;
  delivery.lines.find(({ order_line }) => order_line === line)!.billedCents += cents;
  delivery.change = ++world.changeCount;
}

export function deliveryView({ lines, ...header }: Delivery): FollowedRecord {
  const shown = lines.map(({ order_line, cents, billedCents }) => ({
    ...{ order_line, amount: amountOf(cents), unbilled: amountOf(cents - billedCents) },
  }));
  return { ...header, lines: shown };
}
