import type { SettleRule } from './settle.ts';
import type { Write } from './writes.ts';

/** What our own books say of a reference before a create with it begins. */
export type ReferenceUse = {
  /** Some request carried it, even one that the target refused. */
  readonly wasSent: boolean;
  /** When a request left, or may have left, that nothing has proved to be without effect. */
  readonly doubtSince: Date | null;
};

export type Beginning = {
  readonly state: 'ready' | 'settling';
  readonly sentAt: Date | null;
  readonly quietUntil: Date | null;
  readonly reason: string | null;
};

/** A create is looked for before it is sent, if its reference may stand in the target already. */
export function beginPosting(kind: Write['kind'], use: ReferenceUse, rule: SettleRule): Beginning {
  if (kind !== 'create' || (!use.wasSent && use.doubtSince === null))
    return { state: 'ready', sentAt: null, quietUntil: null, reason: null };
  const { doubtSince } = use;
  return {
    state: 'settling',
    sentAt: doubtSince,
    quietUntil:
      doubtSince === null ? null : later(doubtSince, rule.clientTimeoutMs + (rule.requestLifeMs ?? 0)),
    reason: 'its reference was used before: it is looked for first',
  };
}

/**
 * From when on a person may say that a request has no effect any more. A life that nobody configured is taken to
 * be as long as an outcome is looked for.
 */
export function requestOver(sentAt: Date, rule: SettleRule): Date {
  return later(sentAt, rule.clientTimeoutMs + (rule.requestLifeMs ?? rule.giveUpAfterMs));
}

function later(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms);
}
