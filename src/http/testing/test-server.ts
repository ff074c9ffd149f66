import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { mayDecide } from '../../domain/approval/may-decide.ts';
import { openUnread } from '../../engine/intake/unread.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { openVault } from '../../store/people/secrets.ts';
import { issueLoginLink } from '../auth/login-link.ts';
import type { AuditFacts, HttpDeps, HttpOptions, Role } from '../deps.ts';
import { buildServer } from '../server.ts';
import { type TestClock, testClock } from './test-clock.ts';
import { seedTenant, type TestTenant } from './test-tenant.ts';

/** What the routes asked of the rest of the house, by name. */
export interface Call {
  name: string;
  wish: unknown;
}

export interface TestService {
  app: FastifyInstance;
  deps: HttpDeps;
  database: TestDatabase;
  clock: TestClock;
  calls: Call[];
  audited: AuditFacts[];
  logged: string[];
  ours: TestTenant;
  theirs: TestTenant;
  /** Signs a user of our tenant in and answers the cookie header. */
  signIn(role: Role, tenant?: TestTenant): Promise<string>;
  send(options: InjectOptions & { as?: string; key?: string }): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

const HOST = 'tiebeam.test';

/** The real service on a real database with two tenants, and recorded stand-ins for the engine's functions. */
export async function startTestService(
  overrides: Partial<HttpDeps> = {},
  options: HttpOptions = { https: false },
): Promise<TestService> {
  const database = await createTestDatabase();
  const clock = testClock('2026-09-14T10:00:00.000Z');
  const calls: Call[] = [];
  const audited: AuditFacts[] = [];
  const logged: string[] = [];
  const ours = await seedTenant(database.pools, 'ours', clock.now());
  const theirs = await seedTenant(database.pools, 'theirs', clock.now());
  const deps = { ...recordingDeps(database, clock, calls, audited, logged), ...overrides };
  const app = await buildServer(deps, options);
  await app.ready();

  const send: TestService['send'] = ({ as, key, headers, ...rest }) =>
    app.inject({
      ...rest,
      headers: {
        host: HOST,
        'x-tiebeam-request': '1',
        ...(as === undefined ? {} : { cookie: as }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...headers,
      },
    });

  return {
    app,
    deps,
    database,
    clock,
    calls,
    audited,
    logged,
    ours,
    theirs,
    send,
    async signIn(role, tenant = ours) {
      const { token } = await inTenant(database.pools.app, tenant.tenant, (tx) =>
        issueLoginLink(tx, { tenant: tenant.tenant, userId: role, now: clock.now(), randomBytes }),
      );
      const answer = await send({ method: 'POST', url: '/api/v1/sign-in/link', payload: { token } });
      if (answer.statusCode !== 200) throw new Error(`sign-in failed: ${answer.body}`);
      return cookieOf(answer);
    },
    async close() {
      await app.close();
      await database.drop();
    },
  };
}

/** The cookie header that a browser would send after this answer. */
export function cookieOf(answer: LightMyRequestResponse): string {
  const cookie = answer.cookies[0];
  if (!cookie) throw new Error(`No cookie was set: ${answer.statusCode} ${answer.body}`);
  return `${cookie.name}=${cookie.value}`;
}

function recordingDeps(
  database: TestDatabase,
  clock: TestClock,
  calls: Call[],
  audited: AuditFacts[],
  logged: string[],
): HttpDeps {
  const record = (name: string) => async (wish: unknown) => {
    calls.push({ name, wish });
    return { ok: true as const };
  };
  return {
    pools: database.pools,
    clock,
    randomBytes,
    fingerprint: openVault('test').fingerprint,
    log: pino({ base: null }, { write: (line: string) => void logged.push(line) }),
    approve: record('approve'),
    reject: record('reject'),
    answer: record('answer'),
    setMapping: record('setMapping'),
    withdraw: record('withdraw'),
    replan: record('replan'),
    probeAgain: record('probeAgain'),
    redrive: record('redrive'),
    adopt: record('adopt'),
    billApplication: record('billApplication'),
    proposePolicy: record('proposePolicy'),
    async previewPolicy(wish) {
      calls.push({ name: 'previewPolicy', wish });
      return { ok: true, changes: [] };
    },
    setPhase: record('setPhase'),
    allowJobCosts: record('allowJobCosts'),
    async askForActuals(tenant) {
      calls.push({ name: 'askForActuals', wish: { tenant } });
    },
    systems: [],
    async connectionForm(place) {
      calls.push({ name: 'connectionForm', wish: place });
      return { ok: true, id: place.id, system: 'procore', name: 'Hub', code: 'PC', values: {} };
    },
    saveConnection: record('saveConnection'),
    async *checkConnection(tenant, id) {
      calls.push({ name: 'checkConnection', wish: { tenant, id } });
      yield { subject: 'sign-in', ok: true, message: `Signed in to ${id}` };
      yield { subject: 'clock', ok: false, message: 'Late', remedy: 'Set it' };
    },
    async planSetUp(wish) {
      calls.push({ name: 'planSetUp', wish });
      return { ok: true, plan: { address: '', digest: 'v1:plan', steps: [], notes: [], metadata: '{}' } };
    },
    async runSetUp(wish) {
      calls.push({ name: 'runSetUp', wish });
      return { ok: true, results: [] };
    },
    async supportBundle(wish) {
      calls.push({ name: 'supportBundle', wish });
      return Buffer.from('an archive');
    },
    async tieOut(tenant, { refresh }) {
      calls.push({ name: 'tieOut', wish: { tenant, refresh } });
      return { ok: true, tieOut: { projects: [], asOf: null, problem: `none for ${tenant}` } };
    },
    async tieOutBudgets(tenant, { refresh }) {
      calls.push({ name: 'tieOutBudgets', wish: { tenant, refresh } });
      return { ok: true, tieOut: { projects: [], asOf: null, problem: `none for ${tenant}` } };
    },
    async tieOutDirectCosts(tenant, { refresh }) {
      calls.push({ name: 'tieOutDirectCosts', wish: { tenant, refresh } });
      return { ok: true, tieOut: { projects: [], asOf: null, problem: `none for ${tenant}` } };
    },
    async verifyAudit(tenant) {
      calls.push({ name: 'verifyAudit', wish: { tenant } });
      return { ok: true, verdict: { verified: true, entries: 1, brokenAt: null, reason: null } };
    },
    async receiveWebhook(delivery) {
      calls.push({ name: 'receiveWebhook', wish: delivery });
      return 'stored';
    },
    keepUnread: openUnread({ pools: database.pools, clock, newId: randomUUID }),
    sendsMail: false,
    mayDecide,
    sourceUrl: (document) => `https://source.test/${document.sourceId}`,
    targetUrl: (document) => (document.targetId === null ? null : `https://target.test/${document.targetId}`),
    notices: async () => ({ simulated: ['Demo ERP'], warnings: [] }),
    async audit(_tx, entry) {
      audited.push(entry);
    },
  };
}
