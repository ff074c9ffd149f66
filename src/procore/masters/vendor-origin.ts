import type { Operation } from '../../domain/documents.ts';
import type { ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { jsonNumber, parseJson } from '../../lib/decimal-json.ts';
import type { ProcoreConfig } from '../config.ts';
import { stopFor } from '../http/errors.ts';
import { classifySync } from '../outcomes.ts';
import { originOf, parsed } from '../wire.ts';

type ConfirmMaster = Extract<Operation, { kind: 'confirm-master' }>;

/** Marks a vendor or a project as synced, by what the ERP calls it: the bare code, as a link by hand writes it too. */
export function masterOriginWrite(operation: ConfirmMaster, config: ProcoreConfig): Write {
  const { object, recordId, originId, originCode } = operation;
  const targetHash = contentHash({ object, recordId, originId, originCode });
  return {
    name: 'mark-synced',
    kind: 'set',
    answerProves: true,
    object: 'external-data',
    reference: `${object}/${recordId}/mark-synced/${targetHash.slice(-12)}`,
    targetHash,
    encode: () => ({
      method: 'PATCH',
      path: `/rest/v1.0/companies/${config.companyId}/external_data/sync`,
      body: JSON.stringify({
        updates: [
          {
            item_type: object,
            item_id: jsonNumber(recordId),
            origin_id: originId,
            origin_code: originCode,
          },
        ],
      }),
    }),
    probe: (read) => standingOf(read, operation, config),
    classify: (response) => classifySync(response, 1, recordId),
  };
}

/** Another integration's id is never overwritten. */
async function standingOf(
  read: Read,
  { object, recordId: id, originId, originCode }: ConfirmMaster,
  config: ProcoreConfig,
): Promise<ProbeResult> {
  const path = `/rest/v1.0/${object}s/${encodeURIComponent(id)}?company_id=${config.companyId}`;
  const response = await read({ method: 'GET', path });
  if (response.status === 404) {
    const difference = `Procore shows no ${object} ${id}`;
    return { kind: 'standing', standing: 'elsewhere', id, difference };
  }
  if (response.status !== 200) throw stopFor(response, `GET /rest/v1.0/${object}s/${id}`, null);
  const there = parsed(originOf, parseJson(response.body), `a ${object}`);
  if (there.origin_id === null) return { kind: 'standing', standing: 'at-base', id };
  if (there.origin_id !== originId) {
    const difference = `${object} ${id} already carries the origin id "${there.origin_id}" instead of "${originId}"`;
    return { kind: 'standing', standing: 'elsewhere', id, difference };
  }
  return { kind: 'standing', standing: there.origin_code === originCode ? 'at-target' : 'at-base', id };
}
