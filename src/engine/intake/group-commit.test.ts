import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bounds, GroupCommit } from './group-commit.ts';

const WIDE: Bounds = { items: 100, bytes: 1_000_000, waitingItems: 1_000, waitingBytes: 1_000_000 };

/** A store whose writes end when the test says so. */
function slowStore(bounds: Bounds = WIDE, isBad: (item: number) => boolean = () => false) {
  const written: number[][] = [];
  const gates: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const commits = new GroupCommit<number, string>({
    bounds,
    bytesOf: (item) => item,
    heardAll: async () => {},
    isOneAtFault: (error) => error instanceof RangeError,
    async write(items) {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((open) => gates.push(open));
      running -= 1;
      if (items.some(isBad)) throw new RangeError('bad');
      written.push([...items]);
      return items.map((item) => `kept ${item}`);
    },
  });
  const letGo = async () => {
    for (let idle = 0; idle < 50; idle += 1) {
      await Promise.resolve();
      const open = gates.shift();
      if (open !== undefined) {
        open();
        idle = 0;
      }
    }
  };
  return { commits, written, gates, letGo, most: () => most };
}

test('what arrives at once is written together', async () => {
  const { commits, written, letGo } = slowStore();
  for (const item of [1, 2, 3]) commits.add(item);
  await letGo();
  expect(written).toEqual([[1, 2, 3]]);
});

describe('what arrives while a commit runs', () => {
  test('goes together into the next one, in the order of arrival', async () => {
    const { commits, written, gates, letGo } = slowStore();
    const first = commits.add(1);
    await expect.poll(() => gates.length).toBe(1);
    const answers = [2, 3, 4].map((item) => commits.add(item));
    await letGo();
    expect(written).toEqual([[1], [2, 3, 4]]);
    expect(await Promise.all([first, ...answers])).toEqual(['kept 1', 'kept 2', 'kept 3', 'kept 4']);
  });

  test('is answered only after its own commit', async () => {
    const { commits, gates, letGo } = slowStore();
    let answered = 0;
    void commits.add(1)?.then(() => (answered += 1));
    await expect.poll(() => gates.length).toBe(1);
    void commits.add(2)?.then(() => (answered += 1));
    expect(answered).toBe(0);
    gates.shift()!();
    await expect.poll(() => answered).toBe(1);
    await letGo();
    expect(answered).toBe(2);
  });

  test('is never more than one commit takes, in number or in bytes', async () => {
    const { commits, written, letGo } = slowStore({ ...WIDE, items: 3, bytes: 100 });
    for (const item of [1, 2, 3, 4, 5, 60, 60, 200, 1]) commits.add(item);
    await letGo();
    expect(written).toEqual([[1, 2, 3], [4, 5, 60], [60], [200], [1]]);
  });

  test('is not taken in at all beyond what may wait', async () => {
    const { commits, letGo } = slowStore({ ...WIDE, waitingItems: 2, waitingBytes: 50 });
    expect([1, 2, 3].map((item) => commits.add(item) !== null)).toEqual([true, true, false]);
    await letGo();
    expect([49, 2, 1].map((item) => commits.add(item) !== null)).toEqual([true, false, true]);
    await letGo();
  });
});

describe('a bad one', () => {
  test('fails alone, wherever it stands, while all others are kept in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1 }),
        fc.integer({ min: 2, max: 9 }),
        async (items, n) => {
          const { commits, written, letGo, most } = slowStore(WIDE, (item) => item % n === 0);
          const answers = Promise.allSettled(items.map((item) => commits.add(item)));
          await letGo();
          const kept = (await answers).map(({ status }) => status === 'fulfilled');
          expect(kept).toEqual(items.map((item) => item % n !== 0));
          expect(written.flat()).toEqual(items.filter((item) => item % n !== 0));
          expect(most()).toBe(1);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('that is nobody in particular fails all of its commit, and the next one is tried', async () => {
    let away = true;
    const commits = new GroupCommit<number, number>({
      bounds: WIDE,
      bytesOf: () => 1,
      heardAll: async () => {},
      isOneAtFault: () => false,
      async write(items) {
        if (away) throw new Error('the database is away');
        return items;
      },
    });
    const answers = await Promise.allSettled([1, 2, 3].map((item) => commits.add(item)));
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    away = false;
    expect(await commits.add(4)).toBe(4);
  });
});
