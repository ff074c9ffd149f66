import { z } from 'zod';
import { fileDeeds, performFile } from './billing/files.ts';
import { insuranceDeeds, performInsurance } from './billing/insurances.ts';
import { budgetDeeds, changeBudget } from './budget/budget-deeds.ts';
import {
  type ChangeLine,
  centsOf,
  effectiveLines,
  type FollowedRecord,
  type Order,
  type RecordList,
  takeId,
  type World,
} from './company/state.ts';
import { performJobCost } from './costs/job-cost.ts';
import { jobCostDeeds } from './costs/job-cost-form.ts';
import { performProjectCodes, projectCodesDeeds } from './costs/project-codes.ts';
import { enterDeeds, performEnter } from './enter.ts';
import { amount } from './http/form-fields.ts';
import { journalDeeds, performJournal } from './journal/journal-deeds.ts';
import { deliveryDeeds, isDeliveryDeed, performDelivery } from './orders/deliveries.ts';
import { giveBack, isRequisitionDeed, performRequisition, requisitionDeeds } from './orders/requisitions.ts';
import { payDeeds, performPay } from './payments/pay.ts';
import { isSalesDeed, performSales, salesDeeds } from './sales/receive.ts';

const id = z.string();
const line = z.number().int().min(1);

/** What a person does in Ledgerline's own screens. */
export const act = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('edit_order_line'),
    id,
    line,
    amount: amount.optional(),
    description: z.string().optional(),
    account: z.string().optional(),
  }),
  z.strictObject({
    action: z.literal('add_order_line'),
    id,
    description: z.string(),
    account: z.string(),
    amount,
  }),
  z.strictObject({ action: z.literal('close_order'), id }),
  z.strictObject({ action: z.literal('cancel_order'), id }),
  z.strictObject({ action: z.literal('copy_order'), id }),
  z.strictObject({ action: z.literal('lose_order'), id }),
  z.strictObject({ action: z.literal('open_project'), code: z.string(), open: z.boolean() }),
  ...requisitionDeeds,
  ...budgetDeeds,
  z.strictObject({ action: z.literal('lock_period'), code: z.string() }),
  z.strictObject({ action: z.literal('freeze_vendor'), code: z.string() }),
  z.strictObject({ action: z.literal('close_account'), code: z.string() }),
  z.strictObject({ action: z.literal('edit_vendor'), code: z.string(), name: z.string() }),
  ...jobCostDeeds,
  ...projectCodesDeeds,
  ...insuranceDeeds,
  ...fileDeeds,
  ...enterDeeds,
  ...journalDeeds,
  ...payDeeds,
  ...deliveryDeeds,
  ...salesDeeds,
]);

/** Does it, or says why not. */
export function perform(world: World, deed: z.output<typeof act>, today: string): string | null {
  if (isSalesDeed(deed)) return performSales(world, deed, today);
  if (isDeliveryDeed(deed)) return performDelivery(world, deed, today);
  if (isRequisitionDeed(deed)) return performRequisition(world, deed, today);
  const at = { world, today };
  switch (deed.action) {
    case 'close_order':
      return withOrder(at, deed.id, (order) => {
        order.status = 'closed';
        return null;
      });
    case 'cancel_order':
      return withOrder(at, deed.id, (order) => {
        if ([...order.invoicedCents.values()].some((cents) => cents !== 0n)) return 'the order is invoiced';
        order.status = 'cancelled';
        giveBack(world, order.lines, today);
        return null;
      });
    case 'copy_order':
      return copyOrder(world, deed.id);
    case 'lose_order':
      // What a restored backup does: the order was never there.
      return world.orders.delete(deed.id) ? null : `there is no order ${deed.id}`;
    case 'add_order_line':
      return withOrder(at, deed.id, (order) => {
        const { description, account } = deed;
        const last = Math.max(0, ...effectiveLines(order).map(({ line: number }) => number));
        order.lines.push({ line: last + 1, key: null, description, account, cents: centsOf(deed.amount) });
        return null;
      });
    case 'edit_order_line':
      return withLine(at, deed.id, deed.line, (line) => {
        if (deed.amount !== undefined) line.cents = centsOf(deed.amount);
        if (deed.description !== undefined) line.description = deed.description;
        if (deed.account !== undefined) line.account = deed.account;
      });
    case 'open_project':
      return changeRecord(world, 'projects', deed.code, { active: deed.open });
    case 'change_budget':
      return changeBudget(world, deed, today);
    case 'lock_period':
      return changeRecord(world, 'periods', deed.code, { open: false });
    case 'freeze_vendor':
      return changeRecord(world, 'vendors', deed.code, { active: false });
    case 'close_account':
      return changeRecord(world, 'accounts', deed.code, { postable: false });
    case 'edit_vendor':
      return changeRecord(world, 'vendors', deed.code, { name: deed.name });
    case 'add_insurance':
    case 'edit_insurance':
      return performInsurance(world, deed);
    case 'enter_document':
      return performEnter(world, deed, today);
    case 'post_entry':
    case 'reverse_entry':
      return performJournal(world, deed, today);
    case 'attach_file':
      return performFile(world, deed, today);
    case 'edit_job_cost':
      return performJobCost(world, deed);
    case 'edit_project_codes':
      return performProjectCodes(world, deed);
    default:
      return performPay(world, deed, today);
  }
}

function copyOrder(world: World, id: string): string | null {
  const order = world.orders.get(id);
  if (!order) return `there is no order ${id}`;
  const copy = { ...structuredClone(order), id: takeId(world, 'LO'), changes: [], invoicedCents: new Map() };
  world.orders.set(copy.id, copy);
  return null;
}

type At = { readonly world: World; readonly today: string };

function withOrder({ world, today }: At, id: string, change: (order: Order) => string | null): string | null {
  const order = world.orders.get(id);
  if (!order) return `there is no order ${id}`;
  const trouble = change(order);
  if (trouble !== null) return trouble;
  order.version += 1;
  order.touchedOn = today;
  return null;
}

function withLine(
  at: At,
  id: string,
  line: number,
  change: (line: Order['lines'][number] | ChangeLine) => void,
): string | null {
  return withOrder(at, id, (order) => {
    // A line that a change opened stands with that change.
    const opened = order.changes.flatMap(({ lines }) => lines);
    const found = [...order.lines, ...opened].find((entry) => entry.line === line);
    if (!found) return `order ${id} has no line ${line}`;
    change(found);
    return null;
  });
}

function changeRecord(
  world: World,
  list: RecordList,
  code: string,
  change: Record<string, unknown>,
): string | null {
  const record = world.records[list].get(code);
  if (!record) return `there is no ${code} in ${list}`;
  world.changeCount += 1;
  const changed: FollowedRecord = { ...record, ...change, code, change: world.changeCount };
  world.records[list].set(code, changed);
  return null;
}
