import pg from 'pg';
import { rolePassword, SERVICE_ROLES, type ServiceRole, scramVerifier, urlFor } from './role-passwords.ts';

// Starts of several databases in one cluster may set the same row at once; PostgreSQL then answers
// XX000 "tuple concurrently updated" to all but one of them.
const MAX_ATTEMPTS = 5;

/** Gives each service role the password derived from the secret, unless it has it already. */
export async function setRolePasswords(owner: pg.Client, ownerUrl: string, secret: string): Promise<void> {
  for (const role of SERVICE_ROLES) {
    for (let attempt = 1; !(await canLogIn(urlFor(ownerUrl, role, secret))); attempt++) {
      if (attempt > MAX_ATTEMPTS)
        throw new Error(`Role ${role} cannot log in although its password was set.`);
      await alter(owner, role, secret, attempt);
    }
  }
}

async function alter(owner: pg.Client, role: ServiceRole, secret: string, attempt: number): Promise<void> {
  const verifier = scramVerifier(rolePassword(secret, role));
  try {
    await owner.query(`ALTER ROLE ${role} PASSWORD ${pg.escapeLiteral(verifier)}`);
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (code === 'XX000' && attempt < MAX_ATTEMPTS) return;
    if (code !== '42501') throw error;
    throw new Error(
      `The database owner may not set the password of ${role}: give it CREATEROLE and ADMIN on ${role}, ` +
        'or let an administrator run `tiebeam` once with a URL that may.',
      { cause: error },
    );
  }
}

async function canLogIn(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 28P01 wrong password, 28000 no password set or not allowed in pg_hba.conf.
    if (error instanceof pg.DatabaseError && (error.code === '28P01' || error.code === '28000')) return false;
    throw error;
  } finally {
    await client.end();
  }
}
