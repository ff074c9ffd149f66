import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stop } from '../../domain/posting/outcomes.ts';
import { asFarAsItGoes, type Batch, changeTime, nextBatch, readCursor, type Stamp } from './change-cursor.ts';

const at = (text: string) => () => new Date(text);
const row = (changed: string, id: string): Stamp => ({ at: changeTime(changed), id });
const morning = '2026-08-03T08:00:00Z';
const clockAt = (second: number) => new Date(Date.parse(morning) + second * 1_000).toISOString();

/** Turns until the empty page that ends a cycle. */
async function cycle(
  rows: readonly Stamp[],
  from: string | null,
  size: number,
  now = at('2026-08-03T08:00:30Z'),
) {
  const seen: string[] = [];
  const ranges: (string | null)[] = [];
  let cursor = from;
  for (let turn = 0; turn < 100; turn += 1) {
    const batch: Batch<Stamp> = await nextBatch(cursor, size, now, async (range) => {
      ranges.push(range);
      return rows;
    });
    cursor = batch.cursor;
    if (batch.rows.length === 0) return { seen, cursor, ranges };
    seen.push(...batch.rows.map(({ id }) => id));
  }
  throw new Error('the cycle never ended');
}

describe('a cycle over changes', () => {
  it('starts without a filter and ends with an empty page', async () => {
    const { seen, ranges } = await cycle([row(morning, '1')], null, 10);
    expect(seen).toEqual(['1']);
    expect(ranges).toEqual([null]);
  });

  it('looks back two minutes while something may still appear beside the newest change', async () => {
    const { cursor } = await cycle([row(morning, '1')], null, 10);
    const next = await cycle([], cursor, 10);
    expect(next.ranges).toEqual(['"2026-08-03T07:58:00Z...2999-12-31T00:00:00Z"']);
  });

  it('goes past the newest change once that is a quarter of an hour old', async () => {
    const { cursor } = await cycle([row(morning, '1')], null, 10, at('2026-08-03T08:15:00Z'));
    const next = await cycle([], cursor, 10);
    expect(next.ranges).toEqual(['"2026-08-03T08:00:01Z...2999-12-31T00:00:00Z"']);
  });

  it('judges that by the beginning of the cycle, not by a page read an hour later', async () => {
    const rows = [row(morning, '1'), row(morning, '2')];
    const first = await nextBatch(null, 1, at('2026-08-03T08:00:30Z'), async () => rows);
    const { cursor } = await cycle(rows, first.cursor, 1, at('2026-08-03T09:30:00Z'));
    expect(readCursor(cursor).since).toBe('2026-08-03T07:58:00.000Z');
  });

  it('without news leaves the cursor as it is', async () => {
    const { cursor } = await cycle([row(morning, '1')], null, 10);
    expect((await cycle([], cursor, 10)).cursor).toBe(cursor);
  });

  it('keeps its lower bound until it ends, and gives the same page for the same cursor', async () => {
    const rows = ['1', '2', '3'].map((id) => row(`2026-08-03T08:00:0${id}Z`, id));
    const start = JSON.stringify({ since: '2026-08-01T00:00:00.000Z', after: null, begun: null });
    const turn = (cursor: string) => nextBatch(cursor, 2, at(morning), async () => rows);
    const first = await turn(start);
    expect(first.rows.map(({ id }) => id)).toEqual(['1', '2']);
    expect(readCursor(first.cursor).since).toBe('2026-08-01T00:00:00.000Z');
    const [once, again] = [await turn(first.cursor), await turn(first.cursor)];
    expect([once.rows, once.cursor]).toEqual([again.rows, again.cursor]);
  });

  it('hands over every row once, whatever the page size, also when stamps are equal', async () => {
    const stamp = fc.integer({ min: 0, max: 5 }).map((second) => `2026-08-03T08:00:0${second}Z`);
    const rows = fc.uniqueArray(
      fc.tuple(stamp, fc.integer({ min: 1, max: 2_000 })).map(([time, id]) => row(time, String(id))),
      { selector: ({ id }) => id, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 7 }), async (all, size) => {
        const { seen } = await cycle(all, null, size);
        expect(seen.sort()).toEqual(all.map(({ id }) => id).sort());
      }),
    );
  });

  it('hands a row of the overlap over twice, and again only when it changed', async () => {
    let cursor: string | null = null;
    const changed = row('2026-08-03T08:00:10Z', '2');
    const looks: string[][] = [];
    for (const rows of [[row(morning, '1')], [row(morning, '1')], [row(morning, '1'), changed], [changed]]) {
      const seen: string[] = [];
      for (let turn = 0; turn < 5; turn += 1) {
        const batch: Batch<Stamp> = await nextBatch(cursor, 10, at(morning), async () => rows, 100);
        cursor = batch.cursor;
        if (batch.rows.length === 0) break;
        seen.push(...batch.rows.map(({ id }) => id));
      }
      looks.push(seen);
    }
    expect(looks).toEqual([['1'], ['1'], ['2'], ['2']]);
  });

  it('with a memory forgets nothing that changes, whatever changes between the looks', async () => {
    const change = fc.record({ id: fc.integer({ min: 1, max: 6 }), second: fc.integer({ min: 0, max: 3 }) });
    const story = fc.array(fc.array(change, { maxLength: 3 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(story, fc.integer({ min: 1, max: 3 }), async (rounds, size) => {
        const stamps = new Map<number, number>();
        const handed = new Map<string, string>();
        let [cursor, secondsPast]: [string | null, number] = [null, 0];
        for (const changes of [...rounds, []]) {
          for (const { id, second } of changes) stamps.set(id, secondsPast + second);
          const rows = [...stamps].map(([id, second]) => row(clockAt(second), String(id)));
          for (let turn = 0; turn < 30; turn += 1) {
            const batch: Batch<Stamp> = await nextBatch(
              cursor,
              size,
              at(clockAt(secondsPast)),
              async () => rows,
              50,
            );
            cursor = batch.cursor;
            if (batch.rows.length === 0) break;
            for (const { id, at: stamp } of batch.rows) handed.set(id, stamp);
          }
          for (const { id, at: stamp } of rows) expect(handed.get(id)).toBe(stamp);
          secondsPast += 4;
        }
      }),
    );
  });

  it('that is cut short goes on where it ended', async () => {
    const rows = ['1', '2', '3'].map((id) => row(morning, id));
    const first = await nextBatch(null, 10, at(morning), async () => rows);
    const rest = await nextBatch(first.after(2), 10, at(morning), async () => rows);
    expect(rest.rows.map(({ id }) => id)).toEqual(['3']);
    const cut = new Stop('retry-later', 'Procore', 'cut');
    const read = async (row: Stamp) => (row.id === '3' ? Promise.reject(cut) : row.id);
    expect(await asFarAsItGoes(rows, read)).toEqual(['1', '2']);
    await expect(asFarAsItGoes(rows.slice(2), read)).rejects.toBe(cut);
  });

  it('orders times with an offset, and rows without a time come first', () => {
    expect(changeTime('2026-08-03T01:00:00-07:00')).toBe('2026-08-03T08:00:00.000Z');
    expect(changeTime(null) < changeTime('2001-01-01T00:00:00Z')).toBe(true);
  });

  it.each(['drop table', '{}', '{"since":"yesterday","after":null,"begun":null}'])(
    'stops at the stored text %s',
    (text) => {
      expect(() => readCursor(text)).toThrow(/cannot be read/);
    },
  );
});
