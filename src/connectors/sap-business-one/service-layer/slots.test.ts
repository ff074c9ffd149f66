import { expect, it } from 'vitest';
import { openSlots } from './slots.ts';

it('never lets more calls run at once than it has slots, and serves them in order', async () => {
  const inSlot = openSlots(3);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      inSlot(async () => {
        order.push(index);
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

it('frees its slot when a call fails', async () => {
  const inSlot = openSlots(1);
  await expect(inSlot(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(inSlot(() => Promise.resolve('next'))).resolves.toBe('next');
});

it('lets a call that ends what was begun go before those that begin something', async () => {
  const inSlot = openSlots(1);
  const order: string[] = [];
  const call = (name: string) => async () => {
    order.push(name);
  };
  await Promise.all([
    inSlot(call('running')),
    inSlot(call('first write')),
    inSlot(call('second write')),
    inSlot(call('read'), 'first'),
  ]);
  expect(order).toEqual(['running', 'read', 'first write', 'second write']);
});
