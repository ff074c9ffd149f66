import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storable } from './storable.ts';

test.each([
  ['"a\\u0000b"', 'a\ufffdb'],
  ['"a\\ud800b"', 'a\ufffdb'],
  ['"a\\udc00b"', 'a\ufffdb'],
  ['"\\ud83d\\ude00"', '\u{1f600}'],
  ['"a\\\\u0000b"', 'a\\u0000b'],
  ['"\\\\\\u0000"', '\\\ufffd'],
])('%s is read as what a database holds', (json, text) => {
  expect(JSON.parse(storable(json))).toBe(text);
});

test('whatever comes is well-formed, without a NUL, and otherwise the same', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('\0', '\ud800', '\udc00', '\\'))), (parts) => {
      const text = parts.join('');
      const read: unknown = JSON.parse(storable(JSON.stringify(text)));
      expect(read).toBe(text.toWellFormed().replaceAll('\0', '\ufffd'));
    }),
  );
});
