import type { VendorLinkBody } from '../../domain/documents.ts';
import type { ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { jsonNumber, parseJson } from '../../lib/decimal-json.ts';
import type { ProcoreConfig } from '../config.ts';
import { classifySync } from '../outcomes.ts';
import { parsed, vendorRow } from '../wire.ts';

/**
 * Shows the ERP's vendor code in Procore's directory. A sync row with both id and origin_id is matched on the
 * id alone and is the only way to set an origin id, so the probe is what keeps a foreign one safe.
 */
export function vendorLinkWrite(body: VendorLinkBody, config: ProcoreConfig): Write {
  const targetHash = contentHash({
    vendor: body.vendorId,
    originId: body.originId,
    originCode: body.originCode,
  });
  return {
    name: 'link-vendor',
    kind: 'set',
    answerProves: true,
    object: 'vendor-link',
    reference: `vendor/${body.vendorId}/${targetHash.slice(-12)}`,
    targetHash,
    encode: () => ({
      method: 'PATCH',
      path: '/rest/v1.0/vendors/sync',
      body: JSON.stringify({
        company_id: jsonNumber(config.companyId),
        updates: [
          {
            id: jsonNumber(body.vendorId),
            origin_id: body.originId,
            ...(body.originCode === '' ? {} : { origin_code: body.originCode }),
          },
        ],
      }),
    }),
    probe: (read) => probeVendor(read, body, config),
    classify: (response) => classifySync(response, 1, body.vendorId),
  };
}

async function probeVendor(read: Read, body: VendorLinkBody, config: ProcoreConfig): Promise<ProbeResult> {
  const path = `/rest/v1.0/vendors/${encodeURIComponent(body.vendorId)}?company_id=${config.companyId}`;
  const response = await read({ method: 'GET', path });
  const id = body.vendorId;
  const elsewhere = (difference: string): ProbeResult => ({
    kind: 'standing',
    standing: 'elsewhere',
    id,
    difference,
  });
  if (response.status === 404) return elsewhere(`Procore shows no vendor ${id} (${body.vendorName})`);
  const vendor = parsed(vendorRow, parseJson(response.body), 'a vendor');
  if (vendor.origin_id === null) return { kind: 'standing', standing: 'at-base', id };
  if (vendor.origin_id !== body.originId)
    return elsewhere(
      `${vendor.name} already carries the origin id "${vendor.origin_id}" instead of "${body.originId}"`,
    );
  const coded = body.originCode === '' || vendor.origin_code === body.originCode;
  return { kind: 'standing', standing: coded ? 'at-target' : 'at-base', id };
}
