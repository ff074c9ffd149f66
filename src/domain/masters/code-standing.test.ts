import { expect, test } from 'vitest';
import { codeStanding } from './code-standing.ts';

const code = { costCode: '05-100', costType: 'S' };
const standing = (isKept: boolean, mapped: { code: string; takesCost: boolean } | null) =>
  codeStanding(code, { isKept: () => isKept, mapping: () => mapped });

test('a code stands on its own in an ERP that keeps it, else on what somebody mapped it to', () => {
  expect(standing(true, { code: '5200', takesCost: true })).toEqual({ kind: 'own' });
  expect(standing(false, { code: '5200', takesCost: true })).toEqual({ kind: 'mapped', to: '5200' });
});

test('one that is mapped to what takes no cost, or to nothing, is told apart', () => {
  expect(standing(false, { code: '5000', takesCost: false })).toEqual({ kind: 'closed', to: '5000' });
  expect(standing(false, null)).toEqual({ kind: 'unknown' });
});
