import type { PurchaseOrderBody, PurchaseOrderLine } from './documents.ts';

/** What somebody approved, kept so that a later question can say what became of it. */
export type Shown = { readonly body: PurchaseOrderBody; readonly policyVersion: number };

export type Change = { readonly label: string; readonly value: string };

/** What is asked now and was not approved then, in words; empty where the same is asked again. */
export function changedSince(before: Shown, now: Shown): Change[] {
  const changes: Change[] = [];
  const compare = (label: string, was: string, is: string) => {
    if (was !== is) changes.push({ label, value: `${was} before, ${is} now` });
  };
  const [a, b] = [before.body, now.body];
  compare('Number', a.number, b.number);
  compare('Title', a.title, b.title);
  compare('Vendor in the ERP', a.vendorCode, b.vendorCode);
  compare('Project in the ERP', a.projectCode, b.projectCode);
  compare('Accounting date', a.accountingDate, b.accountingDate);
  compare('Total', `${a.total} ${a.currency}`, `${b.total} ${b.currency}`);
  const lines = new Map(b.lines.map((line) => [line.key, line]));
  for (const line of a.lines) {
    const next = lines.get(line.key);
    lines.delete(line.key);
    compare(labelOf(line), inWords(line), next === undefined ? 'gone' : inWords(next));
  }
  for (const line of lines.values()) compare(labelOf(line), 'not there', inWords(line));
  compare('Policy', `version ${before.policyVersion}`, `version ${now.policyVersion}`);
  return changes;
}

function labelOf({ costCode, costType }: PurchaseOrderLine): string {
  return `Line ${costCode} ${costType}`.trim();
}

function inWords({ amount, coding, description }: PurchaseOrderLine): string {
  return `${amount} to ${coding.kind} ${coding.code} (${description})`;
}
