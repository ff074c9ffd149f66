import { beforeEach, describe, expect, it } from 'vitest';
import type { Write } from '../../../domain/posting/writes.ts';
import { committedIntent } from '../../../lib/door.ts';
import { deliver, invoiceWrite, posted, standing } from '../../conformance/steps.ts';
import { sampleInvoice } from '../fixtures/invoices.ts';
import { SAMPLE_ORDER } from '../fixtures/orders.ts';
import { runningCompany } from '../fixtures/running-company.ts';
import { setPaymentHold } from './payment-block.ts';

const company = runningCompany();
let invoiceId: string;

beforeEach(async () => {
  const write = invoiceWrite(
    company.connection,
    sampleInvoice(await posted(company.connection, SAMPLE_ORDER)),
  );
  const outcome = await deliver(company.connection, write);
  invoiceId = outcome.kind === 'posted' ? outcome.id : '';
});

const OURS = { paymentBlockEntry: 3 };
const write = (hold: string | null, left: string | null, blocking = {}): Write =>
  setPaymentHold(
    { kind: 'set-payment-hold', reference: 'TAC2345HOLD22222', invoiceId, hold, left },
    blocking,
  );
const seen = async (of: Write) => (await standing(company.connection, of)).standing;
const edit = (changes: Record<string, unknown>) =>
  company.control.post('act', { action: 'edit_invoice', docEntry: Number(invoiceId), changes });
async function send(of: Write): Promise<string> {
  const { guard } = await standing(company.connection, of);
  const request = of.encode({ earlierIds: {}, ...(guard === undefined ? {} : { guard }) });
  const sent = await company.connection.send(committedIntent('p', 1), request);
  return sent.kind === 'answered' ? of.classify(sent.response).kind : sent.kind;
}

describe('the payment block of a posted invoice', () => {
  it('is set where none stands, and lifted where ours does', async () => {
    const held = write('late', null);
    expect(await seen(held)).toBe('at-base');
    expect(await send(held)).toBe('posted');
    expect(await seen(held)).toBe('at-target');
    const lifted = write(null, 'late');
    expect(await seen(lifted)).toBe('at-base');
    expect(await send(lifted)).toBe('posted');
    expect((await company.control.truth()).invoices[0]?.document.PaymentBlock).toBe('tNO');
    expect(await seen(lifted)).toBe('at-target');
  });

  it('is left as a person set or lifted it', async () => {
    await edit({ PaymentBlock: 'tYES', PaymentBlockEntry: 9 });
    expect(await seen(write('late', null))).toBe('elsewhere');
    expect(await seen(write(null, 'late'))).toBe('elsewhere');
    expect(await seen(write(null, null))).toBe('at-target');
    await edit({ PaymentBlock: 'tNO' });
    expect(await seen(write('later', 'late'))).toBe('elsewhere');
    expect(await seen(write(null, 'late'))).toBe('at-target');
  });

  it('is known by its reason where one of our own is configured', async () => {
    expect(await send(write('late', null, OURS))).toBe('posted');
    expect(await seen(write('late', null, OURS))).toBe('at-target');
    await edit({ PaymentBlockEntry: 9 });
    expect(await seen(write(null, 'late', OURS))).toBe('elsewhere');
  });

  it('is not sent on top of a change that was not seen', async () => {
    const held = write('late', null);
    const { guard } = await standing(company.connection, held);
    await edit({ Comments: 'Called the broker' });
    const request = held.encode({ earlierIds: {}, ...(guard === undefined ? {} : { guard }) });
    const sent = await company.connection.send(committedIntent('p', 1), request);
    expect(sent.kind === 'answered' && held.classify(sent.response).kind).not.toBe('posted');
    expect((await company.control.truth()).invoices[0]?.document.PaymentBlock).toBe('tNO');
  });
});
