import type { TieOutPath } from '../../api/queries.ts';

/** What of both sides is compared, and how it is spoken of. */
export interface Measure {
  /** As it stands in the address; committed cost is what needs no word there. */
  of: 'budget' | 'direct-costs' | undefined;
  name: string;
  /** Its address in the API. */
  path: TieOutPath;
  sourceTotal: string;
  targetTotal: string;
  /** Where the axis of the bridge says what it measures. */
  axis: string;
  /** Which documents of ours the sums open; null where none of ours makes them up. */
  opens: { kind?: 'budget' } | null;
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
    opens: {},
    nothing: '“Compare now” reads the committed cost of every mapped project from both systems.',
  },
  {
    of: 'budget',
    name: 'Budget',
    path: '/tie-out/budgets',
    sourceTotal: 'Budget in Procore',
    targetTotal: 'Budget in the ERP',
    axis: 'budget',
    opens: { kind: 'budget' },
    nothing:
      '“Compare now” reads the budget of every mapped project from both systems. SAP Business One keeps none by project: there is nothing to compare there.',
  },
  {
    of: 'direct-costs',
    name: 'Direct costs',
    path: '/tie-out/direct-costs',
    sourceTotal: 'Entered in Procore',
    targetTotal: 'Booked in the ERP',
    axis: 'direct costs',
    opens: null,
    nothing:
      'Bills that people enter on a project as direct costs are compared with the ledger of the ERP, where the connection reads them and somebody entered any.',
  },
];

export function measureOf(of: string | undefined): Measure {
  return measures.find((measure) => measure.of === of) ?? (measures[0] as Measure);
}
