import type { ApInvoiceOrderLine, ApInvoiceRetainage, ReceiptDraw } from '../documents.ts';
import type { Findings } from '../planning/plan-findings.ts';
import { type Reason, waitKeys } from '../reasons.ts';
import { formatMoney, magnitude, money, moneyWords, negate, parseMoney, subtract } from '../values/money.ts';
import type { Billing } from './plan-invoice-billing.ts';
import type { InvoicePart, InvoicePlanInput, PostedOrder, PostedOrderLine } from './plan-invoice-input.ts';
import { drawOnReceipts } from './receipt-draws.ts';
import { along } from './retainage.ts';
import type { LineDelta } from './sub-invoice-delta.ts';

/**
 * The lines that relieve the order, gross and amount-based: an amount of the source is never broken into quantity
 * and price. Null where a line has no counterpart yet.
 */
export function orderLines(
  input: InvoicePlanInput,
  order: PostedOrder,
  { deltas }: Billing,
  found: Findings,
): readonly ApInvoiceOrderLine[] | null {
  const moving = deltas.filter(({ gross }) => gross.minor !== 0n);
  const lines = moving.map((delta) => orderLine(input, order, delta, found));
  const complete = lines.filter((line): line is ApInvoiceOrderLine => line !== null);
  return complete.length === moving.length ? complete : null;
}

function orderLine(
  input: InvoicePlanInput,
  order: PostedOrder,
  delta: LineDelta,
  found: Findings,
): ApInvoiceOrderLine | null {
  const { record } = input;
  const name = delta.line?.name ?? delta.key;
  const ordered = order.lines.find(({ billed }) => billed === delta.key);
  if (ordered === undefined) {
    found.wait('order', waitKeys.order(record.commitmentId), {
      code: 'order-line-missing',
      owner: 'accountant',
      field: name,
      message: `${name} bills ${delta.key}, which the order in the ERP does not have.`,
      remedy:
        delta.line?.bills === 'change-order'
          ? 'Export the change order first; it goes by itself once that is posted.'
          : 'Export the commitment again, so that its order gets the line.',
    });
    return null;
  }
  if (input.policy.overbilling === 'refuse') checkOrdered(input, delta, ordered, name, found);
  const received = receiptDraws(input, order, delta, ordered, found);
  if (received === null) return null;
  return {
    key: ordered.sourceLineId,
    description: ordered.description,
    amount: formatMoney(delta.gross),
    orderLine: ordered.key,
    coding: ordered.coding,
    ...(received.length === 0 ? {} : { received }),
  };
}

/** Null where what came in has to be put right in the ERP first. */
function receiptDraws(
  { record: { currency }, openLines = [], policy }: InvoicePlanInput,
  order: PostedOrder,
  { key, line, gross }: LineDelta,
  ordered: PostedOrderLine,
  found: Findings,
): readonly ReceiptDraw[] | null {
  const name = line?.name ?? key;
  const open = openLines.find((each) => each.key === ordered.key);
  const limit = policy.overbilling === 'refuse' ? parseMoney(ordered.amount, currency) : null;
  const { draws, trouble } = drawOnReceipts({ name, amount: gross, ordered: limit }, open);
  if (trouble === null) return draws;
  found.wait('record', waitKeys.record('goods-receipt', order.id), {
    ...{ code: 'receipt-unusable', owner: 'accountant', field: name },
    ...trouble,
  });
  return null;
}

/** All that was ever billed on a line, and not only this period's part, has to fit into what was ordered. */
function checkOrdered(
  { record }: InvoicePlanInput,
  { toDate }: LineDelta,
  ordered: PostedOrderLine,
  name: string,
  found: Findings,
): void {
  const amount = parseMoney(ordered.amount, record.currency);
  if (along({ scheduled: amount }, subtract(amount, toDate)) >= 0n) return;
  found.wait('order', waitKeys.order(record.commitmentId), {
    code: 'over-commitment',
    owner: 'project-manager',
    field: name,
    message: `${name} bills ${moneyWords(toDate)} to date; ${moneyWords(amount)} is ordered.`,
    remedy: 'Raise the commitment by a change order and export it, or correct the invoice in Procore.',
  });
}

/** Less than was posted is not taken silently: which lines it is about. */
export function checkReduced(
  { policy }: Pick<InvoicePlanInput, 'policy'>,
  { deltas }: Billing,
  found: Findings,
): void {
  if (policy.reductions === 'net') return;
  for (const { reduced, line, key, gross } of deltas) {
    if (!reduced) continue;
    const name = line?.name ?? key;
    found.reason({
      code: 'billing-reduced',
      owner: 'accountant',
      field: name,
      message: `${name} is ${moneyWords(money(magnitude(gross), gross.currency))} below what was posted.`,
      remedy: 'Correct the invoice in Procore, or leave it to the next application in Review.',
    });
  }
}

/** What is withheld and released by one application is withheld first: the account never goes below zero. */
export function checkHeld(contract: string, { released, held }: Billing, found: Findings): void {
  if (released.minor <= held.minor) return;
  found.wait('billing', waitKeys.billing(contract), {
    code: 'retainage-not-held',
    owner: 'accountant',
    field: 'retainage',
    message: `It releases ${moneyWords(released)}; the ERP holds ${moneyWords(held)} until the progress invoice is posted.`,
    remedy: 'It goes by itself once that is posted.',
  });
}

/**
 * The retainage of one invoice, on one line because the account knows of no lines: negative where it is withheld,
 * positive where it is paid out. Null where there is no account to put it on.
 */
export function retainageLines(
  input: RetainageFacts,
  part: InvoicePart,
  { withheld, released }: Billing,
  found: Findings,
): readonly ApInvoiceRetainage[] | null {
  const isRelease = part === 'retainage-release';
  const amount = isRelease ? released : negate(withheld);
  if (amount.minor === 0n) return [];
  const account = accountFor(input, input.side, found);
  if (account === null) return null;
  const description = `Retainage ${isRelease ? 'released' : 'withheld'}, application ${input.record.application}`;
  return [{ key: 'retainage', description, amount: formatMoney(amount), account }];
}

/** An account that is mapped once for the company, and for a project where it differs there. */
export type AccountSide = {
  readonly kind: 'retainage' | 'retainage-receivable' | 'revenue';
  readonly code: Extract<Reason['code'], 'retainage-account-missing' | 'revenue-account-missing'>;
  /** In the middle of a sentence. */
  readonly words: string;
  readonly field: string;
};

/** Withheld from a vendor: it is owed. */
export const RETAINAGE_PAYABLE: AccountSide = {
  kind: 'retainage',
  code: 'retainage-account-missing',
  words: 'retainage payable',
  field: 'retainage',
};

type AccountFacts = Pick<InvoicePlanInput, 'mapping' | 'targetAccount'> & {
  readonly record: { readonly projectId: string };
};

export type RetainageFacts = AccountFacts & {
  readonly record: { readonly application: number };
  readonly side: AccountSide;
};

export function accountFor(
  { record, mapping, targetAccount }: AccountFacts,
  { kind, code: missing, words, field }: AccountSide,
  found: Findings,
): string | null {
  const row = mapping(kind, record.projectId, '') ?? mapping(kind, '', '');
  if (row === null) {
    const label = `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
    found.ask(
      { kind, key: '', label, scopeId: record.projectId },
      {
        code: missing,
        owner: 'accountant',
        field,
        message: `There is no ERP account for ${words} yet.`,
        remedy: 'Choose the account in Review; every invoice that waits for it is released.',
      },
    );
    return null;
  }
  found.used(row);
  const { code } = row.value;
  if (targetAccount(code)?.postable ?? false) return code;
  found.wait('record', waitKeys.record('account', code), {
    code: 'account-not-postable',
    owner: 'accountant',
    field,
    message: `Account ${code} for ${words} does not exist or cannot be posted to.`,
    remedy: 'Choose another account in Mappings, or open it in the ERP.',
  });
  return null;
}
