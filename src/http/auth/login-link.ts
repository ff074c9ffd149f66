import type { Tx } from '../../store/database/transaction.ts';
import { insertLoginLink } from '../../store/people/login-links.ts';
import { newToken, type RandomBytes, tokenHash } from './tokens.ts';

export const LOGIN_LINK_LIFE_MS = 15 * 60_000;

/** Makes a link that signs a user in once. The token is shown to its maker and never stored. */
export async function issueLoginLink(
  tx: Tx,
  link: { tenant: string; userId: string; now: Date; lifeMs?: number; randomBytes: RandomBytes },
): Promise<{ token: string; path: string; expiresAt: Date }> {
  const token = newToken(link.randomBytes);
  const expiresAt = new Date(link.now.getTime() + (link.lifeMs ?? LOGIN_LINK_LIFE_MS));
  await insertLoginLink(tx, link.tenant, { tokenHash: tokenHash(token), userId: link.userId, expiresAt });
  return { token, path: `/sign-in?token=${token}`, expiresAt };
}
