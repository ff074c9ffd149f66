import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { keyIdOf } from '../../domain/audit/audit-anchor.ts';
import { hasCode } from '../embedded/errno.ts';

/** The key that signs anchors: made once beside the secret key, readable by its owner only. */
export async function keptAnchorKey(file: string): Promise<KeyObject> {
  try {
    return ed25519(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  try {
    await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // Another process started at the same moment: its key is the one that stays.
    if (!hasCode(error, 'EEXIST')) throw error;
    return ed25519(await readFile(file, 'utf8'), file);
  }
  return privateKey;
}

function ed25519(pem: string, from: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`${from} holds no Ed25519 key: make one with openssl genpkey -algorithm ed25519`);
  return key;
}

export function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

/** Public keys by their id, from a text with one PEM block or several: anchors outlive the key that signed them. */
export function trustedKeys(pems: string): Map<string, KeyObject> {
  const blocks = pems.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  return new Map(
    blocks.map((block) => {
      const key = createPublicKey(block);
      return [keyIdOf(key), key] as const;
    }),
  );
}
