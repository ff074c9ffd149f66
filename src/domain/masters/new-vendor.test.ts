import { describe, expect, test } from 'vitest';
import type { VendorRecord } from '../records.ts';
import { planNewVendor } from './new-vendor.ts';

const vendor = (more: Partial<VendorRecord> = {}): VendorRecord => ({
  object: 'vendor',
  id: '1',
  name: 'Harbor Roofing LLC',
  originId: null,
  code: null,
  taxId: null,
  email: null,
  phone: null,
  zip: null,
  active: true,
  ...more,
});
const inErp = (id: string, more: Partial<VendorRecord> = {}) => vendor({ id, code: id, ...more });

const planned = (targets: readonly VendorRecord[], more: Partial<Parameters<typeof planNewVendor>[0]> = {}) =>
  planNewVendor({
    record: vendor(),
    typedCode: null,
    targets,
    declined: new Set(),
    reference: 'TB1AAAAAAAAAAAAA',
    revision: 1,
    preflight: () => [],
    ...more,
  });
const askedAbout = (plan: ReturnType<typeof planned>) =>
  plan.kind === 'ask' ? plan.candidates.map(({ vendor: { id } }) => id) : plan.kind;

describe('a new vendor', () => {
  test('is created only where nothing in the ERP may be it', () => {
    expect(planned([inErp('V1', { name: 'Paint Works' })]).kind).toBe('create');
    expect(askedAbout(planned([inErp('V1')]))).toEqual(['V1']);
    const taxed = { record: vendor({ taxId: '12-3450089' }) };
    expect(askedAbout(planned([inErp('V1', { name: 'Other', taxId: '123450089' })], taxed))).toEqual(['V1']);
  });

  test('is never doubled because the one in the ERP is blocked', () => {
    const plan = planned([inErp('V1', { active: false })]);
    expect(plan).toMatchObject({ kind: 'ask', candidates: [{ certain: false }] });
    expect(JSON.stringify(plan)).toContain('blocked in the ERP');
  });

  test('is created once a person said that each of them is another company', () => {
    const targets = [inErp('V1'), inErp('V2')];
    expect(askedAbout(planned(targets, { declined: new Set(['V1']) }))).toEqual(['V2']);
    expect(planned(targets, { declined: new Set(['V1', 'V2']) }).kind).toBe('create');
  });

  test('takes a typed code, asks whose it is where it is taken, and refuses it by field when it is not its own', () => {
    const taken = [inErp('V9', { name: 'Paint Works' })];
    expect(planned([], { typedCode: 'V9' })).toMatchObject({ operation: { body: { code: 'V9' } } });
    expect(askedAbout(planned(taken, { typedCode: 'V9' }))).toEqual(['V9']);
    expect(planned(taken, { typedCode: 'V9', declined: new Set(['V9']) })).toMatchObject({
      kind: 'refuse',
      errors: [{ field: 'code', message: expect.stringContaining('Paint Works') }],
    });
  });
});
