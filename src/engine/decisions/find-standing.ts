import type { NumberedInvoice } from '../../connectors/connector.ts';
import { type BillingQuestion, dueOf } from '../../domain/billing/billing-question.ts';
import type { InvoicePart } from '../../domain/billing/plan-invoice-input.ts';
import type { ApInvoiceBody, ArInvoiceBody } from '../../domain/documents.ts';
import { fitsScale, formatDecimal, parseDecimal } from '../../domain/values/decimal.ts';
import {
  exponentOf,
  formatMoney,
  type Money,
  moneyWords,
  parseMoney,
  subtract,
  sum,
} from '../../domain/values/money.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import type { Engine } from '../engine.ts';
import type { BillingCase } from '../plan/billing-case.ts';
import { partnerOf, postedNumbered } from '../plan/invoices-in-erp.ts';
import { step } from '../step.ts';
import type { BillingWish } from './bill-application.ts';
import { type Declined, declined } from './person.ts';

/** An invoice that was read in the ERP, and the parts of an application that it is. */
export type Standing = {
  readonly invoice: NumberedInvoice;
  readonly partner: string;
  readonly projectCode: string;
  readonly number: string;
  readonly parts: readonly StandingPart[];
  /** What it amounts to beyond what they bill. */
  readonly difference: string;
};

export type StandingPart = {
  readonly part: InvoicePart;
  readonly amount: Money;
  /** As we posted it once, where it lost its link since: what it moved is known. */
  readonly former: ApInvoiceBody | ArInvoiceBody | null;
};

type Wish = Pick<BillingWish, 'number' | 'part' | 'difference'>;

/**
 * Reads the invoice that a person named. Nobody's word is taken for it: it has to stand alone under its number, and by
 * how much it differs from what the application bills has to be said.
 */
export async function findStanding(
  engine: Engine,
  of: BillingCase,
  question: BillingQuestion,
  wish: Wish,
): Promise<Standing | Declined> {
  const number = wish.number?.trim() || (question.parts[0]?.number ?? '');
  if (number === '') return unnamed('Name the number that it bears in the ERP.');
  const { partner, projectCode } = await step(engine, of.hub.tenant, async (tx) => ({
    partner: await partnerOf(tx, of),
    projectCode: await projectOf(tx, of),
  }));
  if (partner === null || projectCode === null)
    return declined(
      409,
      'Not known yet',
      'Say first which vendor or customer, and which project, it is for.',
    );
  const invoice = await readInvoice(of, partner, number);
  if ('ok' in invoice) return invoice;
  const parts = partsOf(of, question, { ...wish, number }, invoice.id);
  const { currency } = of.record.body;
  const billed = sum(
    parts.map(({ amount }) => amount),
    currency,
  );
  const difference = subtract(parseMoney(invoice.amount, currency), billed);
  if (plain(wish.difference ?? '0') !== plain(formatMoney(difference)))
    return differs(invoice, billed, difference);
  return { invoice, partner, projectCode, number, parts, difference: formatMoney(difference) };
}

async function readInvoice(
  of: BillingCase,
  partner: string,
  number: string,
): Promise<NumberedInvoice | Declined> {
  const { name } = of.erp;
  const { currency } = of.record.body;
  const found = await postedNumbered(of, partner, number);
  if (found === null) return unnamed(`Invoices of ${name} cannot be looked up by their number from here.`);
  const [invoice, ...others] = found;
  const which = `number ${number} of ${partner} in ${name}`;
  if (invoice === undefined) return unnamed(`No posted invoice bears the ${which}.`);
  if (others.length > 0)
    return unnamed(`${found.length} posted invoices bear the ${which}: correct it there.`);
  if (invoice.currency !== currency)
    return unnamed(`Invoice ${invoice.number} is in ${invoice.currency}, the application in ${currency}.`);
  if (!fitsScale(parseDecimal(invoice.amount), exponentOf(currency)))
    return unnamed(`Invoice ${invoice.number} is of ${invoice.amount}, which has digits below the cent.`);
  return invoice;
}

/** The part that was named, else the one whose number it bears, else all that are due. */
function partsOf(
  { situation: { billing, posted }, documents }: BillingCase,
  question: BillingQuestion,
  { part: named, number }: Pick<Wish, 'part' | 'number'>,
  invoiceId: string,
): readonly StandingPart[] {
  const numbered = question.parts.filter((each) => each.number === number).map(({ part }) => part);
  const wanted = named === null ? numbered : [named];
  return dueOf(billing, posted)
    .filter(({ part }) => wanted.length === 0 || wanted.includes(part))
    .map(({ part, amount }) => {
      const { body } = documents.findLast((each) => each.part === part && each.targetId === invoiceId) ?? {};
      const isInvoice =
        (body?.kind === 'ap-invoice' && body.purpose !== 'direct-cost') || body?.kind === 'ar-invoice';
      if (!isInvoice) return { part, amount, former: null };
      return { part, amount: parseMoney(body.total, amount.currency), former: body };
    });
}

async function projectOf(tx: Tx, { erp, order, record: { body } }: BillingCase): Promise<string | null> {
  if (order !== null || body.object === 'sub-invoice') return order?.projectCode ?? null;
  const rows = await mappingsFor(tx, erp, body.projectId);
  return rows.find(({ kind, key }) => kind === 'project' && key === body.projectId)?.value.code ?? null;
}

/** One text per amount, however many zeros somebody typed. */
function plain(amount: string): string {
  const text = formatDecimal(parseDecimal(amount))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
  return text === '-0' ? '0' : text;
}

function unnamed(message: string): Declined {
  return { ...declined(422, 'Not found', message), fields: [{ field: 'number', message }] };
}

function differs({ number, amount }: NumberedInvoice, billed: Money, difference: Money): Declined {
  const there = moneyWords(parseMoney(amount, billed.currency));
  const message = `Invoice ${number} is of ${there}, the application bills ${moneyWords(billed)}: say that the difference of ${formatMoney(difference)} is right, or name another invoice.`;
  return { ...declined(422, 'Another amount', message), fields: [{ field: 'difference', message }] };
}
