import type { PostedBase } from '../documents.ts';
import type { StagedRow } from '../staging/staged.ts';
import { formatMoney, parseMoney } from '../values/money.ts';
import { contractLines } from './change-order.ts';
import { codingOf, type OfferFacts, orderLineOrigin, orderOrigin } from './order-offer.ts';
import type { StandingOrder, StandingOrderLine } from './standing-order.ts';

/** What people changed in an order that began in the ERP, since Procore got it. */
export type OrderChange = {
  readonly order: StandingOrder;
  /** The lines that were added, as one change order; null where there is none that can be offered. */
  readonly row: StagedRow | null;
  /** What cannot be offered, one sentence each with what to do about it. */
  readonly told: readonly string[];
};

/**
 * A line that was added to an order is a change order's: it is a piece of its own on both sides, so that it can be
 * billed and compared. A line whose amount was changed is not: nothing in the order says what was signed and what was
 * agreed on later, so the difference is told and left to a person.
 */
export function offerChange(base: PostedBase, order: StandingOrder, facts: OfferFacts): OrderChange {
  const { id, number, currency } = order;
  const known = new Map(base.body.lines.map((line) => [base.lineKeys[line.key] ?? '', line]));
  const told: string[] = [];
  for (const [key, line] of known) {
    const there = order.lines.find((row) => row.key === key) ?? null;
    const [was, is] = [moneyText(line.amount, currency), moneyText(there?.amount ?? '0', currency)];
    if (was !== is)
      told.push(
        `Order ${number}: "${line.description}" is ${is} there and ${was} in Procore. Procore takes a change as lines of its own: set the line back and add the difference as a line, or correct it in Procore.`,
      );
  }
  const added = order.lines.filter(
    ({ key, amount }) => !known.has(key) && parseMoney(amount, currency).minor !== 0n,
  );
  const lines = added.map((line, place) => changeLine(base, order, line, place, facts));
  for (const line of lines) if (typeof line === 'string') told.push(`Order ${number}: ${line}`);
  const offered = lines.filter((line): line is StagedRow => typeof line !== 'string');
  const first = added[0]?.key;
  if (first === undefined || offered.length < lines.length) return { order, row: null, told };
  return {
    order,
    told,
    row: {
      type: 'change-order',
      originId: addedOrigin(facts.erpCode, id, first),
      originCode: number,
      status: 'staged',
      data: {
        title: `Added to order ${number}`,
        number: `ERP-${Number(first) + 1}`,
        project_origin_id: order.projectCode,
        commitment_origin_id: orderOrigin(facts.erpCode, id),
      },
      lines: offered,
    },
  };
}

const ADDED = '/added-';

function addedOrigin(erpCode: string, orderId: string, firstLine: string): string {
  return `${orderOrigin(erpCode, orderId)}${ADDED}${firstLine}`;
}

/** Whether a change order of Procore was imported from lines that were added to an order of this connection. */
export function isAddedTo(originId: string | null, erpCode: string, orderId: string): boolean {
  return originId?.startsWith(`${orderOrigin(erpCode, orderId)}${ADDED}`) === true;
}

/** Procore hangs each line of a change order on a line of the commitment: the one of the same cost code. */
function changeLine(
  base: PostedBase,
  order: StandingOrder,
  line: StandingOrderLine,
  place: number,
  facts: OfferFacts,
): StagedRow | string {
  const name = `the added line "${line.description}"`;
  if (line.closed || parseMoney(line.invoiced, order.currency).minor !== 0n)
    return `${name} is closed or invoiced already. Enter it in Procore by hand.`;
  if (line.projectCode !== order.projectCode) return `${name} is of another project. Correct it in the ERP.`;
  const coding = codingOf(line, facts);
  if ('subject' in coding) return `${name}: ${coding.words}. ${coding.remedy}`;
  const parents = contractLines(base.body.lines).filter(
    ({ costCode, costType }) => `${costCode}|${costType}` === coding.costKey,
  );
  const [parent, ...others] = parents.map(({ key }) => base.lineKeys[key] ?? '');
  if (parent === undefined || others.length > 0)
    return `${name}: ${parent === undefined ? 'no line' : 'more than one line'} of the commitment has its cost code, and Procore hangs a change on one. Enter it in Procore by hand.`;
  return {
    type: 'line',
    originId: orderLineOrigin(facts.erpCode, order.id, line.key),
    originCode: line.key,
    status: 'staged',
    data: {
      description: line.description,
      commitment_line_item_origin_id: orderLineOrigin(facts.erpCode, order.id, parent),
    },
    numbers: { amount: line.amount, position: String(place + 1), ...coding.ids },
  };
}

function moneyText(amount: string, currency: string): string {
  return formatMoney(parseMoney(amount, currency));
}
