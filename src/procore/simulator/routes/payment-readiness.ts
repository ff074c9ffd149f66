import type { Requisition } from '../billing/billing-records.ts';
import type { LienWaiver, ManualHold } from '../billing/payment-readiness-store.ts';
import { permittedProject } from '../http/auth.ts';
import { financeNotFound } from '../http/errors.ts';
import { assertParameters, requiredInteger } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { isoSeconds } from '../iso-seconds.ts';
import { assertServed } from '../served.ts';

const PROJECT = '/rest/v1.0/projects/:project_id';

/** What is known of whether one invoice may be paid. Both lists come whole: the catalogue gives them no pages. */
export const paymentReadinessRoutes: readonly Route[] = [
  { method: 'GET', pattern: `${PROJECT}/lien_waivers`, handle: listWaivers },
  { method: 'GET', pattern: `${PROJECT}/payment_readiness/manual_holds`, handle: listHolds },
];

function listWaivers(context: Context): Answer {
  const { world, query } = context;
  assertServed(world, 'lien_waivers');
  assertParameters(query, ['invoice_id']);
  const invoice = askedInvoice(context);
  const rows = [...world.readiness.waivers.values()].filter(({ invoice_id }) => invoice_id === invoice.id);
  return { status: 200, body: rows.map(waiverView) };
}

function listHolds(context: Context): Answer {
  const { world, query } = context;
  assertServed(world, 'manual_holds');
  assertParameters(query, ['invoice_id']);
  const invoice = askedInvoice(context);
  const vendorId = world.contracts.get(invoice.contract_id)?.vendor_id ?? null;
  // A hold on the vendor is one on each of its invoices (inferred).
  const rows = [...world.readiness.holds.values()].filter((hold) =>
    hold.hold_type === 'invoice'
      ? hold.invoice_id === invoice.id
      : hold.vendor_id === vendorId && hold.project_id === invoice.project_id,
  );
  return { status: 200, body: rows.map((hold) => holdView(context, hold)) };
}

function askedInvoice({ world, connection, params, query }: Context): Requisition {
  const project = permittedProject(world, connection, Number(params.project_id));
  const id = requiredInteger(query, 'invoice_id');
  const invoice = world.requisitions.get(id);
  if (invoice?.project_id !== project.id) throw financeNotFound('Requisition', id);
  return invoice;
}

/** Links to sign are empty for whoever is not a contact of the invoice, as a service account never is. */
function waiverView({ id, company_id, project_id, invoice_id, status, type }: LienWaiver) {
  return {
    id,
    company_id,
    project_id,
    invoice_id,
    status,
    type,
    locked: status === 'completed',
    last_unlock_request: null,
    unlocker: null,
    sign_url: '',
    iframe_sign_url: '',
    pdf_url: `https://storage.procore.example/lien_waivers/${id}.pdf`,
  };
}

function holdView({ world }: Context, hold: ManualHold) {
  const { created_at, updated_at, created_by_id, updated_by_id, ...rest } = hold;
  return {
    ...rest,
    created_by: world.users.get(created_by_id)?.name ?? '',
    created_at: isoSeconds(created_at),
    updated_by: world.users.get(updated_by_id)?.name ?? '',
    updated_at: isoSeconds(updated_at),
    visible_to_vendor: false,
    attachments: [],
  };
}
