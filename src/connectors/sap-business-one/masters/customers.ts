import type { CustomerRecord } from '../../../domain/records.ts';
import type { VendorEntity } from '../service-layer/wire.ts';

/** A business partner of the type customer: the same entity as a vendor, and no vendor of ours. */
export function customerRecord({ CardCode, CardName, Valid, Frozen }: VendorEntity): CustomerRecord {
  return {
    object: 'customer',
    id: CardCode,
    name: CardName.trim(),
    active: Valid !== 'tNO' && Frozen !== 'tYES',
  };
}
