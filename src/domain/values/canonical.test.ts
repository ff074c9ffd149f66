import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CANONICAL_VERSION, canonicalOf, canonicalText, contentHash } from './canonical.ts';

/** Rebuilds a value with the keys of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, entry]) => [key, reversed(entry)]),
  );
}

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

describe('canonicalText', () => {
  it('is the same whatever order the keys were written in', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(canonicalText(canonicalOf(reversed(value)))).toBe(canonicalText(canonicalOf(value)));
      }),
    );
  });

  it('is JSON of the same value, so that nothing is lost on the way', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.parse(canonicalText(canonicalOf(value)))).toEqual(value);
      }),
    );
  });

  it('differs as soon as the order of a list differs', () => {
    expect(canonicalText(['a', 'b'])).not.toBe(canonicalText(['b', 'a']));
  });

  it('drops absent keys and keeps empty ones', () => {
    expect(canonicalText({ b: undefined, a: null, c: '' })).toBe('{"a":null,"c":""}');
  });

  it('writes amounts as text and never as numbers', () => {
    expect(canonicalText({ total: 12_500n })).toBe('{"total":"12500"}');
  });
});

describe('canonicalOf', () => {
  it.each([0.1, Number.NaN, 2 ** 53])('refuses the number %d: only small counts are numbers', (value) => {
    expect(() => canonicalOf({ value })).toThrow('decimal strings');
  });

  it.each([
    ['a Date', new Date(0)],
    ['a Map', new Map([['a', 1]])],
    ['a function', () => 1],
    ['nothing at all', undefined],
  ])('refuses %s, which would hash like any other', (_what, value) => {
    expect(() => canonicalOf([value])).toThrow(TypeError);
  });
});

describe('contentHash', () => {
  // A change of these is a change of every stored hash: raise CANONICAL_VERSION and re-hash from raw instead.
  it.each([
    ['an empty record', {}, 'v1:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'],
    [
      'a nested record',
      { number: 'SC-001', lines: [{ amount: '1250.00', costType: null, open: true }], total: 125_000n },
      'v1:df8aac5e4d8c7af3dfaba392ab7dcd0cecf630c2b62aa5f0459c934c85cb8874',
    ],
    [
      'text beyond ASCII',
      { b: 'Müller & Söhne "Bau"\n', a: '\u{1F3D7}', Z: '' },
      'v1:759cd604e68e6503a3a6691d8114160cd5f2db9f7b7f9f54e205e0c9bd2491f0',
    ],
  ])('of %s is what it was when the first database was written', (_what, value, hash) => {
    expect(CANONICAL_VERSION).toBe(1);
    expect(contentHash(value)).toBe(hash);
  });
});
