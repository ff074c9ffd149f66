import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Finding, interleaved, medianOf, middle, rounded } from './measure/ratio.ts';
import { startServer } from './measure/server.ts';
import type { Place } from './webhook-acks/deliveries.ts';
import type { Counted, Round } from './webhook-acks/load.ts';

// Durable webhook acknowledgements a second of the real service by those of a server that does nothing.

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    lean: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    connections: { type: 'string', default: '64' },
  },
});
const TENANTS = 8;
const repeats = values.quick ? 2 : 7;
const measureMs = values.quick ? 1_500 : 4_000;
if (values.lean && values.fresh)
  throw new RangeError('--lean keeps its connections: it goes without --fresh');
const connections = Number(values.connections);
if (!(Number.isInteger(connections) && connections > 0 && connections <= 1_000))
  throw new RangeError('--connections is a number from 1 to 1000');
const places: Place[] = Array.from({ length: TENANTS }, (_, index) => ({
  hook: `hook-${index}`,
  companyId: String(9_000 + index),
  secret: `secret of hook ${index}`,
}));

const server = await startServer();
const children: ChildProcess[] = [];
try {
  await measure();
} finally {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await server.stop();
}

async function measure(): Promise<void> {
  const service = start('service.ts', server.dataDir, server.ownerUrl, JSON.stringify(places));
  const noOp = start('no-op.ts');
  const load = start('load.ts');
  const [serviceUrl, noOpUrl] = await Promise.all([
    answerOf<string>(service),
    answerOf<string>(noOp),
    answerOf(load),
  ]);
  const round = (process: ChildProcess, url: string) => async (run: number | string) => {
    const before = await usedBy(process);
    const { lean, fresh } = values;
    const wish: Round = { url, run: `r${run}`, places, connections, warmUpMs: 500, measureMs, lean, fresh };
    load.send(wish);
    const counted = await answerOf<Counted>(load);
    const after = await usedBy(process);
    return { ...counted, server: after.server - before.server, database: after.database - before.database };
  };
  const ours = round(service, serviceUrl);
  const theirs = round(noOp, noOpUrl);
  const warm = [await theirs('warm'), await ours('warm')];
  const pairs = await interleaved(repeats, ours, theirs);

  const { rows } = await server.owner.query<{ signals: number; lanes: number }>(
    'select (select count(*)::int from signal) as signals, (select count(*)::int from lane) as lanes',
  );
  report({ pairs, warm: warm[1]!.acknowledged, ...rows[0]! });
  const gone = once(service, 'exit');
  service.send('stop');
  await gone;

  async function usedBy(process: ChildProcess): Promise<{ server: number; database: number }> {
    const answer = answerOf<number>(process);
    process.send('cpu');
    return { server: await answer, database: (await server.cpuSeconds()) ?? Number.NaN };
  }
}

type Measured = Counted & { readonly server: number; readonly database: number };

function report(run: {
  readonly pairs: readonly { readonly one: Measured; readonly other: Measured }[];
  readonly warm: number;
  readonly signals: number;
  readonly lanes: number;
}): void {
  const perSecond = ({ acknowledgedInTime }: Counted) => acknowledgedInTime / (measureMs / 1_000);
  const [ours, theirs] = [run.pairs.map(({ one }) => one), run.pairs.map(({ other }) => other)];
  const acknowledged = ours.reduce((sum, each) => sum + each.acknowledged, run.warm);
  const failed = [...ours, ...theirs].reduce((sum, each) => sum + each.failed, 0);
  if (run.signals < acknowledged || (failed === 0 && run.signals !== acknowledged))
    throw new Error(`${acknowledged} deliveries were acknowledged, ${run.signals} are in the table`);
  const { ratio, interval } = medianOf(run.pairs.map(({ one, other }) => perSecond(one) / perSecond(other)));
  const finding: Finding = {
    name: 'B1',
    title: `durable webhook acks/s : acks/s of a fastify that does nothing (${connections} connections, ${TENANTS} tenants)`,
    ratio,
    interval,
    repeats,
    target: '>= 0.80',
    met: ratio >= 0.8,
    acknowledged,
    signalsStored: run.signals,
    lanesWoken: run.lanes,
    failed,
    client: values.lean ? 'undici' : 'node:http',
    eachOnItsOwnConnection: values.fresh,
    ours: sideOf(ours, perSecond),
    noOp: sideOf(theirs, perSecond),
  };
  process.stdout.write(`${JSON.stringify(finding)}\n`);
}

/** CPU tells on a busy machine what the rates cannot. */
function sideOf(rounds: readonly Measured[], perSecond: (counted: Counted) => number) {
  const each = (used: (counted: Measured) => number) =>
    rounded(middle(rounds.map((counted) => (used(counted) / counted.acknowledged) * 1_000_000)));
  return {
    perSecond: Math.round(middle(rounds.map(perSecond))),
    p50Ms: rounded(middle(rounds.map(({ p50Ms }) => p50Ms))),
    p99Ms: rounded(middle(rounds.map(({ p99Ms }) => p99Ms))),
    cpuMicrosecondsPerAck: {
      client: each(({ cpuSeconds }) => cpuSeconds),
      server: each(({ server: used }) => used),
      postgres: each(({ database }) => database),
    },
  };
}

function start(file: string, ...args: string[]): ChildProcess {
  const child = fork(join(import.meta.dirname, 'webhook-acks', file), args);
  children.push(child);
  return child;
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const heard = new AbortController();
  const died = once(child, 'exit', { signal: heard.signal }).then(
    ([code]) => Promise.reject(new Error(`a process of the bench ended with ${String(code)}`)),
    () => [],
  );
  try {
    return (await Promise.race([once(child, 'message'), died]))[0] as Answer;
  } finally {
    heard.abort();
  }
}
