import { parseArgs } from 'node:util';
import type { TestProject } from 'vitest/node';
import { startWorld } from '../scenarios/world.ts';
import setup from '../setup/postgres.ts';
import { takeBroken } from './broken-requests.ts';
import { deliverBroken } from './broken-webhooks.ts';

/**
 * `npm run fuzz -- [--webhooks N] [--requests N] [--seed S] [--json]`: broken payloads of Procore through the real intake
 * and the real taking of requests, each accounted for. Requests come in batches, each with a company of its own.
 */
const { values } = parseArgs({
  options: {
    webhooks: { type: 'string', default: '50000' },
    requests: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '20261122' },
    json: { type: 'boolean', default: false },
  },
});
const [webhooks, requests, seed] = [values.webhooks, values.requests, values.seed].map(Number);
if (![webhooks, requests, seed].every((value) => Number.isInteger(value))) {
  process.stderr.write('Options: --webhooks N, --requests N, --seed S, --json\n');
  process.exit(2);
}

// A company shows at most so many details before they cannot be listed in a few calls any more.
const BATCH = 250;

const stop = await setup({
  provide: (_name: string, port: number) => {
    process.env.TIEBEAM_TEST_CLUSTER_PORT = String(port);
  },
} as unknown as TestProject);
try {
  const world = await startWorld({ mapped: false });
  const {
    lost: lostWebhooks,
    invented,
    ...delivered
  } = await deliverBroken(world, {
    count: webhooks!,
    seed: seed!,
  }).finally(world.stop);
  const ends = { answered: 0, declined: 0, waiting: 0, quarantined: 0, lost: 0 };
  const findings = [...lostWebhooks, ...invented];
  for (let from = 0; from < requests!; from += BATCH) {
    const taken = await takeBroken({
      count: Math.min(BATCH, requests! - from),
      seed: seed! + 1 + from,
      withinMs: 900_000,
    });
    for (const end of Object.keys(ends) as (keyof typeof ends)[]) ends[end] += taken.ends[end];
    findings.push(...taken.lost);
    process.stderr.write(`${from + taken.sent} of ${requests} requests, ${ends.lost} lost\n`);
  }
  const result = {
    seed,
    webhooks: { ...delivered, lost: lostWebhooks.length, invented: invented.length },
    requests: { sent: requests, ...ends },
    findings: findings.slice(0, 50),
  };
  process.stdout.write(`${JSON.stringify(result, null, values.json ? 0 : 2)}\n`);
  process.exitCode = findings.length > 0 ? 1 : 0;
} finally {
  await stop();
}
