import { expect, test } from 'vitest';
import { mayDecide } from './may-decide.ts';

const person = (...roles: string[]) => ({ email: 'Jo@x.test', roles });
const approval = { kind: 'approval', neededRole: 'controller', requester: null, editors: [] };

test('an approval needs its role, and nobody stands in for it', () => {
  expect(mayDecide(person('controller'), approval).ok).toBe(true);
  expect(mayDecide(person('accountant', 'admin'), approval).ok).toBe(false);
});

test('nobody approves what they asked for or shaped', () => {
  expect(mayDecide(person('controller'), { ...approval, requester: 'jo@X.test' }).ok).toBe(false);
  expect(mayDecide(person('controller'), { ...approval, editors: ['a@x.test', 'JO@x.test'] }).ok).toBe(false);
});

test('a controller may answer for an accountant and for nobody else', () => {
  const item = { kind: 'unmapped', requester: null, editors: [] };
  expect(mayDecide(person('controller'), { ...item, neededRole: 'accountant' }).ok).toBe(true);
  expect(mayDecide(person('accountant'), { ...item, neededRole: 'accountant' }).ok).toBe(true);
  expect(mayDecide(person('controller'), { ...item, neededRole: 'engineer' })).toEqual({
    ok: false,
    why: 'This needs the role engineer.',
  });
});

test('an order is taken over by nobody who set a mapping that it was matched by', () => {
  const adoption = { ...approval, kind: 'adoption' };
  expect(mayDecide(person('controller'), { ...adoption, editors: ['ada@x.test'] }).ok).toBe(true);
  expect(mayDecide(person('controller'), { ...adoption, editors: ['jo@x.test'] }).ok).toBe(false);
  expect(mayDecide(person('accountant'), adoption).ok).toBe(false);
});

test('what becomes of an application is said by its role, and not by who exported it where somebody is named', () => {
  const billing = { ...approval, kind: 'billing' };
  expect(mayDecide(person('controller'), { ...billing, requester: 'jo@x.test' }).ok).toBe(false);
  expect(mayDecide(person('controller'), { ...billing, requester: 'peter@x.test' }).ok).toBe(true);
  expect(mayDecide(person('controller'), { ...billing, neededRole: 'accountant' }).ok).toBe(true);
  expect(mayDecide(person('accountant'), billing).ok).toBe(false);
});
