import { z } from 'zod';

export const FAULT_KINDS = [
  'latency',
  'lost-reply',
  'late-commit',
  'unavailable',
  'rate-limited',
  'truncated-body',
  'lost-job',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const faultPlan = z.strictObject({
  seed: z.number().int().default(1),
  rules: z
    .array(
      z.strictObject({
        kind: z.enum(FAULT_KINDS),
        probability: z.number().min(0).max(1).default(1),
        times: z.number().int().min(1).optional(),
        match: z
          .strictObject({ method: z.string().optional(), path_regex: z.string().optional() })
          .default({}),
        params: z
          .strictObject({
            delay_ms: z.number().int().min(0).max(60_000).optional(),
            status: z.number().int().optional(),
            after_commit: z.boolean().optional(),
            retry_after_s: z.number().int().optional(),
          })
          .default({}),
      }),
    )
    .max(50),
});
export type FaultRule = z.output<typeof faultPlan>['rules'][number];

export type Faults = {
  /** The rule that fires for this request, if any; firing counts as injected. */
  readonly pick: (method: string, path: string) => FaultRule | null;
  /** The fault hit what it is meant to hit, e.g. the reply that was lost belonged to a committed write. */
  readonly reached: (kind: FaultKind) => void;
  readonly plan: (plan: z.output<typeof faultPlan>) => void;
  readonly counts: () => Partial<Record<FaultKind, { injected: number; reached: number }>>;
};

const COMMIT_ONLY: readonly FaultKind[] = ['lost-reply', 'late-commit'];

export function createFaults(): Faults {
  let rules: (FaultRule & { left: number })[] = [];
  let random = mulberry32(1);
  let counted: Partial<Record<FaultKind, { injected: number; reached: number }>> = {};
  const count = (kind: FaultKind) => {
    counted[kind] ??= { injected: 0, reached: 0 };
    return counted[kind];
  };
  return {
    pick(method, path) {
      for (const rule of rules) {
        if (rule.left === 0 || !applies(rule, method, path)) continue;
        if (random() >= rule.probability) continue;
        rule.left -= 1;
        count(rule.kind).injected += 1;
        return rule;
      }
      return null;
    },
    reached(kind) {
      count(kind).reached += 1;
    },
    plan(plan) {
      rules = plan.rules.map((rule) => ({ ...rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
      random = mulberry32(plan.seed);
      counted = {};
    },
    counts: () => counted,
  };
}

function applies(rule: FaultRule, method: string, path: string): boolean {
  if (COMMIT_ONLY.includes(rule.kind) && method !== 'POST') return false;
  if (rule.kind === 'lost-job' && !path.startsWith('/jobs/')) return false;
  if (rule.match.method !== undefined && rule.match.method !== method) return false;
  return rule.match.path_regex === undefined || new RegExp(rule.match.path_regex).test(path);
}

/** A small seeded generator: the same seed gives the same faults on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
