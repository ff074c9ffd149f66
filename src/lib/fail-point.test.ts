import { describe, expect, it } from 'vitest';
import { failPointFrom, failPoints, noFailPoint } from './fail-point.ts';

function deathsAt(setting: string | undefined, ...passed: (typeof failPoints)[number][]): number {
  let deaths = 0;
  const point = failPointFrom(setting, () => {
    deaths += 1;
  });
  for (const name of passed) point(name);
  return deaths;
}

describe('a fail-point', () => {
  it.each([undefined, ''])('does nothing with the setting %j', (setting) => {
    expect(failPointFrom(setting, () => expect.unreachable())).toBe(noFailPoint);
    expect(deathsAt(setting, ...failPoints)).toBe(0);
  });

  it.each(failPoints)('stops the process at the first passing of %s, and at no other point', (name) => {
    expect(deathsAt(name, name)).toBe(1);
    expect(deathsAt(name, ...failPoints.filter((other) => other !== name))).toBe(0);
  });

  it('stops at the passing that was asked for, once', () => {
    expect(deathsAt('after-intent:2', 'after-intent')).toBe(0);
    expect(deathsAt('after-intent:2', 'after-intent', 'after-release', 'after-intent')).toBe(1);
    expect(deathsAt('after-intent:2', ...Array.from({ length: 5 }, () => 'after-intent' as const))).toBe(1);
  });

  it('refuses a point that does not exist, and names those that do', () => {
    expect(() => failPointFrom('after-lunch', () => {})).toThrow(/after-lunch\. Known: .*after-intent/);
  });

  it.each(['after-intent:0', 'after-intent:x', 'after-intent:-1', 'after-intent:1.5', 'after-intent:'])(
    'refuses %s, which would never stop anything',
    (setting) => {
      expect(() => failPointFrom(setting, () => {})).toThrow('whole number');
    },
  );
});
