import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Done } from '../../src/http/schemas/answers.ts';
import { AuditPage, AuditVerdict } from '../../src/http/schemas/audit.ts';
import { BillApplication } from '../../src/http/schemas/billing.ts';
import { DocumentPage, Evidence, Withdraw } from '../../src/http/schemas/documents.ts';
import { ChooseMail, MailSettings } from '../../src/http/schemas/mail.ts';
import { TargetPage } from '../../src/http/schemas/mappings.ts';
import { SetPointOfView, SignIn, UseLink } from '../../src/http/schemas/people.ts';
import { Adopt, Answer, Approve, Reject, ReviewPage } from '../../src/http/schemas/review.ts';
import { setSecurityHeaders } from '../../src/http/security-headers.ts';
import { webFiles } from '../../src/http/web-files.ts';
import { budgetTieOutOf, directCostTieOutOf } from './stub-budgets.ts';
import { connectionRoutes, type StubConnections, stubConnections } from './stub-connections.ts';
import { policyRoutes, type StubPolicy, stubPolicy } from './stub-policy.ts';
import { makeWorld, overviewOf, tieOutOf, type World } from './stub-world.ts';

export const stubLogin = { email: 'lee.okafor@cascade.example', password: 'a long enough sentence' };
export const stubToken = 'one-time-token';

export type StubMail = Omit<z.infer<typeof MailSettings>, 'address'>;

export interface StubApi {
  url: string;
  world: World;
  connections: StubConnections;
  policy: StubPolicy;
  mail: StubMail;
  /** Every mutating request with its idempotency key, in order. */
  asked: { path: string; key: string; body: unknown }[];
  /** The next requests to a path beginning with this fail with a problem. */
  failNext(path: string, times?: number): void;
  close(): Promise<void>;
}

/**
 * A small stand-in for the service: typed by the API's schemas, and every answer goes through them, so it
 * cannot promise what the service does not. The web files and the CSP come from the service's own code.
 */
export async function startStubApi(webRoot: string, documentCount = 40): Promise<StubApi> {
  const world = makeWorld(documentCount);
  const connections = stubConnections();
  const policy = stubPolicy();
  const mail: StubMail = { waits: 'off', ordered: 'off', hour: 12, isSending: true, trouble: null };
  const app = fastify();
  const asked: StubApi['asked'] = [];
  const failing = new Map<string, number>();
  await app.register(cookie);
  app.addHook('onRequest', async (_, reply) => setSecurityHeaders(reply, false));
  app.addHook('preHandler', async (request, reply) => {
    const path = request.url.replace('/api/v1', '');
    if (!request.url.startsWith('/api/') || path.startsWith('/sign-in')) return;
    if (request.cookies.session !== 'open') return problem(reply, 401, 'You are signed out');
    const left = [...failing].find(([start, times]) => times > 0 && path.startsWith(start));
    if (left) {
      failing.set(left[0], left[1] - 1);
      return problem(reply, 503, 'The database does not answer');
    }
    if (request.method === 'GET') return;
    if (request.headers['x-tiebeam-request'] !== '1')
      return problem(reply, 403, 'Not asked from our own page');
    asked.push({ path, key: String(request.headers['idempotency-key'] ?? ''), body: request.body });
  });
  await app.register(
    async (api) => {
      sessionRoutes(api, world, mail);
      documentRoutes(api, world);
      reviewRoutes(api, world);
      readingRoutes(api, world);
      connectionRoutes(api, connections, problem);
      policyRoutes(api, world, policy, problem);
    },
    { prefix: '/api/v1' },
  );
  await webFiles(app, webRoot);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    world,
    connections,
    policy,
    mail,
    asked,
    failNext: (path, times = 1) => failing.set(path, times),
    close: () => app.close(),
  };
}

function sessionRoutes(api: FastifyInstance, world: World, mail: StubMail): void {
  api.get('/me', async () => world.me);
  api.post('/sign-in', async (request, reply) => {
    const { email, password } = SignIn.parse(request.body);
    if (email !== stubLogin.email || password !== stubLogin.password) {
      return problem(reply, 401, 'Not signed in', 'E-mail and password do not belong together.');
    }
    return open(reply).send(world.me);
  });
  api.post('/sign-in/link', async (request, reply) => {
    const { token } = UseLink.parse(request.body);
    if (token !== stubToken) return problem(reply, 401, 'This link was used already', 'Ask for a new one.');
    return open(reply).send(world.me);
  });
  api.put('/point-of-view', async ({ body }) => {
    world.me.tenant.pointOfView = SetPointOfView.parse(body).pointOfView;
    return Done.parse({ ok: true });
  });
  api.get('/mail', async () => MailSettings.parse({ ...mail, address: world.me.user.email }));
  api.put('/mail', async ({ body }) => {
    Object.assign(mail, ChooseMail.parse(body));
    return Done.parse({ ok: true });
  });
  api.post('/sign-out', async (_, reply) => reply.clearCookie('session', { path: '/' }).code(204).send());
}

function documentRoutes(api: FastifyInstance, world: World): void {
  api.get<{ Querystring: Record<string, string | undefined> }>('/documents', async (request) => {
    const { state = '', project, q = '', owner, kind, cursor, limit = '100' } = request.query;
    const states = state.split(',').filter(Boolean);
    const found = world.documents.filter(
      (row) =>
        (states.length === 0 || states.includes(row.state)) &&
        (!project || row.project?.id === project) &&
        (!owner || row.owner === owner) &&
        (!kind || row.kind === kind) &&
        `${row.number} ${row.title} ${row.vendor}`.toLowerCase().includes(q.toLowerCase()),
    );
    const from = cursor ? Number(cursor) : 0;
    const to = from + Number(limit);
    return DocumentPage.parse({
      rows: found.slice(from, to),
      next: to < found.length ? String(to) : null,
      total: found.length,
    });
  });
  api.get<{ Params: { id: string } }>('/documents/:id', async (request, reply) => {
    const row = world.documents.find(({ id }) => id === request.params.id);
    if (!row) return problem(reply, 404, 'No such document');
    const { evidence, asks, ...bare } = { evidence: 0, asks: 0, ...row };
    return { ...bare, review: world.review.filter(({ documentId }) => documentId === row.id) };
  });
  api.get<{ Params: { id: string } }>('/documents/:id/evidence', async (request) =>
    Evidence.parse({ rows: world.known.get(request.params.id) ?? [], more: false }),
  );
  for (const action of ['withdraw', 'replan', 'probe-again']) {
    api.post<{ Params: { id: string } }>(`/documents/:id/${action}`, async (request, reply) => {
      const row = world.documents.find(({ id }) => id === request.params.id);
      if (!row) return problem(reply, 404, 'No such document');
      if (action === 'withdraw') {
        Withdraw.parse(request.body);
        Object.assign(row, { state: 'withdrawn', actions: ['replan'], waitsFor: '', owner: null });
      }
      return Done.parse({ ok: true });
    });
  }
}

function reviewRoutes(api: FastifyInstance, world: World): void {
  api.get('/review', async () =>
    ReviewPage.parse({ rows: world.review.filter(({ state }) => state === 'open') }),
  );
  api.get<{ Params: { id: string } }>('/review/:id', async (request, reply) => {
    return (
      world.review.find(({ id }) => id === request.params.id) ?? problem(reply, 404, 'No such review item')
    );
  });
  const decide = (
    verb: string,
    state: 'approved' | 'rejected' | 'corrected',
    body: { parse(value: unknown): unknown },
  ) =>
    api.post<{ Params: { id: string } }>(`/review/:id/${verb}`, async (request, reply) => {
      const item = world.review.find(({ id }) => id === request.params.id);
      if (!item) return problem(reply, 404, 'No such review item');
      body.parse(request.body);
      if (item.state !== 'open') return problem(reply, 409, 'It is decided already');
      Object.assign(item, { state, decidedBy: world.me.user.email, decidedAt: new Date().toISOString() });
      const row = world.documents.find(({ id }) => id === item.documentId);
      if (row) Object.assign(row, { state: state === 'approved' ? 'ready' : 'withdrawn' });
      return Done.parse({ ok: true });
    });
  decide('approve', 'approved', Approve);
  decide('adopt', 'approved', Adopt);
  decide('billing', 'corrected', BillApplication);
  decide('reject', 'rejected', Reject);
  decide('answer', 'corrected', Answer);
}

function readingRoutes(api: FastifyInstance, world: World): void {
  api.get('/overview', async () => overviewOf(world));
  api.get('/tie-out', async () => tieOutOf(world));
  api.post('/tie-out/refresh', async () => {
    world.asOf = new Date().toISOString();
    return tieOutOf(world);
  });
  api.get('/tie-out/direct-costs', async () => directCostTieOutOf(world));
  for (const verb of ['get', 'post'] as const)
    api[verb](`/tie-out/budgets${verb === 'post' ? '/refresh' : ''}`, async () => budgetTieOutOf(world));
  api.get<{ Querystring: { q?: string } }>('/targets', async (request) => {
    const all = [
      { code: '51000', name: 'Materials' },
      { code: '52000', name: 'Subcontract: other' },
      { code: '52600', name: 'Subcontract: electrical' },
      { code: '53000', name: 'Equipment rental' },
    ];
    const wanted = (request.query.q ?? '').toLowerCase();
    return TargetPage.parse({
      rows: all.filter(({ code, name }) => `${code} ${name}`.toLowerCase().includes(wanted)),
    });
  });
  api.get<{ Querystring: { document?: string } }>('/audit', async (request) =>
    AuditPage.parse({
      rows: world.audit.filter(
        ({ documentId }) => !request.query.document || documentId === request.query.document,
      ),
      next: null,
    }),
  );
  api.get('/audit/verify', async () =>
    AuditVerdict.parse({ verified: true, entries: 1_482, brokenAt: null, reason: null }),
  );
}

function open(reply: FastifyReply): FastifyReply {
  return reply.setCookie('session', 'open', { path: '/', httpOnly: true, sameSite: 'lax' });
}

function problem(
  reply: FastifyReply,
  status: number,
  title: string,
  detail = 'Nothing was changed or sent.',
) {
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, detail }));
}
