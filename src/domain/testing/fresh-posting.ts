import type { Posting } from '../posting/posting.ts';

export const TARGET_HASH = 'v1:wanted';

/** A create as it is written down, before anything of it was sent. */
export const freshPosting: Posting = {
  state: 'ready',
  writeKind: 'create',
  targetHash: TARGET_HASH,
  attempt: 0,
  openIntent: false,
  probed: false,
  guard: null,
  targetId: null,
  handle: null,
  emptyProbes: 0,
  sentAt: null,
  quietUntil: null,
  giveUpAt: null,
  lineKeys: {},
  reason: null,
};
