import type { ApInvoiceBody, DirectInvoiceBody } from '../../domain/documents.ts';
import { withFields } from '../../domain/planning/document-fields.ts';
import { formatMoney, magnitude, parseMoney, subtract, sum } from '../../domain/values/money.ts';
import { billOf } from './bill.ts';
import { type Form, lineFacts } from './form.ts';
import { holdText } from './invoice-hold.ts';
import type { Invoice } from './wire.ts';

/**
 * An invoice in Ledgerline's words. It has a field for retainage, so what is withheld is no line, and its release is
 * a document of another type. Both carry the plain amount: which way it goes is in the type.
 */
export function invoiceOf(body: ApInvoiceBody) {
  const { application, currency, dueDate, paymentHold: hold } = body;
  const isWork = body.purpose === 'progress';
  const lines = body.lines.flatMap((line) => drawnLines(line, currency));
  const [retainage] = body.retainage.map(({ account, amount }) => {
    return { account, amount: formatMoney({ minor: magnitude(parseMoney(amount, currency)), currency }) };
  });
  return {
    type: isWork ? ('invoice' as const) : ('retainage-release' as const),
    revision: body.revision,
    order: body.orderId,
    vendor: body.vendorCode,
    currency,
    vendor_number: body.invoiceNumber,
    title: `${isWork ? 'Application' : 'Retainage of application'} ${application}`,
    date: body.accountingDate,
    invoice_date: body.documentDate,
    ...(dueDate === null ? {} : { due_date: dueDate }),
    ...(hold === null ? {} : { hold: holdText(hold) }),
    ...withFields(body.fields ?? {}),
    // Only work has lines: the field is unknown to a release.
    ...(isWork ? { lines } : {}),
    ...(retainage === undefined ? {} : { retainage }),
  };
}

/** A line for each delivery that is billed, and one on the order itself for what is beyond them. */
export function drawnLines(
  { key, orderLine, description, amount, received = [] }: ApInvoiceBody['lines'][number],
  currency: string,
) {
  const drawn = received.map((draw) => ({ delivery: draw.receipt, cost: parseMoney(draw.amount, currency) }));
  const onDeliveries = sum(
    drawn.map(({ cost }) => cost),
    currency,
  );
  const rest = subtract(parseMoney(amount, currency), onDeliveries);
  const onOrder = rest.minor === 0n && drawn.length > 0 ? [] : [{ cost: rest }];
  return [...drawn, ...onOrder].map(({ cost, ...on }, index) => ({
    // The first bears the key of the line in the source, the others one of their own.
    key: index === 0 ? key : `${key}#${index + 1}`,
    ...{ order_line: Number(orderLine), ...on, description, amount: formatMoney(cost) },
  }));
}

/** Whichever of our invoices it is, as it is sent. */
export function sentInvoice(body: ApInvoiceBody | DirectInvoiceBody) {
  return body.purpose === 'direct-cost' ? billOf(body) : invoiceOf(body);
}

export function formOfInvoiceBody(body: ApInvoiceBody | DirectInvoiceBody): Form {
  const sent = sentInvoice(body);
  const lines = 'lines' in sent ? sent.lines : [];
  return formOfInvoice({ retainage: null, ...sent, lines });
}

type Compared = Pick<
  Invoice,
  | 'type'
  | 'revision'
  | 'order'
  | 'vendor'
  | 'currency'
  | 'vendor_number'
  | 'date'
  | 'invoice_date'
  | 'retainage'
> & { readonly lines: readonly ComparedLine[] };

/** It draws on a line of the order, or bears an account and a project. */
type ComparedLine = Pick<Invoice['lines'][number], 'key' | 'description' | 'amount'> &
  Partial<Pick<Invoice['lines'][number], 'order_line' | 'delivery' | 'account' | 'project' | 'sub_job'>>;

/** Hold and due date are in no form: they belong to the people who pay. */
export function formOfInvoice({ lines, retainage, ...header }: Compared): Form {
  const { type, revision, order, vendor, currency, vendor_number, date, invoice_date } = header;
  const compared = lines.map(
    ({ key, order_line, delivery, account, project, sub_job, description, amount }, index) => ({
      key: key ?? `number ${index + 1}`,
      on:
        order_line == null
          ? `account ${account} of ${sub_job ?? project ?? 'no project'}`
          : `order line ${order_line}${delivery == null ? '' : ` by delivery ${delivery}`}`,
      description,
      amount: parseMoney(amount, currency),
    }),
  );
  return {
    ...{ type, revision: String(revision), vendor, currency, vendor_number, date, invoice_date },
    ...(order === null ? {} : { order }),
    ...(retainage === null ? {} : { retainage: `${retainage.amount} on ${retainage.account}` }),
    ...lineFacts(compared),
  };
}
