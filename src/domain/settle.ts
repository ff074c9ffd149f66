/** How an unknown outcome of one object at one target is settled (one row of a settle table). */
export type SettleRule = {
  /** Where our reference stands in the target, and how wide that field is. */
  readonly referenceField: string;
  readonly referenceWidth: number;
  /** Whether the target itself refuses a second document with the same reference. */
  readonly uniquenessEnforced: boolean;
  /**
   * How long a request may still take effect after the caller lost it. Null means unknown: two empty probes
   * then end with a person, never with a second send.
   */
  readonly requestLifeMs: number | null;
  readonly clientTimeoutMs: number;
  /** Time between the two probes that must both be empty (covers search-index lag). */
  readonly probeGapMs: number;
  readonly pollEveryMs: number;
  /** After this long without a verdict a person is asked. */
  readonly giveUpAfterMs: number;
};

export type SettleTable = Readonly<Record<string, SettleRule>>;
