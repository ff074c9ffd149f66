import { argon2, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from './tokens.ts';

/**
 * Argon2id with 19 MiB, 2 passes, 1 lane: the first choice of OWASP's password storage sheet. It takes about
 * 40 ms on one core, so a burst of sign-ins cannot starve webhooks of memory.
 */
export const ARGON2 = { memoryKib: 19_456, passes: 2, parallelism: 1, tagBytes: 32, saltBytes: 16 } as const;
export const PASSWORD_LENGTH = { min: 15, max: 128 } as const;

const FORMAT = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** The password as the PHC string that is stored. */
export async function hashPassword(password: string, randomBytes: RandomBytes): Promise<string> {
  const salt = randomBytes(ARGON2.saltBytes);
  const { memoryKib, passes, parallelism, tagBytes } = ARGON2;
  const tag = await derive(password, salt, { memoryKib, passes, parallelism, tagBytes });
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Whether the password belongs to a stored string; parameters are read from it, so that they can grow. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const match = FORMAT.exec(stored);
  if (!match) return false;
  const [, memory, passes, parallelism, salt, tag] = match;
  const wanted = Buffer.from(tag ?? '', 'base64');
  const found = await derive(password, Buffer.from(salt ?? '', 'base64'), {
    memoryKib: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagBytes: wanted.length,
  });
  return timingSafeEqual(found, wanted);
}

/** Why a password may not be chosen, or null. Length is what protects; the rest refuses the obvious. */
export function passwordWeakness(password: string, user: { email: string }): string | null {
  const characters = [...password];
  if (characters.length < PASSWORD_LENGTH.min) return `Use at least ${PASSWORD_LENGTH.min} characters.`;
  if (characters.length > PASSWORD_LENGTH.max) return `Use at most ${PASSWORD_LENGTH.max} characters.`;
  const lower = password.toLowerCase();
  if (new Set(lower).size < 6) return 'Use more than five different characters.';
  const mailbox = user.email.toLowerCase().split('@')[0] ?? '';
  if (mailbox.length > 3 && lower.includes(mailbox)) return 'Leave your e-mail address out of it.';
  if (COMMON.some((word) => lower.replaceAll(word, '').length < 6))
    return 'Leave the most guessed words out of it.';
  return null;
}

const COMMON = [
  'password',
  'passwort',
  'tiebeam',
  'procore',
  'qwerty',
  'welcome',
  'letmein',
  '123456789',
  '12345',
];

interface Cost {
  memoryKib: number;
  passes: number;
  parallelism: number;
  tagBytes: number;
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const parameters = {
    // Composed form, so that an accent typed on another keyboard gives the same bytes.
    message: Buffer.from(password.normalize('NFC')),
    nonce: salt,
    memory: cost.memoryKib,
    passes: cost.passes,
    parallelism: cost.parallelism,
    tagLength: cost.tagBytes,
  };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
