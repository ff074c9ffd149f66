import type { LineCoding } from '../documents.ts';
import type { MappingRow } from '../mapping.ts';
import type { StagedRow } from '../staging/staged.ts';
import { parseMoney } from '../values/money.ts';
import { whyUnusable } from './match-order.ts';
import type { StandingOrder, StandingOrderLine } from './standing-order.ts';

/**
 * Which orders begin in the ERP, and what they become in the source. `by-lines`: an order of items is a purchase
 * order, one of accounts a subcontract.
 */
export const ORDER_RULES = ['off', 'purchase-orders', 'subcontracts', 'by-lines'] as const;
export type OrderRule = (typeof ORDER_RULES)[number];

/** What is missing before an order can be offered. Orders that lack the same wait for one question. */
export type Lack = {
  readonly subject: string;
  readonly words: string;
  readonly remedy: string;
};

/** What is known of one project of the ERP before its orders are offered. */
export type OfferFacts = {
  readonly rule: Exclude<OrderRule, 'off'>;
  /** Of the connection, in which origin ids begin. */
  readonly erpCode: string;
  /** The project in the source that it is mapped to. */
  readonly project: { readonly id: string; readonly name: string; readonly originId: string | null };
  readonly isVendorLinked: (code: string) => boolean;
  readonly mappings: readonly MappingRow[];
  /** Ids by code of what the project has in the source. */
  readonly costCodes: ReadonlyMap<string, string>;
  readonly costTypes: ReadonlyMap<string, string>;
};

/** An order as it is offered for import, or what it waits for. */
export type OrderOffer = { readonly order: StandingOrder } & (
  | { readonly row: StagedRow }
  | { readonly row: null; readonly lacks: readonly Lack[] }
);

const BY_ITSELF = 'What waits is offered by itself after that.';

// What one call carries, less the order itself.
const MOST_LINES = 999;

/** Turns an order that a person wrote in the ERP into what the source may import. Nothing of it is guessed. */
export function offerOrder(order: StandingOrder, facts: OfferFacts): OrderOffer {
  const { erpCode } = facts;
  const lacks = [...lacksOfOrder(order), ...lacksOfParties(order, facts)];
  const originId = orderOrigin(erpCode, order.id);
  const lines = order.lines.map((line, place) => stagedLine(order, line, place, facts));
  for (const line of lines) if ('subject' in line) lacks.push(line);
  if (lacks.length > 0) return { order, row: null, lacks: distinct(lacks) };
  return {
    order,
    row: {
      type: typeOf(order, facts.rule),
      originId,
      originCode: order.number,
      status: 'staged',
      data: {
        title: titleOf(order),
        number: order.number,
        status: 'Approved',
        project_origin_id: order.projectCode,
        vendor_origin_id: order.vendorCode,
      },
      lines: lines.filter((line): line is StagedRow => 'originId' in line),
    },
  };
}

/** An order of a project that the source does not have. */
export function withoutProject(order: StandingOrder): OrderOffer {
  const { projectCode } = order;
  const lack: Lack = {
    subject: `project:${projectCode}`,
    words: `project ${projectCode} is not in Procore`,
    remedy: `Import it there, or map it to its project of Procore. ${BY_ITSELF}`,
  };
  return { order, row: null, lacks: [lack] };
}

/** The id that an order of a connection has in the source, whoever wrote it there. */
export function orderOrigin(erpCode: string, orderId: string): string {
  return `${erpCode}-${orderId}`;
}

export function orderLineOrigin(erpCode: string, orderId: string, line: string): string {
  return `${orderOrigin(erpCode, orderId)}/${line}`;
}

function titleOf({ number, vendorReference }: StandingOrder): string {
  return vendorReference === '' ? `Order ${number}` : `Order ${number}, ${vendorReference}`;
}

function typeOf(order: StandingOrder, rule: OfferFacts['rule']): 'purchase-order' | 'subcontract' {
  if (rule === 'subcontracts') return 'subcontract';
  if (rule === 'purchase-orders') return 'purchase-order';
  return order.lines.some(({ coding }) => coding.kind === 'item') ? 'purchase-order' : 'subcontract';
}

/** What the order itself says against it: a person has to write its commitment then. */
function lacksOfOrder(order: StandingOrder): Lack[] {
  const { id, number, lines, projectCode, currency } = order;
  const byHand = (words: string): Lack => ({
    subject: `order:${id}`,
    words: `order ${number} ${words}`,
    remedy: 'Write its commitment in Procore by hand, then take the order over with `tiebeam adopt`.',
  });
  const broken = whyUnusable(order);
  if (broken !== null) return [byHand(`cannot be offered: ${broken}`)];
  if (lines.length === 0) return [byHand('has no lines')];
  if (lines.length > MOST_LINES) return [byHand(`has ${lines.length} lines, more than one call carries`)];
  if (lines.some(({ invoiced }) => parseMoney(invoiced, currency).minor !== 0n))
    return [byHand('is invoiced in part already, which its import would bill again')];
  const odd = lines.findIndex((line) => line.closed || line.projectCode !== projectCode);
  if (odd < 0) return [];
  return [byHand(`line ${odd + 1} is ${lines[odd]!.closed ? 'closed' : 'of another project'}`)];
}

function lacksOfParties(order: StandingOrder, { project, isVendorLinked }: OfferFacts): Lack[] {
  const { projectCode, vendorCode } = order;
  const lacks: Lack[] = [];
  if (project.originId !== projectCode)
    lacks.push({
      subject: `project:${projectCode}`,
      words: `Procore does not show ${project.name} as synced with ${projectCode}`,
      remedy: `Send the project to the ERP in Procore, which links the two. ${BY_ITSELF}`,
    });
  if (!isVendorLinked(vendorCode))
    lacks.push({
      subject: `vendor:${vendorCode}`,
      words: `vendor ${vendorCode} is linked to no vendor in Procore`,
      remedy: `Import it there, or link it to the vendor that it is. ${BY_ITSELF}`,
    });
  return lacks;
}

function stagedLine(
  { id }: StandingOrder,
  line: StandingOrderLine,
  place: number,
  facts: OfferFacts,
): StagedRow | Lack {
  const coding = codingOf(line, facts);
  if ('subject' in coding) return coding;
  return {
    type: 'line',
    originId: orderLineOrigin(facts.erpCode, id, line.key),
    originCode: line.key,
    status: 'staged',
    data: { description: line.description },
    numbers: { amount: line.amount, position: String(place + 1), ...coding.ids },
  };
}

/** A cost code and a cost type with their ids in the source. */
type Coding = {
  readonly costKey: string;
  readonly ids: { readonly cost_code_id: string; readonly line_item_type_id: string };
};

/** The one cost code that the account of a line stands for, or why nobody can say which. */
export function codingOf(
  { coding }: Pick<StandingOrderLine, 'coding'>,
  { project, mappings, costCodes, costTypes }: OfferFacts,
): Coding | Lack {
  const name = `${coding.kind} ${coding.code}`;
  const keys = costKeysOf(mappings, coding);
  const subject = `cost:${project.id}:${name}`;
  const [only, ...others] = keys;
  if (only === undefined)
    return {
      ...{ subject, words: `${name} stands for no cost code` },
      remedy: `Map a cost code to it. ${BY_ITSELF}`,
    };
  if (others.length > 0)
    return {
      ...{ subject, words: `${name} stands for ${keys.map(wordsOf).join(', ')}` },
      remedy:
        'Write the commitment in Procore with the right one, then take the order over with `tiebeam adopt`.',
    };
  const [costCode = '', costType = ''] = only.split('|');
  const [codeId, typeId] = [costCodes.get(costCode), costTypes.get(costType)];
  if (codeId === undefined || typeId === undefined)
    return {
      subject: `coding:${project.id}:${only}`,
      words: `${project.name} has no ${codeId === undefined ? `cost code ${costCode}` : `cost type ${costType}`} in Procore`,
      remedy: 'Add it to the project there, then press Refresh once more.',
    };
  return { costKey: only, ids: { cost_code_id: codeId, line_item_type_id: typeId } };
}

/** The mapping read backwards: cost codes that go to this account or item. A row of the project stands before one of the company. */
function costKeysOf(rows: readonly MappingRow[], { kind, code }: LineCoding): string[] {
  const cost = rows.filter((row) => row.kind === 'cost').toSorted((a, b) => a.scope.length - b.scope.length);
  const byKey = new Map(cost.map((row) => [row.key, row.value]));
  return [...byKey].flatMap(([key, value]) => (value.kind === kind && value.code === code ? [key] : []));
}

function wordsOf(costKey: string): string {
  return costKey.replace('|', ' ');
}

function distinct(lacks: readonly Lack[]): Lack[] {
  return [...new Map(lacks.map((lack) => [lack.subject, lack])).values()];
}
