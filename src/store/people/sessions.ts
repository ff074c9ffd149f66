import type pg from 'pg';
import type { Tx } from '../database/transaction.ts';
import type { StoredUser } from './users.ts';

export interface FoundSession {
  tenant: string;
  user: StoredUser;
  createdAt: Date;
  seenAt: Date;
}

/** Only the hash of a token is stored: a stolen table opens no session. */
export async function insertSession(
  tx: Tx,
  tenant: string,
  session: { tokenHash: Buffer; userId: string; at: Date },
): Promise<void> {
  await tx.query(
    'insert into session (token_hash, tenant, user_id, created_at, seen_at) values ($1, $2, $3, $4, $4)',
    [session.tokenHash, tenant, session.userId, session.at],
  );
}

/** Finds an open session of an enabled user. Its age is judged by the caller. */
export async function findSession(door: pg.Pool, tokenHash: Buffer): Promise<FoundSession | null> {
  const { rows } = await door.query<{
    tenant: string;
    user_id: string;
    email: string;
    name: string;
    roles: string[];
    created_at: Date;
    seen_at: Date;
  }>('select tenant, user_id, email, name, roles, created_at, seen_at from door_find_session($1)', [
    tokenHash,
  ]);
  const row = rows[0];
  if (!row) return null;
  return {
    tenant: row.tenant,
    user: { id: row.user_id, email: row.email, name: row.name, roles: row.roles },
    createdAt: row.created_at,
    seenAt: row.seen_at,
  };
}

export async function touchSession(tx: Tx, tokenHash: Buffer, at: Date): Promise<void> {
  await tx.query('update session set seen_at = $2 where token_hash = $1 and seen_at < $2', [tokenHash, at]);
}

export async function endSession(tx: Tx, tokenHash: Buffer, at: Date): Promise<void> {
  await tx.query('update session set ended_at = $2 where token_hash = $1 and ended_at is null', [
    tokenHash,
    at,
  ]);
}

export async function endSessionsOf(tx: Tx, userId: string, at: Date): Promise<void> {
  await tx.query('update session set ended_at = $2 where user_id = $1 and ended_at is null', [userId, at]);
}
