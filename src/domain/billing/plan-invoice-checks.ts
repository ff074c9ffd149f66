import type { Findings } from '../planning/plan-findings.ts';
import { type Reason, waitKeys } from '../reasons.ts';
import type { PayApplication } from '../records.ts';
import type { InvoicePlanInput } from './plan-invoice-input.ts';
import { asReason, type SheetFinding } from './sub-invoice-findings.ts';
import type { SequenceProblem } from './sub-invoice-sequence.ts';

/** Causes that nothing but a person's decision ends. */
const CONFLICTS: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'application-out-of-order',
  'application-reopened',
  'billing-reduced',
  'negative-invoice',
  'vendor-changed',
]);

export function isConflict({ code }: Reason): boolean {
  return CONFLICTS.has(code);
}

type ApplicationFacts = Pick<InvoicePlanInput, 'posted' | 'originMayBeOurs'> & {
  readonly record: PayApplication;
};

export function checkApplication(
  { record, posted, originMayBeOurs }: ApplicationFacts,
  found: Findings,
): void {
  if (!record.approved)
    found.wait('source', record.id, {
      code: 'not-approved',
      owner: 'project-manager',
      message: `The invoice is "${record.status}" in Procore, not approved.`,
      remedy: 'Approve it in Procore; it is looked at again by itself.',
    });
  const isOurs = originMayBeOurs || posted.some(({ recordId }) => recordId === record.id);
  if (record.originId !== null && !isOurs)
    found.wait('source', record.id, {
      code: 'foreign-origin',
      owner: 'engineer',
      message: `Procore says that it is synced already, as "${record.originId}", which was not posted from here.`,
      remedy:
        'Restore the database that posted it, or say in Review which invoice of the ERP it is. If none stands there, unlink it in Procore and export it again.',
    });
}

export function checkOrder(
  { record, order, whyNotOrdered }: InvoicePlanInput,
  vendorCode: string | null,
  found: Findings,
): void {
  if (order === null) {
    found.wait(
      'order',
      waitKeys.order(record.commitmentId),
      whyNotOrdered ?? {
        code: 'order-missing',
        owner: 'accountant',
        message: 'Its order does not stand in the ERP yet.',
        remedy: 'Export the commitment; the invoice goes by itself once the order is posted.',
      },
    );
  } else if (vendorCode !== null && vendorCode !== order.vendorCode) {
    found.reason({
      code: 'vendor-changed',
      owner: 'accountant',
      field: 'vendor',
      message: `It is billed by vendor ${vendorCode}; its order is with ${order.vendorCode}.`,
      remedy: 'Correct the contract company in Procore, or the vendor that it is linked to.',
    });
  }
}

/** The other currency that the order, or what was posted on it, is in. Amounts of two are never compared. */
export function otherCurrency({ record, order, posted }: InvoicePlanInput): string | null {
  const others = [...(order === null ? [] : [order.currency]), ...posted.map(({ body }) => body.currency)];
  return others.find((currency) => currency !== record.currency) ?? null;
}

export function checkCurrency(input: InvoicePlanInput, found: Findings): void {
  const { record } = input;
  const other = otherCurrency(input);
  if (other === null) return;
  found.wait('source', record.id, {
    code: 'currency-mismatch',
    owner: 'accountant',
    field: 'currency',
    message: `The invoice is in ${record.currency}; its order and what was posted on it are in ${other}.`,
    remedy: 'Correct the currency in Procore. An order keeps its currency.',
  });
}

export function reportFigures(
  { recordId, contract }: { readonly recordId: string; readonly contract: string },
  findings: readonly SheetFinding[],
  problem: SequenceProblem | null,
  found: Findings,
): void {
  for (const finding of findings) if (finding.stops) found.wait('source', recordId, asReason(finding));
  if (problem !== null)
    found.wait('billing', waitKeys.billing(contract), { ...problem, owner: 'accountant' });
}
