import { expect, test } from 'vitest';
import { Deadlines } from './deadlines.ts';

const LENGTH_MS = 4_000;

/** A clock that stands still until it is moved. */
function stillClock() {
  let nowMs = 0;
  const sleepers = new Set<{ untilMs: number; wake: () => void }>();
  return {
    now: () => new Date(nowMs),
    sleep: (ms: number) => new Promise<void>((wake) => sleepers.add({ untilMs: nowMs + ms, wake })),
    advance(ms: number) {
      nowMs += ms;
      for (const sleeper of sleepers)
        if (sleeper.untilMs <= nowMs && sleepers.delete(sleeper)) sleeper.wake();
    },
  };
}

test('each rings after its own time, whichever began first', async () => {
  const clock = stillClock();
  const deadlines = new Deadlines(clock, LENGTH_MS);
  const rung: string[] = [];
  deadlines.start(() => rung.push('first'));
  clock.advance(1_000);
  deadlines.start(() => rung.push('second'));
  clock.advance(LENGTH_MS - 1_000);
  await expect.poll(() => rung).toEqual(['first']);
  clock.advance(999);
  await Promise.resolve();
  expect(rung).toEqual(['first']);
  clock.advance(1);
  await expect.poll(() => rung).toEqual(['first', 'second']);
});

test('one that was lifted never rings, and does not keep another from ringing', async () => {
  const clock = stillClock();
  const deadlines = new Deadlines(clock, LENGTH_MS);
  const rung: string[] = [];
  const started = ['a', 'b', 'c'].map((name) => deadlines.start(() => rung.push(name)));
  deadlines.lift(started[0]!);
  deadlines.lift(started[2]!);
  clock.advance(LENGTH_MS);
  await expect.poll(() => rung).toEqual(['b']);
});

test('one that starts after a time of rest rings as well', async () => {
  const clock = stillClock();
  const deadlines = new Deadlines(clock, LENGTH_MS);
  deadlines.lift(deadlines.start(() => {}));
  clock.advance(LENGTH_MS);
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  const rung: string[] = [];
  deadlines.start(() => rung.push('again'));
  clock.advance(LENGTH_MS);
  await expect.poll(() => rung).toEqual(['again']);
});
