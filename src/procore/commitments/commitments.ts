import { Stop } from '../../domain/posting/outcomes.ts';
import type { CodeRef, CommitmentLine, CommitmentRecord, DecimalText } from '../../domain/records.ts';
import { type CalendarDate, calendarDate } from '../../domain/values/calendar-date.ts';
import { fitsScale, formatDecimal, parseDecimal, rescale } from '../../domain/values/decimal.ts';
import { exponentOf } from '../../domain/values/money.ts';
import type { ProcoreConfig } from '../config.ts';
import type { CommitmentRef } from '../hub.ts';
import type { ContractHead, ContractLine, ContractShow } from '../wire.ts';
import { filesOf } from './order-files.ts';

export type CommitmentType = CommitmentRef['type'];

/** Route and external-data item type of each kind of commitment. */
export const CONTRACTS = {
  subcontract: { route: 'work_order_contracts', itemType: 'work_order_contract' },
  'purchase-order': { route: 'purchase_order_contracts', itemType: 'purchase_order_contract' },
} as const satisfies Record<CommitmentType, { route: string; itemType: string }>;

export const COMMITMENT_TYPES: readonly CommitmentType[] = ['subcontract', 'purchase-order'];

/**
 * The statuses that are an obligation. Procore's standard budget counts Approved and Complete subcontracts and
 * Approved and Partially Received orders as committed
 * (support.procore.com/faq/what-are-the-default-commitment-statuses-in-procore). Received is added although
 * that view lists it under pending: the goods are there, and taking the order out of the comparison on the day
 * they arrive would report a difference that nobody made. Closed stays out: by Procore's own words it means
 * either finished or void, and only a person can tell which.
 */
const APPROVED: Readonly<Record<CommitmentType, ReadonlySet<string>>> = {
  subcontract: new Set(['Approved', 'Complete']),
  'purchase-order': new Set(['Approved', 'Partially Received', 'Received']),
};

export function isApproved(type: CommitmentType, status: string): boolean {
  return APPROVED[type].has(status);
}

/** A shown contract as the engine knows commitments; lines in the order of the schedule of values. */
export function commitmentRecord(
  type: CommitmentType,
  row: ContractShow,
  config: ProcoreConfig,
): CommitmentRecord {
  const currency = currencyOf(row, config);
  const lines = row.line_items
    .filter((line) => line.deleted_at === null)
    .map((line, index) => commitmentLine(line, index + 1, currency))
    .sort((a, b) => a.position - b.position);
  return { ...withoutLines(type, row, config), lines, ...filesOf(row.attachments) };
}

/** A contract of a list, which carries no lines: enough to say that it was deleted. */
export function withoutLines(
  type: CommitmentType,
  row: ContractHead,
  config: ProcoreConfig,
): CommitmentRecord {
  const currency = currencyOf(row, config);
  return {
    object: 'commitment',
    id: row.id,
    type,
    number: row.number ?? '',
    title: row.title ?? '',
    status: row.status,
    approved: row.deleted_at === null && isApproved(type, row.status),
    deleted: row.deleted_at !== null,
    projectId: row.project.id,
    vendorId: row.vendor?.id ?? null,
    vendorName: row.vendor?.company ?? row.vendor?.name ?? null,
    currency,
    total: amountText(row.grand_total, currency, 'grand_total'),
    retainagePercent:
      row.retainage_percent === null ? null : plain(row.retainage_percent, 'retainage_percent'),
    contractDate: dateOrNull(row.contract_date),
    createdByUserId: row.created_by_id,
    originId: row.origin_id,
    lines: [],
    url: commitmentUrl(config, type, row.project.id, row.id),
  };
}

export function currencyOf(row: Pick<ContractHead, 'currency_configuration'>, config: ProcoreConfig): string {
  const stated =
    row.currency_configuration?.currency_iso_code ?? row.currency_configuration?.base_currency_iso_code;
  return stated && /^[A-Z]{3}$/.test(stated) ? stated : config.currency;
}

/** Opens the commitment in Procore. Only the company prefix is documented; the rest is inferred. */
export function commitmentUrl(
  config: ProcoreConfig,
  type: CommitmentType,
  projectId: string,
  id: string,
): string {
  const base = config.webUrl.replace(/\/+$/, '');
  return `${base}/${config.companyId}/projects/${projectId}/commitments/${CONTRACTS[type].route}/${id}`;
}

export function commitmentLine(
  line: Omit<ContractLine, 'origin_id' | 'deleted_at'>,
  place: number,
  currency: string,
): CommitmentLine {
  const position = line.position !== null && /^\d{1,9}$/.test(line.position) ? Number(line.position) : place;
  return {
    id: line.id,
    position,
    description: line.description ?? '',
    costCode: codeRef(
      line.cost_code?.full_code ?? line.cost_code?.code ?? null,
      line.cost_code?.name ?? null,
    ),
    ...subJobOf(line.cost_code),
    ...budgetCodeOf(line),
    costType: codeRef(line.line_item_type?.code ?? null, line.line_item_type?.name ?? null),
    amount: amountText(line.amount, currency, `amount of line ${line.id}`),
    quantity: line.quantity === null ? null : plain(line.quantity, `quantity of line ${line.id}`),
    unitPrice: line.unit_cost === null ? null : plain(line.unit_cost, `unit_cost of line ${line.id}`),
    unit: line.uom,
  };
}

function budgetCodeOf({ cost_code, wbs_code }: Pick<ContractLine, 'cost_code' | 'wbs_code'>) {
  const flat = cost_code == null ? (wbs_code?.flat_code ?? null) : null;
  return flat === null ? {} : { budgetCode: flat };
}

/** `WorkOrderContract`, `work_order_contract` and the like. */
export function commitmentTypeOf(text: string): CommitmentType | null {
  if (/work.?order/i.test(text)) return 'subcontract';
  return /purchase.?order/i.test(text) ? 'purchase-order' : null;
}

/** A code of a sub job names that one as its biller; any other names the project. */
export function subJobOf(code: ContractLine['cost_code']): Pick<CommitmentLine, 'subJob'> {
  if (code?.biller_type !== 'SubJob' || code.biller_id === null) return {};
  return { subJob: { id: code.biller_id, name: code.biller ?? code.biller_id } };
}

function codeRef(code: string | null, name: string | null): CodeRef | null {
  return code === null ? null : { code, name: name ?? '' };
}

/**
 * An amount with the currency's number of decimals, because Procore prints one amount in several ways
 * ("1000.0", "1000.00"). Digits below the minor unit are kept as they are: the planner must see and flag them.
 */
export function amountText(text: string, currency: string, what: string): DecimalText {
  const value = decimal(text, what);
  const exponent = exponentOf(currency);
  if (!fitsScale(value, exponent)) return plain(text, what);
  return formatDecimal({ units: rescale(value, exponent, 'down'), scale: exponent });
}

/** The shortest plain form of a decimal: "10.0" and "10" are one retainage. */
function plain(text: string, what: string): DecimalText {
  const { units, scale } = decimal(text, what);
  let [digits, places] = [units, scale];
  while (places > 0 && digits % 10n === 0n) {
    digits /= 10n;
    places -= 1;
  }
  return formatDecimal({ units: digits, scale: places });
}

function decimal(text: string, what: string): ReturnType<typeof parseDecimal> {
  try {
    return parseDecimal(text);
  } catch (cause) {
    throw new Stop('bug', 'Procore', `${what} is not a decimal number: "${text.slice(0, 40)}"`, { cause });
  }
}

/** Procore stores a wrongly formatted date as null without a word, so a missing date is ordinary. */
export function dateOrNull(text: string | null): CalendarDate | null {
  if (text === null) return null;
  try {
    return calendarDate(text);
  } catch {
    return null;
  }
}
