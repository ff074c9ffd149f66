import { z } from 'zod';
import type { FieldPair, LinePair } from '../schemas/documents.ts';

type Field = z.infer<typeof FieldPair>;
type Line = z.infer<typeof LinePair>;

const text = z.string().nullable().catch(null);
const Coding = z.object({ kind: z.string(), code: z.string() });
const Common = z.object({
  invoiceNumber: z.string(),
  currency: z.string(),
  accountingDate: z.string(),
  total: z.string(),
});
const Row = z.object({ key: z.string(), description: z.string(), amount: z.string() });

const DirectInvoice = Common.extend({
  kind: z.literal('ap-invoice'),
  purpose: z.literal('direct-cost'),
  vendorCode: z.string(),
  lines: z.array(
    Row.extend({
      coding: Coding,
      projectCode: z.string(),
      costCode: z.string(),
      costType: z.string(),
      subJob: z.string().optional(),
    }),
  ),
});
const ArInvoice = Common.extend({
  kind: z.literal('ar-invoice'),
  purpose: z.string(),
  customerCode: z.string(),
  projectCode: z.string(),
  lines: z.array(Row.extend({ account: z.string() })),
  retainage: z.array(Row.extend({ account: z.string() })),
});
type Bill = z.infer<typeof DirectInvoice> | z.infer<typeof ArInvoice>;

/** A planned invoice without an order or to an owner; null for every other kind of document. */
export function billOf(stored: unknown): Bill | null {
  return DirectInvoice.safeParse(stored).data ?? ArInvoice.safeParse(stored).data ?? null;
}

const Source = z.object({
  invoiceNumber: text,
  status: text,
  vendorName: text,
  ownerName: text,
  total: text,
  currentDue: text,
  lines: z
    .array(z.object({ id: z.string(), amount: text, bills: text, billedLineId: text, thisPeriod: text }))
    .catch([]),
});

/** Such an invoice beside the record that it comes from, field by field and line by line. */
export function pairBill(
  bill: Bill,
  stored: unknown,
  lineKeys: Readonly<Record<string, string>>,
): { readonly fields: Field[]; readonly lines: Line[] } {
  const source = Source.safeParse(stored).data;
  const pair = (field: string, from: string | null | undefined, to: string | null): Field => {
    return { field, source: from ?? null, target: to, same: null };
  };
  const isOwner = bill.kind === 'ar-invoice';
  return {
    fields: [
      pair('Number', source?.invoiceNumber, bill.invoiceNumber),
      isOwner
        ? pair('Customer', source?.ownerName, bill.customerCode)
        : pair('Vendor', source?.vendorName, bill.vendorCode),
      ...(isOwner ? [pair('Project', null, bill.projectCode)] : []),
      pair('Date', null, bill.accountingDate),
      pair('Currency', null, bill.currency),
      isOwner ? pair('Due now', source?.currentDue, bill.total) : pair('Total', source?.total, bill.total),
      pair('Status', source?.status, null),
    ],
    lines: isOwner ? ownerLines(bill, source, lineKeys) : directLines(bill, source, lineKeys),
  };
}

function directLines(
  { lines }: z.infer<typeof DirectInvoice>,
  source: z.infer<typeof Source> | undefined,
  lineKeys: Readonly<Record<string, string>>,
): Line[] {
  return lines.map(({ key, description, amount, coding, projectCode, costCode, costType, subJob }) => ({
    key,
    description,
    costCode: [costCode, costType].filter(Boolean).join(' '),
    coding: `${coding.kind} ${coding.code}, project ${projectCode}${subJob === undefined ? '' : `, sub job ${subJob}`}`,
    sourceAmount: source?.lines.find(({ id }) => id === key)?.amount ?? '0.00',
    targetAmount: amount,
    targetLine: lineKeys[key] ?? null,
  }));
}

function ownerLines(
  { lines, retainage }: z.infer<typeof ArInvoice>,
  source: z.infer<typeof Source> | undefined,
  lineKeys: Readonly<Record<string, string>>,
): Line[] {
  const row = ({ key, description, amount, account }: (typeof lines)[number], sourceAmount: string): Line => {
    const targetLine = lineKeys[key] ?? null;
    return {
      key,
      description,
      costCode: '',
      coding: `account ${account}`,
      sourceAmount,
      targetAmount: amount,
      targetLine,
    };
  };
  const billed = (key: string) =>
    source?.lines.find(({ bills, billedLineId }) => `${bills}:${billedLineId}` === key)?.thisPeriod ?? '0.00';
  return [
    ...lines.map((line) => row(line, billed(line.key))),
    ...retainage.map((line) => row(line, line.amount)),
  ];
}
