import type { Draw } from './draw.ts';
import type { FaultBook } from './fault-book.ts';
import { REQUEST_LIFE_MS } from './simulators.ts';
import type { World } from './world.ts';

export type Rule = {
  readonly id: string;
  readonly kind: string;
  readonly on?: { readonly method?: string; readonly path_regex?: string };
  readonly params?: Readonly<Record<string, number | boolean>>;
  readonly probability: number;
};

export const slow = (delay_ms: number) => ({ delay_ms });

const WRITES = { method: 'PATCH' };
const procoreRules: readonly Rule[] = [
  { id: 'P1 rate limited', kind: 'rate-limited', params: { retry_after_s: 1 }, probability: 0.05 },
  { id: 'P2 unavailable', kind: 'unavailable', probability: 0.08 },
  { id: 'P2 slow', kind: 'latency', params: slow(500), probability: 0.08 },
  { id: 'P3 token expired', kind: 'token-expired', probability: 0.05 },
  { id: 'P4 truncated body', kind: 'truncated-body', probability: 0.05 },
  { id: 'P9 lost reply to a write-back', kind: 'lost-reply', on: WRITES, probability: 0.3 },
  { id: 'P9 late write-back', kind: 'late-commit', on: WRITES, probability: 0.3 },
  { id: 'W1 duplicate webhook', kind: 'duplicate-webhook', params: { copies: 3 }, probability: 0.5 },
  { id: 'W2 reordered webhook', kind: 'reordered-webhook', probability: 0.3 },
  { id: 'W3 lost webhook', kind: 'lost-webhook', probability: 0.4 },
];

/** Draws what goes wrong at both systems in this batch, and tells them. */
export async function armSystemFaults(draw: Draw, { simulators: { procore }, erp: attacked }: World) {
  const erp = chosen(draw, attacked.rules);
  const hub = chosen(draw, procoreRules);
  const seeds = { erp: draw.seed(), hub: draw.seed() };
  // Up to the last moment at which a lost request may still take effect.
  const lateMs = draw.between(100, REQUEST_LIFE_MS - 10);
  await attacked.drawSettings(draw);
  await attacked.simulator.post('faults', {
    seed: seeds.erp,
    rules: erp.map((rule) => ruleOf(rule, lateMs)),
  });
  await procore.post('faults', { seed: seeds.hub, rules: hub.map((rule) => ruleOf(rule, lateMs)) });
  return {
    /** The systems are well again; what they counted goes into the book. */
    async disarm(book: FaultBook): Promise<void> {
      for (const [simulator, rules] of [
        [attacked.simulator, erp],
        [procore, hub],
      ] as const) {
        const counts = await simulator.faults();
        for (const { id, kind } of rules) {
          book.planned(id);
          const { injected = 0, reached = 0 } = counts[kind] ?? {};
          book.injected(id, injected);
          book.reached(id, reached);
        }
        await simulator.post('faults', { seed: 1, rules: [] });
      }
    },
  };
}

/** One of a kind: the simulators count by kind. */
function chosen(draw: Draw, rules: readonly Rule[]): Rule[] {
  const drawn = rules.filter(() => draw.chance(0.4));
  return drawn.filter(({ kind }, index) => drawn.findIndex((other) => other.kind === kind) === index);
}

function ruleOf({ kind, on, params: given, probability }: Rule, lateMs: number) {
  const params = kind === 'late-commit' ? { delay_ms: lateMs } : given;
  return {
    kind,
    probability,
    ...(on === undefined ? {} : { match: on }),
    ...(params === undefined ? {} : { params }),
  };
}
