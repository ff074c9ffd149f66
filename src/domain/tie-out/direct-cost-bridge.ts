import { type Money, subtract, sum } from '../values/money.ts';
import type { BridgeCause, BridgeItem, ProjectBridge } from './tie-out.ts';

/** A bill that somebody entered on a project in the source. */
export type EnteredBill = {
  readonly id: string;
  /** The vendor's own number; null where nobody typed one. */
  readonly number: string | null;
  readonly title: string;
  readonly vendorName: string;
  /** The vendor in the ERP; null where it is linked to none. */
  readonly vendorCode: string | null;
  readonly amount: Money;
};

/** What the ERP's ledger says that bills of one vendor under one number cost the project. */
export type BookedBill = { readonly vendorCode: string; readonly number: string; readonly amount: Money };

/**
 * Compares the bills that people entered on a project with what stands in the ERP, by vendor and number: nothing of them
 * is ever sent. Bills that only the ERP has are no part of it; posted cost shows them.
 */
export function tieOutDirectCosts(
  currency: string,
  entered: readonly EnteredBill[],
  booked: readonly BookedBill[],
): ProjectBridge {
  const total = (bills: readonly { readonly amount: Money }[]) =>
    sum(
      bills.map(({ amount }) => amount),
      currency,
    );
  const there = Map.groupBy(booked, keyOf);
  const groups = [...Map.groupBy(entered, (bill) => keyOf(bill) ?? `of its own ${bill.id}`)];
  const compared = groups.map(([key, bills]) => {
    const target = total(there.get(key) ?? []);
    // What was booked and taken back stands no more.
    return { bills, isThere: target.minor !== 0n, source: total(bills), target };
  });
  const items = compared
    .map(({ bills, isThere, source, target }): BridgeItem => {
      const { number, title, vendorName } = bills[0]!;
      return {
        ...differenceOf(bills, isThere),
        documentId: null,
        number: number ?? 'no number',
        title: [vendorName, title].filter((part) => part !== '').join(': '),
        amount: subtract(source, target),
        owner: 'accountant',
      };
    })
    .filter(({ amount }) => amount.minor !== 0n);
  const [source, target] = [compared.map((each) => each.source), compared.map((each) => each.target)];
  const difference = subtract(sum(source, currency), sum(target, currency));
  const explained = total(items);
  return {
    source: sum(source, currency),
    target: sum(target, currency),
    difference,
    explained,
    residual: subtract(difference, explained),
    items,
  };
}

/** Numbers are typed twice: case and spaces tell no two bills apart. */
function keyOf({ vendorCode, number }: Pick<EnteredBill, 'vendorCode' | 'number'>): string | null {
  const plain = (number ?? '').replaceAll(/\s/g, '').toUpperCase();
  return vendorCode === null || plain === '' ? null : `${vendorCode}|${plain}`;
}

function differenceOf(
  bills: readonly EnteredBill[],
  isThere: boolean,
): { readonly cause: BridgeCause; readonly explanation: string } {
  const [{ number, vendorCode }] = bills as [EnteredBill];
  if (number === null || number.trim() === '')
    return { cause: 'not-sent', explanation: 'It bears no invoice number by which a bill could be found.' };
  if (vendorCode === null)
    return { cause: 'waiting', explanation: 'Its vendor is linked to no vendor of the ERP yet.' };
  if (!isThere)
    return {
      cause: 'not-sent',
      explanation: 'No bill of this vendor under this number costs the project in the ERP.',
    };
  const often = bills.length === 1 ? '' : ` It was entered ${bills.length} times in Procore.`;
  return { cause: 'conflict', explanation: `The ERP has it with another amount.${often}` };
}
