import { z } from 'zod';
import { seededRandom } from './prng.ts';

export const requestFaultKinds = [
  'latency',
  'lost-reply',
  'late-commit',
  'rate-limited',
  'unavailable',
  'truncated-body',
  'token-expired',
] as const;
export const webhookFaultKinds = ['duplicate-webhook', 'reordered-webhook', 'lost-webhook'] as const;

export type RequestFaultKind = (typeof requestFaultKinds)[number];
export type WebhookFaultKind = (typeof webhookFaultKinds)[number];
export type FaultKind = RequestFaultKind | WebhookFaultKind;

const delay = z.int().min(0).max(600_000);

export const faultPlan = z.strictObject({
  seed: z.int().min(0).max(4_294_967_295),
  rules: z
    .array(
      z.strictObject({
        kind: z.enum([...requestFaultKinds, ...webhookFaultKinds]),
        probability: z.number().min(0).max(1).default(1),
        times: z.int().min(0).max(1_000_000).optional(),
        match: z
          .strictObject({ method: z.string().max(10).optional(), path_regex: z.string().max(500).optional() })
          .optional(),
        params: z
          .strictObject({
            delay_ms: delay.optional(),
            retry_after_s: z.int().min(0).max(3_600).optional(),
            copies: z.int().min(2).max(5).optional(),
          })
          .optional(),
      }),
    )
    .max(100),
});

/** The body of POST /_sim/faults. */
export type FaultPlan = z.input<typeof faultPlan>;
type Rule = z.output<typeof faultPlan>['rules'][number];
export type FiredFault<K extends FaultKind = FaultKind> = { kind: K; params: NonNullable<Rule['params']> };
export type FaultCounts = Record<FaultKind, { injected: number; reached: number }>;

type ArmedRule = { rule: Rule; path: RegExp | null; left: number };

/** Rules in force, with what they fired and what they really hit. */
export class Faults {
  private rules: ArmedRule[] = [];
  private random: () => number = seededRandom(0);
  private counts: FaultCounts = emptyCounts();

  replace(plan: z.output<typeof faultPlan>): void {
    this.random = seededRandom(plan.seed);
    this.counts = emptyCounts();
    this.rules = plan.rules.map((rule) => ({
      rule,
      path: rule.match?.path_regex === undefined ? null : new RegExp(rule.match.path_regex),
      left: rule.times ?? Number.POSITIVE_INFINITY,
    }));
  }

  clear(): void {
    this.replace({ seed: 0, rules: [] });
  }

  get armed(): boolean {
    return this.rules.length > 0;
  }

  /** The faults for one request: at most one of each kind, in the order of the rules. */
  forRequest(method: string, path: string): FiredFault<RequestFaultKind>[] {
    return this.fire(requestFaultKinds, method, path);
  }

  /** The faults for one webhook event; the path of a rule is matched against "Resource Name/event_type". */
  forWebhook(subject: string): FiredFault<WebhookFaultKind>[] {
    return this.fire(webhookFaultKinds, null, subject);
  }

  reached(kind: FaultKind): void {
    this.counts[kind].reached += 1;
  }

  report(): FaultCounts {
    return structuredClone(this.counts);
  }

  /** A whole number between the two, both included, from the seeded generator. */
  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  private fire<K extends FaultKind>(
    kinds: readonly K[],
    method: string | null,
    path: string,
  ): FiredFault<K>[] {
    const fired = new Map<K, FiredFault<K>>();
    for (const armed of this.rules) {
      const kind = kinds.find((candidate) => candidate === armed.rule.kind);
      if (kind === undefined || fired.has(kind) || armed.left <= 0) continue;
      const wanted = armed.rule.match?.method;
      if (method !== null && wanted !== undefined && wanted.toUpperCase() !== method) continue;
      if (armed.path !== null && !armed.path.test(path)) continue;
      if (this.random() >= armed.rule.probability) continue;
      armed.left -= 1;
      this.counts[kind].injected += 1;
      fired.set(kind, { kind, params: armed.rule.params ?? {} });
    }
    return [...fired.values()];
  }
}

function emptyCounts(): FaultCounts {
  const none = () => ({ injected: 0, reached: 0 });
  return {
    latency: none(),
    'lost-reply': none(),
    'late-commit': none(),
    'rate-limited': none(),
    unavailable: none(),
    'truncated-body': none(),
    'token-expired': none(),
    'duplicate-webhook': none(),
    'reordered-webhook': none(),
    'lost-webhook': none(),
  };
}
