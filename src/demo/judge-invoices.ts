import { invoicesOf } from './billing.ts';
import type { Seen } from './seen.ts';
import type { TrueApplication, Truth } from './truth.ts';

/** Invoices beyond what an application comes to: a second one of a reference, or more than is due. */
export function findDuplicateInvoices({ procore, businessOne }: Truth): string[] {
  const references = new Set<string>();
  const found: string[] = [];
  for (const { entry, reference } of businessOne.invoices) {
    if (reference !== null && references.has(reference))
      found.push(`invoice ${entry} is a second one of ${reference}`);
    if (reference !== null) references.add(reference);
  }
  for (const application of procore.applications) {
    const { id, dueCents } = application;
    const invoiced = sumOf({ procore, businessOne }, application);
    if (invoiced > dueCents)
      found.push(`application ${id}: ${invoiced} cents are invoiced, ${dueCents} are due`);
  }
  return found;
}

/** Exported applications that are not invoiced to the cent, told back to Procore, and in front of nobody. */
export function findLostApplications(evidence: Truth & { readonly seen: Seen }): string[] {
  return evidence.procore.applications
    .filter(({ exported }) => exported)
    .filter((application) => !isVisible(evidence.seen, application))
    .flatMap((application) => {
      const { id, dueCents, originId } = application;
      const invoiced = sumOf(evidence, application);
      if (invoiced < dueCents) return `application ${id}: ${invoiced} of ${dueCents} cents are invoiced`;
      return originId === null ? `application ${id} is invoiced, and Procore was not told` : [];
    });
}

/** What was paid in the ERP has to show in Procore, and nothing else. */
export function findPaymentGap({ procore, businessOne }: Truth): string[] {
  const { paidCents: shown } = procore;
  const { paidCents: paid } = businessOne;
  return shown === paid ? [] : [`${paid} cents were paid in the ERP, Procore shows ${shown}`];
}

function sumOf(truth: Truth, application: TrueApplication): bigint {
  return invoicesOf(truth, application).reduce((sum, { totalCents }) => sum + totalCents, 0n);
}

function isVisible({ documents }: Seen, { id }: TrueApplication): boolean {
  return documents.some(
    ({ source, waitsFor, owner }) => source.id === id && waitsFor !== '' && owner !== null,
  );
}
