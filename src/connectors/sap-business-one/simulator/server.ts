import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createState, nowMs, type SimState } from './company/state.ts';
import { sendJson, sendPage } from './odata/reply.ts';
import { serveWithFaults } from './serve-with-faults.ts';
import type { Call } from './service.ts';
import { simReply } from './sim-routes.ts';

const MAX_BODY_BYTES = 16 * 1024 * 1024;

export interface SimulatorOptions {
  /** 0 lets the system choose. */
  port: number;
  clock?: () => number;
}

export interface RunningSimulator {
  url: string;
  stop: () => Promise<void>;
}

/** Starts one Service Layer with an empty company on the loopback address. */
export async function startBusinessOneSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const state = createState(options.clock ?? Date.now);
  const server = createServer((req, res) => {
    handle(state, req, res).catch((error: unknown) => {
      if (res.headersSent) res.destroy();
      else sendJson(res, 500, { simulator_error: error instanceof Error ? error.stack : String(error) });
    });
  });
  // Longer than clients keep idle connections, so that a reused one is not closed under their request.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      state.pendingCommits.clear();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, stop };
}

async function handle(state: SimState, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const method = req.method ?? 'GET';
  const url = req.url ?? '/';
  const requestBytes = await bodyOf(req);
  if (requestBytes === null) {
    sendPage(res, 413, 'Request Entity Too Large');
    return;
  }
  if (url.startsWith('/_sim/')) {
    const reply = simReply(state, method, url, requestBytes.toString('utf8'));
    sendJson(res, reply.status, reply.body);
    return;
  }
  if (/^\/ping(?:\/?|\/load-balancer|\/node\/\d+)$/.test(url) && method === 'GET') {
    sendJson(res, 200, { message: 'pong', sender: 'load balancer', timestamp: nowMs(state) });
    return;
  }
  const call = callOf(req, method, url, requestBytes);
  if (call === null) sendPage(res, 404, 'Not Found');
  else await serveWithFaults(state, call, url, res);
}

function callOf(req: IncomingMessage, method: string, url: string, requestBytes: Buffer): Call | null {
  const [path = '', search = ''] = splitOnce(url, '?');
  const parts = /^\/b1s\/(v1|v2)\/(.*)$/.exec(path);
  if (parts === null) return null;
  const version = parts[1] === 'v1' ? 'v1' : 'v2';
  let decoded: string;
  try {
    decoded = decodeURIComponent(parts[2] ?? '');
  } catch {
    return null;
  }
  const query = new URLSearchParams(search);
  const requestText = requestBytes.toString('utf8');
  return { method, version, path: decoded, query, headers: req.headers, requestBytes, requestText };
}

function splitOnce(whole: string, mark: string): [string, string] {
  const at = whole.indexOf(mark);
  return at < 0 ? [whole, ''] : [whole.slice(0, at), whole.slice(at + 1)];
}

async function bodyOf(req: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
