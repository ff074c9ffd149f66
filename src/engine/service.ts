import { mayDecide } from '../domain/approval/may-decide.ts';
import { moneyWords, parseMoney } from '../domain/values/money.ts';
import { appendAudit } from '../store/audit/audit.ts';
import type { Tx } from '../store/database/transaction.ts';
import { listUsers } from '../store/people/users.ts';
import { currentPolicy } from '../store/settings/policy.ts';
import { adopt } from './decisions/adopt.ts';
import { allowJobCosts } from './decisions/allow-job-costs.ts';
import { approve } from './decisions/approve.ts';
import { billApplication } from './decisions/bill-application.ts';
import { probeAgain, redrive } from './decisions/look-again.ts';
import { answer, setMapping } from './decisions/mappings.ts';
import { previewPolicy, proposePolicy } from './decisions/policy.ts';
import { reject } from './decisions/reject.ts';
import { replan } from './decisions/replan.ts';
import { withdraw } from './decisions/take-back.ts';
import type { Engine } from './engine.ts';
import { openIntake } from './intake/intake.ts';
import { openUnread } from './intake/unread.ts';
import { checkConnection } from './set-up/check.ts';
import { type Connectable, connectionForm, nothingConnectable, saveTyped } from './set-up/connection.ts';
import { consentToSetUp, showSetUp } from './set-up/consent.ts';
import { step } from './step.ts';
import { type BundleWish, supportBundle } from './support/bundle.ts';
import type { Environment } from './support/installation.ts';
import { verifyAnchored } from './watch/anchor.ts';
import { askForActuals } from './watch/cost-hours.ts';
import { goLive } from './watch/first-look.ts';
import { type ProjectTieOut, tieOut, tieOutAnswer } from './watch/tie-out.ts';
import { tieOutBudgets } from './watch/tie-out-budgets.ts';
import { tieOutDirectCosts } from './watch/tie-out-direct-costs.ts';

type Place = {
  readonly tenant: string;
  readonly sourceConnection: string;
  readonly sourceObject: string;
  readonly sourceId: string;
  readonly targetConnection: string;
  readonly targetId: string | null;
  readonly kind: string;
};

// Reading both systems whole is expensive: within this time everybody gets the same answer.
const TIE_OUT_AGE_MS = 60_000;

/** A comparison that is read anew where that is wished, or where the last one is old. */
function remembered(engine: Engine, read: (engine: Engine, tenant: string) => Promise<ProjectTieOut[]>) {
  const last = new Map<string, { readonly at: number; readonly answer: ReturnType<typeof tieOutAnswer> }>();
  return async (tenant: string, { refresh }: { readonly refresh: boolean }) => {
    const now = engine.clock.now();
    const known = last.get(tenant);
    if (!refresh && known !== undefined && now.getTime() - known.at < TIE_OUT_AGE_MS)
      return { ok: true as const, tieOut: known.answer };
    try {
      const fresh = tieOutAnswer(await read(engine, tenant), now);
      last.set(tenant, { at: now.getTime(), answer: fresh });
      return { ok: true as const, tieOut: fresh };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      const shown = known?.answer ?? { asOf: null, projects: [] };
      return { ok: true as const, tieOut: { ...shown, problem: `Could not read both systems: ${problem}` } };
    }
  };
}

/** What the engine offers to the outside: decisions, readings and the way in for webhooks. */
export function serviceOf(
  engine: Engine,
  simulated: readonly string[],
  connectable: Connectable = nothingConnectable,
  environment: Environment = {},
) {
  const keepUnread = openUnread(engine);
  return {
    approve: bind(engine, approve),
    adopt: bind(engine, adopt),
    billApplication: bind(engine, billApplication),
    reject: bind(engine, reject),
    answer: bind(engine, answer),
    setMapping: bind(engine, setMapping),
    withdraw: bind(engine, withdraw),
    replan: bind(engine, replan),
    probeAgain: bind(engine, probeAgain),
    redrive: bind(engine, redrive),
    previewPolicy: bind(engine, previewPolicy),
    proposePolicy: bind(engine, proposePolicy),
    setPhase: bind(engine, goLive),
    allowJobCosts: bind(engine, allowJobCosts),
    askForActuals: (tenant: string) => askForActuals(engine, tenant),
    systems: connectable.systems,
    connectionForm: (place: Parameters<typeof connectionForm>[2]) =>
      connectionForm(engine, connectable, place),
    saveConnection: (wish: Parameters<typeof saveTyped>[2]) => saveTyped(engine, connectable, wish),
    checkConnection: (tenant: string, id: string) => checkConnection(engine, tenant, id),
    planSetUp: bind(engine, showSetUp),
    runSetUp: bind(engine, consentToSetUp),
    supportBundle: (wish: BundleWish) => supportBundle(engine, { ...connectable, environment }, wish),
    receiveWebhook: openIntake(engine, keepUnread),
    keepUnread,
    sendsMail: engine.mail !== undefined,

    tieOut: remembered(engine, tieOut),
    tieOutBudgets: remembered(engine, tieOutBudgets),
    tieOutDirectCosts: remembered(engine, tieOutDirectCosts),

    async verifyAudit(tenant: string) {
      const verdict = await verifyAnchored(engine, tenant, engine.anchors ?? null);
      return {
        ok: true as const,
        verdict: {
          verified: verdict.verified,
          entries: Number(verdict.entries),
          brokenAt: verdict.verified ? null : Number(verdict.brokenAt),
          reason: verdict.verified ? null : verdict.reason,
        },
      };
    },

    mayDecide,

    sourceUrl: (place: Place) =>
      engine.systems
        .peek(place.tenant, place.sourceConnection)
        ?.deepLink(place.sourceObject, place.sourceId) ?? null,
    targetUrl: (place: Place) =>
      place.targetId === null
        ? null
        : (engine.systems.peek(place.tenant, place.targetConnection)?.deepLink(place.kind, place.targetId) ??
          null),

    notices: async (tenant: string) => ({
      simulated: [...simulated],
      warnings: await warnings(engine, tenant),
    }),

    audit: (
      tx: Tx,
      {
        kind,
        actor,
        facts,
      }: { readonly kind: string; readonly actor: string; readonly facts: Readonly<Record<string, string>> },
    ) => appendAudit(tx, [{ kind, actor, at: engine.clock.now(), body: facts }]),
  };
}

function bind<Wish, Answer>(
  engine: Engine,
  decide: (engine: Engine, wish: Wish) => Promise<Answer>,
): (wish: Wish) => Promise<Answer> {
  return (wish) => decide(engine, wish);
}

/** An installation in which nobody could approve says so, instead of letting documents wait without a word. */
async function warnings(engine: Engine, tenant: string): Promise<string[]> {
  const { users, policy } = await step(engine, tenant, async (tx) => ({
    users: await listUsers(tx),
    policy: await currentPolicy(tx),
  }));
  if (users.length > 1) return [];
  const kinds = Map.groupBy(policy.approvals, ({ threshold, currency }) =>
    moneyWords(parseMoney(threshold, currency)),
  );
  return [...kinds].map(([amount, rules]) => {
    const what = rules.map(({ kind }) => kind).join(' or ');
    return `There is only one user: no ${what} of ${amount} or more can post, because nobody else can approve it.`;
  });
}
