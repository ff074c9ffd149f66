import type { Draw } from './draw.ts';

/** The life of one commitment, drawn before anything happens: what people do to it, and when. */
export type History = {
  readonly number: string;
  readonly vendor: 'steel' | 'concrete';
  readonly lines: readonly { readonly amount: string; readonly code: 41 | 42 | 43 | 45 }[];
  /** Milliseconds from the start of its batch until it is exported. */
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
  | { readonly kind: 'unlink-and-export'; readonly afterMs: number };

const kinds = [
  ...repeated('plain', 30),
  ...repeated('changed', 25),
  ...repeated('approved', 10),
  ...repeated('approved-and-changed', 8),
  ...repeated('rejected', 4),
  ...repeated('withdrawn', 3),
  ...repeated('unmapped', 6),
  ...repeated('refused', 4),
  ...repeated('touched', 5),
  ...repeated('exported-again', 5),
] as const;
type Kind = (typeof kinds)[number];

/** Draws what will happen to one commitment; most of it lies within `spanMs`. */
export function drawHistory(draw: Draw, index: number, spanMs: number): History {
  const kind = draw.one(kinds);
  const isLarge = ['approved', 'approved-and-changed', 'rejected', 'withdrawn'].includes(kind);
  const cents = () => draw.between(1, isLarge ? 9_000_000 : 30_000);
  const lines = Array.from({ length: draw.between(1, 3) }, () => ({
    amount: money(cents()),
    code: draw.one([41, 41, 42] as const),
  }));
  const special = kind === 'unmapped' ? 43 : kind === 'refused' ? 45 : null;
  return {
    number: `SC-${String(index + 1).padStart(4, '0')}`,
    vendor: draw.one(['steel', 'steel', 'concrete'] as const),
    lines: [
      ...(isLarge ? [{ amount: money(5_000_000 + cents()), code: 41 as const }] : []),
      ...lines,
      ...(special === null ? [] : [{ amount: money(cents()), code: special } as const]),
    ],
    exportAfterMs: draw.below(Math.floor(spanMs * 0.6)),
    acts: actsOf(draw, kind, spanMs),
    approver: kind === 'rejected' ? 'rejects' : kind === 'withdrawn' ? 'withdraws' : 'approves',
  };
}

function actsOf(draw: Draw, kind: Kind, spanMs: number): Act[] {
  const afterMs = () => draw.below(Math.floor(spanMs * 0.3));
  const amount = () => money(draw.between(1, 30_000));
  switch (kind) {
    case 'changed':
    case 'approved-and-changed':
      return Array.from({ length: draw.between(1, 3) }, () => ({
        kind: draw.one(['edit', 'edit', 'add-line'] as const),
        afterMs: afterMs(),
        amount: amount(),
      }));
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
