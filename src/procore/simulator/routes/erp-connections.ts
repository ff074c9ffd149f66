import { z } from 'zod';
import { connectErp } from '../costs/cost-code-store.ts';
import { parsedBody } from '../http/body.ts';
import { accessError, fieldErrors } from '../http/errors.ts';
import type { Answer, Context, Route } from '../http/router.ts';

const BASE = '/rest/v1.0/companies/:company_id/erp_connections';

const metadata = z.record(z.string(), z.unknown());
const connectionBody = z.strictObject({
  connection: z.strictObject({ service_url: z.url().max(2_000), metadata }),
});
const bareMetadata = z.strictObject({ settings: metadata });
const wrappedMetadata = z.strictObject({ metadata });

export const erpConnectionRoutes: readonly Route[] = [
  { method: 'POST', pattern: BASE, handle: createConnection },
  { method: 'PATCH', pattern: `${BASE}/metadata`, handle: updateMetadata },
];

function createConnection(context: Context): Answer {
  const { connection } = parsedBody(connectionBody, context.body);
  if (context.company.erp) throw fieldErrors(422, { base: ['The company already has an ERP connection'] });
  const list = connectErp(context.world, context.company, connection);
  return { status: 201, body: { id: context.company.id, standard_cost_code_list_id: list.id } };
}

/** The page of this call exists but not its body: the bare document and a wrapped one both pass. */
function updateMetadata(context: Context): Answer {
  const wrapped = 'metadata' in Object(context.body);
  const document = wrapped
    ? parsedBody(wrappedMetadata, context.body).metadata
    : parsedBody(bareMetadata, context.body);
  const { erp } = context.company;
  if (!erp) throw accessError(404, 'ERP connection not found');
  erp.metadata = document;
  return { status: 200, body: { id: context.company.id, metadata: erp.metadata } };
}
