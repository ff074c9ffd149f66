import type pg from 'pg';
import type { Tx } from '../database/transaction.ts';

export async function insertLoginLink(
  tx: Tx,
  tenant: string,
  link: { tokenHash: Buffer; userId: string; expiresAt: Date },
): Promise<void> {
  await tx.query('insert into login_link (token_hash, tenant, user_id, expires_at) values ($1, $2, $3, $4)', [
    link.tokenHash,
    tenant,
    link.userId,
    link.expiresAt,
  ]);
}

/** The tenant of a link, asked through the door; whether it still opens is decided when it is used. */
export async function findLoginLinkTenant(door: pg.Pool, tokenHash: Buffer): Promise<string | null> {
  const { rows } = await door.query<{ tenant: string }>('select tenant from door_find_login_link($1)', [
    tokenHash,
  ]);
  return rows[0]?.tenant ?? null;
}

/** Uses a link up and answers whose it was; null when it is used, expired or its user is disabled. */
export async function useLoginLink(tx: Tx, tokenHash: Buffer, at: Date): Promise<string | null> {
  const { rows } = await tx.query<{ user_id: string }>(
    `update login_link l set used_at = $2
     from app_user u
     where l.token_hash = $1 and l.used_at is null and l.expires_at > $2
       and u.tenant = l.tenant and u.id = l.user_id and u.disabled_at is null
     returning l.user_id`,
    [tokenHash, at],
  );
  return rows[0]?.user_id ?? null;
}
