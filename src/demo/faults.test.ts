import { describe, expect, it } from 'vitest';
import { faultsSchema } from '../connectors/sap-business-one/simulator/faults.ts';
import { faultPlan } from '../procore/simulator/faults.ts';
import { faultKinds, faultPlans } from './faults.ts';
import { DEMO_REQUEST_LIFE_MS } from './simulators.ts';

const SEEDS = Array.from({ length: 50 }, (_, index) => index * 7_919);

describe('the faults of a seed', () => {
  it.each(SEEDS)('of %i are taken by both simulators and hold every kind', (seed) => {
    const { procore, businessOne } = faultPlans(seed);
    expect(faultPlan.safeParse(procore).error).toBeUndefined();
    expect(faultsSchema.safeParse(businessOne).error).toBeUndefined();
    const kinds = new Set([...procore.rules, ...businessOne.rules].map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([...faultKinds].sort());
  });

  it.each(SEEDS)('of %i end by themselves and never commit later than a request lives', (seed) => {
    const { procore, businessOne } = faultPlans(seed);
    for (const { kind, times, params } of [...procore.rules, ...businessOne.rules]) {
      expect(times).toBeGreaterThanOrEqual(1);
      if (kind === 'late-commit') expect(params?.delay_ms).toBeLessThan(DEMO_REQUEST_LIFE_MS);
    }
  });

  it('are the same for the same seed and differ between seeds', () => {
    expect(faultPlans(4)).toEqual(faultPlans(4));
    expect(new Set(SEEDS.map((seed) => JSON.stringify(faultPlans(seed)))).size).toBe(SEEDS.length);
  });
});
