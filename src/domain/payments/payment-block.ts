import type { PostingState } from '../states.ts';

/** One write that was to set, change or lift the block of a posted invoice: the words of its hold, null for none. */
export type BlockWrite = {
  readonly hold: string | null;
  readonly state: PostingState;
  /** How often it was sent. */
  readonly attempt: number;
};

/** What we know of the block of a posted invoice. */
export type Block = {
  /** What was wanted last. */
  readonly wanted: string | null;
  /** What of ours stands there. */
  readonly left: string | null;
  /** A person set or lifted the block in the ERP: what they decided is left as it is. */
  readonly isTheirs: boolean;
  /** A write is on its way, or in front of a person. */
  readonly isOpen: boolean;
};

/** What came of the block, from the invoice as it was posted and every write after it, in order. */
export function blockOf(posted: string | null, writes: readonly BlockWrite[]): Block {
  let block: Block = { wanted: posted, left: posted, isTheirs: false, isOpen: false };
  for (const { hold, state, attempt } of writes) {
    const isDone = state === 'posted' || state === 'adopted';
    const isOver = isDone || state === 'cancelled' || state === 'refused';
    // What was there before we sent anything was put there by somebody else.
    const stood = state === 'adopted' && attempt === 0 && hold !== null && block.left === null;
    block = !isOver
      ? { ...block, wanted: hold, isOpen: true }
      : isDone && !stood
        ? { wanted: hold, left: hold, isTheirs: false, isOpen: false }
        : // A lift that found another block: nothing of ours holds it any more, so the next hold is a new matter.
          { wanted: hold, left: null, isTheirs: hold !== null, isOpen: false };
  }
  return block;
}

/** The next write that the block needs, if any: `left` is what it expects to find of ours. */
export function nextBlock(
  wanted: string | null,
  block: Block,
): { readonly hold: string | null; readonly left: string | null } | null {
  if (block.isOpen || wanted === block.wanted) return null;
  // Once nothing holds it any more, the next hold is a new matter.
  if (block.isTheirs && wanted !== null) return null;
  return { hold: wanted, left: block.left };
}
