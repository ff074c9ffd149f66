import { expect, it } from 'vitest';
import { SAMPLE_MASTERS } from '../../conformance/sample-masters.ts';
import { vendorErrors } from './master-constraints.ts';
import { createVendor } from './new-vendor.ts';

const { body } = SAMPLE_MASTERS!['create-vendor'] as { body: Parameters<typeof createVendor>[0] };
const sent = (...of: Parameters<typeof createVendor>) =>
  JSON.parse(createVendor(...of).encode({ earlierIds: {} }).body ?? '');

it('names the code that was typed, or the series that gives one, never both', () => {
  expect(sent(body, { vendorSeries: 71 })).toMatchObject({ CardCode: 'V-NEW-1', CardType: 'cSupplier' });
  expect(sent(body, { vendorSeries: 71 })).not.toHaveProperty('Series');
  const numbered = sent({ ...body, code: null }, { vendorSeries: 71 });
  expect(numbered).toMatchObject({ Series: 71 });
  expect(numbered).not.toHaveProperty('CardCode');
});

it('refuses by field a vendor that nobody would number', () => {
  expect(vendorErrors({ ...body, code: null }, {})).toMatchObject([{ field: 'code', code: 'required' }]);
  expect(vendorErrors({ ...body, code: null }, { vendorSeries: 71 })).toEqual([]);
});

it('leaves state and country to the lists of the company', () => {
  expect(sent(body, {}).BPAddresses).toEqual([
    {
      AddressName: 'Procore',
      AddressType: 'bo_BillTo',
      Street: '4 Quay',
      City: 'Harbor',
      ZipCode: '90001',
    },
  ]);
});
