import { parseArgs } from 'node:util';
import { catalogue, type FaultId, faultIds } from './faults.ts';
import { playHistory } from './history.ts';
import { playAll } from './play-all.ts';
import type { Totals } from './totals.ts';

const USAGE = `npm run simulate -- [--histories N] [--from SEED] [--workers N] [--until-violation] [--json]
npm run simulate -- --seed S [--json]      plays one history again and prints what happened in it
Exit code 0: nothing was broken, 1: something was, 2: usage.`;

const started = performance.now();
const options = readOptions();
if (options.seed === null) await playMany();
else playOne(options.seed, options.json);

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        histories: { type: 'string', default: '10000' },
        from: { type: 'string', default: '1' },
        workers: { type: 'string', default: '2' },
        seed: { type: 'string' },
        'until-violation': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(`${USAGE}\n`);
      process.exit(0);
    }
    return {
      histories: whole(values.histories),
      from: whole(values.from),
      workers: whole(values.workers),
      seed: values.seed === undefined ? null : whole(values.seed),
      untilViolation: values['until-violation'],
      json: values.json,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exit(2);
  }
}

function whole(text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`"${text}" is not a whole number above zero`);
  return value;
}

function playOne(seed: number, isJson: boolean): void {
  const { kind, trace, violations } = playHistory(seed, undefined, true);
  process.exitCode = violations.length === 0 ? 0 : 1;
  if (isJson) {
    process.stdout.write(`${JSON.stringify({ seed, kind, histories: 1, violations, trace })}\n`);
    return;
  }
  process.stdout.write(`seed ${seed}, ERP kind ${kind}, times in ms\n${trace.join('\n')}\n`);
  process.stdout.write(violations.length === 0 ? 'nothing is broken\n' : `${violations.join('\n')}\n`);
}

async function playMany(): Promise<void> {
  const { json, ...wish } = options;
  const shows = process.stderr.isTTY && !json;
  const totals = await playAll({
    ...wish,
    ...(shows ? { onProgress: (so) => process.stderr.write(`\r${line(so)}`) } : {}),
  });
  if (shows) process.stderr.write('\n');
  process.stdout.write(json ? `${JSON.stringify(report(totals))}\n` : table(totals));
  process.exitCode = totals.violations === 0 ? 0 : 1;
}

function seconds(): number {
  return (performance.now() - started) / 1000;
}

function line({ histories, violations }: Totals): string {
  return `${histories} histories, ${violations} broken, ${Math.round(histories / seconds())} a second`;
}

function report(totals: Totals) {
  const { histories, violations, faults, invariants, failures } = totals;
  const took = seconds();
  return {
    histories,
    violations,
    seconds: Math.round(took * 10) / 10,
    perSecond: Math.round(histories / took),
    faults,
    invariants,
    failingSeeds: failures.map(({ seed }) => seed),
    failures,
  };
}

function table(totals: Totals): string {
  const { faults, invariants, failures } = totals;
  const rows = faultIds.map((id: FaultId) => {
    const { injected, reached } = faults[id];
    return `${id.padEnd(4)} ${String(injected).padStart(10)} ${String(reached).padStart(10)}  ${catalogue[id]}`;
  });
  const judged = Object.entries(invariants).map(
    ([id, { judged: times, violated, absent }]) =>
      `${id.padEnd(4)} ${String(times).padStart(10)} ${String(violated).padStart(10)} ${String(absent).padStart(10)}`,
  );
  const broken = failures.map(({ seed, what }) => `seed ${seed}: ${what[0]}`);
  return [
    `${'id'.padEnd(4)} ${'injected'.padStart(10)} ${'reached'.padStart(10)}  fault`,
    ...rows,
    '',
    `${'id'.padEnd(4)} ${'judged'.padStart(10)} ${'violated'.padStart(10)} ${'absent'.padStart(10)}`,
    ...judged,
    '',
    ...broken,
    `${line(totals)}, ${seconds().toFixed(1)} s`,
    '',
  ].join('\n');
}
