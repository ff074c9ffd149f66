import { expect, it } from 'vitest';
import type { StandingOrder } from '../../../domain/orders/standing-order.ts';
import { SAMPLE_COMPANY } from '../fixtures/company.ts';
import { runningCompany } from '../fixtures/running-company.ts';

const company = runningCompany();

const line = (amount: number, more: object = {}) => ({
  ItemDescription: 'Work',
  AccountCode: '5100',
  LineTotal: amount,
  ProjectCode: 'P-100',
  ...more,
});
const order = (more: object = {}) => ({
  CardCode: 'V1000',
  Project: 'P-100',
  DocType: 'dDocument_Service',
  DocDate: '2026-08-03',
  DocDueDate: '2026-08-03',
  DocumentLines: [line(10)],
  ...more,
});

async function standing(projectCode = 'P-100'): Promise<StandingOrder[]> {
  const found: StandingOrder[] = [];
  for await (const each of company.connection.standingOrders!(projectCode)) found.push(each);
  return found;
}

const seedWith = (purchaseOrders: readonly object[], more: object = {}) =>
  company.control.post('seed', { ...SAMPLE_COMPANY, purchaseOrders, ...more });

it('are read to the last page, each once, and only those of the project', async () => {
  const projects = ['P-100', 'P-300'].map((code) => ({ code, name: code }));
  await seedWith([...Array.from({ length: 430 }, () => order()), order({ Project: 'P-300' })], { projects });
  const found = await standing();
  expect(found).toHaveLength(430);
  expect(new Set(found.map(({ id }) => id)).size).toBe(430);
});

it('say to the cent what was ordered and what of it was invoiced, line by line', async () => {
  await seedWith([
    order({ NumAtCard: 'PO 7', DocumentLines: [line(1000.1), line(20, { AccountCode: '5200' })] }),
  ]);
  await company.control.post('act', { action: 'invoice_line', docEntry: 1, lineNum: 0, amount: '400.05' });
  const [found] = await standing();
  expect(found).toMatchObject({
    vendorReference: 'PO 7',
    vendorCode: 'V1000',
    total: '1020.10',
    reference: null,
    date: '2026-08-03',
    closed: false,
  });
  expect(found!.lines.map(({ amount, invoiced, coding }) => [amount, invoiced, coding.code])).toEqual([
    ['1000.10', '400.05', '5100'],
    ['20.00', '0.00', '5200'],
  ]);
});

it('leave out what was cancelled, and keep what is closed', async () => {
  await seedWith([order(), order(), order()]);
  await company.control.post('act', { action: 'cancel_order', docEntry: 1 });
  await company.control.post('act', { action: 'close_order', docEntry: 2 });
  expect((await standing()).map(({ id, closed }) => [id, closed])).toEqual([
    ['2', true],
    ['3', false],
  ]);
});

it('are read before our user fields are there', async () => {
  await seedWith([order()], { udfs: [] });
  expect((await standing()).map(({ reference }) => reference)).toEqual([null]);
});
