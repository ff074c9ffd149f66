import { expect, test } from 'vitest';
import { type Acceptance, acceptedBy, acceptedContent, stillAccepts } from './acceptance.ts';
import type { Asked } from './gate.ts';

const line = { id: '7', amount: '1000.10', costCode: { code: '05-100' }, costType: { code: 'S' } };
const content = acceptedContent('v1', [line]);
const asked: Asked = { verdict: 'approval', role: 'controller', why: 'x', possible: true, policyVersion: 3 };
const acceptance: Acceptance = { by: 'anna@harbor.example', author: 'peter@harbor.example', content };
const anna = { email: 'Anna@harbor.example', roles: ['controller'] };
const peter = { email: 'peter@harbor.example', roles: ['controller'] };
const facts = { content, editors: [], users: [anna, peter] };

test('the export is the approval of a person here who has the role, and neither wrote nor shaped what is posted', () => {
  expect(acceptedBy(asked, acceptance, facts)).toMatchObject({ by: acceptance.by, policyVersion: 3 });
  const editors = ['anna@harbor.example'];
  expect(acceptedBy(asked, acceptance, { ...facts, editors })).toBeNull();
  expect(acceptedBy(asked, acceptance, { ...facts, users: [peter] })).toBeNull();
  const clerk = { ...anna, roles: ['accountant'] };
  expect(acceptedBy(asked, acceptance, { ...facts, users: [clerk] })).toBeNull();
});

test('one person is never both eyes, whatever the capitals of an address', () => {
  const own = { ...acceptance, author: 'ANNA@harbor.example' };
  expect(acceptedBy(asked, own, facts)).toBeNull();
  expect(acceptedBy(asked, { ...acceptance, author: null }, facts)).toBeNull();
  expect(acceptedBy(asked, null, facts)).toBeNull();
});

test('what was changed since then was accepted by nobody', () => {
  const changes = [
    acceptedContent('v2', [line]),
    acceptedContent('v1', [{ ...line, amount: '1000.11' }]),
    acceptedContent('v1', [{ ...line, costCode: { code: '05-200' } }]),
    acceptedContent('v1', [line, { ...line, id: '8' }]),
    null,
  ];
  for (const now of changes) expect(acceptedBy(asked, acceptance, { ...facts, content: now })).toBeNull();
  expect(acceptedBy(asked, { ...acceptance, content: null }, { ...facts, content: null })).toBeNull();
  const printedOtherwise = acceptedContent('v1', [{ ...line, amount: '1000.1000' }]);
  expect(acceptedBy(asked, acceptance, { ...facts, content: printedOtherwise })).not.toBeNull();
});

test('it counts as long as the person has the role', () => {
  const accepted = acceptedBy(asked, acceptance, facts)!;
  expect(stillAccepts(accepted, facts)).toBe(true);
  expect(stillAccepts(accepted, { ...facts, users: [{ ...anna, roles: [] }] })).toBe(false);
});
