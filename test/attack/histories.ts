import type { Draw } from './draw.ts';

/** The life of one contract, drawn before anything happens: what people do to it, and when. */
export type History = {
  readonly number: string;
  /** Who is on the other side: a vendor with a commitment, or the owner with a prime contract. */
  readonly side: 'steel' | 'concrete' | 'owner';
  /** The lines of a commitment; a prime contract has its own. */
  readonly lines: readonly { readonly amount: string; readonly code: 41 | 42 | 43 | 45 }[];
  /** Milliseconds from the start of its batch until it is exported, or until its owner is billed. */
  readonly exportAfterMs: number;
  readonly acts: readonly Act[];
  /** What the controller does with a question for approval. */
  readonly approver: 'approves' | 'rejects' | 'withdraws';
};

/** What somebody does later, so many milliseconds after the act before it. */
export type Act =
  | { readonly kind: 'edit'; readonly afterMs: number; readonly amount: string }
  | { readonly kind: 'add-line'; readonly afterMs: number; readonly amount: string }
  /** Each of these is done only to an order that stands. */
  | { readonly kind: 'edit-in-erp'; readonly afterMs: number; readonly amount: string }
  | { readonly kind: 'close-line-in-erp'; readonly afterMs: number }
  | { readonly kind: 'unlink-and-export'; readonly afterMs: number }
  | Billing;

/** The next application: of work done by then, less what is withheld of it, and what is paid out of that. */
export type Billing = {
  readonly kind: 'bill';
  readonly afterMs: number;
  /** How much of what is left is billed, line by line. */
  readonly percent: number;
  readonly retainedPercent: number;
  readonly releases: boolean;
};

const kinds = [
  ...repeated('plain', 22),
  ...repeated('changed', 20),
  ...repeated('approved', 8),
  ...repeated('approved-and-changed', 7),
  ...repeated('rejected', 4),
  ...repeated('withdrawn', 3),
  ...repeated('unmapped', 5),
  ...repeated('refused', 4),
  ...repeated('touched', 5),
  ...repeated('exported-again', 5),
  ...repeated('billed', 8),
  ...repeated('billed-and-changed', 3),
  ...repeated('billed-large', 3),
  ...repeated('owner-billed', 3),
] as const;
type Kind = (typeof kinds)[number];

const LARGE: readonly Kind[] = ['approved', 'approved-and-changed', 'rejected', 'withdrawn', 'billed-large'];

/** Draws what will happen to one contract; most of it lies within `spanMs`. */
export function drawHistory(draw: Draw, index: number, spanMs: number, kind = draw.one(kinds)): History {
  const isLarge = LARGE.includes(kind);
  const cents = () => draw.between(1, isLarge ? 9_000_000 : 30_000);
  const lines = Array.from({ length: draw.between(1, 3) }, () => ({
    amount: money(cents()),
    code: draw.one([41, 41, 42] as const),
  }));
  const special = kind === 'unmapped' ? 43 : kind === 'refused' ? 45 : null;
  return {
    number: `SC-${String(index + 1).padStart(4, '0')}`,
    side: kind === 'owner-billed' ? 'owner' : draw.one(['steel', 'steel', 'concrete'] as const),
    lines: [
      ...(isLarge ? [{ amount: money(5_000_000 + cents()), code: 41 as const }] : []),
      ...lines,
      ...(special === null ? [] : [{ amount: money(cents()), code: special } as const]),
    ],
    exportAfterMs: draw.below(Math.floor(spanMs * (BILLED.includes(kind) ? 0.2 : 0.6))),
    acts: actsOf(draw, kind, spanMs),
    approver: kind === 'rejected' ? 'rejects' : kind === 'withdrawn' ? 'withdraws' : 'approves',
  };
}

// They have more to do than others, and begin earlier.
const BILLED: readonly Kind[] = ['billed', 'billed-and-changed', 'billed-large', 'owner-billed'];

function actsOf(draw: Draw, kind: Kind, spanMs: number): Act[] {
  const afterMs = () => draw.below(Math.floor(spanMs * 0.3));
  const amount = () => money(draw.between(1, 30_000));
  const bill = (releases = false): Act => ({
    kind: 'bill',
    afterMs: draw.below(Math.floor(spanMs * 0.1)),
    percent: draw.between(10, 90),
    retainedPercent: draw.one([0, 5, 10] as const),
    releases,
  });
  const edits = (times: number) =>
    Array.from({ length: times }, () => ({
      kind: draw.one(['edit', 'edit', 'add-line'] as const),
      afterMs: afterMs(),
      amount: amount(),
    }));
  switch (kind) {
    case 'changed':
    case 'approved-and-changed':
      return edits(draw.between(1, 3));
    case 'touched':
      return [
        draw.chance(0.6)
          ? { kind: 'edit-in-erp', afterMs: afterMs(), amount: amount() }
          : { kind: 'close-line-in-erp', afterMs: afterMs() },
        { kind: 'edit', afterMs: afterMs(), amount: amount() },
      ];
    case 'exported-again':
      return [
        { kind: 'unlink-and-export', afterMs: afterMs() },
        ...(draw.chance(0.5) ? [{ kind: 'edit', afterMs: afterMs(), amount: amount() } as const] : []),
      ];
    case 'billed':
    case 'owner-billed':
      return [bill(), ...(draw.chance(0.6) ? [bill(true)] : [])];
    case 'billed-large':
      return [{ ...(bill() as Billing), percent: draw.between(80, 100) }];
    case 'billed-and-changed':
      return [bill(), ...edits(1), bill(draw.chance(0.5))];
    default:
      return [];
  }
}

function repeated<K extends string>(kind: K, times: number): K[] {
  return Array.from({ length: times }, () => kind);
}

/** Whole cents as Procore writes money. */
function money(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
