import type { NewVendorBody } from '../../../domain/masters/new-vendor.ts';
import type { Match, Read, WireRequest, Write } from '../../../domain/posting/writes.ts';
import { contentHash } from '../../../domain/values/canonical.ts';
import type { NewVendorCode } from '../config.ts';
import { REFERENCE_FIELD, tidy } from '../orders/order-form.ts';
import { allRows, quoted } from '../service-layer/odata.ts';
import { NEW_VENDOR_FIELDS, type NewVendorEntity, readNewVendor } from '../service-layer/wire.ts';
import { createdMaster } from './created-master.ts';

/** Creates a business partner of the type supplier, under a typed code or by the numbering series of vendors. */
export function createVendor(body: NewVendorBody, config: NewVendorCode): Write {
  return {
    name: 'create-vendor',
    kind: 'create',
    object: 'vendor',
    reference: body.reference,
    targetHash: hashOf(body, body.reference),
    encode: () => encodeVendor(body, config),
    probe: async (read) => ({ kind: 'found', matches: await standingAs(read, body) }),
    classify: (response) => createdMaster(response, 'vendor', 'CardCode'),
  };
}

/** State and country are codes of the company's own lists: accounting completes them, with everything of payment. */
function encodeVendor(body: NewVendorBody, { vendorSeries }: NewVendorCode): WireRequest {
  const { code, taxId, email, phone, address } = body;
  const partner = {
    ...(code === null ? { Series: vendorSeries } : { CardCode: code }),
    CardName: tidy(body.name),
    CardType: 'cSupplier',
    ...(taxId === null ? {} : { FederalTaxID: taxId }),
    ...(email === null ? {} : { EmailAddress: email }),
    ...(phone === null ? {} : { Phone1: phone }),
    ...(address === null
      ? {}
      : {
          BPAddresses: [
            {
              AddressName: ADDRESS_NAME,
              AddressType: 'bo_BillTo',
              ...(address.street === null ? {} : { Street: address.street }),
              ...(address.city === null ? {} : { City: address.city }),
              ...(address.zip === null ? {} : { ZipCode: address.zip }),
            },
          ],
        }),
    [REFERENCE_FIELD]: body.reference,
  };
  return { method: 'POST', path: '/BusinessPartners', body: JSON.stringify(partner) };
}

const ADDRESS_NAME = 'Procore';

/** By our reference; and whoever has the typed code is seen as well, so that a taken one is no riddle. */
async function standingAs(read: Read, { reference, code }: NewVendorBody): Promise<Match[]> {
  const byReference = `${REFERENCE_FIELD} eq ${quoted(reference)}`;
  const filter = code === null ? byReference : `${byReference} or CardCode eq ${quoted(code)}`;
  const key = { name: 'CardCode', kind: 'text' } as const;
  const matches: Match[] = [];
  for await (const row of allRows(read, {
    set: 'BusinessPartners',
    filter,
    select: NEW_VENDOR_FIELDS,
    key,
  })) {
    const entity = readNewVendor(row.fields);
    matches.push({ id: entity.CardCode, state: 'posted', hash: hashOfEntity(entity, code !== null) });
  }
  return matches;
}

/** What nobody else would have entered like this; contact data may be corrected before we read it back. */
function hashOf({ code, name, taxId }: NewVendorBody, reference: string): string {
  return contentHash({ reference, code: code ?? '', name: tidy(name), taxId: taxId ?? '', supplier: 'yes' });
}

function hashOfEntity(entity: NewVendorEntity, isTyped: boolean): string {
  return contentHash({
    reference: entity.U_TiebeamRef,
    code: isTyped ? entity.CardCode : '',
    name: tidy(entity.CardName),
    taxId: entity.FederalTaxID,
    supplier: entity.CardType === 'cSupplier' ? 'yes' : 'no',
  });
}
