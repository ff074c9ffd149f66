import { describe, expect, it } from 'vitest';
import type { Read } from '../../domain/posting/writes.ts';
import { setInvoiceHold } from './invoice-hold.ts';

const write = (hold: string | null, left: string | null) =>
  setInvoiceHold({ kind: 'set-payment-hold', reference: 'TACHOLD', invoiceId: 'LI-1', hold, left });
const answering =
  (body: unknown, status = 200): Read =>
  async () => ({ status, headers: {}, body: JSON.stringify(body) });
const showing = (hold: string | null, status = 'posted') => answering({ status, hold, version: 'v3' });
const sent = (of: ReturnType<typeof write>, guard: string) =>
  JSON.parse(of.encode({ earlierIds: {}, guard }).body ?? '').documents;
const LONG = Array.from({ length: 20 }, (_, index) => `Certificate ${index} is missing`).join('; ');

describe('the hold of a posted invoice in Ledgerline', () => {
  it.each([
    ['set where none stands', 'late', null, null, 'at-base'],
    ['left where it says so already', 'late', null, 'late', 'at-target'],
    ['given other words where ours stand', 'late; unsigned', 'late', 'late', 'at-base'],
    ['lifted where ours stands', null, 'late', 'late', 'at-base'],
    ['lifted where a person did', null, 'late', null, 'at-target'],
    ["left alone over a person's", 'late', null, 'Ask Mary', 'elsewhere'],
    ['left alone where a person lifted ours', 'later', 'late', null, 'elsewhere'],
    ['left alone where a person changed its words', null, 'late', 'late, says Mary', 'elsewhere'],
    ["no matter of ours where only a person's stands", null, null, 'Ask Mary', 'at-target'],
    ['known although its words were cut', null, LONG, sent(write(LONG, null), 'v1')[0].hold, 'at-base'],
  ])('is %s', async (_, hold, left, stands, standing) => {
    const of = write(hold, left);
    expect(await of.probe(showing(stands), { earlierIds: {} })).toMatchObject({ standing });
  });

  it('is based on the version that was seen, and never goes onto an invoice that is none any more', async () => {
    const seen = await write(null, 'late').probe(showing('late'), { earlierIds: {} });
    expect(seen).toMatchObject({ guard: 'v3' });
    expect(sent(write(null, 'late'), 'v3')).toMatchObject([
      { type: 'invoice-hold', invoice: 'LI-1', based_on: 'v3', hold: null },
    ]);
    const gone = answering({ error: { code: 'unknown', message: 'no' } }, 404);
    for (const read of [showing(null, 'cancelled'), gone])
      expect(await write('late', null).probe(read, { earlierIds: {} })).toMatchObject({
        standing: 'elsewhere',
      });
  });

  it('counts what does not fit into its field', () => {
    const [{ hold }] = sent(write(LONG, null), 'v1');
    expect(hold.length).toBeLessThanOrEqual(200);
    expect(hold).toMatch(/and \d+ more$/);
  });

  it('takes a refusal as stale for unknown, because our own lost attempt may stand', async () => {
    const errors = [{ reference: 'TACHOLD', line: null, field: 'based_on', code: 'stale', message: 'no' }];
    const refused = answering({ status: 'refused', errors });
    expect(await write('late', null).poll?.(refused, 'JOB-1')).toMatchObject({ kind: 'unknown' });
  });
});
