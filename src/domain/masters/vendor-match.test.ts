import { describe, expect, it } from 'vitest';
import type { VendorRecord } from '../records.ts';
import { matchVendor, normaliseName, normaliseTaxId, vendorKeys } from './vendor-match.ts';

const star: VendorRecord = {
  object: 'vendor',
  id: 'p1',
  name: 'Star Framing, LLC',
  originId: null,
  code: null,
  taxId: '84-1234567',
  email: 'office@starframing.test',
  phone: '(303) 555-0142',
  zip: '80202',
  active: true,
};
const bare: VendorRecord = { ...star, id: 'V1', taxId: null, email: null, phone: null, zip: null };
const certain = (source: VendorRecord, ...targets: VendorRecord[]) =>
  matchVendor(source, targets).filter((candidate) => candidate.certain);

describe('normaliseName', () => {
  it.each([
    ['Star Framing', 'Star Framing, LLC'],
    ['Star Framing L.L.C.', 'STAR FRAMING LLC'],
    ['The Miller & Sons Co.', 'Miller and Sons Company'],
    ['Müller GmbH', 'Muller'],
    ['Acme Corp.', 'ACME, Incorporated'],
    ['  A-1   Plumbing ', 'A 1 Plumbing'],
  ])('reads %s and %s as one name', (a, b) => {
    expect(normaliseName(a)).toBe(normaliseName(b));
  });

  it('keeps different names apart', () => {
    expect(normaliseName('Star Framing')).not.toBe(normaliseName('Starr Framing'));
    expect(normaliseName('Cobalt Coring')).toBe('cobalt coring');
  });

  it('keeps letters of every script', () => {
    expect(normaliseName('株式会社 山田')).toBe('株式会社 山田');
  });
});

describe('vendorKeys', () => {
  it('are the tax id without its punctuation and the name without its legal form', () => {
    expect(vendorKeys(star)).toEqual(['tax:841234567', 'name:star framing']);
    expect(normaliseTaxId('de 123.456')).toBe('DE123456');
  });

  it.each(['000000000', '99-9999999', '12-3456789', 'XXXXX', 'n/a', '', '1234'])(
    'leave out the placeholder %j, which strangers share',
    (taxId) => {
      expect(vendorKeys({ ...star, taxId })).toEqual(['name:star framing']);
    },
  );

  it('leave out a name that is nothing but a legal form', () => {
    expect(vendorKeys({ ...bare, name: 'The Company, Inc.' })).toEqual([]);
  });
});

describe('matchVendor', () => {
  it('is certain with the same tax id, whatever the name', () => {
    expect(certain(star, { ...bare, name: 'SF Holdings', taxId: '841234567' })).toHaveLength(1);
  });

  it('is certain with the same name and one more agreeing fact', () => {
    for (const fact of [{ email: 'OFFICE@starframing.test' }, { phone: '+1 303.555.0142' }, { zip: '80202' }])
      expect(certain(star, { ...bare, ...fact })).toHaveLength(1);
  });

  it('proposes the same name alone, but is not certain', () => {
    expect(matchVendor(star, [bare])).toEqual([{ vendor: bare, evidence: ['same name'], certain: false }]);
  });

  it('takes a different tax id as a different company, whatever else agrees', () => {
    const twin = { ...star, id: 'V2', taxId: '84-7654321' };
    expect(certain(star, twin)).toEqual([]);
    expect(matchVendor(star, [twin])[0]?.evidence).not.toContain('same tax id');
  });

  it('takes no placeholder as proof, neither for nor against', () => {
    const nine = { taxId: '000000000' };
    expect(certain({ ...bare, ...nine }, { ...bare, ...nine, id: 'V3' })).toEqual([]);
    expect(certain(star, { ...star, ...nine, id: 'V3' })).toHaveLength(1);
    expect(certain({ ...bare, taxId: '' }, { ...bare, taxId: '', id: 'V3' })).toEqual([]);
  });

  it('calls none certain when two would be', () => {
    const both = matchVendor(star, [
      { ...star, id: 'V1' },
      { ...star, id: 'V2' },
    ]);
    expect(both.map((candidate) => candidate.certain)).toEqual([false, false]);
  });

  it('stays certain of one beside a weaker namesake, and lists the stronger first', () => {
    const ranked = matchVendor(star, [bare, { ...star, id: 'V9' }]);
    expect(ranked.map(({ vendor, certain: sure }) => [vendor.id, sure])).toEqual([
      ['V9', true],
      ['V1', false],
    ]);
  });

  it('never proposes an inactive vendor or one that shares no key', () => {
    expect(matchVendor(star, [{ ...star, id: 'V1', active: false }])).toEqual([]);
    expect(matchVendor(star, [{ ...star, id: 'V1', name: 'Other', taxId: null }])).toEqual([]);
  });

  it('gives the same order whatever order the vendors came in', () => {
    const targets = ['V3', 'V1', 'V2'].map((id) => ({ ...bare, id }));
    const ids = (list: VendorRecord[]) => matchVendor(star, list).map(({ vendor }) => vendor.id);
    expect(ids(targets)).toEqual(['V1', 'V2', 'V3']);
    expect(ids(targets.toReversed())).toEqual(['V1', 'V2', 'V3']);
  });
});
