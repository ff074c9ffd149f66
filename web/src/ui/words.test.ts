import { expect, test } from 'vitest';
import { humanWord } from './words.ts';

test('a code of the API becomes words', () => {
  expect(humanWord('change-order')).toBe('Change order');
  expect(humanWord('audit_entry.kind')).toBe('Audit entry kind');
});

test('a cost code inside a label keeps its dash', () => {
  expect(humanWord('Line 07-520 S')).toBe('Line 07-520 S');
});
