import type { z } from 'zod';
import type { Pulled } from '../../connectors/connector.ts';
import type { ReadinessAspect, ReadinessFacts } from '../../domain/payments/payment-readiness.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { parseJson } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import type { PaymentReadinessRef } from '../hub.ts';
import { parsed } from '../wire.ts';
import { complianceOf, insuranceOf, manualHoldOf, paperOf, waiverOf } from './payment-readiness.ts';
import {
  contractCompliance,
  insuranceRow,
  invoicePapers,
  lienWaivers,
  manualHolds,
} from './payment-readiness-wire.ts';

/**
 * What Procore tells of whether a pay application may be paid: one call for each aspect that is asked for. Not every
 * company has each of these routes, or lets the service account at them: what is hidden is named, and stops nothing.
 */
export async function fetchPaymentReadiness(
  reading: Reading,
  ref: PaymentReadinessRef,
  aspects: readonly ReadinessAspect[],
): Promise<Pulled> {
  const facts: { [A in ReadinessAspect]?: ReadinessFacts[A] } = {};
  const hidden: { [A in ReadinessAspect]?: string } = {};
  const raws: string[] = [];
  for (const aspect of aspects) {
    const path = PATHS[aspect](ref, reading);
    if (path === null) continue;
    const answer = await look(reading, path);
    if ('hidden' in answer) hidden[aspect] = answer.hidden;
    else {
      Object.assign(facts, { [aspect]: FACTS[aspect](answer.raw, ref) });
      raws.push(`"${aspect}":${answer.raw}`);
    }
  }
  const { id, projectId } = ref;
  return {
    record: { object: 'payment-readiness', id, projectId, hidden, ...facts },
    raw: `{${raws.join(',')}}`,
  };
}

async function look({ client }: Reading, path: string): Promise<{ raw: string } | { hidden: string }> {
  try {
    const response = await client.read({ method: 'GET', path });
    return response.status === 404
      ? { hidden: 'Procore has it not for this company' }
      : { raw: response.body };
  } catch (error) {
    // Credentials that are refused altogether were noticed before: the application itself was read with them.
    if (error instanceof Stop && error.kind === 'unauthorised')
      return { hidden: 'Procore does not show it to the service account' };
    throw error;
  }
}

/** Where each aspect is read; null where there is nothing to ask about. */
const PATHS: {
  readonly [A in ReadinessAspect]: (ref: PaymentReadinessRef, reading: Reading) => string | null;
} = {
  manualHolds: ({ id, projectId }) =>
    `${ofProject(projectId)}/payment_readiness/manual_holds?invoice_id=${id}`,
  compliance: ({ projectId, commitmentId, commitmentType }) => {
    const kind = commitmentType === 'subcontract' ? 'work_order_contracts' : 'purchase_order_contracts';
    return `${ofProject(projectId)}/${kind}/${encodeURIComponent(commitmentId)}/compliance`;
  },
  papers: ({ id, projectId }, { config }) =>
    `/rest/v2.0/companies/${config.companyId}/projects/${encodeURIComponent(projectId)}/compliance/invoices/${encodeURIComponent(id)}/documents?per_page=${MOST_ROWS}`,
  insurances: ({ vendorId }, { config }) =>
    vendorId === null
      ? null
      : `/rest/v1.0/companies/${config.companyId}/vendors/${encodeURIComponent(vendorId)}/insurances?per_page=${MOST_ROWS}`,
  waivers: ({ id, projectId }) => `${ofProject(projectId)}/lien_waivers?invoice_id=${id}`,
  waiversBefore: ({ previousId, projectId }) =>
    previousId === null ? null : `${ofProject(projectId)}/lien_waivers?invoice_id=${previousId}`,
};

// More certificates than any vendor has; Procore advises at most 2,000 rows a page.
const MOST_ROWS = 1_000;

const FACTS: {
  readonly [A in ReadinessAspect]: (raw: string, ref: PaymentReadinessRef) => ReadinessFacts[A];
} = {
  manualHolds: (raw) =>
    readAs(manualHolds, raw, 'the list of manual holds')
      // Any other word than released keeps the money back.
      .filter(({ status }) => status.toLowerCase() !== 'released')
      .map(manualHoldOf)
      .sort(byId),
  compliance: (raw, { commitmentId }) =>
    complianceOf(readAs(contractCompliance, raw, `the compliance of contract ${commitmentId}`)),
  papers: (raw) =>
    readAs(invoicePapers, raw, 'the compliance documents of an invoice').data.map(paperOf).sort(byId),
  insurances: (raw) =>
    readAs(insuranceRow.array().max(MOST_ROWS), raw, 'the insurances of a vendor')
      .map(insuranceOf)
      .sort(byId),
  waivers: (raw) => readAs(lienWaivers, raw, 'the list of lien waivers').map(waiverOf).sort(byId),
  waiversBefore: (raw) => readAs(lienWaivers, raw, 'the list of lien waivers').map(waiverOf).sort(byId),
};

function readAs<Schema extends z.ZodType>(schema: Schema, raw: string, what: string): z.output<Schema> {
  return parsed(schema, parseJson(raw), what);
}

/** Procore promises no order: the same facts are one version of the record. */
function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function ofProject(projectId: string): string {
  return `/rest/v1.0/projects/${encodeURIComponent(projectId)}`;
}
