import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliver, matches, type Opened, open, pullAll } from '../../conformance/steps.ts';
import { openControl, SAMPLE_COMPANY, sampleConfig } from '../fixtures/company.ts';
import { sampleArInvoice, sampleCredit, sampleDirectInvoice } from '../fixtures/own-invoices.ts';
import { sapBusinessOne } from '../index.ts';
import { startBusinessOneSimulator } from '../simulator/server.ts';

let simulator: Awaited<ReturnType<typeof startBusinessOneSimulator>>;
let control: ReturnType<typeof openControl>;
let opened: Opened;
beforeAll(async () => {
  simulator = await startBusinessOneSimulator({ port: 0 });
  control = openControl(simulator.url);
});
afterAll(() => simulator.stop());
beforeEach(async () => {
  await control.post('reset', {});
  await control.post('seed', {
    ...SAMPLE_COMPANY,
    projects: [...SAMPLE_COMPANY.projects, { code: 'P-300', name: 'Depot' }],
    accounts: [
      ...SAMPLE_COMPANY.accounts,
      { code: '4000', name: 'Billings' },
      { code: '1250', name: 'Retainage receivable' },
    ],
  });
  opened = open(sapBusinessOne, sampleConfig(simulator.url));
});
afterEach(() => opened.close());

const lose = (path_regex: string) =>
  control.post('faults', { seed: 1, rules: [{ kind: 'lost-reply', times: 1, match: { path_regex } }] });

describe.each([
  { what: 'an invoice to a customer', kind: 'create-ar-invoice', body: sampleArInvoice(), set: 'Invoices' },
  {
    what: 'a bill without an order',
    kind: 'create-direct-invoice',
    body: sampleDirectInvoice(),
    set: 'PurchaseInvoices',
  },
  {
    what: 'a credit of a vendor',
    kind: 'create-vendor-credit',
    body: sampleCredit(),
    set: 'PurchaseCreditNotes',
  },
] as const)('$what', ({ kind, body, set }) => {
  const operation = { kind, body } as Parameters<typeof opened.connection.writes>[0];
  const writeOf = () => opened.connection.writes(operation)[0]!;

  it('is posted as it was approved, line by line, and is listed under its reference', async () => {
    expect(opened.connection.preflight(operation)).toEqual([]);
    expect(await deliver(opened.connection, writeOf())).toMatchObject({ kind: 'posted' });
    const found = await matches(opened.connection, writeOf());
    expect(found).toMatchObject([{ state: 'posted', hash: writeOf().targetHash }]);
    expect(Object.keys(found[0]!.lineKeys ?? {})).toHaveLength(2);
    const listed = await Array.fromAsync(opened.connection.list!('TAC', body.documentDate));
    expect(listed.map(({ reference }) => reference)).toEqual([body.reference]);
  });

  it('is found once after its answer was lost', async () => {
    await lose(`/${set}$`);
    expect(await deliver(opened.connection, writeOf())).toMatchObject({ kind: 'unknown' });
    expect(await matches(opened.connection, writeOf())).toMatchObject([
      { state: 'posted', hash: writeOf().targetHash },
    ]);
  });

  it('is refused beforehand where it does not add up', () => {
    const total = kind === 'create-vendor-credit' ? '-1.00' : '1.00';
    const wrong = { ...operation, body: { ...body, total } } as typeof operation;
    expect(opened.connection.preflight(wrong).map(({ code }) => code)).toEqual(['total']);
  });
});

it('keeps invoices to customers apart from those of vendors, by number and as partners', async () => {
  const { connection } = opened;
  const write = connection.writes({ kind: 'create-ar-invoice', body: sampleArInvoice() })[0]!;
  await deliver(connection, write);
  expect(await connection.arInvoicesNumbered!('C1', 'PC-1-1')).toMatchObject([
    { reference: write.reference },
  ]);
  expect(await connection.invoicesNumbered!('C1', 'PC-1-1')).toEqual([]);
  const { records } = await pullAll(connection.pull.customer!);
  expect([...records.values()].map(({ record }) => record)).toEqual([
    { object: 'customer', id: 'C1', name: 'A customer', active: true },
  ]);
});

it('keeps what a vendor gives back apart from his invoices: by its number, its id and its sign', async () => {
  const { connection } = opened;
  const invoice = connection.writes({ kind: 'create-direct-invoice', body: sampleDirectInvoice() })[0]!;
  const credit = connection.writes({ kind: 'create-vendor-credit', body: sampleCredit() })[0]!;
  const [billed, given] = [await deliver(connection, invoice), await deliver(connection, credit)];
  expect([billed, given]).toEqual([
    { kind: 'posted', id: '1' },
    { kind: 'posted', id: 'credit-1' },
  ]);
  expect(await connection.invoicesNumbered!('V1003', 'CM-17')).toEqual([]);
  expect(await connection.creditsNumbered!('V1003', 'SS-17')).toEqual([]);
  expect(await connection.creditsNumbered!('V1003', 'CM-17')).toMatchObject([
    { id: 'credit-1', reference: credit.reference, amount: '-99.75' },
  ]);
  const [row] = JSON.parse(credit.encode({ earlierIds: {} }).body ?? '').DocumentLines;
  expect(row).toMatchObject({ AccountCode: '5100', LineTotal: 100.1, ProjectCode: 'P-100' });
});

it('takes no second credit under one number where the company blocks it, and names who has it', async () => {
  const { connection } = opened;
  await control.post('settings', { duplicateVendorReference: 'block' });
  const create = (reference: string) =>
    connection.writes({ kind: 'create-vendor-credit', body: { ...sampleCredit(), reference } })[0]!;
  await deliver(connection, create('TAC2345CREDIT222'));
  const second = create('TAC2345CREDIT333');
  expect(await deliver(connection, second)).toMatchObject({
    kind: 'refused',
    errors: [{ message: expect.stringMatching(/CM-17 is the number of A\/P credit memo \d+/) }],
  });
});

it('takes no invoice to a customer on an account that a vendor is owed by', async () => {
  const { connection } = opened;
  const [write] = connection.writes({
    kind: 'create-ar-invoice',
    body: sampleArInvoice({ customerCode: 'V1003' }),
  });
  expect(await deliver(connection, write!)).toMatchObject({
    kind: 'refused',
    errors: [{ field: 'vendorCode' }],
  });
});
