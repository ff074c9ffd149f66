import fc from 'fast-check';
import { expect, test } from 'vitest';
import { supportNote } from './support-note.ts';

const at = new Date('2026-08-31T08:00:00Z');

test('tells which system has it as what, and since when', () => {
  const note = supportNote({ erp: 'SAP Business One', number: '4711', revision: 2, at });
  expect(JSON.parse(note)).toEqual({
    erp: 'SAP Business One',
    document: '4711',
    revision: 2,
    synced_at: '2026-08-31T08:00:00.000Z',
  });
});

test('whatever things are called, it is JSON that fits', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ maxLength: 300 }),
      (erp, number) => {
        const note = supportNote({ erp, number, revision: 1, at });
        expect(note.length).toBeLessThanOrEqual(255);
        expect(JSON.parse(note)).toMatchObject({ synced_at: at.toISOString() });
      },
    ),
  );
});
