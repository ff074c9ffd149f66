import { z } from 'zod';
import { insuranceFields } from '../directory/insurance-fields.ts';
import {
  announceInsurance,
  createInsurance,
  editInsurance,
  insuranceView,
} from '../directory/insurance-store.ts';
import { permittedProject } from '../http/auth.ts';
import { parsedBody } from '../http/body.ts';
import { notFound } from '../http/errors.ts';
import { assertParameters, paged, pagingParameters } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import type { Insurance, Vendor } from '../records.ts';
import { syncAnswer } from '../sync-engine.ts';
import { assertRowCount, submittedRows } from './vendors.ts';

const OF_COMPANY = '/rest/v1.0/companies/:company_id/vendors/:vendor_id/insurances';
const OF_PROJECT = '/rest/v1.0/projects/:project_id/vendors/:vendor_id/insurances';
const syncBody = z.strictObject({ updates: z.array(insuranceFields) });

/** Certificates of a vendor, in the directory of the company and in that of each project apart. */
export const insuranceRoutes: readonly Route[] = [
  { method: 'GET', pattern: OF_COMPANY, handle: listInsurances },
  { method: 'PATCH', pattern: `${OF_COMPANY}/sync`, handle: syncInsurances },
  { method: 'GET', pattern: OF_PROJECT, handle: listInsurances },
  { method: 'PATCH', pattern: `${OF_PROJECT}/sync`, handle: syncInsurances },
];

function listInsurances(context: Context): Answer {
  const projectId = projectOf(context);
  assertParameters(context.query, projectId === null ? pagingParameters : [...pagingParameters, 'view']);
  const vendor = vendorOf(context);
  const rows = [...context.world.insurances.values()].filter(
    (insurance) => insurance.vendor_id === vendor.id && insurance.project_id === projectId,
  );
  return paged(context, rows, insuranceView);
}

function syncInsurances(context: Context): Answer {
  const { world, company, actor } = context;
  const projectId = projectOf(context);
  assertParameters(context.query, []);
  assertRowCount(context.body);
  const body = parsedBody(syncBody, context.body);
  const vendor = vendorOf(context);
  const own = (id: number) => {
    const insurance = world.insurances.get(id);
    return insurance?.vendor_id === vendor.id && insurance.project_id === projectId ? insurance : undefined;
  };
  return syncAnswer(body.updates, submittedRows(context.body), {
    byId: own,
    byOriginId: (originId) => own(world.holderOf(company.id, 'insurance', originId) ?? -1),
    create: (update) => {
      const made = createInsurance(world, { vendor, projectId }, update);
      if ('item' in made) announceInsurance(world, 'create', made.item, actor);
      return made;
    },
    update: (insurance: Insurance, update) => {
      const errors = editInsurance(world, insurance, update);
      if (errors === null) announceInsurance(world, 'update', insurance, actor);
      return errors;
    },
    view: insuranceView,
  });
}

/** Null for the directory of the company. */
function projectOf({ world, connection, params }: Context): number | null {
  if (params.project_id === undefined) return null;
  return permittedProject(world, connection, Number(params.project_id)).id;
}

function vendorOf({ world, company, params }: Context): Vendor {
  const vendor = world.vendors.get(Number(params.vendor_id));
  if (vendor?.company_id !== company.id) throw notFound('Vendor not found');
  return vendor;
}
