import { expect, test } from 'vitest';
import { type Acceptance, acceptedBy, stillAccepts } from './acceptance.ts';
import { acceptedBill, acceptedOrder } from './accepted-content.ts';
import type { Asked } from './gate.ts';

const line = { id: '7', amount: '1000.10', costCode: { code: '05-100' }, costType: { code: 'S' } };
const content = acceptedOrder('v1', 'USD', [line]);
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
    acceptedOrder('v2', 'USD', [line]),
    acceptedOrder('v1', 'EUR', [line]),
    acceptedOrder('v1', 'USD', [{ ...line, amount: '1000.11' }]),
    acceptedOrder('v1', 'USD', [{ ...line, costCode: { code: '05-200' } }]),
    acceptedOrder('v1', 'USD', [line, { ...line, id: '8' }]),
    null,
  ];
  for (const now of changes) expect(acceptedBy(asked, acceptance, { ...facts, content: now })).toBeNull();
  expect(acceptedBy(asked, { ...acceptance, content: null }, { ...facts, content: null })).toBeNull();
  const printedOtherwise = acceptedOrder('v1', 'USD', [{ ...line, amount: '1000.1000' }]);
  expect(acceptedBy(asked, acceptance, { ...facts, content: printedOtherwise })).not.toBeNull();
});

test('it counts as long as the person has the role', () => {
  const accepted = acceptedBy(asked, acceptance, facts)!;
  expect(stillAccepts(accepted, facts)).toBe(true);
  expect(stillAccepts(accepted, { ...facts, users: [{ ...anna, roles: [] }] })).toBe(false);
});

test('a bill is accepted by its vendor and number, and what each line costs which project', () => {
  const row = { id: '1', amount: '10.00', projectId: 'P1' };
  const bill = { vendorId: 'v1', invoiceNumber: 'A-1' };
  const accepted = acceptedBill(bill, 'USD', [row, { ...row, id: '2' }]);
  expect(acceptedBill(bill, 'USD', [{ ...row, id: '2', amount: '10' }, row])).toBe(accepted);
  for (const other of [
    acceptedBill({ ...bill, invoiceNumber: 'A-2' }, 'USD', [row, { ...row, id: '2' }]),
    acceptedBill(bill, 'CAD', [row, { ...row, id: '2' }]),
    acceptedBill(bill, 'USD', [row, { ...row, id: '2', projectId: 'P2' }]),
  ])
    expect(other).not.toBe(accepted);
});
