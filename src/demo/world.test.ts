import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedSchema as businessOneSchema } from '../connectors/sap-business-one/simulator/company/seed-schema.ts';
import { seedSchema as procoreSchema } from '../procore/simulator/seed.ts';
import { centsOf } from './cents.ts';
import { callJson, demand } from './simulator-calls.ts';
import { type Simulators, startSimulators } from './simulators.ts';
import { unmappedCodes } from './trades.ts';
import { makeWorld } from './world.ts';

const TODAY = '2026-11-21';
const THRESHOLD_CENTS = 5_000_000n;

const totalOf = (lines: readonly { cents: bigint }[]) => lines.reduce((sum, { cents }) => sum + cents, 0n);

describe('the contractor of the demo', () => {
  const world = makeWorld(7, TODAY);
  const { commitments, vendors, projects } = world.cast;
  const having = (part: string) => commitments.filter((commitment) => commitment.part === part);

  it('is the same for the same seed and another for another', () => {
    const text = (seed: number) =>
      JSON.stringify(makeWorld(seed, TODAY), (_key, value) =>
        typeof value === 'bigint' ? String(value) : value,
      );
    expect(text(7)).toBe(text(7));
    expect(text(7)).not.toBe(text(8));
  });

  it('has three jobs, forty vendors, 36 commitments and 26 cost codes on every job', () => {
    expect([projects.length, vendors.length, commitments.length]).toEqual([3, 40, 36]);
    expect(world.procore.cost_codes).toHaveLength(78);
  });

  it.each([1, 2, 3, 4, 5, 99, 4_294_967_295])('keeps both seeds readable for seed %i', (seed) => {
    const other = makeWorld(seed, TODAY);
    expect(procoreSchema.safeParse(other.procore).error).toBeUndefined();
    expect(businessOneSchema.safeParse(other.businessOne).error).toBeUndefined();
    for (const { lines } of other.cast.commitments) {
      expect(lines.length).toBeGreaterThanOrEqual(2);
      expect(lines.length).toBeLessThanOrEqual(12);
      expect(lines.every(({ cents }) => cents > 0n)).toBe(true);
    }
  });

  it('has the defects that the story needs', () => {
    const [long] = having('number-too-long');
    expect(long!.number.length).toBeGreaterThan(100);
    expect(having('period-closed')[0]!.accountingDate).toBe('2025-12-15');
    const unmapped = having('unmapped').flatMap(({ lines }) => lines);
    expect(unmapped.every(({ coding }) => unmappedCodes.some((code) => code === coding.code))).toBe(true);
    const missing = having('vendor-missing').map(({ vendorId }) => vendors.find(({ id }) => id === vendorId));
    expect(missing.every((vendor) => vendor?.cardCode === null)).toBe(true);
    expect(having('edited-after-posting').length).toBeGreaterThanOrEqual(3);
    expect(world.businessOne.purchaseOrders).toHaveLength(1);
  });

  it('has one commitment far above the threshold and most below it', () => {
    const totals = commitments.map(({ lines }) => totalOf(lines));
    expect(totals.some((cents) => cents > 20n * THRESHOLD_CENTS)).toBe(true);
    expect(totals.filter((cents) => cents < THRESHOLD_CENTS).length).toBeGreaterThan(25);
    expect(totals.some((cents) => cents % 100n !== 0n)).toBe(true);
  });

  it('maps every cost code in use but the ones that are left open', () => {
    const mapped = new Set(world.mappings.filter(({ kind }) => kind === 'cost').map(({ key }) => key));
    const open = new Set<string>();
    for (const { lines } of commitments)
      for (const { coding } of lines) if (!mapped.has(`${coding.code}|${coding.type}`)) open.add(coding.code);
    expect([...open].sort()).toEqual([...unmappedCodes].sort());
    const postable = new Set(
      world.businessOne.accounts.filter((account) => account.postable !== false).map(({ code }) => code),
    );
    for (const { kind, value } of [...world.mappings, ...world.cast.answers])
      if (kind === 'cost') expect(postable).toContain(value.code);
  });
});

describe('the simulators with the contractor in them', () => {
  const world = makeWorld(3, TODAY);
  let simulators: Simulators;
  beforeAll(async () => {
    simulators = await startSimulators(world);
  }, 30_000);
  afterAll(() => simulators.stop());

  it('hold every commitment with the amount that was dealt, to the cent', async () => {
    const state = (await demand('GET', `${simulators.procore.url}/_sim/state`)) as {
      contracts: { id: number; grand_total: string; line_items: { amount: string }[] }[];
    };
    for (const { id, lines } of world.cast.commitments) {
      const held = state.contracts.find((contract) => contract.id === id);
      expect(held?.line_items.map(({ amount }) => centsOf(amount))).toEqual(lines.map(({ cents }) => cents));
      expect(centsOf(held!.grand_total)).toBe(totalOf(lines));
    }
  });

  it('hold the order that was keyed at the ERP, and both fields of ours', async () => {
    const state = (await demand('GET', `${simulators.businessOne.url}/_sim/state`)) as {
      orders: { document: { DocTotal: number } }[];
      userFields: { TableName: string; Name: string }[];
    };
    expect(state.orders.map(({ document }) => document.DocTotal)).toEqual([4875.4]);
    const fields = state.userFields.map(({ TableName, Name }) => `${TableName} ${Name}`);
    expect(fields).toEqual(['OPOR TiebeamRef', 'OPOR TiebeamRev', 'OCRD TiebeamRef', 'OPRJ TiebeamRef']);
  });

  it('are gone after the stop', async () => {
    const other = await startSimulators(world);
    await other.stop();
    await expect(callJson('GET', `${other.procore.url}/_sim/state`)).rejects.toThrow();
    await expect(callJson('GET', `${other.businessOne.url}/_sim/state`)).rejects.toThrow();
  }, 30_000);
});
