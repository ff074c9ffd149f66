import { accountFor } from '../billing/plan-invoice-lines.ts';
import { withFields } from '../planning/document-fields.ts';
import { type Findings, type Found, openFindings } from '../planning/plan-findings.ts';
import type { ExportOrder, OrderPlanInput } from '../planning/plan-input.ts';
import { waitForPeriod } from '../planning/plan-period.ts';
import type { FieldError } from '../posting/outcomes.ts';
import { waitKeys } from '../reasons.ts';
import type { PeriodRecord } from '../records.ts';
import { type CalendarDate, isWithin } from '../values/calendar-date.ts';
import { formatMoney, type Money, magnitude, money, parseMoney, sum } from '../values/money.ts';
import { REVENUE } from './owner-invoice.ts';
import {
  type ContractChangeBody,
  type ContractChangeLine,
  markupKey,
  type PrimeChangeOrderRecord,
  type PrimeContractRecord,
} from './prime-contract.ts';

export type ContractChangePlanInput = Pick<
  OrderPlanInput,
  'mapping' | 'targetAccount' | 'frozenDate' | 'today' | 'originMayBeOurs'
> & {
  readonly record: PrimeChangeOrderRecord;
  /** Null once nobody asks for it any more: without an export nothing new is ever planned. */
  readonly exported: ExportOrder | null;
  /** Whether it stands in the ERP by our books. */
  readonly isPosted: boolean;
  /** The contract that it changes: in the source, and in the ERP as the source names it. */
  readonly contract: PrimeContractRecord | null;
  readonly target: PrimeContractRecord | null;
  readonly erpName: string;
  readonly periods: readonly PeriodRecord[];
  readonly identity: { readonly revision: number; readonly reference: string };
  readonly preflight: (body: ContractChangeBody) => readonly FieldError[];
};

export type ContractChangeDocument = Found & {
  readonly revision: number;
  readonly body: ContractChangeBody | null;
  readonly amount: Money;
  /** Sum of what each line moves, so that what adds and takes away alike counts as well. */
  readonly exposure: Money;
  readonly accountingDate: CalendarDate;
  readonly conflict: false;
};

export type ContractChangePlan =
  | { readonly kind: 'nothing'; readonly why: 'not-exported' | 'unchanged' | 'deleted' | 'without-amount' }
  | { readonly kind: 'document'; readonly document: ContractChangeDocument };

/**
 * Decides which change of an owner contract an approved change order should become: its own lines with its number, and
 * each markup as a line of revenue. What stands is never planned again. Pure: same input, same bytes.
 */
export function planContractChange(input: ContractChangePlanInput): ContractChangePlan {
  const { record, exported, isPosted } = input;
  if (isPosted) return { kind: 'nothing', why: 'unchanged' };
  if (record.deleted) return { kind: 'nothing', why: 'deleted' };
  if (exported === null) return { kind: 'nothing', why: 'not-exported' };
  const found = openFindings();
  const amounts = amountsOf(record, found);
  if (amounts?.every(({ minor }) => minor === 0n)) return { kind: 'nothing', why: 'without-amount' };
  return { kind: 'document', document: documentOf(input, amounts, found) };
}

function documentOf(
  input: ContractChangePlanInput,
  amounts: readonly Money[] | null,
  found: Findings,
): ContractChangeDocument {
  const { record, identity } = input;
  const { currency } = record;
  checkRecord(input, found);
  const contractCode = contractFor(input, found);
  const accountingDate = dateOf(input, found);
  const account = accountFor(input, REVENUE, found);
  const total = sum(amounts ?? [], currency);
  const isComplete = contractCode !== null && account !== null && amounts !== null && found.amountsHold();
  const body: ContractChangeBody | null = !isComplete
    ? null
    : {
        kind: 'contract-change',
        ...identity,
        number: record.number,
        title: record.title,
        contractCode,
        currency,
        accountingDate,
        lines: linesOf(record, account),
        total: formatMoney(total),
        sourceUrl: record.url,
        ...withFields(input.exported?.fields ?? {}),
      };
  found.targetRefuses(record.id, body === null ? [] : input.preflight(body));
  const moved = (amounts ?? []).map((amount) => money(magnitude(amount), currency));
  return {
    revision: identity.revision,
    body,
    amount: total,
    exposure: sum(moved, currency),
    accountingDate,
    ...found.all(),
    conflict: false,
  };
}

/** What each line and each markup moves; null where they are not what the change order says in total. */
function amountsOf({ id, lines, total, currency }: PrimeChangeOrderRecord, found: Findings): Money[] | null {
  try {
    const amounts = lines.flatMap(({ amount, markups }) =>
      [amount, ...markups.map((markup) => markup.amount)].map((text) => parseMoney(text, currency)),
    );
    const stated = parseMoney(total, currency);
    if (sum(amounts, currency).minor === stated.minor) return amounts;
    const added = formatMoney(sum(amounts, currency));
    throw new RangeError(`Its lines and markups add up to ${added}, and it says ${formatMoney(stated)}.`);
  } catch (error) {
    found.wait('source', id, {
      code: 'amounts-disagree',
      owner: 'project-manager',
      message: error instanceof Error ? error.message : 'It has an amount that cannot be read.',
      remedy: 'Correct the change order in Procore.',
    });
    return null;
  }
}

function linesOf({ number, title, lines }: PrimeChangeOrderRecord, account: string): ContractChangeLine[] {
  return lines.flatMap(({ id, description, amount, markups }) => {
    const words = `CO ${number}: ${description === '' ? title : description}`;
    return [
      { key: id, description: words, amount, account },
      ...markups.map((markup) => ({
        key: markupKey(markup.id),
        description: `${words}, ${markup.name}`,
        amount: markup.amount,
        account,
      })),
    ];
  });
}

function checkRecord({ record, contract, originMayBeOurs }: ContractChangePlanInput, found: Findings): void {
  const { id, approved, status, number, originId, currency } = record;
  if (!approved)
    found.wait('source', id, {
      code: 'not-approved',
      owner: 'project-manager',
      message: `Change order ${number} is "${status}" in Procore, not approved.`,
      remedy: 'Approve it in Procore; it is looked at again by itself.',
    });
  if (originId !== null && !originMayBeOurs)
    found.wait('source', id, {
      code: 'foreign-origin',
      owner: 'engineer',
      message: `Procore says that it is synced already, as "${originId}", which was not posted from here.`,
      remedy:
        'Restore the database that posted it. If nothing of it stands in the ERP, unlink it in Procore and export it again.',
    });
  if (contract !== null && contract.currency !== currency)
    found.wait('source', id, {
      code: 'currency-mismatch',
      owner: 'accountant',
      field: 'currency',
      message: `The change is in ${currency} and its contract in ${contract.currency}.`,
      remedy: 'Correct the currency in Procore. A contract keeps its currency.',
    });
}

/** The contract is made in the ERP, and the source says which one it is by its origin id. */
function contractFor({ record, contract, target, erpName }: ContractChangePlanInput, found: Findings) {
  const name = `Prime contract ${contract?.number ?? record.contractId}`;
  if (contract === null || contract.originId === null) {
    found.wait('record', waitKeys.record('prime-contract', record.contractId), {
      code: 'contract-unlinked',
      owner: 'accountant',
      field: 'contract',
      message: `${name} stands for no contract of ${erpName}.`,
      remedy: `Refresh the prime contracts in Procore's ERP tool and import it from there, or link it.`,
    });
    return null;
  }
  if (target?.open === true && target.currency === record.currency) return target.id;
  const state =
    target === null ? 'does not exist' : target.open ? `is in ${target.currency}` : `is ${target.status}`;
  found.wait('record', waitKeys.record('prime-contract', contract.originId), {
    code: 'target-refuses',
    owner: 'accountant',
    field: 'contract',
    message: `${name} is contract ${contract.originId} of ${erpName}, which ${state} there.`,
    remedy: 'Open the contract in the ERP, or link the prime contract to another one.',
  });
  return null;
}

/** A date that somebody typed counts, else the day it is posted; in a closed period it waits. */
function dateOf({ exported, frozenDate, today, periods }: ContractChangePlanInput, found: Findings) {
  const date = exported?.accountingDate ?? frozenDate ?? today;
  const isOpen = periods.some(({ open, from, to }) => open && isWithin(date, from, to));
  if (periods.length > 0 && !isOpen) waitForPeriod(periods, date, found);
  return date;
}
