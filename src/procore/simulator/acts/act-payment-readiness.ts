import { z } from 'zod';
import type { ComplianceDocument, ContractCompliance } from '../billing/payment-readiness-store.ts';
import { insuranceFields } from '../directory/insurance-fields.ts';
import { announceInsurance, createInsurance, editInsurance } from '../directory/insurance-store.ts';
import { idField, textField } from '../http/body.ts';
import { fieldErrors } from '../http/errors.ts';
import type { Actor, Insurance } from '../records.ts';
import type { World } from '../state.ts';

const as = idField;
const requisition_id = idField;
const verdict = z.enum(['compliant', 'not_compliant', 'not_required']);

export const readinessActs = [
  /** Adds a certificate to the directory of the company or of a project, or changes one. */
  z.strictObject({
    as,
    action: z.literal('set_insurance'),
    vendor_id: idField,
    project_id: idField.optional(),
    insurance_id: idField.optional(),
    fields: insuranceFields.omit({ id: true, origin_id: true, origin_data: true }),
  }),
  z.strictObject({
    as,
    action: z.literal('set_contract_compliance'),
    contract_id: idField,
    compliance_status: verdict.optional(),
    compliance_notes: z.string().optional(),
    insurance_status: verdict.optional(),
    insurance_notes: z.string().optional(),
  }),
  z.strictObject({
    as,
    action: z.literal('set_compliance_document'),
    contract_id: idField.optional(),
    requisition_id: idField.optional(),
    document_id: idField.optional(),
    name: z.string().optional(),
    type: z.string().optional(),
    status: z.string().optional(),
    notes: z.string().optional(),
    effective_at: z.iso.date().nullable().optional(),
    expires_at: z.iso.date().nullable().optional(),
  }),
  z.strictObject({
    as,
    action: z.literal('request_lien_waiver'),
    requisition_id,
    type: z.enum([
      'conditional_progress',
      'unconditional_progress',
      'conditional_final',
      'unconditional_final',
    ]),
  }),
  z.strictObject({ as, action: z.literal('sign_lien_waiver'), lien_waiver_id: idField }),
  z.strictObject({
    as,
    action: z.literal('hold_payment'),
    requisition_id,
    /** Everything that the vendor of the invoice bills on its project. */
    whole_vendor: z.boolean().default(false),
    description: textField.transform((text) => text ?? ''),
  }),
  z.strictObject({ as, action: z.literal('release_payment_hold'), manual_hold_id: idField }),
] as const;

export type ReadinessAct = z.output<(typeof readinessActs)[number]>;
type ActOf<A extends ReadinessAct['action']> = Extract<ReadinessAct, { action: A }>;
type Made = Record<string, unknown>;

export const isReadinessAct = (act: { action: string }): act is ReadinessAct =>
  readinessActs.some(({ shape }) => shape.action.value === act.action);

/** Plays what people do with certificates, papers, waivers and holds. */
export function performReadiness(world: World, act: ReadinessAct, actor: Actor): Made {
  switch (act.action) {
    case 'set_insurance':
      return setInsurance(world, act, actor);
    case 'set_contract_compliance':
      return setCompliance(world, act, actor);
    case 'set_compliance_document':
      return setDocument(world, act, actor);
    case 'request_lien_waiver': {
      const { id, company_id, project_id } = found(world.requisitions, act.requisition_id);
      const waiver = {
        id: world.nextId(),
        company_id,
        project_id,
        invoice_id: id,
        status: 'awaiting_signature',
        type: act.type,
      } as const;
      world.readiness.waivers.set(waiver.id, waiver);
      return { lien_waiver_id: waiver.id };
    }
    case 'sign_lien_waiver':
      found(world.readiness.waivers, act.lien_waiver_id).status = 'completed';
      return { lien_waiver_id: act.lien_waiver_id };
    case 'hold_payment':
      return holdPayment(world, act, actor);
    case 'release_payment_hold': {
      const hold = found(world.readiness.holds, act.manual_hold_id);
      Object.assign(hold, {
        status: 'released',
        updated_by_id: actor.user_id,
        updated_at: world.clock.now(),
      });
      return { manual_hold_id: hold.id };
    }
  }
}

/** What an integration filled in people only read. */
const READ_ONLY = [
  'policy_number',
  'insurance_type',
  'effective_date',
  'expiration_date',
  'limit',
  'name',
] as const;

function setInsurance(world: World, act: ActOf<'set_insurance'>, actor: Actor): Made {
  const vendor = found(world.vendors, act.vendor_id);
  const projectId = act.project_id === undefined ? null : found(world.projects, act.project_id).id;
  if (act.insurance_id === undefined) {
    const made = createInsurance(world, { vendor, projectId }, act.fields);
    if ('errors' in made) throw fieldErrors(422, made.errors);
    announceInsurance(world, 'create', made.item, actor);
    return { insurance_id: made.item.id };
  }
  const insurance: Insurance = found(world.insurances, act.insurance_id);
  const locked = READ_ONLY.filter((name) => name in act.fields);
  if (insurance.origin_id !== null && locked.length > 0)
    throw fieldErrors(422, { base: [`${locked.join(', ')} cannot be edited: synced with ERP`] });
  editInsurance(world, insurance, act.fields);
  announceInsurance(world, 'update', insurance, actor);
  return { insurance_id: insurance.id };
}

function setCompliance(world: World, act: ActOf<'set_contract_compliance'>, actor: Actor): Made {
  const { as: _as, action: _action, contract_id, ...given } = act;
  found(world.contracts, contract_id);
  const before: ContractCompliance = world.readiness.compliance.get(contract_id) ?? {
    updated_at: 0,
    updated_by_id: 0,
    compliance_status: 'not_required',
    compliance_notes: '',
    insurance_status: 'not_required',
    insurance_notes: '',
  };
  const stamps = { updated_at: world.clock.now(), updated_by_id: actor.user_id };
  world.readiness.compliance.set(contract_id, { ...before, ...present(given), ...stamps });
  return { contract_id };
}

function setDocument(world: World, act: ActOf<'set_compliance_document'>, actor: Actor): Made {
  const { as: _as, action: _action, contract_id, requisition_id, document_id, ...given } = act;
  const stamps = { updated_at: world.clock.now(), updated_by_id: actor.user_id };
  if (document_id !== undefined) {
    Object.assign(found(world.readiness.documents, document_id), present(given), stamps);
    return { document_id };
  }
  if ((contract_id === undefined) === (requisition_id === undefined))
    throw fieldErrors(422, { base: ['belongs to a contract or to an invoice'] });
  const owner: ComplianceDocument['owner'] =
    contract_id !== undefined
      ? { kind: 'contract', id: found(world.contracts, contract_id).id }
      : { kind: 'invoice', id: found(world.requisitions, requisition_id ?? 0).id };
  const document: ComplianceDocument = {
    id: world.nextId(),
    owner,
    name: '',
    type: '',
    status: 'not_compliant',
    notes: '',
    effective_at: null,
    expires_at: null,
    created_by_id: actor.user_id,
    created_at: stamps.updated_at,
    ...stamps,
    ...present(given),
  };
  world.readiness.documents.set(document.id, document);
  return { document_id: document.id };
}

function holdPayment(world: World, act: ActOf<'hold_payment'>, actor: Actor): Made {
  const invoice = found(world.requisitions, act.requisition_id);
  const vendorId = found(world.contracts, invoice.contract_id).vendor_id;
  const id = world.nextId();
  world.readiness.holds.set(id, {
    id,
    company_id: invoice.company_id,
    project_id: invoice.project_id,
    invoice_id: act.whole_vendor ? null : invoice.id,
    vendor_id: act.whole_vendor ? vendorId : null,
    hold_type: act.whole_vendor ? 'vendor' : 'invoice',
    status: 'applied',
    description: act.description,
    created_by_id: actor.user_id,
    updated_by_id: actor.user_id,
    ...world.stamps(),
  });
  return { manual_hold_id: id };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(given: T): Present<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Present<T>;
}

function found<T>(map: ReadonlyMap<number, T>, id: number): T {
  const record = map.get(id);
  if (!record) throw fieldErrors(422, { id: [`${id} is unknown`] });
  return record;
}
