import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hashPassword, passwordWeakness, verifyPassword } from './passwords.ts';

const PASSWORD = 'correct horse battery staple';
const user = { email: 'jo.smith@example.test' };

describe('hashing', () => {
  test('is argon2id with 19 MiB, two passes and a salt of its own', async () => {
    const [one, two] = await Promise.all([
      hashPassword(PASSWORD, randomBytes),
      hashPassword(PASSWORD, randomBytes),
    ]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
  });

  test('verifies the password and nothing else', async () => {
    const stored = await hashPassword(PASSWORD, randomBytes);
    expect(await verifyPassword(PASSWORD, stored)).toBe(true);
    expect(await verifyPassword(`${PASSWORD} `, stored)).toBe(false);
    expect(await verifyPassword('', stored)).toBe(false);
  });

  test('takes an accent typed on another keyboard as the same letter', async () => {
    const stored = await hashPassword('caf\u00e9 au lait at noon', randomBytes);
    expect(await verifyPassword('cafe\u0301 au lait at noon', stored)).toBe(true);
  });

  test('reads parameters from the stored text, so that they can grow', async () => {
    const changed = (await hashPassword(PASSWORD, randomBytes)).replace('m=19456', 'm=19455');
    expect(await verifyPassword(PASSWORD, changed)).toBe(false);
  });

  test('refuses what is not an argon2id text', async () => {
    for (const stored of ['', 'x', '$2b$10$abc', `$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA`]) {
      expect(await verifyPassword(PASSWORD, stored)).toBe(false);
    }
  });
});

test.each([
  ['fourteen chars', 'at least 15'],
  ['x'.repeat(129), 'at most 128'],
  ['aaaaaaaaaaaaaaaaaaaa', 'different characters'],
  ['ababababababababab', 'different characters'],
  ['jo.smith is my name', 'e-mail'],
  ['passwordpassword1234', 'guessed'],
  ['tiebeamtiebeam2026', 'guessed'],
])('refuses "%s"', (password, why) => {
  expect(passwordWeakness(password, user)).toContain(why);
});

test.each([PASSWORD, 'x9!Kq-2vW#p0Zr_7', 'пароль из многих слов', '🦊🐢🦉🐝🌲🌊🔥🌙🍎🚲🎈📎🧭🪵🧱'])(
  'takes "%s"',
  (password) => {
    expect(passwordWeakness(password, user)).toBeNull();
  },
);
