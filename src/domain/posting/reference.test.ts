import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { postingReference, type ReferenceKey, referencePrefix } from './reference.ts';

const key: ReferenceKey = {
  tenant: 'acme',
  connection: 'ledger',
  sourceObject: 'commitment',
  sourceId: '4711',
  kind: 'purchase-order',
  part: '',
  revision: 1,
};
const keys = fc.record({
  tenant: fc.string(),
  connection: fc.string(),
  sourceObject: fc.string(),
  sourceId: fc.string(),
  kind: fc.string(),
  part: fc.string(),
  revision: fc.nat(),
});

describe('postingReference', () => {
  it('is 16 characters that survive every ERP field, and begins with what the sweep lists by', () => {
    fc.assert(
      fc.property(keys, (any) => {
        const reference = postingReference('L1', any);
        expect(reference).toMatch(/^TL1[A-Z2-7]{13}$/);
        expect(reference.startsWith(referencePrefix('L1'))).toBe(true);
      }),
    );
  });

  it('is the same on every retry for ever', () => {
    expect(postingReference('L1', key)).toBe('TL1FB2MAGNPAUC3X');
    expect(postingReference('L1', { ...key })).toBe(postingReference('L1', key));
  });

  it.each([
    { tenant: 'acme2' },
    { connection: 'other' },
    { sourceObject: 'change-order' },
    { sourceId: '4712' },
    { kind: 'invoice' },
    { part: 'b' },
    { revision: 2 },
  ])('differs with %j', (change) => {
    expect(postingReference('L1', { ...key, ...change })).not.toBe(postingReference('L1', key));
  });

  it('does not mix up neighbouring parts of the key', () => {
    const a = postingReference('L1', { ...key, sourceId: '47', kind: '11' });
    expect(a).not.toBe(postingReference('L1', { ...key, sourceId: '4711', kind: '' }));
  });

  it('is different for 20,000 neighbouring documents', () => {
    const all = new Set<string>();
    for (let id = 0; id < 20_000; id += 1) all.add(postingReference('L1', { ...key, sourceId: String(id) }));
    expect(all.size).toBe(20_000);
  });

  it.each(['', 'A', 'abc', 'l1', 'Ä1'])('refuses %j as a connection code', (code) => {
    expect(() => referencePrefix(code)).toThrow(RangeError);
  });
});
