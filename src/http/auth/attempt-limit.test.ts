import { describe, expect, test } from 'vitest';
import { attemptLimit, networkOf } from './attempt-limit.ts';

const at = (ms: number) => new Date(ms);

describe('attemptLimit', () => {
  test('lets as many attempts through as it says and names the wait after them', () => {
    const limit = attemptLimit({ attempts: 2, windowMs: 1000 });
    expect([limit.attempt('a', at(0)), limit.attempt('a', at(100)), limit.attempt('a', at(400))]).toEqual([
      0, 0, 600,
    ]);
  });

  test('starts afresh when the window has passed', () => {
    const limit = attemptLimit({ attempts: 1, windowMs: 1000 });
    limit.attempt('a', at(0));
    expect(limit.attempt('a', at(999))).toBe(1);
    expect(limit.attempt('a', at(1000))).toBe(0);
  });

  test('counts keys apart, and not what was refunded', () => {
    const limit = attemptLimit({ attempts: 1, windowMs: 1000 });
    limit.attempt('a', at(0));
    expect(limit.attempt('b', at(0))).toBe(0);
    limit.refund('a');
    expect(limit.attempt('a', at(0))).toBe(0);
    expect(limit.attempt('a', at(0))).toBe(1000);
  });

  test('remembers 10,000 keys and drops the oldest beyond them', () => {
    const limit = attemptLimit({ attempts: 1, windowMs: 1000 });
    for (let key = 0; key <= 10_000; key += 1) limit.attempt(`k${key}`, at(0));
    expect(limit.attempt('k10000', at(1))).toBeGreaterThan(0);
    expect(limit.attempt('k0', at(1))).toBe(0);
  });
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:0:1:aaaa::1', '2001:db8:0:1::/64'],
  ['2001:DB8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('counts %s under %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
