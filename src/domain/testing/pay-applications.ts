import type { LineRetainage, SubInvoiceLine, SubInvoiceRecord } from '../records.ts';
import { calendarDate } from '../values/calendar-date.ts';
import { formatMoney, money } from '../values/money.ts';

/** What happens on one line in one period, in minor units and along the line: never below zero. */
export type LineWork = {
  readonly worked?: bigint;
  /** Delivered and stored in this period. */
  readonly delivered?: bigint;
  /** Of what was stored before. Where stored materials move by themselves, all of it moves instead. */
  readonly installed?: bigint;
  readonly retainedOnWork?: bigint;
  readonly retainedOnStored?: bigint;
  readonly releasedOnWork?: bigint;
  readonly releasedOnStored?: bigint;
};

export type LineContract = {
  readonly id: string;
  readonly scheduled: bigint;
  readonly bills?: SubInvoiceLine['bills'];
};

type Balance = { done: bigint; stored: bigint; heldOnWork: bigint; heldOnStored: bigint };

/** Minor units as the text that records hold. */
export const text = (minor: bigint): string => formatMoney(money(minor, 'USD'));

/** The applications that a careful subcontractor sends, one for each period: all of their figures agree. */
export function payApplications(
  contract: readonly LineContract[],
  periods: readonly Readonly<Record<string, LineWork>>[],
  movesStored = false,
): SubInvoiceRecord[] {
  const balances = new Map(
    contract.map(({ id }) => [id, { done: 0n, stored: 0n, heldOnWork: 0n, heldOnStored: 0n }]),
  );
  let certified = 0n;
  return periods.map((work, index) => {
    const lines = contract.map((line, place) =>
      bill(line, place + 1, work[line.id] ?? {}, balances.get(line.id)!, movesStored),
    );
    let completed = 0n;
    let held = 0n;
    for (const { id, scheduled } of contract) {
      const sign = scheduled < 0n ? -1n : 1n;
      const { done, stored, heldOnWork, heldOnStored } = balances.get(id)!;
      completed += sign * (done + stored);
      held += sign * (heldOnWork + heldOnStored);
    }
    const earned = completed - held;
    const before = certified;
    certified = earned;
    return application(index + 1, lines, { earned, before, held, movesStored });
  });
}

function bill(
  { id, scheduled, bills = 'contract' }: LineContract,
  position: number,
  work: LineWork,
  balance: Balance,
  movesStored: boolean,
): SubInvoiceLine {
  const sign = scheduled < 0n ? -1n : 1n;
  const signed = (minor: bigint) => text(sign * minor);
  const { worked = 0n, delivered = 0n } = work;
  const installed = movesStored ? balance.stored : (work.installed ?? 0n);
  const previous = balance.done + (movesStored ? installed : 0n);
  const thisPeriod = worked + (movesStored ? 0n : installed);
  balance.done = previous + thisPeriod;
  balance.stored += delivered - installed;
  if (movesStored) {
    balance.heldOnWork += balance.heldOnStored;
    balance.heldOnStored = 0n;
  }
  const retainage = (before: bigint, retained = 0n, released = 0n): LineRetainage => ({
    previouslyHeld: signed(before),
    retained: signed(retained),
    released: signed(released),
    held: signed(before + retained - released),
  });
  const workRetainage = retainage(balance.heldOnWork, work.retainedOnWork, work.releasedOnWork);
  const storedRetainage = retainage(balance.heldOnStored, work.retainedOnStored, work.releasedOnStored);
  balance.heldOnWork += (work.retainedOnWork ?? 0n) - (work.releasedOnWork ?? 0n);
  balance.heldOnStored += (work.retainedOnStored ?? 0n) - (work.releasedOnStored ?? 0n);
  return {
    id: `item-${position}`,
    bills,
    billedLineId: id,
    position,
    description: `Line ${id}`,
    costCode: { code: '03-100', name: 'Concrete' },
    costType: { code: 'S', name: 'Subcontract' },
    scheduled: text(scheduled),
    previous: signed(previous),
    thisPeriod: signed(thisPeriod),
    stored: signed(balance.stored),
    toDate: signed(balance.done + balance.stored),
    workRetainage,
    storedRetainage,
  };
}

function application(
  number: number,
  lines: readonly SubInvoiceLine[],
  sums: { earned: bigint; before: bigint; held: bigint; movesStored: boolean },
): SubInvoiceRecord {
  const month = String(number + 5).padStart(2, '0');
  const day = (date: string) => calendarDate(`2026-${month}-${date}`);
  return {
    object: 'sub-invoice',
    id: `app-${number}`,
    projectId: 'P1',
    commitmentId: '4711',
    commitmentType: 'subcontract',
    previousId: number === 1 ? null : `app-${number - 1}`,
    application: number,
    invoiceNumber: null,
    vendorId: 'v1',
    vendorName: 'Star Framing',
    status: 'approved',
    approved: true,
    final: false,
    deleted: false,
    currency: 'USD',
    billingDate: day('25'),
    periodStart: day('01'),
    periodEnd: day('28'),
    paymentDueDate: null,
    movesStoredMaterials: sums.movesStored,
    earnedLessRetainage: text(sums.earned),
    previouslyCertified: text(sums.before),
    currentDue: text(sums.earned - sums.before),
    retainageHeld: text(sums.held),
    originId: null,
    lines,
    attachments: [],
    url: `https://procore.test/app-${number}`,
  };
}
