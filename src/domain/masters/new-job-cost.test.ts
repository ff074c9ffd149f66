import { expect, test } from 'vitest';
import type { CostCodeRecord, StandardCostCodeRecord } from './job-cost-masters.ts';
import { type NewCostCodeInput, planNewCostCode } from './new-job-cost.ts';

const record: StandardCostCodeRecord = {
  object: 'standard-cost-code',
  id: '7',
  listId: '1',
  parentId: '6',
  code: '120',
  fullCode: '05-120',
  name: 'Structural Steel ',
  originId: null,
};
const standing: CostCodeRecord = {
  object: 'cost-code',
  id: '05-120',
  name: 'structural  steel',
  parentId: '05',
  active: true,
};
const planned = (change: Partial<NewCostCodeInput> = {}) =>
  planNewCostCode({
    record,
    parent: '05',
    standing: null,
    reference: 'TLL2345ABCDEFGH2',
    revision: 1,
    preflight: () => [],
    ...change,
  });

test('a code that the ERP does not have is created under its full code', () => {
  expect(planned()).toMatchObject({
    kind: 'create',
    operation: { body: { code: '05-120', parent: '05', name: 'Structural Steel' } },
  });
});

test('one that stands there under the same name is that one, however it is written; any other is asked about', () => {
  expect(planned({ standing })).toEqual({ kind: 'same', id: '05-120' });
  expect(planned({ standing: { ...standing, name: 'Steel' } })).toMatchObject({ kind: 'ask' });
  expect(planned({ standing: { ...standing, active: false } })).toMatchObject({ kind: 'ask' });
});

test('an id that Procore shows is believed where the ERP has it, and never overwritten', () => {
  const shown = { ...record, originId: '05-120' };
  expect(planned({ record: shown, standing: { ...standing, name: 'Steel' } })).toEqual({
    kind: 'same',
    id: '05-120',
  });
  expect(planned({ record: { ...record, originId: 'OTHER' } })).toMatchObject({
    kind: 'refuse',
    errors: [{ code: 'foreign-origin' }],
  });
});

test('what the ERP would refuse is refused before it is sent', () => {
  const errors = [{ field: 'code', message: 'too long', code: 'max-length' }];
  expect(planned({ preflight: () => errors })).toEqual({ kind: 'refuse', errors });
});
