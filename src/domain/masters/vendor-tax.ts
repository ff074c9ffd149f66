import type { Reason } from '../reasons.ts';
import type { VendorRecord } from '../records.ts';

/** What is paid to a vendor on form 1099 is reported under a tax id: without one it is worth asking before the first bill. */
export function taxIdNotes(
  { id, name, taxId, form1099 }: Pick<VendorRecord, 'id' | 'name' | 'taxId' | 'form1099'>,
  erpName: string,
): readonly Reason[] {
  if (form1099 === undefined || taxId !== null) return [];
  return [
    {
      code: 'tax-id-missing',
      owner: 'accountant',
      field: 'vendor',
      message: `${name} (${id}) is reported on form 1099, box ${form1099}, and has no tax id in ${erpName}.`,
      remedy: 'Ask the vendor for form W-9 and enter the tax id in the ERP; nothing waits for it.',
    },
  ];
}
