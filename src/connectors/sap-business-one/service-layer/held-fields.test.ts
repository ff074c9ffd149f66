import { expect, test } from 'vitest';
import { holdsFields, matchWithFields, standingFields } from './held-fields.ts';

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
