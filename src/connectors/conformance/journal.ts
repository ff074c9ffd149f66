import { expect, it } from 'vitest';
import type { JournalRecord } from '../../domain/actuals/journal.ts';
import { parseMoney, sum } from '../../domain/values/money.ts';
import type { Bench } from './bench.ts';
import { deliver, invoiceWrite, posted, pullAll } from './steps.ts';

/** What is told of posted cost, for a connector whose ERP shows its journal; skipped for the others. */
export function promisesOfJournal<Config>({ connection, target }: Bench<Config>): void {
  it('tells what an invoice cost by the lines of its order, whose bill it is and what it owes, and takes it back with it', async ({
    skip,
  }) => {
    const { journal } = connection().pull;
    const { create, invoices } = target().samples;
    if (journal === undefined) return skip();
    if (invoices === undefined)
      throw new Error('a connector that tells of cost brings samples of an invoice');
    const order = await posted(connection(), create);
    const body = invoices.progress(order);
    const outcome = await deliver(connection(), invoiceWrite(connection(), body));
    const id = outcome.kind === 'posted' ? outcome.id : '';

    const first = await pullAll(journal);
    const entries = [...first.records.values()].map(({ record }) => record as JournalRecord);
    const document = entries.find((entry) => entry.document?.id === id)?.document;
    expect(document?.bill).toEqual({ vendorCode: body.vendorCode, number: body.invoiceNumber });
    expect(parseMoney(document?.payable ?? '', body.currency)).toEqual(parseMoney(body.total, body.currency));
    const drawn = (document?.lines ?? []).flatMap(({ base, amount }) => {
      return base === null ? [] : [`${base.id}/${base.line} ${parseMoney(amount, body.currency).minor}`];
    });
    expect(drawn.sort()).toEqual(
      body.lines
        .map(({ orderLine, amount }) => `${order.id}/${orderLine} ${parseMoney(amount, body.currency).minor}`)
        .sort(),
    );
    const accounts = new Set(body.lines.map(({ coding }) => coding.code));
    const costOf = (journals: readonly JournalRecord[]) =>
      sum(
        journals
          .flatMap(({ lines }) => lines)
          .filter(({ account, project }) => project === body.projectCode && accounts.has(account))
          .map(({ amount }) => parseMoney(amount, body.currency)),
        body.currency,
      );
    const billed = body.lines.map(({ amount }) => parseMoney(amount, body.currency));
    expect(costOf(entries)).toEqual(sum(billed, body.currency));

    await target().cancelInvoiceByHand(id);
    const later = await pullAll(journal, first.cursor);
    const all = new Map([...first.records, ...later.records]);
    expect(all.size).toBeGreaterThan(first.records.size);
    expect(costOf([...all.values()].map(({ record }) => record as JournalRecord)).minor).toBe(0n);
  });
}
