import type { PurchaseOrderBody } from './documents.ts';
import type { CalendarDate } from './values/calendar-date.ts';
import { formatMoney, parseMoney, sum } from './values/money.ts';

/** What a self-test posts and for whom: shown before anything is sent. */
export type TestOrderWish = {
  readonly reference: string;
  readonly vendorCode: string;
  readonly projectCode: string;
  readonly accountCode: string;
  readonly currency: string;
  readonly date: CalendarDate;
};

// Odd cents and a third: what an ERP that rounds or keeps amounts in binary would give back changed.
const AMOUNTS = ['0.01', '33.33', '1234.57'];

/** The marked order of a self-test. */
export function testOrder(wish: TestOrderWish): PurchaseOrderBody {
  const { currency, reference, vendorCode, projectCode } = wish;
  const lines = AMOUNTS.map((amount, at) => ({
    key: String(at + 1),
    description: `Test line ${at + 1}, taken back`,
    amount,
    coding: { kind: 'account' as const, code: wish.accountCode },
    costCode: 'TEST',
    costType: 'TEST',
  }));
  return {
    kind: 'purchase-order',
    reference,
    revision: 1,
    number: 'TIEBEAM-TEST',
    title: 'TIEBEAM SELF-TEST, taken back at once: ignore',
    vendorCode,
    projectCode,
    currency,
    accountingDate: wish.date,
    total: formatMoney(
      sum(
        lines.map(({ amount }) => parseMoney(amount, currency)),
        currency,
      ),
    ),
    lines,
    sourceUrl: 'https://tiebeam.invalid/self-test',
  };
}

/** What became of the sends of one reference, and what stands there after them. */
export type UniquenessTrial = {
  /** Sends that the ERP answered in any way; one that got no answer proves nothing. */
  readonly answered: number;
  readonly sent: number;
  readonly standing: number;
};

/** Unique only if every send was answered and one document stands: two prove the opposite, all else nothing. */
export function uniquenessOf({ answered, sent, standing }: UniquenessTrial): boolean | null {
  if (standing > 1) return false;
  return standing === 1 && sent > 1 && answered === sent ? true : null;
}
