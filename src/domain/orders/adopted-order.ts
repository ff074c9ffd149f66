import type { LineCoding, PurchaseOrderBody, PurchaseOrderLine } from '../documents.ts';
import { costKey } from '../mapping.ts';
import type { CommitmentLine, CommitmentRecord } from '../records.ts';
import { contentHash } from '../values/canonical.ts';
import { formatMoney, parseMoney } from '../values/money.ts';
import type { LinePair } from './match-order-lines.ts';
import type { StandingOrder, StandingOrderLine } from './standing-order.ts';

/** The revision of an order that was taken over and that we never wrote: nothing of ours stands in it. */
export const AS_FOUND = 0;

type LinePlace = Pick<PurchaseOrderLine, 'subJob' | 'assignedCode'>;

/** A text or a coding as both sides had it when the order was taken over. */
type Accepted<Source, Target> = { readonly source: Source; readonly target: Target };

/**
 * What was accepted with an order that was taken over. People typed it before us: their words and accounts stay for
 * as long as the source says what it said then.
 */
export type AcceptedOrder = {
  /** Of everything in the source that an order is made of. */
  readonly sourceHash: string;
  /** The newest request that was answered by then; a later one asks for what the source says. */
  readonly requestKey: string | null;
  /** Where the order began in the ERP it is the ERP's: the source changes nothing of it unless it is exported. */
  readonly begunInErp?: true;
  readonly number: Accepted<string, string>;
  /** By the id of the commitment's line. */
  readonly lines: Readonly<
    Record<
      string,
      {
        readonly description: Accepted<string, string>;
        readonly coding: Accepted<string, LineCoding>;
        /** What it is on besides its account, as people chose it there. */
        readonly on?: LinePlace;
      }
    >
  >;
};

/** The order as it was read, as the base that later changes are compared with. Lines without a partner are left out. */
export function adoptedBody(
  commitment: CommitmentRecord,
  order: StandingOrder,
  pairs: readonly LinePair[],
): { readonly body: PurchaseOrderBody; readonly lineKeys: Readonly<Record<string, string>> } {
  const both = pairedLines(pairs);
  const amount = (text: string) => formatMoney(parseMoney(text, order.currency));
  const lines = both.map(
    ({ line, orderLine }): PurchaseOrderLine => ({
      key: line.id,
      description: orderLine.description,
      amount: amount(orderLine.amount),
      coding: orderLine.coding,
      ...placeOf(orderLine),
      costCode: line.costCode?.code ?? '',
      costType: line.costType?.code ?? '',
    }),
  );
  return {
    body: {
      kind: 'purchase-order',
      reference: '',
      revision: AS_FOUND,
      number: order.vendorReference,
      title: commitment.title,
      vendorCode: order.vendorCode,
      projectCode: order.projectCode,
      currency: order.currency,
      accountingDate: order.date,
      total: amount(order.total),
      lines,
      sourceUrl: commitment.url,
    },
    lineKeys: Object.fromEntries(both.map(({ line, orderLine }) => [line.id, orderLine.key])),
  };
}

export function acceptedOrder(
  commitment: CommitmentRecord,
  order: StandingOrder,
  pairs: readonly LinePair[],
  requestKey: string | null,
): AcceptedOrder {
  const lines = pairedLines(pairs).map(({ line, orderLine }) => [
    line.id,
    {
      description: { source: line.description, target: orderLine.description },
      coding: { source: costKey(line), target: orderLine.coding },
      on: placeOf(orderLine),
    },
  ]);
  return {
    sourceHash: orderedHash(commitment),
    requestKey,
    number: { source: commitment.number, target: order.vendorReference },
    lines: Object.fromEntries(lines),
  };
}

/** Whether the source still says what it said when the order was taken over, and nobody exported it since. */
export function isAsAccepted(
  accepted: AcceptedOrder,
  commitment: CommitmentRecord,
  requestKey: string | null,
): boolean {
  const isSame = accepted.begunInErp === true || accepted.sourceHash === orderedHash(commitment);
  return isSame && accepted.requestKey === requestKey;
}

export function acceptedNumber(accepted: AcceptedOrder | null, number: string): string {
  return accepted?.number.source === number ? accepted.number.target : number;
}

export function acceptedText(accepted: AcceptedOrder | null, line: CommitmentLine): string {
  const text = accepted?.lines[line.id]?.description;
  return text?.source === line.description ? text.target : line.description;
}

/** The account that somebody chose in the ERP, as long as the line has the cost code that it was chosen for. */
export function acceptedCoding(
  accepted: AcceptedOrder | null,
  line: CommitmentLine,
): ({ readonly coding: LineCoding } & LinePlace) | null {
  const { coding, on } = accepted?.lines[line.id] ?? {};
  return coding?.source === costKey(line) ? { coding: coding.target, ...on } : null;
}

/** Its status, its origin id and the like are not what an order is made of. */
export function orderedHash({ number, title, vendorId, currency, total, lines }: CommitmentRecord): string {
  return contentHash({
    number,
    title,
    vendorId,
    currency,
    total,
    lines: lines.map((line) => ({
      id: line.id,
      description: line.description,
      cost: costKey(line),
      amount: line.amount,
    })),
  });
}

function placeOf({ subJob, assignedCode }: StandingOrderLine): LinePlace {
  return {
    ...(subJob === undefined ? {} : { subJob }),
    ...(assignedCode === undefined ? {} : { assignedCode }),
  };
}

function pairedLines(pairs: readonly LinePair[]) {
  return pairs.flatMap(({ line, orderLine }) =>
    line === null || orderLine === null ? [] : [{ line, orderLine }],
  );
}
