import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type BlockWrite, blockOf, nextBlock } from './payment-block.ts';

/** An ERP with one invoice: whether it is blocked, and whether by us. It does what a connector's probe and write do. */
function carryOut(blocked: boolean, { hold, left }: { hold: string | null; left: string | null }) {
  const done = (state: BlockWrite['state'], attempt: number, now: boolean) => ({
    write: { hold, state, attempt } satisfies BlockWrite,
    blocked: now,
  });
  if (hold === null) {
    if (left === null || !blocked) return done('adopted', 0, blocked);
    return done('posted', 1, false);
  }
  if (left !== null) return blocked ? done('adopted', 0, true) : done('cancelled', 0, false);
  return blocked ? done('adopted', 0, true) : done('posted', 1, true);
}

const wanted = fc.option(fc.constantFrom('insurance', 'waiver'), { nil: null });
const moment = fc.oneof(
  fc.record({ by: fc.constant('procore' as const), wanted }),
  fc.record({ by: fc.constant('person' as const), blocked: fc.boolean() }),
);

it('follows the holds, and never undoes what a person did last in the ERP', () => {
  fc.assert(
    fc.property(wanted, fc.array(moment, { maxLength: 12 }), (posted, moments) => {
      const writes: BlockWrite[] = [];
      let blocked = posted !== null;
      let lastByPerson: boolean | null = null;
      for (const each of moments) {
        if (each.by === 'person') {
          if (each.blocked !== blocked) lastByPerson = each.blocked;
          blocked = each.blocked;
          continue;
        }
        const before = blockOf(posted, writes);
        const next = nextBlock(each.wanted, before);
        if (next === null) continue;
        const came = carryOut(blocked, next);
        // Lifted is only what we set; set is only what is free and was ours to decide.
        if (came.blocked !== blocked) {
          if (!came.blocked) expect(before.left).not.toBeNull();
          else expect(before.isTheirs && next.hold !== null).toBe(false);
          if (lastByPerson === true) expect(came.blocked || before.left !== null).toBe(true);
          lastByPerson = null;
        }
        writes.push(came.write);
        blocked = came.blocked;
        expect(nextBlock(each.wanted, blockOf(posted, writes))).toBeNull();
      }
    }),
  );
});

it('without a person, is blocked exactly while something holds it', () => {
  fc.assert(
    fc.property(wanted, fc.array(wanted, { maxLength: 8 }), (posted, wishes) => {
      const writes: BlockWrite[] = [];
      let blocked = posted !== null;
      for (const wish of wishes) {
        const next = nextBlock(wish, blockOf(posted, writes));
        if (next !== null) {
          const came = carryOut(blocked, next);
          writes.push(came.write);
          blocked = came.blocked;
        }
        expect(blocked).toBe(wish !== null);
      }
    }),
  );
});

it('waits for a write that is under way, and leaves a block alone that stood before ours', () => {
  expect(nextBlock(null, blockOf('late', [{ hold: 'later', state: 'settling', attempt: 1 }]))).toBeNull();
  const theirs = blockOf(null, [{ hold: 'late', state: 'adopted', attempt: 0 }]);
  expect(theirs).toEqual({ wanted: 'late', left: null, isTheirs: true, isOpen: false });
  expect(nextBlock('later', theirs)).toBeNull();
  expect(nextBlock(null, theirs)).toEqual({ hold: null, left: null });
  // Nothing of ours was there to lift: what stands is a person's, and the next hold is asked of the ERP again.
  const replaced = blockOf('late', [{ hold: null, state: 'cancelled', attempt: 0 }]);
  expect(nextBlock('later', replaced)).toEqual({ hold: 'later', left: null });
  // A lost answer: sent once and found as wanted, so it is ours.
  expect(blockOf(null, [{ hold: 'late', state: 'adopted', attempt: 1 }])).toMatchObject({ left: 'late' });
});
