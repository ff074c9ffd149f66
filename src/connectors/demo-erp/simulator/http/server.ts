import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { attachFile, filesPlace, type Upload } from '../billing/files.ts';
import { importGroup } from '../billing/group-form.ts';
import { dayOf, emptyWorld, type World } from '../company/state.ts';
import { createFaults, type FaultRule } from '../faults.ts';
import { acceptGroup, catchUp } from '../masters/jobs.ts';
import { acceptImport, answerRead } from './api.ts';
import { refusal } from './refusal.ts';
import { type Answer, answerControl, type Stage } from './sim-routes.ts';

const MAX_BODY_BYTES = 8 * 1024 * 1024;

export type DemoErpSimulator = { readonly url: string; readonly stop: () => Promise<void> };

/** Starts a Ledgerline of our own on a loopback port; 0 takes a free one. */
export async function startDemoErpSimulator(options: {
  readonly port: number;
  readonly clock?: () => Date;
}): Promise<DemoErpSimulator> {
  const clock = options.clock ?? (() => new Date());
  const stage: Stage = {
    world: emptyWorld(),
    faults: createFaults(),
    nowMs: () => clock().getTime() + stage.world.clockOffsetMs,
  };
  const server = createServer((request, response) => {
    serve(stage, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else deliver(response, refusal(500, 'crash', error instanceof Error ? error.message : String(error)));
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(options.port, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

async function serve(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const method = request.method ?? 'GET';
  const content = await readBytes(request);
  if (content === null) return deliver(response, refusal(413, 'too-large', 'the body is too large'));
  if (url.pathname.startsWith('/_sim/')) {
    catchUp(stage.world, stage.nowMs());
    return deliver(response, answerControl(stage, method, url.pathname, parse(content)));
  }
  const rule = stage.faults.pick(method, url.pathname);
  if (rule?.kind === 'latency') {
    stage.faults.reached('latency');
    await delay(rule.params.delay_ms ?? 100);
  }
  catchUp(stage.world, stage.nowMs());
  const { answer, cut } = answerUnderFault(stage, { method, url, content, key: header(request) }, rule);
  if (cut === 'whole') response.destroy();
  else if (cut === 'half') deliverHalf(response, answer);
  else deliver(response, answer);
}

type Call = { readonly method: string; readonly url: URL; readonly content: Buffer; readonly key: string };
type Faulted = { readonly answer: Answer; readonly cut?: 'whole' | 'half' };

function answerUnderFault(stage: Stage, call: Call, rule: FaultRule | null): Faulted {
  const balancer: Answer = { status: rule?.params.status ?? 503, body: '<html>Service Unavailable</html>' };
  if (rule?.kind === 'rate-limited') {
    stage.faults.reached('rate-limited');
    const answer = refusal(429, 'slow-down', 'too many requests; nothing was done');
    return { answer: { ...answer, headers: { 'retry-after': String(rule.params.retry_after_s ?? 1) } } };
  }
  if (rule?.kind === 'unavailable' && rule.params.after_commit !== true) {
    stage.faults.reached('unavailable');
    logWrite(stage, call, balancer, false);
    return { answer: balancer };
  }
  if (rule?.kind === 'late-commit') return commitLater(stage, call, rule);
  if (rule?.kind === 'lost-job') loseJob(stage, call, rule);
  const answer = answerCall(stage, call);
  const committed = call.method === 'POST' && (answer.status === 202 || answer.status === 201);
  logWrite(stage, call, answer, committed);
  if (rule?.kind === 'unavailable') {
    if (committed) stage.faults.reached('unavailable');
    return { answer: balancer };
  }
  if (rule?.kind === 'lost-reply') {
    if (committed) stage.faults.reached('lost-reply');
    return { answer, cut: 'whole' };
  }
  if (rule?.kind === 'truncated-body') {
    stage.faults.reached('truncated-body');
    return { answer, cut: 'half' };
  }
  return { answer };
}

/** The caller is cut off at once and its call begins later, but always so that a job of it ends within the life. */
function commitLater(stage: Stage, call: Call, rule: FaultRule): Faulted {
  const { requestLifeMs, jobStepMs } = stage.world.settings;
  const latestMs = Math.max(0, requestLifeMs - 2 * jobStepMs);
  const begin = beginningOf(call);
  const answer: Answer = { status: 0, body: null };
  logWrite(stage, call, answer, false);
  if (begin !== null && stage.world.keys.has(call.key)) {
    stage.faults.reached('late-commit');
    const dueMs = stage.nowMs() + Math.min(rule.params.delay_ms ?? latestMs, latestMs);
    stage.world.late.push({ dueMs, begin, entry: stage.world.writes.length - 1 });
  }
  return { answer, cut: 'whole' };
}

/** What a call does once it begins; null for one that would be refused at once. */
function beginningOf({ url, content }: Call): World['late'][number]['begin'] | null {
  const upload = uploadOf(url, content);
  if (upload !== null) return (world, ms) => attachFile(world, upload, dayOf(ms)).status === 201;
  const group = importGroup.safeParse(parse(content));
  if (!group.success) return null;
  return (world, ms) => acceptGroup(world, group.data.documents, ms) !== null;
}

function uploadOf(url: URL, content: Buffer): Upload | null {
  const document = filesPlace(url.pathname);
  return document === null ? null : { document, name: url.searchParams.get('name') ?? '', content };
}

function loseJob(stage: Stage, call: Call, rule: FaultRule): void {
  const job = stage.world.jobs.get(call.url.pathname.split('/')[2] ?? '');
  if (!job) return;
  stage.faults.reached('lost-job');
  job.lost = true;
  // Lost before it ran: what it carried never stands. Lost afterwards: the documents stand, nobody says so.
  if (rule.params.after_commit === false) job.status = 'refused';
}

function answerCall(stage: Stage, { method, url, content, key }: Call): Answer {
  if (!stage.world.keys.has(key)) return refusal(401, 'key-unknown', 'this API key opens no company');
  if (method === 'GET') return answerRead(stage, url);
  if (method === 'POST' && url.pathname === '/import-groups') return acceptImport(stage, parse(content));
  const upload = method === 'POST' ? uploadOf(url, content) : null;
  if (upload !== null) return attachFile(stage.world, upload, dayOf(stage.nowMs()));
  return refusal(404, 'no-route', `${method} ${url.pathname} is not served`);
}

function logWrite(stage: Stage, call: Call, answer: Answer, committed: boolean): void {
  if (call.method === 'GET') return;
  stage.world.writes.push({
    at: new Date(stage.nowMs()).toISOString(),
    method: call.method,
    path: call.url.pathname,
    body: bodyTold(call),
    status: answer.status,
    committed,
    who: stage.world.keys.get(call.key) ?? 'unknown',
  });
}

function bodyTold({ url, content }: Call): string {
  const upload = uploadOf(url, content);
  return upload === null ? content.toString('utf8') : `${upload.name}, ${content.length} bytes`;
}

function deliver(response: ServerResponse, answer: Answer): void {
  const { text, headers } = rendered(answer);
  response.writeHead(answer.status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function deliverHalf(response: ServerResponse, answer: Answer): void {
  const { text, headers } = rendered(answer);
  response.writeHead(answer.status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
}

function rendered({ body, headers }: Answer): { text: string; headers: Record<string, string> } {
  const html = typeof body === 'string';
  return {
    text: html ? body : JSON.stringify(body),
    headers: { ...headers, 'content-type': html ? 'text/html' : 'application/json' },
  };
}

function header(request: IncomingMessage): string {
  const key = request.headers['x-ledgerline-key'];
  return typeof key === 'string' ? key : '';
}

async function readBytes(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
