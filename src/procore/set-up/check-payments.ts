import type { CheckFinding } from '../../connectors/connector.ts';
import type { PaymentReadinessRecord, ReadinessAspect } from '../../domain/payments/payment-readiness.ts';
import { fetchPaymentReadiness } from '../billing/payment-readiness-reads.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { commitmentTypeOf } from '../commitments/commitments.ts';
import { asTree, textOf } from '../http/errors.ts';

const ASPECTS: readonly ReadinessAspect[] = ['manualHolds', 'compliance', 'papers', 'insurances', 'waivers'];
const WORDS: Readonly<Partial<Record<ReadinessAspect, string>>> = {
  manualHolds: 'manual holds',
  compliance: 'compliance of contracts',
  papers: 'compliance documents of invoices',
  insurances: 'insurances of vendors',
  waivers: 'lien waivers',
};
const SUBJECT = 'what holds payments';
// One application is enough: these routes are a company's, and not a project's.
const MAX_PROJECTS_ASKED = 10;

/** What of a payment's holds Procore shows. What it does not show is no fault: it is told here once. */
export async function checkPayments(
  reading: Reading,
  projects: readonly { readonly id: string }[],
): Promise<CheckFinding> {
  for (const { id: projectId } of projects.slice(0, MAX_PROJECTS_ASKED)) {
    const ref = await anyApplication(reading, projectId);
    if (ref === null) continue;
    const { record } = await fetchPaymentReadiness(reading, ref, ASPECTS);
    const { hidden } = record as PaymentReadinessRecord;
    const [known, unknown] = [
      ASPECTS.filter((each) => !(each in hidden)),
      ASPECTS.filter((each) => each in hidden),
    ];
    const words = (aspects: readonly ReadinessAspect[]) => aspects.map((each) => WORDS[each]).join(', ');
    if (unknown.length === 0) return { subject: SUBJECT, ok: true, message: `${words(known)} can be read` };
    const seen = known.length === 0 ? '' : `; ${words(known)} can be read`;
    return {
      subject: SUBJECT,
      ok: true,
      message: `Not known, and holding no payment unless the policy says so: ${words(unknown)} (${hidden[unknown[0]!]})${seen}.`,
    };
  }
  return {
    subject: SUBJECT,
    ok: true,
    message: 'Which holds, papers and insurances Procore shows is seen at the first pay application.',
  };
}

async function anyApplication({ client }: Reading, projectId: string) {
  const query = new URLSearchParams({ project_id: projectId, per_page: '1' });
  const found = await client.find(`/rest/v1.1/requisitions?${query}`);
  const row = Array.isArray(found?.value) ? asTree(found.value[0]) : null;
  const [id, commitmentId] = [textOf(row?.id), textOf(row?.commitment_id)];
  if (id === null || commitmentId === null) return null;
  return {
    id,
    projectId,
    previousId: null,
    commitmentId,
    commitmentType: commitmentTypeOf(textOf(row?.commitment_type) ?? '') ?? 'subcontract',
    vendorId: textOf(row?.vendor_id),
  } as const;
}
