import { contentHash } from '../domain/canonical.ts';
import type { Operation } from '../domain/documents.ts';
import type { Outcome } from '../domain/outcomes.ts';
import type { Read, WireResponse, Write } from '../domain/writes.ts';
import type { ProcoreConfig } from './config.ts';
import { classifyPlain } from './outcomes.ts';
import { readList } from './paging.ts';
import { codingRow, parsed } from './wire.ts';

type Removal = Extract<Operation, { kind: 'remove-assignment' }>;

/** What a request for a removal names by the ids of the ERP, as people know it in Procore. */
export type NamedCoding = { readonly costCode: string | null; readonly costType: string | null };

/** Takes a cost type off a cost code. The row of cost that bears both goes first: without it nothing shows there. */
export function removalWrites({ assignmentId, jobCostId }: Removal): Write[] {
  const rows = jobCostId === null ? [] : [deletion('delete-job-cost', 'erp_job_costs', jobCostId)];
  return [...rows, deletion('delete-assignment', 'cost_codes_line_item_types', assignmentId)];
}

/** No read shows either by its id. What is gone already was taken away, perhaps by a request whose answer was lost. */
function deletion(name: string, route: string, id: string): Write {
  return {
    name,
    kind: 'set',
    answerProves: true,
    object: 'cost-assignment',
    reference: `${route}/${id}`,
    targetHash: contentHash({ [route]: id, gone: true }),
    encode: () => ({ method: 'DELETE', path: `/rest/v1.0/${route}/${encodeURIComponent(id)}` }),
    probe: async () => ({ kind: 'standing', standing: 'at-base', id }),
    classify: (response) => classifyDeleted(response, id),
  };
}

function classifyDeleted(response: WireResponse, id: string): Outcome {
  return response.status === 404 ? { kind: 'posted', id } : classifyPlain(response, id);
}

/** The codes behind the ids that the ERP has given them; null where Procore has none with that id. */
export async function codingNamed(
  read: Read,
  { projectId, costCode, costType }: NamedCoding & { readonly projectId: string },
  config: ProcoreConfig,
): Promise<NamedCoding> {
  const codeOf = async (path: string, originId: string | null, more: Readonly<Record<string, string>>) => {
    if (originId === null) return null;
    const query = { project_id: projectId, 'filters[origin_id]': originId, ...more };
    const rows = await readList(read, { path, query, pageSize: config.pageSize });
    const [found] = rows.map((row) => parsed(codingRow, row, 'a cost code'));
    return found === undefined ? null : (found.full_code ?? found.code);
  };
  return {
    costCode: await codeOf('/rest/v1.0/cost_codes', costCode, {}),
    costType: await codeOf('/rest/v1.0/line_item_types', costType, { company_id: config.companyId }),
  };
}
