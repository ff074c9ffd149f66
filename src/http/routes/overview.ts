import type { z } from 'zod';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { countAudit } from '../../store/views/audit-view.ts';
import { listConnections } from '../../store/views/connection-view.ts';
import {
  countPostedPerMinute,
  flowSince,
  sumByState,
  sumWaitingByAge,
  sumWaitingByOwner,
} from '../../store/views/overview-view.ts';
import { listReview } from '../../store/views/review-view.ts';
import { type Caller, callerOf } from '../access.ts';
import { type Api, answers } from '../api.ts';
import type { HttpDeps } from '../deps.ts';
import { Overview } from '../schemas/overview.ts';
import { amountOf, instant, maybeInstant } from '../views/amounts.ts';
import { toConnectionHealth } from '../views/connection-row.ts';
import { toReviewRow } from '../views/review-row.ts';

const SPARKLINE_MINUTES = 60;
const MAX_NEEDS_ME = 20;
// The person's own items are picked from the oldest ones: enough for any queue that people still read.
const MAX_REVIEW_SCANNED = 500;

export async function overviewRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/overview',
    { config: { access: 'signed-in' }, schema: { response: answers(Overview) } },
    async (request) => {
      const caller = callerOf(request);
      return inTenant(deps.pools.app, caller.tenant, (tx) => readOverview(tx, caller, deps));
    },
  );
}

async function readOverview(tx: Tx, caller: Caller, deps: HttpDeps): Promise<z.infer<typeof Overview>> {
  const now = deps.clock.now();
  const startOfDay = new Date(now);
  startOfDay.setUTCHours(0, 0, 0, 0);
  const figures = await sumByState(tx);
  const { states } = figures;
  const currency = figures.currency ?? 'USD';
  const owners = await sumWaitingByOwner(tx, currency);
  const ages = await sumWaitingByAge(tx, currency, now);
  const flow = await flowSince(tx, startOfDay);
  const perMinute = await countPostedPerMinute(tx, now, SPARKLINE_MINUTES);
  const review = await listReview(tx, 'open', MAX_REVIEW_SCANNED);
  const connections = await listConnections(tx);
  return {
    states: states.map((row) => ({
      state: Overview.shape.states.element.shape.state.parse(row.state),
      count: row.count,
      amount: amountOf(row.amount_minor, currency),
    })),
    currency,
    needsMe: review
      .map((row) => toReviewRow(row, caller.person, deps))
      .filter((row) => row.mayDecide)
      .slice(0, MAX_NEEDS_ME),
    waitingByOwner: owners.map((row) => ({
      owner: row.owner,
      count: row.count,
      amount: amountOf(row.amount_minor, currency),
      oldestAt: maybeInstant(row.oldest_at),
    })),
    waitingByAge: ages.map((row) => ({
      age: row.age,
      count: row.count,
      amount: amountOf(row.amount_minor, currency),
    })),
    flow: flow.map((row) => ({
      system: row.system,
      received: row.received,
      posted: row.posted,
      inFlight: row.in_flight,
    })),
    postedPerMinute: perMinute.map((row) => ({ minute: instant(row.minute), count: row.count })),
    health: connections.map(toConnectionHealth),
    auditEntries: await countAudit(tx),
  };
}
