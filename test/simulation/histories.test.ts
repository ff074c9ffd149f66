import { describe, expect, it } from 'vitest';
import type { SettleRule } from '../../src/domain/posting/settle.ts';
import { faultIds } from './faults.ts';
import { playHistory } from './history.ts';
import { playAll } from './play-all.ts';
import { regressions } from './regressions.ts';
import type { Totals } from './totals.ts';

const HISTORIES = 100_000;
const MINUTES_MS = 60_000;

let played: Promise<Totals> | null = null;
function playedAll(): Promise<Totals> {
  played ??= playAll({ from: 1, histories: HISTORIES, workers: 2 });
  return played;
}

describe('100,000 seeded histories of one tenant under a swarm of faults', {
  timeout: 15 * MINUTES_MS,
}, () => {
  it('break no invariant of the independent checker', async () => {
    const { failures, histories } = await playedAll();
    expect(histories).toBe(HISTORIES);
    expect(failures.map(({ seed, what }) => `npm run simulate -- --seed ${seed}: ${what[0]}`)).toEqual([]);
  });

  it('inject every fault that exists at this level, and reach the state that each aims at', async () => {
    const { faults } = await playedAll();
    expect(faultIds.filter((id) => faults[id].injected === 0 || faults[id].reached === 0)).toEqual([]);
  });

  it('judge every invariant whose feature they exercise', async () => {
    const { invariants } = await playedAll();
    const judged = Object.entries(invariants).filter(([, counts]) => counts.judged > 0);
    expect(judged.map(([id]) => id)).toEqual(
      expect.arrayContaining([
        'I1',
        'I2',
        'I3',
        'I4',
        'I5',
        'I6',
        'I7',
        'I9',
        'I11',
        'I12',
        'I13',
        'I14',
        'I15',
      ]),
    );
  });
});

const canFail =
  'a connection that believes something wrong of its ERP, which proves that the histories can fail';

describe(canFail, { timeout: 5 * MINUTES_MS }, () => {
  const wrong: readonly [string, (rule: SettleRule) => SettleRule][] = [
    ['a request life that is too short', (rule) => ({ ...rule, requestLifeMs: 1_000 })],
    ['uniqueness where there is none', (rule) => ({ ...rule, uniquenessEnforced: true })],
    ['a search that never lags', (rule) => ({ ...rule, probeGapMs: 1 })],
  ];

  it.each(wrong)('makes duplicates with %s', (_what, believed) => {
    const found = firstBroken(believed, 20_000);
    expect(found).toContain('stood together');
  });

  function firstBroken(believed: (rule: SettleRule) => SettleRule, most: number): string | null {
    for (let seed = 1; seed <= most; seed += 1) {
      const { violations } = playHistory(seed, undefined, false, believed);
      const duplicate = violations.find((finding) => finding.startsWith('I1'));
      if (duplicate !== undefined) return duplicate;
    }
    return null;
  }
});

describe('a seed', () => {
  it('is a whole history: played again it is the same, step by step', () => {
    for (const seed of [3, 88, 1160]) {
      const first = playHistory(seed, undefined, true);
      expect(playHistory(seed, undefined, true)).toEqual(first);
      expect(first.trace.length).toBeGreaterThan(5);
    }
  });

  it.each(regressions)('$seed breaks nothing any more: $was', ({ seed }) => {
    expect(playHistory(seed).violations).toEqual([]);
  });
});
