import { z } from 'zod';
import type { ImportDocument } from '../billing/group-form.ts';
import {
  amountOf,
  type Base,
  centsOf,
  dayOf,
  type Line,
  type LineError,
  openOrder,
  takeId,
  versionOf,
  type World,
} from '../company/state.ts';
import { held, orderLines, titled } from '../http/form-fields.ts';
import { fault } from '../http/line-error.ts';

/** What a job wants bought: it commits nothing until somebody orders it. */
export type Requisition = {
  readonly id: string;
  readonly reference: string;
  readonly revision: number;
  readonly number: string;
  readonly title: string;
  readonly note: string;
  /** Whom it should be bought from; who buys decides. */
  readonly vendor: string;
  readonly project: string;
  readonly currency: string;
  readonly date: string;
  readonly needed_by: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly createdOn: string;
  readonly bookedAtMs: number;
  readonly lines: readonly Line[];
  touchedOn: string;
  status: 'open' | 'closed' | 'cancelled';
  version: number;
  /** By line, what orders drew of it. */
  readonly orderedCents: Map<number, bigint>;
};

export const requisitionForm = z.strictObject({
  type: z.literal('requisition'),
  ...titled,
  ...held,
  vendor: z.string(),
  project: z.string(),
  currency: z.string().length(3),
  needed_by: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date'),
  lines: orderLines,
});

type Form = ImportDocument & { readonly type: 'requisition' };

/** Besides what is refused of an order's header and lines. */
export function checkNeed(document: Form): LineError[] {
  if (document.needed_by >= document.date) return [];
  return [fault(document, null, 'needed_by', 'too-early', `needed before ${document.date}, its own date`)];
}

export function bookRequisition(world: World, document: Form, nowMs: number) {
  const { type: _, lines, note = '', fields = {}, ...header } = document;
  const id = takeId(world, 'LQ');
  const today = dayOf(nowMs);
  world.requisitions.set(id, {
    ...{ ...header, id, note, fields, createdOn: today, bookedAtMs: nowMs, touchedOn: today },
    ...{ status: 'open', version: 1, orderedCents: new Map() },
    lines: lines.map(({ key = null, amount, ...line }, index) => {
      return { ...line, key, line: index + 1, cents: centsOf(amount) };
    }),
  });
  return { id, order_id: id };
}

export function requisitionView({ createdOn, lines, orderedCents, ...rest }: Requisition) {
  const { bookedAtMs: _, touchedOn: __, ...shown } = rest;
  return {
    ...shown,
    created_on: createdOn,
    version: versionOf(rest),
    lines: lines.map(({ cents, sub_job = null, cost_code = null, ...line }) => {
      return { ...line, sub_job, cost_code, amount: amountOf(cents) };
    }),
    ordered: Object.fromEntries([...orderedCents].map(([line, cents]) => [line, amountOf(cents)])),
  };
}

const id = z.string();

/** What buyers do with them. */
export const requisitionDeeds = [
  z.strictObject({
    action: z.literal('buy_requisition'),
    id,
    /** Of another vendor than was wished. */
    vendor: z.string().optional(),
    /** Only these lines, or at another amount; all that is not ordered yet where none is named. */
    lines: z
      .array(
        z.strictObject({
          line: z.number().int().min(1),
          amount: z
            .string()
            .regex(/^-?\d{1,15}\.\d{2}$/)
            .optional(),
        }),
      )
      .min(1)
      .optional(),
  }),
  z.strictObject({ action: z.literal('close_requisition'), id }),
  z.strictObject({ action: z.literal('cancel_requisition'), id }),
] as const;

type Deed = z.output<(typeof requisitionDeeds)[number]>;

export const isRequisitionDeed = (deed: { readonly action: string }): deed is Deed =>
  requisitionDeeds.some(({ shape }) => shape.action.value === deed.action);

/** Does it, or says why not. */
export function performRequisition(world: World, deed: Deed, today: string): string | null {
  const requisition = world.requisitions.get(deed.id);
  if (requisition === undefined) return `there is no requisition ${deed.id}`;
  if (requisition.status !== 'open') return `requisition ${deed.id} is ${requisition.status}`;
  if (deed.action === 'buy_requisition') return buy(world, requisition, deed, today);
  if (deed.action === 'cancel_requisition' && [...requisition.orderedCents.values()].some(isSome))
    return `requisition ${deed.id} is ordered in part`;
  touch(requisition, today);
  requisition.status = deed.action === 'close_requisition' ? 'closed' : 'cancelled';
  return null;
}

/** An order that a person made of it: its own number and no reference, and each line says what it draws on. */
function buy(
  world: World,
  requisition: Requisition,
  { vendor = requisition.vendor, lines }: Deed & { action: 'buy_requisition' },
  today: string,
): string | null {
  if (world.records.vendors.get(vendor)?.active !== true) return `there is no open vendor ${vendor}`;
  const open = requisition.lines.filter((line) => isSome(openOf(requisition, line)));
  const wanted: readonly { readonly line: number; readonly amount?: string | undefined }[] = lines ?? open;
  if (wanted.length === 0) return `nothing of requisition ${requisition.id} is left to order`;
  const bought: (Omit<Line, 'cents' | 'line'> & { readonly draws_on: Base; readonly amount: string })[] = [];
  for (const { line: number, amount: wished } of wanted) {
    const line = requisition.lines.find((each) => each.line === number);
    if (line === undefined) return `requisition ${requisition.id} has no line ${number}`;
    const amount = wished ?? amountOf(openOf(requisition, line));
    const { cents: _, line: __, ...said } = line;
    bought.push({ ...said, key: null, draws_on: { requisition: requisition.id, line: number }, amount });
  }
  for (const { draws_on, amount } of bought) count(requisition, draws_on.line, centsOf(amount));
  const { number, title, note, project, currency, fields } = requisition;
  const header = { reference: null, revision: 0, number, title, note, vendor, project, currency, fields };
  openOrder(world, { ...header, date: today }, bought, { today, ms: Date.parse(today) });
  touch(requisition, today);
  if (requisition.lines.every((line) => isDrawn(requisition, line))) requisition.status = 'closed';
  return null;
}

/** What a cancelled order drew can be ordered again. */
export function giveBack(world: World, lines: readonly Line[], today: string): void {
  for (const { draws_on: base, cents } of lines) {
    const requisition = base === undefined ? undefined : world.requisitions.get(base.requisition);
    if (base === undefined || requisition === undefined) continue;
    count(requisition, base.line, -cents);
    requisition.status = 'open';
    touch(requisition, today);
  }
}

function count({ orderedCents }: Requisition, line: number, cents: bigint): void {
  orderedCents.set(line, (orderedCents.get(line) ?? 0n) + cents);
}

function touch(requisition: Requisition, today: string): void {
  requisition.version += 1;
  requisition.touchedOn = today;
}

function openOf({ orderedCents }: Requisition, { line, cents }: Line): bigint {
  return cents - (orderedCents.get(line) ?? 0n);
}

/** More than was wanted is drawn whole as well; a deduction is drawn below zero. */
function isDrawn(requisition: Requisition, line: Line): boolean {
  const open = openOf(requisition, line);
  return line.cents < 0n ? open >= 0n : open <= 0n;
}

function isSome(cents: bigint): boolean {
  return cents !== 0n;
}
