import { beforeEach, describe, expect, it } from 'vitest';
import { type RateWindow, rateWindow, windowsByAccount } from './rate-window.ts';

let nowMs: number;
let window: RateWindow;
let slept: number[];
beforeEach(() => {
  nowMs = Date.parse('2026-08-03T08:00:00Z');
  slept = [];
  window = rateWindow({
    maxInFlight: 4,
    now: () => new Date(nowMs),
    sleep: async (ms) => {
      slept.push(ms);
      nowMs += ms;
    },
  });
});

const tell = (limit: number, remaining: number, resetInS: number) =>
  window.note({
    'x-rate-limit-limit': String(limit),
    'x-rate-limit-remaining': String(remaining),
    'x-rate-limit-reset': String(nowMs / 1_000 + resetInS),
  });
const call = (purpose: 'work' | 'sweep') => window.run(purpose, async () => 'answered');

describe('the rate window', () => {
  it('keeps a quarter of the hour back for work', async () => {
    tell(100, 27, 3_000);
    await call('sweep');
    await call('sweep');
    await expect(call('sweep')).rejects.toMatchObject({ kind: 'retry-later', retryAfterMs: 3_000_000 });
    for (let left = 25; left > 0; left -= 1) expect(await call('work')).toBe('answered');
    await expect(call('work')).rejects.toMatchObject({ retryAfterMs: 3_000_000 });
  });

  it('remembers one window while the headers tell of the other', async () => {
    tell(3_600, 900, 3_000);
    tell(25, 24, 8);
    expect(window.known()).toEqual([
      { kind: 'spike', limit: 25, remaining: 24, resetsInMs: 8_000 },
      { kind: 'hour', limit: 3_600, remaining: 900, resetsInMs: 3_000_000 },
    ]);
    await expect(call('sweep')).rejects.toMatchObject({ retryAfterMs: 3_000_000 });
    tell(25, 0, 8);
    expect(await call('work')).toBe('answered');
    expect(slept).toEqual([8_000]);
  });

  it('lets work pass a look that waits for its share', async () => {
    tell(8, 2, 8);
    const order: string[] = [];
    let open = () => {};
    const slow = rateWindow({
      maxInFlight: 1,
      now: () => new Date(nowMs),
      sleep: () =>
        new Promise((done) => {
          open = () => {
            nowMs += 8_000;
            done();
          };
        }),
    });
    window = slow;
    tell(8, 2, 8);
    const look = call('sweep').then(() => order.push('look'));
    await call('work').then(() => order.push('work'));
    open();
    await look;
    expect(order).toEqual(['work', 'look']);
  });

  it('lets work that comes later go before looks that wait for a place', async () => {
    const order: string[] = [];
    const ends: (() => void)[] = [];
    const run = (purpose: 'work' | 'sweep', name: string) =>
      window.run(purpose, () => {
        order.push(name);
        return new Promise<void>((done) => ends.push(done));
      });
    const all = [1, 2, 3, 4, 5, 6].map((each) => run('sweep', `look ${each}`));
    await expect.poll(() => order.length).toBe(4);
    all.push(run('work', 'work'));
    ends.shift()?.();
    await expect.poll(() => order.length).toBe(5);
    expect(order.at(-1)).toBe('work');
    while (order.length < 7 || ends.length > 0) {
      ends.shift()?.();
      await Promise.resolve();
    }
    await Promise.all(all);
  });

  it('is one for all connections of an account, and another for each other account', async () => {
    const windowOf = windowsByAccount({ now: () => new Date(nowMs), sleep: async () => {} });
    window = windowOf('app', 4);
    tell(100, 0, 3_000);
    await expect(windowOf('app', 4).run('work', async () => 'answered')).rejects.toMatchObject({
      kind: 'retry-later',
    });
    expect(await windowOf('other', 4).run('work', async () => 'answered')).toBe('answered');
  });

  it('gives retries away as a tenth of the calls', () => {
    while (window.retries.mayRetry());
    for (let calls = 0; calls < 100; calls += 1) window.retries.called();
    let retries = 0;
    while (window.retries.mayRetry()) retries += 1;
    expect(retries).toBeGreaterThanOrEqual(9);
    expect(retries).toBeLessThanOrEqual(10);
  });
});
