import { openDesk } from './desk.ts';
import { faultPlans } from './faults.ts';
import { examine, type Verdict } from './judge.ts';
import { expectedOf } from './judge-orders.ts';
import type { Tokens } from './session.ts';
import { setFaults } from './simulator-calls.ts';
import type { Simulators } from './simulators.ts';
import { pause, type Telling, tellStory, workDesk } from './story.ts';
import type { World } from './world.ts';

export type OnceOptions = {
  readonly baseUrl: string;
  readonly tokens: Tokens;
  readonly seed: number;
  readonly world: World;
  readonly simulators: Simulators;
  readonly onProgress: (line: string) => void;
  /** The judge's last look happens at this time, whether all has settled or not. */
  readonly deadlineMs?: number;
};

const DEADLINE_MS = 50_000;
const LOOK_MS = 500;
const FINDINGS_TOLD = 3;

/**
 * The whole story under faults, judged. The service is running, connected and mapped. Answers the first verdict
 * without a finding, or the last one before the deadline: what has not settled by then counts.
 */
export async function runOnce(options: OnceOptions): Promise<Verdict> {
  const { baseUrl, tokens, seed, world, simulators, onProgress } = options;
  const signal = AbortSignal.timeout(options.deadlineMs ?? DEADLINE_MS);
  const urls = { procore: simulators.procore.url, businessOne: simulators.businessOne.url };
  const desk = await openDesk(baseUrl, tokens);
  await setFaults(urls, faultPlans(seed));
  const telling: Telling = { world, simulators, desk, onProgress, signal };
  for (const step of await tellStory(telling)) onProgress(`never came: ${step}`);
  const look = () => examine(seed, urls, desk.accountant, expectedOf(world));
  let judgement = await look();
  while (judgement.findings.length > 0 && !signal.aborted) {
    onProgress(`not settled: ${judgement.findings.slice(0, FINDINGS_TOLD).join('; ')}`);
    await pause(LOOK_MS, signal);
    await workDesk(telling);
    judgement = await look();
  }
  for (const finding of judgement.findings) onProgress(`found: ${finding}`);
  return judgement.verdict;
}
