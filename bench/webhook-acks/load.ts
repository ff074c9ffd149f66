import { Agent, request } from 'node:http';
import { Pool } from 'undici';
import { bodyOf, type Place } from './deliveries.ts';

// Sends deliveries over kept connections, the next one when the last was answered, and counts the answers.

export type Round = {
  readonly url: string;
  readonly run: string;
  readonly places: readonly Place[];
  readonly connections: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly lean: boolean;
  /** A connection for each delivery, as from a sender that keeps none open. */
  readonly fresh: boolean;
};
export type Counted = {
  readonly acknowledged: number;
  readonly acknowledgedInTime: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuSeconds: number;
};

type Send = (path: string, secret: string, body: string) => Promise<number>;

process.on('message', async (round: Round | 'stop') => {
  if (round === 'stop') process.exit(0);
  process.send?.(await runRound(round));
});
process.send?.('ready');

async function runRound(round: Round): Promise<Counted> {
  const { run, places, connections, warmUpMs, measureMs } = round;
  const { send, close } = round.lean ? leanClient(round) : plainClient(round);
  const usedBefore = process.cpuUsage();
  const countFromMs = performance.now() + warmUpMs;
  const untilMs = countFromMs + measureMs;
  const tookMs: number[] = [];
  let [sent, acknowledged, failed] = [0, 0, 0];
  async function one(): Promise<void> {
    while (performance.now() < untilMs) {
      const index = sent++;
      const place = places[index % places.length]!;
      const beganMs = performance.now();
      const status = await send(
        `/webhooks/procore/${place.hook}`,
        place.secret,
        bodyOf(place, `${run}-${index}`, index),
      );
      const endedMs = performance.now();
      if (status !== 200) {
        failed += 1;
        continue;
      }
      acknowledged += 1;
      if (endedMs >= countFromMs && endedMs < untilMs) tookMs.push(endedMs - beganMs);
    }
  }
  await Promise.all(Array.from({ length: connections }, one));
  await close();
  const { user, system } = process.cpuUsage(usedBefore);
  tookMs.sort((a, b) => a - b);
  const at = (share: number) => tookMs[Math.floor(tookMs.length * share)] ?? 0;
  return {
    acknowledged,
    acknowledgedInTime: tookMs.length,
    failed,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuSeconds: (user + system) / 1_000_000,
  };
}

function headersOf(secret: string, body: string) {
  return {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    authorization: `Bearer ${secret}`,
  };
}

/** Node's own client, as most senders are. */
function plainClient({ url, connections, fresh }: Round): { send: Send; close: () => Promise<void> } {
  const { hostname, port } = new URL(url);
  const agent = new Agent(fresh ? { keepAlive: false } : { keepAlive: true, maxSockets: connections });
  const send: Send = (path, secret, body) =>
    new Promise((resolve, reject) => {
      const sending = request(
        { agent, hostname, port, path, method: 'POST', headers: headersOf(secret, body) },
        (answer) => {
          answer.resume();
          answer.on('end', () => resolve(answer.statusCode ?? 0));
        },
      );
      sending.on('error', reject);
      sending.end(body);
    });
  return { send, close: async () => agent.destroy() };
}

/** A client that costs a fifth: it leaves the machine to the server, and so to what the no-op server does not do. */
function leanClient({ url, connections }: Round): { send: Send; close: () => Promise<void> } {
  const pool = new Pool(url, { connections, pipelining: 1 });
  return {
    async send(path, secret, body) {
      const answer = await pool.request({ path, method: 'POST', headers: headersOf(secret, body), body });
      await answer.body.dump();
      return answer.statusCode;
    },
    close: () => pool.close(),
  };
}
