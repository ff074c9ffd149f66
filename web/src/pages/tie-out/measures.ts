/** What of both sides is compared, and how it is spoken of. */
export interface Measure {
  /** As it stands in the address; committed cost is what needs no word there. */
  of: 'budget' | undefined;
  name: string;
  /** Its address in the API. */
  path: '/tie-out' | '/tie-out/budgets';
  sourceTotal: string;
  targetTotal: string;
  /** Where the axis of the bridge says what it measures. */
  axis: string;
  /** Which documents make the sums up; all of them for committed cost. */
  kind: 'budget' | undefined;
  /** Why there may be nothing to compare. */
  nothing: string;
}

export const measures: readonly Measure[] = [
  {
    of: undefined,
    name: 'Committed cost',
    path: '/tie-out',
    sourceTotal: 'Procore committed',
    targetTotal: 'ERP committed',
    axis: 'committed cost',
    kind: undefined,
    nothing: '“Compare now” reads the committed cost of every mapped project from both systems.',
  },
  {
    of: 'budget',
    name: 'Budget',
    path: '/tie-out/budgets',
    sourceTotal: 'Budget in Procore',
    targetTotal: 'Budget in the ERP',
    axis: 'budget',
    kind: 'budget',
    nothing:
      '“Compare now” reads the budget of every mapped project from both systems. SAP Business One keeps none by project: there is nothing to compare there.',
  },
];

export function measureOf(of: string | undefined): Measure {
  return measures.find((measure) => measure.of === of) ?? (measures[0] as Measure);
}
