import { expect, it } from 'vitest';
import { samplePayment } from '../../connectors/conformance/sample-payment.ts';
import { pairPayment, paymentOf } from './payment-sides.ts';

it('shows an approver what is paid to whom, on which invoice, and as what', () => {
  const payment = paymentOf(samplePayment('draft')('17'))!;
  const { fields, lines } = pairPayment(payment, { amount: '30000.05', status: 'paid' });
  expect(fields).toContainEqual({ field: 'Total', source: '30000.05', target: '30000.05', same: null });
  expect(fields[0]!.target).toBe('payment draft, released by a person there');
  expect(lines).toMatchObject([
    { description: 'Invoice ACME-0817', coding: 'invoice 17', targetAmount: '30000.05' },
  ]);
  expect(paymentOf({ kind: 'ap-invoice' })).toBeNull();
});
