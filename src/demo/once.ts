import { openDesk } from './desk.ts';
import { faultPlans } from './faults.ts';
import { examine, type Judgement, type Verdict } from './judge.ts';
import { expectedOf } from './judge-orders.ts';
import { patience } from './patience.ts';
import type { Tokens } from './session.ts';
import { setFaults } from './simulator-calls.ts';
import type { Simulators } from './simulators.ts';
import { inSpiteOfFaults, pause, type Telling, tellStory, workDesk } from './story.ts';
import type { World } from './world.ts';

export type OnceOptions = {
  readonly baseUrl: string;
  readonly tokens: Tokens;
  readonly seed: number;
  readonly world: World;
  readonly simulators: Simulators;
  readonly onProgress: (line: string) => void;
};

// The slowest thing of the story, a lost webhook that a regular look finds, takes ten seconds on a machine of its own.
const STILL_MS = 50_000;
const MOST_MS = 240_000;
const LOOK_MS = 500;
const FINDINGS_TOLD = 3;
const FINDING_CHARS = 140;

/**
 * The whole story under faults, judged. The service is running, connected and mapped. Answers the first verdict
 * without a finding, or the last one after nothing new happened for a while: what has not settled by then counts.
 */
export async function runOnce(options: OnceOptions): Promise<Verdict> {
  const { baseUrl, tokens, seed, world, simulators } = options;
  const { signal, heard, end } = patience({ stillMs: STILL_MS, mostMs: MOST_MS });
  const onProgress = (line: string) => {
    heard(line);
    options.onProgress(line);
  };
  const urls = { procore: simulators.procore.url, businessOne: simulators.businessOne.url };
  const desk = await openDesk(baseUrl, tokens);
  await setFaults(urls, faultPlans(seed));
  const telling: Telling = { world, simulators, desk, onProgress, signal };
  for (const step of await tellStory(telling)) onProgress(`never came: ${step}`);
  const look = () => examine(seed, urls, desk.accountant, expectedOf(world));
  let settled: Judgement | null = null;
  while (settled === null && !signal.aborted) {
    await inSpiteOfFaults(onProgress, async () => {
      const decided = await workDesk(telling);
      const judgement = await look();
      // What can still be decided is decided first: a verdict in the middle of an approval would say little.
      if (judgement.findings.length === 0 && decided === 0) settled = judgement;
      else if (decided === 0)
        onProgress(`not settled, ${judgement.findings.length}: ${shortened(judgement.findings)}`);
    });
    if (settled === null) await pause(LOOK_MS, signal);
  }
  end();
  const { findings, verdict } = settled ?? (await look());
  for (const finding of findings) onProgress(`found: ${finding}`);
  return verdict;
}

function shortened(findings: readonly string[]): string {
  return findings
    .slice(0, FINDINGS_TOLD)
    .map((finding) => finding.slice(0, FINDING_CHARS))
    .join('; ');
}
