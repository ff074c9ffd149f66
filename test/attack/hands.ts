import { randomBytes } from 'node:crypto';
import { type Session, signIn } from '../../src/demo/session.ts';
import { issueLoginLink } from '../../src/http/auth/login-link.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import type { World } from './world.ts';

/** What the people in front of the review queue can do. */
export type Hands = {
  readonly approve: (reviewId: string, payloadHash: string) => Promise<void>;
  readonly reject: (reviewId: string) => Promise<void>;
  readonly withdraw: (documentId: string) => Promise<void>;
  /** Answers the question for the account of the cost code that nobody mapped. */
  readonly mapPaint: (reviewId: string) => Promise<void>;
};

const because = (canary: string) => `Not in the budget of ${canary}.`;
const PAINT = {
  kind: 'cost',
  scope: '',
  key: '09-900|S',
  value: { kind: 'account', code: '5100' },
} as const;

/** Decides by the functions behind the API. A declined decision is one that somebody made before. */
export function handsOf({ service, party: { tenant, people, canary } }: World): Hands {
  const controller = { tenant, user: people.controller };
  const accountant = { tenant, user: people.accountant };
  const reason = because(canary);
  return {
    async approve(reviewId, payloadHash) {
      await service.approve({ ...controller, reviewId, payloadHash });
    },
    async reject(reviewId) {
      await service.reject({ ...controller, reviewId, reason });
    },
    async withdraw(documentId) {
      await service.withdraw({ ...accountant, documentId, reason });
    },
    async mapPaint(reviewId) {
      await service.answer({ ...accountant, reviewId, answers: [PAINT] });
    },
  };
}

/** Decides over HTTP at the attacked service, signed in once: a session outlives the process that opened it. */
export async function signedInHands({ pools, servicePort, party }: World): Promise<Hands> {
  const { tenant, people, canary } = party;
  const reason = because(canary);
  const enter = async (user: { readonly id: string; readonly email: string }): Promise<Session> => {
    const url = `http://127.0.0.1:${servicePort}`;
    const link = { tenant, userId: user.id, now: new Date(), randomBytes };
    const { token } = await inTenant(pools.app, tenant, (tx) => issueLoginLink(tx, link));
    return signIn(url, token);
  };
  const controller = await enter(people.controller);
  const accountant = await enter(people.accountant);
  return {
    async approve(reviewId, payloadHash) {
      await controller.call('POST', `/review/${reviewId}/approve`, { payloadHash });
    },
    async reject(reviewId) {
      await controller.call('POST', `/review/${reviewId}/reject`, { reason });
    },
    async withdraw(documentId) {
      await accountant.call('POST', `/documents/${documentId}/withdraw`, { reason });
    },
    async mapPaint(reviewId) {
      await accountant.call('POST', `/review/${reviewId}/answer`, { answers: [PAINT] });
    },
  };
}
