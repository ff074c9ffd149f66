import { ORDER } from '../documents/document-kinds.ts';
import { createDocumentFrom } from '../documents/documents.ts';
import type { Row } from '../documents/rows.ts';
import { seedTaxes } from '../documents/taxes.ts';
import { createPartnerFrom } from '../masters/masters.ts';
import { createUserFieldFrom } from '../masters/user-fields.ts';
import type { Seed } from './seed-schema.ts';
import { resetState, type SimState, today } from './state.ts';

/** Replaces everything by the seed; settings and faults go back to their start as well. */
export function applySeed(state: SimState, seed: Seed): void {
  resetState(state);
  state.company = {
    db: seed.company.db,
    name: seed.company.name,
    currency: seed.company.currency,
    totalsPlaces: seed.company.totalsAccuracy ?? 2,
    pricePlaces: seed.company.priceAccuracy ?? 6,
  };
  for (const { user, password } of seed.users) state.users.set(user, password);
  seedMasters(state, seed);
  state.periods = (seed.periods ?? defaultPeriods(today(state))).map(periodRow);
  for (const field of seed.udfs ?? []) seedUserField(state, field);
  for (const vendor of seed.vendors) seedVendor(state, vendor);
  for (const order of seed.purchaseOrders ?? []) createDocumentFrom(state, ORDER, order);
}

function seedMasters(state: SimState, seed: Seed): void {
  const own = { code: seed.company.currency, name: seed.company.currency, decimals: 2 };
  for (const currency of [own, ...(seed.currencies ?? [])]) {
    const decimals = DECIMALS[currency.decimals] ?? 'cdDefault';
    const { code, name } = currency;
    const row = { Code: code, Name: name, DocumentsCode: code, Decimals: decimals, Rounding: 'rsNoRounding' };
    state.currencies.set(code, row);
  }
  for (const project of seed.projects) {
    state.projects.set(project.code, {
      Code: project.code,
      Name: project.name,
      Active: yesNo(project.active ?? true),
      ValidFrom: project.validFrom ?? null,
      ValidTo: project.validTo ?? null,
    });
  }
  for (const account of seed.accounts) state.accounts.set(account.code, accountRow(account));
  for (const item of seed.items ?? []) state.items.set(item.code, itemRow(item));
  for (const rule of seed.distributionRules ?? []) {
    state.distributionRules.set(rule.code, {
      FactorCode: rule.code,
      FactorDescription: rule.name ?? rule.code,
      InWhichDimension: rule.dimension ?? 1,
      Active: yesNo(rule.active ?? true),
    });
  }
  seedTaxes(state, seed);
}

const DECIMALS = [
  'cdWithoutDecimals',
  'cd1Digit',
  'cd2Digits',
  'cd3Digits',
  'cd4Digits',
  'cd5Digits',
  'cd6Digits',
];

function yesNo(value: boolean): 'tYES' | 'tNO' {
  return value ? 'tYES' : 'tNO';
}

function accountRow(account: Seed['accounts'][number]): Row {
  return {
    Code: account.code,
    Name: account.name,
    FormatCode: account.formatCode ?? account.code,
    FatherAccountKey: account.parent ?? null,
    AccountLevel: account.level ?? 5,
    AccountType: account.type ?? 'at_Expenses',
    AcctCurrency: '##',
    ActiveAccount: yesNo(account.postable ?? true),
    FrozenFor: yesNo(account.frozen ?? false),
    ValidFor: yesNo(!(account.frozen ?? false)),
    LockManualTransaction: yesNo(account.lockedForManual ?? false),
    BlockManualPosting: 'tNO',
    ProjectRelevant: yesNo(account.projectRelevant ?? false),
    DistributionRuleRelevant: yesNo(account.distributionRuleRelevant ?? false),
    CashAccount: 'tNO',
    BudgetAccount: 'tNO',
  };
}

function itemRow(item: NonNullable<Seed['items']>[number]): Row {
  return {
    ItemCode: item.code,
    ItemName: item.name,
    ItemsGroupCode: 100,
    ItemType: 'itItems',
    PurchaseItem: yesNo(item.purchase ?? true),
    Valid: yesNo(!(item.frozen ?? false)),
    Frozen: yesNo(item.frozen ?? false),
    DataVersion: 1,
  };
}

function seedUserField(state: SimState, field: NonNullable<Seed['udfs']>[number]): void {
  const type = field.type ?? 'db_Alpha';
  createUserFieldFrom(state, {
    TableName: field.table,
    Name: field.name,
    Type: type,
    ...(type === 'db_Alpha' ? { Size: field.size ?? 50 } : {}),
    Description: field.description ?? field.name,
    Mandatory: yesNo(field.mandatory ?? false),
  });
}

function seedVendor(state: SimState, vendor: Seed['vendors'][number]): void {
  createPartnerFrom(state, {
    CardCode: vendor.code,
    CardName: vendor.name,
    CardType: vendor.type ?? 'cSupplier',
    Currency: vendor.currency ?? state.company?.currency ?? null,
    Valid: yesNo(vendor.valid ?? true),
    Frozen: yesNo(vendor.frozen ?? false),
    VatGroup: vendor.vatGroup ?? null,
    FederalTaxID: vendor.federalTaxId ?? null,
    EmailAddress: vendor.emailAddress ?? null,
  });
}

type Period = NonNullable<Seed['periods']>[number];

function periodRow(period: Period, index: number): Row {
  const status = period.status ?? 'ltUnlocked';
  const year = Number.parseInt(period.from.slice(0, 4), 10);
  return {
    AbsoluteEntry: index + 1,
    SubNum: index + 1,
    PeriodCode: period.code,
    PeriodName: period.name ?? period.code,
    PeriodIndicator: period.indicator ?? String(year),
    PostingDateFrom: period.from,
    PostingDateTo: period.to,
    ValueDateFrom: period.dueFrom ?? `${year - 1}-01-01`,
    ValueDateTo: period.dueTo ?? `${year + 2}-12-31`,
    TaxDateFrom: period.taxFrom ?? `${year - 1}-01-01`,
    TaxDateTo: period.taxTo ?? `${year + 2}-12-31`,
    Locked: yesNo(status === 'ltLocked'),
    PeriodStatus: status,
  };
}

/** Monthly periods of last, this and next year. */
function defaultPeriods(day: string): Period[] {
  const thisYear = Number.parseInt(day.slice(0, 4), 10);
  return [thisYear - 1, thisYear, thisYear + 1].flatMap((year) =>
    Array.from({ length: 12 }, (_, index) => {
      const month = String(index + 1).padStart(2, '0');
      const last = new Date(Date.UTC(year, index + 1, 0)).toISOString().slice(0, 10);
      return { code: `${year}-${month}`, from: `${year}-${month}-01`, to: last };
    }),
  );
}
