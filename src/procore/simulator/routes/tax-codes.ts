import { z } from 'zod';
import { createTaxCode, editTaxCode, taxCodeRow, taxCodeView } from '../costs/tax-code-store.ts';
import { assertSameCompany } from '../http/auth.ts';
import { idField, parsedBody } from '../http/body.ts';
import { assertParameters, paged, pagingParameters, requiredInteger } from '../http/query.ts';
import type { Answer, Context, Route } from '../http/router.ts';
import { syncAnswer } from '../sync-engine.ts';
import { assertRowCount, submittedRows } from './vendors.ts';

const syncBody = z.strictObject({ company_id: idField, updates: z.array(taxCodeRow) });

export const taxCodeRoutes: readonly Route[] = [
  { method: 'GET', pattern: '/rest/v1.0/tax_codes', handle: listTaxCodes },
  { method: 'PATCH', pattern: '/rest/v1.0/tax_codes/sync', handle: syncTaxCodes },
];

function listTaxCodes(context: Context): Answer {
  assertParameters(context.query, [...pagingParameters, 'company_id']);
  requiredInteger(context.query, 'company_id');
  const rows = [...context.world.taxCodes.values()].filter(
    ({ company_id }) => company_id === context.company.id,
  );
  return paged(context, rows, taxCodeView);
}

function syncTaxCodes(context: Context): Answer {
  const { world, company } = context;
  assertParameters(context.query, []);
  assertRowCount(context.body);
  const body = parsedBody(syncBody, context.body);
  assertSameCompany(company.id, body.company_id);
  const own = (id: number) => {
    const taxCode = world.taxCodes.get(id);
    return taxCode?.company_id === company.id ? taxCode : undefined;
  };
  return syncAnswer(body.updates, submittedRows(context.body), {
    byId: own,
    byOriginId: (originId) => own(world.holderOf(company.id, 'tax_code', originId) ?? -1),
    create: (row) => createTaxCode(world, company.id, row),
    update: (taxCode, row) => editTaxCode(world, taxCode, row),
    view: taxCodeView,
  });
}
