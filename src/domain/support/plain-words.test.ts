import fc from 'fast-check';
import { expect, it } from 'vitest';
import { knownWords } from './known-words.ts';
import { plainWords } from './plain-words.ts';

it.each([
  [
    'Order 4711 of Halvorsen Concrete, 12,500.00 USD, was refused: (enter valid code)',
    'Order … of …, …, was refused: (enter valid code)',
  ],
  ['connect ECONNREFUSED 10.0.0.3:50000', 'connect ECONNREFUSED …'],
  ['Procore answered HTTP 503 with status 500.', 'Procore answered HTTP 503 with status 500.'],
  ['exceeds 500', 'exceeds …'],
  ['Check it. Nobody saw Check.', 'Check it. Nobody saw ….'],
  ['password=s3cret', '…'],
  ['https://user:password@erp.example/b1s/v2', '…'],
  ['invalid_client "token" x9-Zq', '… "token" …'],
])('leaves of "%s" the words that name nobody', (text, plain) => {
  expect(plainWords(text)).toBe(plain);
});

it('lets nothing through that is not on the list, whatever stands around it', () => {
  const secret = fc.string({ minLength: 6, unit: 'grapheme-ascii' }).filter((text) => !/\s/.test(text));
  fc.assert(
    fc.property(secret, fc.constantFrom('refused ', 'code ', '("', ''), (text, before) => {
      const bare = text.replaceAll(/^["'(]+|[.,:;!?"')]+$/g, '');
      fc.pre(bare.length > 5 && !knownWords.has(bare.toLowerCase()) && !/^-?\d{3,5}$/.test(bare));
      expect(plainWords(`${before}${text} once more`)).not.toContain(bare);
    }),
  );
});

it('bounds what a server answered', () => {
  expect(plainWords('page '.repeat(10_000)).length).toBeLessThan(1_020);
});
