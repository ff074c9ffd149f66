import type { PurchaseOrderBody, PurchaseOrderLine } from '../documents.ts';
import type { CommitmentLine, CommitmentRecord } from '../records.ts';
import { money, parseMoney, subtract } from '../values/money.ts';
import { type AcceptedOrder, acceptedOrder } from './adopted-order.ts';
import type { LinePair } from './match-order-lines.ts';
import { type StandingOrder, type StandingOrderLine, unreadable } from './standing-order.ts';

/** A requisition of ours as it was posted. */
export type Requisitioned = {
  readonly id: string;
  readonly body: PurchaseOrderBody;
  /** Our lines by the keys that the ERP gave them. */
  readonly lineKeys: Readonly<Record<string, string>>;
};

/** What people made of a requisition; null while no order draws on it. */
export type Bought =
  | { readonly kind: 'surely'; readonly order: StandingOrder }
  /** Something is other than it was asked for: a person says which order it is. */
  | { readonly kind: 'perhaps'; readonly orders: readonly StandingOrder[]; readonly why: string };

/**
 * The order that stands for a requisition beyond doubt: the only one that draws on it, of the same vendor, in the same
 * currency, all of its lines and each for what was asked. Nothing else is linked without a question.
 */
export function boughtOrder(requisition: Requisitioned, orders: readonly StandingOrder[]): Bought | null {
  const drawing = orders.filter(({ lines }) => lines.some((line) => drawsOn(line, requisition)));
  const [order, ...others] = drawing;
  if (order === undefined) return null;
  const numbers = drawing.map(({ number }) => number).join(', ');
  const why =
    others.length > 0 ? `${drawing.length} orders draw on it: ${numbers}` : whyOther(requisition, order);
  return why === null ? { kind: 'surely', order } : { kind: 'perhaps', orders: drawing, why };
}

function drawsOn({ drawsOn: base }: StandingOrderLine, { id }: Requisitioned): boolean {
  return base?.requisition === id;
}

function whyOther(requisition: Requisitioned, order: StandingOrder): string | null {
  const { body, lineKeys } = requisition;
  const which = `order ${order.number}`;
  if (order.vendorCode !== body.vendorCode)
    return `${which} is of vendor ${order.vendorCode}, and ${body.vendorCode} was asked for`;
  if (order.currency !== body.currency)
    return `${which} is in ${order.currency}, and ${body.currency} was asked for`;
  const broken = unreadable(order.currency, [order.total, ...order.lines.map(({ amount }) => amount)]);
  if (broken !== null) return `${which} cannot be compared to the cent: ${broken}`;
  const minor = (text: string) => parseMoney(text, order.currency).minor;
  for (const line of order.lines)
    if (!drawsOn(line, requisition) && minor(line.amount) !== 0n)
      return `${which} has a line "${line.description}" of ${line.amount} that was not asked for`;
  for (const line of body.lines) {
    const drawn = linesOf(requisition, order, line);
    if (lineKeys[line.key] === undefined)
      return `the line "${line.description}" of the requisition is not known`;
    if (minor(line.amount) === 0n && drawn.length === 0) continue;
    const [one] = drawn;
    if (one === undefined || drawn.length > 1)
      return `"${line.description}" is in ${drawn.length} lines of ${which}`;
    if (minor(one.amount) !== minor(line.amount))
      return `"${line.description}" is ${one.amount} in ${which}, and ${line.amount} was asked for`;
    if (one.projectCode !== body.projectCode)
      return `"${line.description}" is for project ${one.projectCode} in ${which}`;
  }
  return null;
}

function linesOf({ id, lineKeys }: Requisitioned, order: StandingOrder, { key }: PurchaseOrderLine) {
  return order.lines.filter(({ drawsOn: base }) => base?.requisition === id && base.line === lineKeys[key]);
}

/** The lines of the commitment with those that were ordered for them; what was asked for and is gone in Procore too. */
export function boughtPairs(
  commitment: CommitmentRecord,
  requisition: Requisitioned,
  order: StandingOrder,
): LinePair[] {
  const { currency } = order;
  const wanted = new Map(requisition.body.lines.map((line) => [line.key, line]));
  const now = new Map(commitment.lines.map((line) => [line.id, line]));
  const asked = requisition.body.lines.map((line) => now.get(line.key) ?? goneLine(line));
  const added = commitment.lines.filter(({ id }) => !wanted.has(id));
  return [...asked, ...added].map((line) => {
    const asks = wanted.get(line.id);
    const orderLine = asks === undefined ? null : (linesOf(requisition, order, asks)[0] ?? null);
    const there = orderLine === null ? money(0n, currency) : parseMoney(orderLine.amount, currency);
    const here = now.has(line.id) ? parseMoney(line.amount, currency) : money(0n, currency);
    return { line, orderLine, evidence: null, difference: subtract(here, there) };
  });
}

/** It was asked for and stands in the order: the next change of that takes it out. */
function goneLine({ key: id, description, costCode, costType, amount }: PurchaseOrderLine): CommitmentLine {
  const code = (text: string) => (text === '' ? null : { code: text, name: '' });
  const none = { position: 0, quantity: null, unitPrice: null, unit: null };
  return { ...none, id, description, costCode: code(costCode), costType: code(costType), amount };
}

/**
 * What is accepted with the order: the words and accounts that people chose for what was asked for. Where the commitment
 * says something else by now, the order follows it by the next plan.
 */
export function acceptedPurchase(
  commitment: CommitmentRecord,
  requisition: Requisitioned,
  order: StandingOrder,
  { requestKey, isChanged }: { readonly requestKey: string | null; readonly isChanged: boolean },
): AcceptedOrder {
  const pairs = boughtPairs(commitment, requisition, order);
  const accepted = acceptedOrder(commitment, order, pairs, requestKey);
  if (!isChanged && pairs.every(({ difference }) => difference.minor === 0n)) return accepted;
  const asked = new Map(requisition.body.lines.map((line) => [line.key, line]));
  const isAsAsked = ({ id, description, costCode, costType }: CommitmentLine) => {
    const line = asked.get(id);
    const isSameCode = line?.costCode === (costCode?.code ?? '') && line.costType === (costType?.code ?? '');
    return isSameCode && line.description === description;
  };
  const kept = new Set(commitment.lines.filter(isAsAsked).map(({ id }) => id));
  return {
    ...accepted,
    sourceHash: '',
    number: { source: requisition.body.number, target: order.vendorReference },
    lines: Object.fromEntries(Object.entries(accepted.lines).filter(([id]) => kept.has(id))),
  };
}
