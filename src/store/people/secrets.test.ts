import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openVault } from './secrets.ts';

const secrets = { password: 'hunter2 is not enough', clientSecret: 'ünïcode' };

test('opens what it sealed, and shows nothing of it at rest', () => {
  const vault = openVault('key');
  const sealed = vault.seal('acme', 'b1', secrets);
  expect(vault.open('acme', 'b1', sealed)).toEqual(secrets);
  expect(sealed.toString('latin1')).not.toContain('hunter2');
});

test('seals the same secrets differently every time', () => {
  const vault = openVault('key');
  expect(vault.seal('acme', 'b1', secrets)).not.toEqual(vault.seal('acme', 'b1', secrets));
});

test('does not open a ciphertext that was moved to another row, changed, or sealed under another key', () => {
  const vault = openVault('key');
  const sealed = vault.seal('acme', 'b1', secrets);
  expect(() => vault.open('acme', 'procore', sealed)).toThrow();
  expect(() => vault.open('other', 'b1', sealed)).toThrow();
  expect(() => openVault('another').open('acme', 'b1', sealed)).toThrow();
  const changed = Buffer.from(sealed);
  changed[changed.length - 1]! ^= 1;
  expect(() => vault.open('acme', 'b1', changed)).toThrow();
});

test('knows a text again without keeping what a password could be tried against', () => {
  const typed = '["PUT","/api/v1/connections/b1",{"password":"hunter2"}]';
  const kept = openVault('key').fingerprint('acme', typed);
  expect(openVault('key').fingerprint('acme', typed)).toBe(kept);
  const others = [
    openVault('key').fingerprint('other', typed),
    openVault('another').fingerprint('acme', typed),
    openVault('key').fingerprint('acme', typed.replace('2', '3')),
    ...[typed, JSON.stringify(['acme', typed])].map((text) =>
      createHash('sha256').update(text).digest('hex'),
    ),
  ];
  expect(others).not.toContain(kept);
});
