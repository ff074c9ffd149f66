import { expect, test } from 'vitest';
import { fieldChanges, holdsFields, matchWithFields, standingFields } from './held-fields.ts';

const match = { id: '7', state: 'posted', hash: 'as-approved' } as const;

test('dates are compared without the time of midnight that comes with them', () => {
  expect(standingFields({ U_Signed: '2026-08-31T00:00:00Z', U_A: null }, ['U_Signed', 'U_A'])).toEqual({
    U_Signed: '2026-08-31',
    U_A: '',
  });
});

test('a document with another value is not the one that was approved; fields that nobody typed are not ours', () => {
  const wanted = { fields: { U_A: '1' } };
  expect(matchWithFields(match, wanted, { U_A: '1', U_B: 'of a person' })).toEqual(match);
  expect(matchWithFields(match, wanted, { U_A: '2' }).hash).not.toBe(match.hash);
  expect(matchWithFields(match, {}, { U_A: '2' })).toEqual(match);
  expect(holdsFields(wanted, { U_A: null })).toBe(false);
});

test('what a person put into a field is never overwritten, unless it is what was typed', () => {
  const [left, wanted] = [{ fields: { U_A: '1' } }, { fields: { U_A: '2', U_B: '3' } }];
  expect(fieldChanges(left, wanted, { U_A: '1', U_B: null })).toEqual([]);
  expect(fieldChanges(left, wanted, { U_A: '2', U_B: '3' })).toEqual([]);
  expect(fieldChanges(left, wanted, { U_A: '9', U_B: '8' })).toEqual([
    'U_A is 9, we left 1.',
    'U_B is 8, we left empty.',
  ]);
});
