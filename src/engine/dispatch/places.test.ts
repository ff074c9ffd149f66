import { expect, test } from 'vitest';
import { openPlaces, placesByAccount } from './places.ts';

test('no more are taken than there are, and a freed one goes to whoever waited longest', async () => {
  const take = openPlaces(2);
  const [first] = [await take(), await take()];
  const order: string[] = [];
  const third = take().then((leave) => {
    order.push('third');
    return leave;
  });
  const fourth = take().then(() => order.push('fourth'));
  await Promise.resolve();
  expect(order).toEqual([]);
  first();
  (await third)();
  await fourth;
  expect(order).toEqual(['third', 'fourth']);
});

test('a place that is given back twice is free once', async () => {
  const take = openPlaces(1);
  const leave = await take();
  leave();
  leave();
  await take();
  let second = false;
  void take().then(() => {
    second = true;
  });
  await Promise.resolve();
  expect(second).toBe(false);
});

test('two connections of one login share its places, and another login has its own', () => {
  const placesOf = placesByAccount();
  expect(placesOf('procore app', 4)).toBe(placesOf('procore app', 4));
  expect(placesOf('procore app', 4)).not.toBe(placesOf('other app', 4));
});

test('an account that takes one thing at a time has one place for a write', async () => {
  const { write } = placesByAccount()('queue', 1);
  await write();
  let second = false;
  void write().then(() => {
    second = true;
  });
  await Promise.resolve();
  expect(second).toBe(false);
});
