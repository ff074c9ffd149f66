import { flagsOf, printed, progress } from './command-line.ts';
import { attackPostgres } from './postgres-attack.ts';
import { toldToEnd } from './told-to-end.ts';

/** `npm run simulate:postgres -- --histories 10000 [--seed S] [--at-once N] [--json]`: layer B of the attack on the posting core. */
const { count, seed, json, atOnce } = flagsOf('histories', process.argv.slice(2), 150);
const signal = toldToEnd();
const result = await attackPostgres({ histories: count, seed, atOnce, onBatch: progress, signal });
if (json) process.stdout.write(`${printed(seed, result)}\n`);
else {
  for (const [id, { injected, reached }] of Object.entries(result.faults).sort())
    process.stdout.write(`${id.padEnd(50)} injected ${injected}, reached ${reached}\n`);
  process.stdout.write(`stood in the end: ${JSON.stringify(result.stood)}\n`);
  for (const violation of result.violations) process.stdout.write(`VIOLATION ${violation}\n`);
  const { histories, violations, seconds } = result;
  const rate = (histories / seconds).toFixed(2);
  process.stdout.write(
    `seed ${seed}: ${histories} histories, ${violations.length} violations, ${seconds.toFixed(0)} s, ${rate} a second\n`,
  );
}
process.exit(result.violations.length > 0 ? 1 : signal.aborted ? 130 : 0);
