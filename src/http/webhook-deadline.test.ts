import { expect, test } from 'vitest';
import { testClock } from './testing/test-clock.ts';
import { Deadlines, WEBHOOK_DEADLINE_MS } from './webhook-deadline.ts';

const START = '2026-08-31T10:00:00.000Z';
const forever = () => new Promise<200>(() => {});

test('every delivery has its own four seconds, whichever began first', async () => {
  const clock = testClock(START);
  const deadlines = new Deadlines(clock);
  const answered: string[] = [];
  const wait = (name: string) =>
    void deadlines
      .start()
      .race(forever())
      .then((status) => answered.push(`${name} ${status}`));
  wait('first');
  clock.advance(1_000);
  wait('second');
  clock.advance(WEBHOOK_DEADLINE_MS - 1_000);
  await expect.poll(() => answered).toEqual(['first 503']);
  clock.advance(999);
  await Promise.resolve();
  expect(answered).toEqual(['first 503']);
  clock.advance(1);
  await expect.poll(() => answered).toEqual(['first 503', 'second 503']);
});

test('work that is done in time gives its own answer, and its late failure ends nothing', async () => {
  const clock = testClock(START);
  const deadlines = new Deadlines(clock);
  expect(await deadlines.start().race(Promise.resolve(200))).toBe(200);
  let fail = () => {};
  const late = deadlines.start().race(
    new Promise<200>((_done, reject) => {
      fail = () => reject(new Error('too late'));
    }),
  );
  clock.advance(WEBHOOK_DEADLINE_MS);
  expect(await late).toBe(503);
  fail();
});

test('begins again after a time in which nothing was delivered', async () => {
  const clock = testClock(START);
  const deadlines = new Deadlines(clock);
  const first = deadlines.start();
  first.lift();
  clock.advance(WEBHOOK_DEADLINE_MS);
  await Promise.resolve();
  const second = deadlines.start().race(forever());
  clock.advance(WEBHOOK_DEADLINE_MS);
  expect(await second).toBe(503);
});
