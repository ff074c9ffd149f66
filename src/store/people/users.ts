import type pg from 'pg';
import type { Tx } from '../database/transaction.ts';

/** A person who may sign in to one tenant. */
export interface StoredUser {
  id: string;
  email: string;
  name: string;
  roles: string[];
}

export interface SignInCandidate {
  tenant: string;
  userId: string;
  passwordHash: string | null;
}

export async function insertUser(tx: Tx, tenant: string, user: StoredUser): Promise<void> {
  await tx.query('insert into app_user (tenant, id, email, name, roles) values ($1, $2, $3, $4, $5)', [
    tenant,
    user.id,
    user.email,
    user.name,
    user.roles,
  ]);
}

export async function findUser(tx: Tx, userId: string): Promise<StoredUser | null> {
  const { rows } = await tx.query<StoredUser>(
    'select id, email, name, roles from app_user where id = $1 and disabled_at is null',
    [userId],
  );
  return rows[0] ?? null;
}

/** Users of the tenant who can sign in, for the warning that nobody else could approve. */
export async function listUsers(tx: Tx): Promise<StoredUser[]> {
  const { rows } = await tx.query<StoredUser>(
    'select id, email, name, roles from app_user where disabled_at is null order by lower(email) limit 1000',
  );
  return rows;
}

export async function setPasswordHash(tx: Tx, userId: string, passwordHash: string): Promise<void> {
  await tx.query('update app_user set password_hash = $2 where id = $1', [userId, passwordHash]);
}

/** Disabled users are refused at their next request: sessions are looked up together with their user. */
export async function disableUser(tx: Tx, userId: string, at: Date): Promise<void> {
  await tx.query('update app_user set disabled_at = $2 where id = $1 and disabled_at is null', [userId, at]);
}

/** Everybody with this e-mail, in any tenant (at most 5): asked through the door, before a tenant is known. */
export async function findSignInCandidates(door: pg.Pool, email: string): Promise<SignInCandidate[]> {
  const { rows } = await door.query<{ tenant: string; user_id: string; password_hash: string | null }>(
    'select tenant, user_id, password_hash from door_find_users($1)',
    [email],
  );
  return rows.map((row) => ({ tenant: row.tenant, userId: row.user_id, passwordHash: row.password_hash }));
}
