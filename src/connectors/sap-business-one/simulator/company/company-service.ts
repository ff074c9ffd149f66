import { integer, type Row, text } from '../documents/rows.ts';
import { parseRequestBody } from '../odata/body.ts';
import { badRequest, notFound, type ProtocolVersion } from '../odata/errors.ts';
import { isRecord } from '../odata/json.ts';
import { rendered } from '../odata/render.ts';
import type { SimState } from './state.ts';

export const COMPANY_OPERATIONS = [
  'CompanyService_GetAdminInfo',
  'CompanyService_GetCompanyInfo',
  'CompanyService_GetPeriods',
  'CompanyService_GetFinancePeriods',
] as const;
export type CompanyOperation = (typeof COMPANY_OPERATIONS)[number];

/** Answers the company's settings and posting periods. */
export function companyAnswer(
  state: SimState,
  operation: CompanyOperation,
  requestText: string,
  version: ProtocolVersion,
): Record<string, unknown> {
  const context = { [version === 'v1' ? 'odata.metadata' : '@odata.context']: `/b1s/${version}/$metadata` };
  const view = { version, select: null, tagged: false };
  if (operation === 'CompanyService_GetAdminInfo') {
    return { ...context, ...rendered(state, 'AdminInfo', adminInfo(state), view) };
  }
  if (operation === 'CompanyService_GetCompanyInfo') {
    return { ...context, ...rendered(state, 'CompanyInfo', companyInfo(state), view) };
  }
  if (operation === 'CompanyService_GetPeriods') return { ...context, value: categories(state) };
  const periods = periodsOf(state, wantedCategory(requestText));
  return { ...context, value: periods.map((row) => rendered(state, 'FinancePeriod', row, view)) };
}

function adminInfo(state: SimState): Row {
  const company = state.company;
  return {
    Code: 1,
    CompanyName: company?.name ?? null,
    LocalCurrency: company?.currency ?? null,
    SystemCurrency: company?.currency ?? null,
    TotalsAccuracy: company?.totalsPlaces ?? 2,
    PriceAccuracy: company?.pricePlaces ?? 6,
    RateAccuracy: 6,
    AccuracyofQuantities: 6,
    PercentageAccuracy: 6,
    RoundingMethod: 'tNO',
    RoundTaxAmounts: 'tNO',
    EnableBranches: 'tNO',
    EnableApprovalProcedureInDI: state.settings.approvalProcedure !== false ? 'tYES' : 'tNO',
    AllowFuturePostingDate: 'tYES',
  };
}

function companyInfo(state: SimState): Row {
  return {
    Version: 1_000_000,
    CompanyName: state.company?.name ?? null,
    Localization: 'US',
    EnableAccountSegmentation: 'tNO',
    EnableSharingSeries: 'tNO',
    GroupLinesInVATCalculation: 'tNO',
  };
}

// A category is a fiscal year. The published metadata extract does not hold this row's type.
function categories(state: SimState): unknown[] {
  const names = [...new Set(state.periods.map((period) => text(period, 'PeriodIndicator') ?? ''))];
  return names.map((name, index) => ({ AbsoluteEntry: index + 1, PeriodCategory: name }));
}

function wantedCategory(requestText: string): number {
  const params = parseRequestBody(requestText).PeriodCategoryParams;
  const entry = isRecord(params) ? params.AbsoluteEntry : undefined;
  if (typeof entry !== 'number') throw badRequest("'PeriodCategoryParams' needs an 'AbsoluteEntry'");
  return entry;
}

function periodsOf(state: SimState, category: number): Row[] {
  const names = [...new Set(state.periods.map((period) => text(period, 'PeriodIndicator') ?? ''))];
  const name = names[category - 1];
  if (name === undefined) throw notFound();
  return state.periods
    .filter((period) => text(period, 'PeriodIndicator') === name)
    .toSorted((a, b) => (integer(a, 'AbsoluteEntry') ?? 0) - (integer(b, 'AbsoluteEntry') ?? 0));
}
