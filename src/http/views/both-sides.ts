import type { z } from 'zod';
import { lineUnits } from '../../domain/planning/line-units.ts';
import type { FieldPair, LinePair } from '../schemas/documents.ts';
import type {
  InvoiceBody,
  OrderBody,
  SourceCommitment,
  SourcePayApplication,
  VendorLink,
} from './stored-json.ts';

type Field = z.infer<typeof FieldPair>;
type Line = z.infer<typeof LinePair>;

/** Source and target field by field. Codes of two systems cannot be equal, so their sameness is unknown. */
export function pairFields(source: SourceCommitment | null, target: OrderBody | null): Field[] {
  if (!source && !target) return [];
  return [
    compared('Number', source?.number, target?.number),
    compared('Title', source?.title, target?.title),
    translated('Project', source?.projectId, target?.projectCode),
    translated('Vendor', source?.vendorName ?? source?.vendorId, target?.vendorCode),
    translated('Date', source?.contractDate, target?.accountingDate),
    compared('Currency', source?.currency, target?.currency),
    comparedAmounts('Total', source?.total, target?.total),
    translated('Status', source?.status, undefined),
  ];
}

/** A change order beside its part of the order, and what the order comes to with it. */
export function pairChangeOrder(
  source: SourceCommitment | null,
  part: OrderBody | null,
  orderTotal: string | undefined,
): Field[] {
  return [
    translated('Number', source?.number, undefined),
    translated('Title', source?.title, undefined),
    translated('Order', undefined, part?.number),
    translated('Project', source?.projectId, part?.projectCode),
    translated('Vendor', undefined, part?.vendorCode),
    compared('Currency', source?.currency, part?.currency),
    comparedAmounts('Total', source?.total, part?.total),
    translated('Order total', undefined, orderTotal),
    translated('Status', source?.status, undefined),
  ];
}

/** The vendor of each side that a vendor link makes one. */
export function pairVendor(link: VendorLink): Field[] {
  return [
    translated('Vendor', link.vendorName, link.originCode),
    translated('Id', link.vendorId, link.originId),
  ];
}

/** Lines of both sides joined by the source line's id; a line that only the target plan has comes last. */
export function pairLines(
  source: SourceCommitment | null,
  target: OrderBody | null,
  lineKeys: Readonly<Record<string, string>>,
): Line[] {
  const planned = new Map((target?.lines ?? []).map((line) => [line.key, line]));
  const known = new Set((source?.lines ?? []).map((line) => line.id));
  const paired = (source?.lines ?? []).map((line) => {
    const other = planned.get(line.id);
    return {
      key: line.id,
      description: line.description,
      costCode: [line.costCode?.code, line.costType?.code].filter(Boolean).join(' '),
      coding: other ? codingWords(other) : null,
      sourceAmount: line.amount,
      targetAmount: other?.amount ?? null,
      targetLine: lineKeys[line.id] ?? null,
      ...unitsOf(line),
    };
  });
  const added = (target?.lines ?? [])
    .filter((line) => !known.has(line.key))
    .map((line) => ({
      key: line.key,
      description: line.description,
      costCode: [line.costCode, line.costType].filter(Boolean).join(' '),
      coding: codingWords(line),
      // The source has no such line any more, which in money is nothing.
      sourceAmount: '0.00',
      targetAmount: line.amount,
      targetLine: lineKeys[line.key] ?? null,
    }));
  return [...paired, ...added];
}

function unitsOf(line: SourceCommitment['lines'][number]) {
  const { quantity = null, unitPrice = null, unit = null } = line;
  const units = lineUnits({ quantity, unitPrice, unit, amount: line.amount });
  return units === null ? {} : { units };
}

function codingWords({ coding, subJob }: OrderBody['lines'][number]): string {
  const account = `${coding.kind} ${coding.code}`;
  return subJob === undefined ? account : `${account}, sub job ${subJob}`;
}

/** A pay application beside the invoice that it becomes, in accounts payable or to pay its retainage out. */
export function pairInvoice(source: SourcePayApplication | null, target: InvoiceBody): Field[] {
  const isRelease = target.purpose === 'retainage-release';
  return [
    translated('Number', source?.invoiceNumber, target.invoiceNumber),
    translated('Application', source && String(source.application), undefined),
    translated('Project', source?.projectId, target.projectCode),
    translated('Vendor', source?.vendorName ?? source?.vendorId, target.vendorCode),
    translated('Order', undefined, target.orderId),
    translated('Date', source?.periodEnd, target.accountingDate),
    translated('Due', source?.paymentDueDate, target.dueDate ?? undefined),
    compared('Currency', source?.currency, target.currency),
    translated(isRelease ? 'Retainage paid out' : 'Due now', source?.currentDue, target.total),
    translated('Retainage held', source?.retainageHeld, undefined),
    translated('Payment hold', undefined, target.paymentHold ?? undefined),
    translated('Status', source?.status, undefined),
  ];
}

/** Its lines, joined as those of an order are: what is billed in the period beside what is invoiced. */
export function pairInvoiceLines(
  source: SourcePayApplication | null,
  target: InvoiceBody,
  lineKeys: Readonly<Record<string, string>>,
): Line[] {
  const billed = new Map((source?.lines ?? []).map((line) => [line.id, line]));
  const work = target.lines.map(({ key, description, amount, coding, received }) => {
    const line = billed.get(key);
    return {
      key,
      description,
      costCode: [line?.costCode?.code, line?.costType?.code].filter(Boolean).join(' '),
      coding: `${coding.kind} ${coding.code}`,
      sourceAmount: line?.thisPeriod ?? '0.00',
      targetAmount: amount,
      targetLine: lineKeys[key] ?? null,
      drawnOn: received?.map(({ number, amount: part }) => ({ receipt: number, amount: part })),
    };
  });
  const retainage = target.retainage.map(({ key, description, amount, account }) => ({
    key,
    description,
    costCode: '',
    coding: `account ${account}`,
    sourceAmount: amount,
    targetAmount: amount,
    targetLine: lineKeys[key] ?? null,
  }));
  return [...work, ...retainage];
}

function compared(field: string, source: string | undefined, target: string | undefined): Field {
  const same = source === undefined || target === undefined ? null : source === target;
  return { field, source: source ?? null, target: target ?? null, same };
}

function comparedAmounts(field: string, source: string | undefined, target: string | undefined): Field {
  const same = source === undefined || target === undefined ? null : plain(source) === plain(target);
  return { field, source: source ?? null, target: target ?? null, same };
}

function translated(field: string, source: string | null | undefined, target: string | undefined): Field {
  return { field, source: source ?? null, target: target ?? null, same: null };
}

// 10.5 and 10.50 are one amount; trailing zeros after the point carry no money.
function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
