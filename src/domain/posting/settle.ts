import type { SettleRow } from './settle-row.ts';

/** How an unknown outcome of one object at one target is settled: a row of a settle table, made live. */
export type SettleRule = {
  /** Where our reference stands in the target, and how wide that field is. */
  readonly referenceField: string;
  readonly referenceWidth: number;
  /** Whether the target itself refuses a second document with the same reference. */
  readonly uniquenessEnforced: boolean;
  /**
   * How long a request may still take effect after the caller lost it. Null means unknown: three empty probes
   * then end with a person, never with a second send.
   */
  readonly requestLifeMs: number | null;
  readonly clientTimeoutMs: number;
  /** Time between the probes that must all be empty (covers search-index lag). */
  readonly probeGapMs: number;
  readonly pollEveryMs: number;
  /** After this long without a verdict a person is asked. */
  readonly giveUpAfterMs: number;
};

export type SettleTable = Readonly<Record<string, SettleRule>>;

/** What a self-test saw on one company, by object: the only thing that outweighs what a vendor's page says. */
export type SeenCapability = {
  /** Null where the test could not tell. */
  readonly uniquenessEnforced: boolean | null;
  /** How long after the answer a look-up by reference first saw the document. */
  readonly searchLagMs: number | null;
  /** Whether a document that was created could be read again at all: a probe that sees nothing proves nothing. */
  readonly readable?: boolean;
};

export type SeenCapabilities = Readonly<Record<string, SeenCapability>>;

// A search that needed two seconds once may need four on another day.
const LAG_MARGIN = 2;

/**
 * The live rule of one row. Whatever is not known falls to the safe side: uniqueness that no vendor page states
 * and no test saw is none, and a request life that nobody knows is null. An upsert by an external id never
 * counts as unique: it makes no second document, but a late one overwrites what a person edited meanwhile.
 */
export function settleRule(
  row: SettleRow,
  told: { readonly requestLifeMs: number | null },
  seen: SeenCapability | undefined,
): SettleRule {
  const enforced = seen?.uniquenessEnforced ?? row.uniqueness === 'enforced';
  return {
    referenceField: row.referenceField,
    // A field of unknown width must hold any reference of ours by being tried, not by being assumed wide.
    referenceWidth: row.referenceWidth ?? 0,
    uniquenessEnforced: enforced && !row.overwrites,
    requestLifeMs: told.requestLifeMs ?? row.requestLife?.ms ?? null,
    clientTimeoutMs: row.clientTimeoutMs,
    probeGapMs: Math.max(row.probeGapMs, (seen?.searchLagMs ?? 0) * LAG_MARGIN),
    pollEveryMs: row.pollEveryMs,
    giveUpAfterMs: row.giveUpAfterMs,
  };
}

/** The live rules of one system, under the name of each object. */
export function settleTable(
  rows: readonly SettleRow[],
  told: { readonly requestLifeMs: number | null },
  seen: SeenCapabilities,
): SettleTable {
  return Object.fromEntries(rows.map((row) => [row.object, settleRule(row, told, seen[row.object])]));
}
