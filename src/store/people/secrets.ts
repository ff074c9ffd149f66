import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';

/**
 * Credentials at rest: AES-256-GCM under the process's key, bound to tenant and connection, so that a
 * ciphertext moved to another row does not open.
 */
export type Vault = {
  readonly seal: (tenant: string, connection: string, secrets: Readonly<Record<string, string>>) => Buffer;
  readonly open: (tenant: string, connection: string, sealed: Buffer) => Record<string, string>;
  /** The same for the same text of a tenant. Without the key nobody can try passwords against it, as against a hash. */
  readonly fingerprint: (tenant: string, text: string) => string;
};

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function openVault(secretKey: string): Vault {
  const key = keyFor('tiebeam.vault.v1', secretKey);
  const fingerprintKey = keyFor('tiebeam.fingerprint.v1', secretKey);
  const bound = (tenant: string, connection: string) => Buffer.from(JSON.stringify([tenant, connection]));
  return {
    seal(tenant, connection, secrets) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(bound(tenant, connection));
      const body = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(tenant, connection, sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
      decipher.setAAD(bound(tenant, connection));
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = Buffer.concat([
        decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)),
        decipher.final(),
      ]).toString('utf8');
      return JSON.parse(text) as Record<string, string>;
    },
    fingerprint: (tenant, text) =>
      createHmac('sha256', fingerprintKey)
        .update(JSON.stringify([tenant, text]))
        .digest('hex'),
  };
}

function keyFor(use: string, secretKey: string): Buffer {
  return createHash('sha256').update(`${use}\n`).update(secretKey).digest();
}
