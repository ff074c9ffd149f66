import type { PostalAddress, VendorRecord } from '../../domain/records.ts';
import type { VendorRow } from '../wire.ts';

/** A company of Procore's directory as a vendor. The register entry outranks the free-text business id. */
export function vendorRecord(row: VendorRow): VendorRecord {
  const address = addressOf(row);
  return {
    object: 'vendor',
    id: row.id,
    name: row.name,
    originId: row.origin_id,
    code: row.origin_code,
    taxId: row.business_register?.identifier ?? row.business_id,
    email: row.email_address,
    phone: row.business_phone ?? row.mobile_phone,
    zip: row.zip,
    ...(address === null ? {} : { address }),
    // Absent in some views; only an explicit false makes a vendor inactive.
    active: row.is_active !== false,
  };
}

/** The postcode alone is no address. */
function addressOf(row: VendorRow): PostalAddress | null {
  const { address: street, city, state_code: state, zip, country_code: country } = row;
  const isKnown = [street, city, state, country].some((part) => part !== null);
  return isKnown ? { street, city, state, zip, country } : null;
}
