import { type Accrual, lateCostAccrual } from '../../domain/actuals/late-cost.ts';
import type { DirectCostRecord, PeriodRecord, SubInvoiceRecord } from '../../domain/records.ts';
import type { CalendarDate } from '../../domain/values/calendar-date.ts';
import { moneyWords, parseMoney } from '../../domain/values/money.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { openReview } from '../../store/documents/review.ts';
import { findRecord, listRecords } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';

/**
 * Proposes the accrual of cost that was posted in a later period than its work was done in. No ERP is sent a journal:
 * the proposal says what to enter by hand, and is an item of Review until a controller closes it.
 */
export async function proposeAccrual(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  document: StoredDocument,
): Promise<void> {
  const { id, body, operation, number, title } = document;
  if (body?.kind !== 'ap-invoice' || operation === null) return;
  const earned = await earnedOn(tx, document);
  if (earned === null) return;
  const periods = await listRecords<PeriodRecord>(tx, erp.id, 'period');
  const accrual = lateCostAccrual(
    body,
    earned,
    periods.map((period) => period.body),
  );
  if (accrual === null) return;
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject: `late-cost:${id}`,
    document: null,
    title: `Late cost: ${number} ${title}`,
    question: questionOf(accrual, erp.name),
    evidence: { document: id, accrual, facts: factsOf(accrual) },
    role: 'controller',
  });
}

/** Up to when the work was done: the end of the billing period, else the day of the bill. */
async function earnedOn(
  tx: Tx,
  { sourceConnection: connection, sourceObject: object, sourceId: nativeId }: StoredDocument,
): Promise<CalendarDate | null> {
  const record = await findRecord<SubInvoiceRecord | DirectCostRecord>(tx, { connection, object, nativeId });
  if (record === null) return null;
  const { body } = record;
  return body.object === 'sub-invoice' ? (body.periodEnd ?? body.billingDate) : body.billDate;
}

function questionOf({ earned, period, cutOff, reversal, total, currency }: Accrual, erp: string): string {
  const amount = moneyWords(parseMoney(total, currency));
  return `Work up to ${earned} was posted on ${reversal}: ${amount} of cost are missing in ${period}. No journal goes to ${erp} from here. If its ledger is still open for ${cutOff}, enter the accrual there by hand: debit what is listed, credit the account for accrued cost with ${amount}, and reverse it on ${reversal}. If it is closed, leave ${period} as it is. Then close this.`;
}

function factsOf({ lines, currency, total, cutOff }: Accrual) {
  const shown = (amount: string) => moneyWords(parseMoney(amount, currency));
  const debits = lines.map(({ on, project, subJob, amount }) => {
    const place = subJob === undefined ? `project ${project}` : `project ${project}, sub job ${subJob}`;
    return { label: `Debit ${on.kind} ${on.code}, ${place}`, value: shown(amount) };
  });
  return [...debits, { label: `Credit accrued cost, on ${cutOff}`, value: shown(total) }];
}
