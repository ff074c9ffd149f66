import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** The roles that the service logs in as; none owns a table or passes by row-level security. */
export const SERVICE_ROLES = ['tiebeam_app', 'tiebeam_dispatch', 'tiebeam_door'] as const;
export type ServiceRole = (typeof SERVICE_ROLES)[number];

/** One secret gives every role its own password, so there are no further passwords to keep. */
export function rolePassword(secret: string, role: ServiceRole): string {
  return createHmac('sha256', secret).update(role).digest('hex');
}

/** The same URL for another login. The host part may be empty (`postgres:///db?host=/run`), which URL cannot edit. */
export function urlFor(ownerUrl: string, role: ServiceRole, secret: string): string {
  const parts = /^(postgres(?:ql)?:\/\/)(?:[^@/]*@)?(.*)$/.exec(ownerUrl);
  if (parts === null) throw new Error('The database URL must start with postgres:// or postgresql://.');
  return `${parts[1]}${role}:${rolePassword(secret, role)}@${parts[2]}`;
}

// PostgreSQL's own default (scram_iterations).
const ITERATIONS = 4096;

/**
 * What PostgreSQL stores for a password (RFC 5803). Sending this in ALTER ROLE keeps the password
 * itself out of the statement and thereby out of the logs of a server that logs DDL.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
