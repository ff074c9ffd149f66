import { flagsOf, printed, progress } from './command-line.ts';
import { attackByKills } from './kill-attack.ts';
import { toldToEnd } from './told-to-end.ts';

/** `npm run kills -- --runs 1000 [--seed S] [--at-once N] [--json]`: layer C of the attack on the posting core. */
const { count, seed, json, atOnce } = flagsOf('runs', process.argv.slice(2), 40);
const signal = toldToEnd();
const result = await attackByKills({ runs: count, seed, atOnce, onChunk: progress, signal });
if (json) process.stdout.write(`${printed(seed, result)}\n`);
else {
  for (const [name, { injected, reached }] of Object.entries(result.kills).sort())
    process.stdout.write(`${name.padEnd(30)} armed ${injected}, killed there ${reached}\n`);
  process.stdout.write(`stood in the end: ${JSON.stringify(result.stood)}\n`);
  for (const violation of result.violations) process.stdout.write(`VIOLATION ${violation}\n`);
  const { runs, documents, violations, seconds, webhooks } = result;
  process.stdout.write(
    `seed ${seed}: ${runs} runs, ${documents} documents, ${webhooks.accepted} of ${webhooks.sent} webhooks answered 2xx, ` +
      `${violations.length} violations, ${seconds.toFixed(0)} s, ${(seconds / runs).toFixed(2)} s a run\n`,
  );
}
process.exit(result.violations.length > 0 ? 1 : signal.aborted ? 130 : 0);
