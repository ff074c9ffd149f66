import { expect, test } from 'vitest';
import { testClock } from './testing/test-clock.ts';
import { Deadlines, WEBHOOK_DEADLINE_MS } from './webhook-deadline.ts';

const START = '2026-08-31T10:00:00.000Z';

test('every delivery has its own four seconds, whichever began first', async () => {
  const clock = testClock(START);
  const deadlines = new Deadlines(clock);
  const rung: string[] = [];
  deadlines.start(() => rung.push('first'));
  clock.advance(1_000);
  deadlines.start(() => rung.push('second'));
  clock.advance(WEBHOOK_DEADLINE_MS - 1_000);
  await expect.poll(() => rung).toEqual(['first']);
  clock.advance(999);
  await Promise.resolve();
  expect(rung).toEqual(['first']);
  clock.advance(1);
  await expect.poll(() => rung).toEqual(['first', 'second']);
});

test('one that was lifted never rings, and does not keep another from ringing', async () => {
  const clock = testClock(START);
  const deadlines = new Deadlines(clock);
  const rung: string[] = [];
  const answered = ['a', 'b', 'c'].map((name) => deadlines.start(() => rung.push(name)));
  deadlines.lift(answered[0]!);
  deadlines.lift(answered[2]!);
  clock.advance(WEBHOOK_DEADLINE_MS);
  await expect.poll(() => rung).toEqual(['b']);
});

test('begins again after a time in which nothing was delivered', async () => {
  const clock = testClock(START);
  const deadlines = new Deadlines(clock);
  deadlines.lift(deadlines.start(() => {}));
  clock.advance(WEBHOOK_DEADLINE_MS);
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  const rung: string[] = [];
  deadlines.start(() => rung.push('again'));
  clock.advance(WEBHOOK_DEADLINE_MS);
  await expect.poll(() => rung).toEqual(['again']);
});
