import { expect, test } from 'vitest';
import { sentenceOf } from './sentences.ts';

test.each([
  [
    'intent',
    { write: 'create order', system: 'erp', attempt: '1' },
    'Intends to write "create order" to erp, attempt 1.',
  ],
  ['outcome', { write: 'create-order', system: 'erp', state: 'posted' }, '"create order" in erp is posted.'],
  [
    'outcome',
    { write: 'create order', system: 'erp', state: 'unknown', reason: 'no answer came.' },
    '"create order" in erp is unknown: no answer came.',
  ],
  ['rejected', { reason: 'wrong vendor' }, 'Rejected: wrong vendor.'],
  ['something-new', { message: 'It rained' }, 'Something new: It rained.'],
  ['something.else', {}, 'Something else.'],
])('words %s as a sentence', (kind, facts, sentence) => {
  expect(sentenceOf(kind, facts)).toBe(sentence);
});

test('words nothing from members that are no text', () => {
  expect(sentenceOf('rejected', { reason: { deep: 1 } })).toBe('Rejected.');
});
