import { timingSafeEqual } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import type { Hook } from '../../store/intake/hook-door.ts';
import { hookSecretHash, provenHook } from './hook-secret.ts';

const SECRET = 'Bearer abc';
const hook: Hook = { tenant: 't', connection: 'c', companyId: '1', secretHash: hookSecretHash(SECRET) };

test('proves a hook by its own secret only', () => {
  expect(provenHook(hook, SECRET)).toBe(hook);
  expect(provenHook(hook, 'Bearer abd')).toBeNull();
  expect(provenHook(null, SECRET)).toBeNull();
});

test('takes the secret with and without Bearer, as both are set in the field', () => {
  expect(provenHook(hook, 'abc')).toBe(hook);
  expect(provenHook(hook, 'bearer  abc')).toBe(hook);
  expect(provenHook(hook, 'Basic abc')).toBeNull();
});

test('takes no missing or empty secret, even when the hash of nothing is stored', () => {
  const open = { ...hook, secretHash: hookSecretHash('') };
  expect(provenHook(open, undefined)).toBeNull();
  expect(provenHook(open, '')).toBeNull();
  expect(provenHook(open, 'Bearer ')).toBeNull();
});

test('refuses a stored hash of another length instead of failing on it', () => {
  expect(provenHook({ ...hook, secretHash: Buffer.from('short') }, SECRET)).toBeNull();
});

test.each([
  ['an unknown hook', null, SECRET],
  ['a wrong secret', hook, 'Bearer wrong'],
  ['no secret', hook, undefined],
  ['the right one', hook, SECRET],
])('compares two full hashes in constant time for %s', (_who, found, authorization) => {
  const equal = vi.fn(timingSafeEqual);
  provenHook(found, authorization, equal);
  expect(equal).toHaveBeenCalledTimes(1);
  expect(equal.mock.calls[0]?.map((side) => side.byteLength)).toEqual([32, 32]);
});
