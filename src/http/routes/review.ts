import { z } from 'zod';
import { inTenant } from '../../store/database/transaction.ts';
import { countAlsoReleased, findReview, listReview, projectNames } from '../../store/views/review-view.ts';
import { callerOf } from '../access.ts';
import { type Api, answers, ById } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { granted, notFound } from '../problems.ts';
import { ADOPTERS, ANSWERERS, APPROVERS, PROBERS, REJECTERS } from '../roles.ts';
import { Done } from '../schemas/answers.ts';
import { BillApplication } from '../schemas/billing.ts';
import { Adopt, Answer, Approve, Reject, ReviewItem, ReviewPage, ReviewRow } from '../schemas/review.ts';
import { asksOf, toReviewItem, toReviewRow } from '../views/review-row.ts';

const MAX_ROWS = 500;
const ReviewQuery = z.object({ state: ReviewRow.shape.state.default('open') });

export async function reviewRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/review',
    { config: { access: 'signed-in' }, schema: { querystring: ReviewQuery, response: answers(ReviewPage) } },
    async (request) => {
      const { tenant, person } = callerOf(request);
      const rows = await inTenant(deps.pools.app, tenant, (tx) =>
        listReview(tx, request.query.state, MAX_ROWS),
      );
      return { rows: rows.map((row) => toReviewRow(row, person, deps)) };
    },
  );

  app.get(
    '/review/:id',
    { config: { access: 'signed-in' }, schema: { params: ById, response: answers(ReviewItem) } },
    async (request) => {
      const { tenant, person } = callerOf(request);
      return inTenant(deps.pools.app, tenant, async (tx) => {
        const row = await findReview(tx, request.params.id);
        if (!row) throw notFound('review item');
        const scopes = asksOf(row.evidence).map((ask) => ask.scopeId);
        const context = {
          person,
          alsoReleases: await countAlsoReleased(tx, row),
          projectNames: await projectNames(tx, scopes),
        };
        return toReviewItem(row, context, deps);
      });
    },
  );

  app.post(
    '/review/:id/approve',
    { config: { access: APPROVERS }, schema: { params: ById, body: Approve, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      const { payloadHash } = request.body;
      granted(await deps.approve({ tenant, user, reviewId: request.params.id, payloadHash }));
      return { ok: true as const };
    },
  );

  app.post(
    '/review/:id/adopt',
    { config: { access: ADOPTERS }, schema: { params: ById, body: Adopt, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      granted(await deps.adopt({ tenant, user, reviewId: request.params.id, ...request.body }));
      return { ok: true as const };
    },
  );

  app.post(
    '/review/:id/billing',
    {
      config: { access: APPROVERS },
      schema: { params: ById, body: BillApplication, response: answers(Done) },
    },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      granted(await deps.billApplication({ tenant, user, reviewId: request.params.id, ...request.body }));
      return { ok: true as const };
    },
  );

  app.post(
    '/review/:id/reject',
    { config: { access: REJECTERS }, schema: { params: ById, body: Reject, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      granted(await deps.reject({ tenant, user, reviewId: request.params.id, reason: request.body.reason }));
      return { ok: true as const };
    },
  );

  app.post(
    '/review/:id/redrive',
    { config: { access: PROBERS }, schema: { params: ById, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      granted(await deps.redrive({ tenant, user, reviewId: request.params.id }));
      return { ok: true as const };
    },
  );

  app.post(
    '/review/:id/answer',
    { config: { access: ANSWERERS }, schema: { params: ById, body: Answer, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      granted(
        await deps.answer({ tenant, user, reviewId: request.params.id, answers: request.body.answers }),
      );
      return { ok: true as const };
    },
  );
}
