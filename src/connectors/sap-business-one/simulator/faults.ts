import { z } from 'zod';

export const FAULT_KINDS = [
  'latency',
  'lost-reply',
  'late-commit',
  'unavailable',
  'rate-limited',
  'session-loss',
  'truncated-body',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const ruleSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  probability: z.number().min(0).max(1).optional(),
  times: z.int().min(1).max(1_000_000).optional(),
  match: z
    .strictObject({ method: z.string().optional(), path_regex: z.string().max(500).optional() })
    .optional(),
  params: z
    .strictObject({
      delay_ms: z.int().min(0).max(60_000).optional(),
      after_commit: z.boolean().optional(),
      status: z.union([z.literal(502), z.literal(503), z.literal(504)]).optional(),
      retry_after_s: z.int().min(0).max(3600).optional(),
      /** 'json': a complete reply with a broken body; 'connection': the socket dies half way. */
      cut: z.enum(['json', 'connection']).optional(),
    })
    .optional(),
});

/** What POST /_sim/faults accepts; it replaces all rules and counts. */
export const faultsSchema = z.strictObject({
  seed: z.int().min(0).max(4_294_967_295),
  rules: z.array(ruleSchema).max(100),
});

export type FaultsInput = z.input<typeof faultsSchema>;

export interface FaultRule {
  kind: FaultKind;
  probability: number;
  timesLeft: number;
  method: string | null;
  path: RegExp | null;
  params: NonNullable<z.output<typeof ruleSchema>['params']>;
}

interface FaultCount {
  injected: number;
  reached: number;
}

export interface FaultBook {
  rules: FaultRule[];
  counts: Map<FaultKind, FaultCount>;
  random: () => number;
}

export function emptyFaultBook(): FaultBook {
  return { rules: [], counts: new Map(), random: seededRandom(0) };
}

/** Builds the rules of one request to /_sim/faults; throws when a path_regex is not a regular expression. */
export function faultBook(input: z.output<typeof faultsSchema>): FaultBook {
  const rules = input.rules.map((rule) => ({
    kind: rule.kind,
    probability: rule.probability ?? 1,
    timesLeft: rule.times ?? Number.POSITIVE_INFINITY,
    method: rule.match?.method ?? null,
    path: rule.match?.path_regex === undefined ? null : new RegExp(rule.match.path_regex),
    params: rule.params ?? {},
  }));
  const counts = new Map(rules.map((rule) => [rule.kind, { injected: 0, reached: 0 }]));
  return { rules, counts, random: seededRandom(input.seed) };
}

// These are about what a session reads and writes; logging in or out is hit only when a rule names the path.
const SESSION_WORK: readonly FaultKind[] = ['lost-reply', 'late-commit', 'session-loss', 'truncated-body'];
const WRITES_ONLY: readonly FaultKind[] = ['lost-reply', 'late-commit'];

/** The first rule that fires for a request, already counted as injected. */
export function firedFault(book: FaultBook, method: string, url: string): FaultRule | null {
  const isLogin = /\/(?:Login|Logout)$/.test(url);
  for (const rule of book.rules) {
    if (rule.timesLeft <= 0 || !matches(rule, method, url, isLogin)) continue;
    if (rule.probability < 1 && book.random() >= rule.probability) continue;
    rule.timesLeft -= 1;
    countOf(book, rule.kind).injected += 1;
    return rule;
  }
  return null;
}

function matches(rule: FaultRule, method: string, url: string, isLogin: boolean): boolean {
  if (rule.method !== null && rule.method !== method) return false;
  if (rule.path !== null) return rule.path.test(url);
  if (isLogin && SESSION_WORK.includes(rule.kind)) return false;
  return rule.method !== null || method !== 'GET' || !WRITES_ONLY.includes(rule.kind);
}

/** Notes that a fault hit what it is meant to hit. */
export function reached(book: FaultBook, kind: FaultKind): void {
  countOf(book, kind).reached += 1;
}

function countOf(book: FaultBook, kind: FaultKind): FaultCount {
  const held = book.counts.get(kind) ?? { injected: 0, reached: 0 };
  book.counts.set(kind, held);
  return held;
}

/** A small repeatable generator (mulberry32), so that a run can be told again from its seed. */
export function seededRandom(seed: number): () => number {
  let held = seed >>> 0;
  return () => {
    held = (held + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(held ^ (held >>> 15), 1 | held);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
