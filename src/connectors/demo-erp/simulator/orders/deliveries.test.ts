import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { line, order, startTestCompany } from '../company/test-company.ts';

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
afterAll(() => company?.stop());

let id: string;
beforeEach(async () => {
  await company.reset();
  await company.run(order('R1', { lines: [line, { ...line, key: 'b', amount: '-20.00' }] }));
  id = (await company.control.state()).orders[0]!.id;
});

const act = (deed: object) => company.control.post('act', deed);
const takeIn = (amount: string, order_line = 1) =>
  act({ action: 'take_in', order: id, date: '2026-02-10', lines: [{ order_line, amount }] });
const deliveries = async () =>
  (await company.call('GET', `/deliveries?order=${id}`)).body.records as unknown as readonly {
    readonly code: string;
    readonly status: string;
    readonly lines: readonly { readonly unbilled: string }[];
  }[];
let number = 0;
const bill = async (amount: string, delivery?: string, order_line = 1) => {
  number += 1;
  const drawn = { key: 'a', order_line, description: 'Walls', amount, ...(delivery ? { delivery } : {}) };
  const { status, errors } = (await company.run({
    ...{ type: 'invoice', reference: `R-${number}`, revision: 1, vendor_number: String(number), title: 'A' },
    ...{ date: '2026-02-20', invoice_date: '2026-02-19', order: id, vendor: 'V1', currency: 'USD' },
    lines: [drawn],
  })) as { status: string; errors?: readonly { readonly code: string }[] };
  return errors === undefined ? status : errors.map(({ code }) => code).join();
};
const cost = async () => {
  const { journal } = (await company.control.state()) as unknown as {
    readonly journal: readonly {
      readonly kind: string;
      readonly lines: readonly {
        readonly role: string;
        readonly account: string | null;
        readonly amount: string;
      }[];
    }[];
  };
  return journal.map(({ kind, lines }) =>
    [kind, ...lines.map(({ role, account, amount }) => `${account ?? role} ${amount}`)].join(' | '),
  );
};

it('what came in is billed by its delivery, and the order for the rest only', async () => {
  await takeIn('60.00');
  const { code } = (await deliveries())[0]!;
  expect(await bill('40.01')).toBe('over-open');
  expect(await bill('60.01', code)).toBe('over-delivered');
  expect(await bill('45.00', code)).toBe('done');
  expect(await bill('40.00')).toBe('done');
  expect((await deliveries())[0]?.lines).toMatchObject([{ unbilled: '15.00' }]);
});

it('is cost as it comes in; an invoice of it takes back what is accrued, and books its cost no second time', async () => {
  await takeIn('60.00');
  const { code } = (await deliveries())[0]!;
  await bill('60.00', code);
  expect(await cost()).toEqual([
    'delivery | 5100 60.00 | accrued -60.00',
    'invoice | accrued 60.00 | payables -60.00',
  ]);
  const [invoice] = (await company.control.state()).invoices;
  await act({ action: 'cancel_invoice', id: invoice!.id });
  expect((await deliveries())[0]?.lines).toMatchObject([{ unbilled: '60.00' }]);
});

it('is taken back while nobody billed it, and opens its order again; closed, it does not', async () => {
  await takeIn('60.00');
  const { code } = (await deliveries())[0]!;
  await act({ action: 'cancel_delivery', code });
  expect(await cost()).toHaveLength(2);
  expect(await bill('1.00', code)).toBe('not-open');
  expect(await bill('100.00')).toBe('done');
  await takeIn('7.00');
  const second = (await deliveries())[1]!.code;
  await act({ action: 'close_delivery', code: second });
  expect(await bill('7.00', second)).toBe('not-open');
});

it('may be more than is ordered, never against the direction of its line', async () => {
  await takeIn('120.00');
  expect(await bill('1.00')).toBe('over-open');
  await expect(takeIn('-1.00')).rejects.toThrow(/other way/);
  await takeIn('-5.00', 2);
  expect(await deliveries()).toHaveLength(2);
});
