import { expect, it } from 'vitest';
import { saysNumberIsTaken } from './invoice-number.ts';

const answer = (status: number, code: string, message: string) => {
  return { status, headers: {}, body: JSON.stringify({ error: { code, message } }) };
};

it.each([
  answer(400, '-5002', 'already exists  [OPCH.NumAtCard]'),
  answer(400, '-5002', 'Vendor Ref. No. of this document is in use'),
  answer(400, '-10', 'already exists  [OPCH.NumAtCard]'),
])('looks up whose a number is that may be taken, whatever the code: %j', (response) => {
  expect(saysNumberIsTaken(response)).toBe(true);
});

it.each([
  answer(400, '-5002', "Value too long in property 'NumAtCard' of 'Document'"),
  answer(400, '-1000', "Property 'NumAtCard' of 'Document' is invalid"),
  answer(400, '-5002', 'on hold  [OPCH.CardCode]'),
  answer(500, '-5002', 'already exists  [OPCH.NumAtCard]'),
])('takes other refusals for what they are: %j', (response) => {
  expect(saysNumberIsTaken(response)).toBe(false);
});
