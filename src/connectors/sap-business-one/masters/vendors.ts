import type { VendorRecord } from '../../../domain/records.ts';
import type { VendorEntity } from '../service-layer/wire.ts';

/** A business partner of the type supplier. On hold (Frozen) or not valid both mean: no new orders. */
export function vendorRecord(entity: VendorEntity): VendorRecord {
  return {
    object: 'vendor',
    id: entity.CardCode,
    name: entity.CardName.trim(),
    originId: null,
    code: entity.CardCode,
    taxId: orNull(entity.FederalTaxID),
    email: orNull(entity.EmailAddress),
    phone: orNull(entity.Phone1),
    zip: orNull(zipOf(entity)),
    ...(entity.Box1099.trim() === '' ? {} : { form1099: entity.Box1099.trim() }),
    active: entity.Valid !== 'tNO' && entity.Frozen !== 'tYES',
  };
}

/** The first bill-to address speaks for the vendor: that is where its invoices say they come from. */
function zipOf({ BPAddresses }: VendorEntity): string {
  const address = BPAddresses.find(({ AddressType }) => AddressType === 'bo_BillTo') ?? BPAddresses[0];
  return address?.ZipCode ?? '';
}

function orNull(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : trimmed;
}
