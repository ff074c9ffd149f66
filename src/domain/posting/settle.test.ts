import { describe, expect, it } from 'vitest';
import { settleRule, settleTable } from './settle.ts';
import type { SettleRow } from './settle-row.ts';
import { settleRowOf, settleRows } from './settle-rows.ts';

const NOT_TOLD = { requestLifeMs: null };
const SEEN_ENFORCED = { uniquenessEnforced: true, searchLagMs: null };
const row = (change: Partial<SettleRow>): SettleRow => ({
  ...settleRowOf('sap-business-one', 'purchase-order')!,
  ...change,
});

describe('the live rule of a settle row', () => {
  it.each(['configurable', 'none', 'unknown'] as const)(
    'counts %s uniqueness as none until a self-test saw it',
    (uniqueness) => {
      expect(settleRule(row({ uniqueness }), NOT_TOLD, undefined).uniquenessEnforced).toBe(false);
      expect(settleRule(row({ uniqueness }), NOT_TOLD, SEEN_ENFORCED).uniquenessEnforced).toBe(true);
    },
  );

  it('believes the self-test where it saw less than the vendor says, and the vendor where it could not tell', () => {
    const enforced = row({ uniqueness: 'enforced' });
    const seen = (uniquenessEnforced: boolean | null) =>
      settleRule(enforced, NOT_TOLD, { uniquenessEnforced, searchLagMs: null }).uniquenessEnforced;
    expect([seen(false), seen(true), seen(null)]).toEqual([false, true, true]);
  });

  it('never counts an upsert as unique: a late one overwrites what a person edited', () => {
    for (const uniqueness of ['enforced', 'unknown'] as const)
      expect(
        settleRule(row({ uniqueness, overwrites: true }), NOT_TOLD, SEEN_ENFORCED).uniquenessEnforced,
      ).toBe(false);
  });

  it('knows a request life only from the configuration or a stated number', () => {
    const stated = { ms: 900_000, source: 'a page' };
    expect(settleRule(row({}), NOT_TOLD, undefined).requestLifeMs).toBeNull();
    expect(settleRule(row({ requestLife: stated }), NOT_TOLD, undefined).requestLifeMs).toBe(900_000);
    expect(
      settleRule(row({ requestLife: stated }), { requestLifeMs: 1_200_000 }, undefined).requestLifeMs,
    ).toBe(1_200_000);
  });

  it('keeps the two looks further apart than the lag that a self-test saw, and never closer than the row says', () => {
    const gap = (searchLagMs: number | null) =>
      settleRule(row({ probeGapMs: 2_000 }), NOT_TOLD, {
        uniquenessEnforced: null,
        searchLagMs,
      }).probeGapMs;
    expect([gap(null), gap(100), gap(5_000)]).toEqual([2_000, 2_000, 10_000]);
  });

  it('makes one rule of each row, under the name of its object', () => {
    const rows = settleRows.filter(({ system }) => system === 'netsuite');
    const table = settleTable(rows, NOT_TOLD, { vendor: SEEN_ENFORCED });
    expect(Object.keys(table)).toEqual(rows.map(({ object }) => object));
    expect(table.vendor?.uniquenessEnforced).toBe(false);
  });
});

describe('the settle rows', () => {
  const named = settleRows.map((each) => [`${each.system} ${each.object}`, each] as const);

  it('hold each object of a system once', () => {
    expect(new Set(named.map(([name]) => name)).size).toBe(named.length);
  });

  it('cover every object of the trade at every ERP that real companies run', () => {
    const objects = [
      'vendor',
      'purchase-order',
      'change-order',
      'ap-invoice',
      'retainage-release',
      'payment',
    ];
    for (const system of ['sap-business-one', 'sap-s4hana', 'oracle-fusion', 'netsuite'] as const)
      for (const object of [...objects, 'journal', 'budget', 'owner-invoice'] as const)
        expect(
          settleRows.some((each) => each.system === system && each.object === object),
          `${system} ${object}`,
        ).toBe(true);
  });

  it.each(named)('%s says where it was read, and states no number without a page', (_name, each) => {
    expect(each.source.length).toBeGreaterThan(10);
    expect(each.probe.length).toBeGreaterThan(5);
    if (each.requestLife) expect(each.requestLife.source).toMatch(/\w{4}/);
    // A record that is compared by itself needs no second document to prove that the look works.
    if (each.canary === 'the-record-itself') expect(each.probeGapMs).toBeGreaterThan(0);
  });

  it('name the fields that our reference does not fit into: no connector may post there yet', () => {
    const narrow = named.filter(([, each]) => (each.referenceWidth ?? 16) < 16).map(([name]) => name);
    expect(narrow).toEqual(['sap-s4hana purchase-order']);
  });

  it('claim no verification that did not take place: no real company was tested yet', () => {
    expect(settleRows.filter(({ verifiedOn }) => verifiedOn !== null)).toEqual([]);
  });
});
