import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarDate } from '../values/calendar-date.ts';
import { formatMoney, money } from '../values/money.ts';
import { type CostFacts, codingKey, costParts } from './job-cost.ts';
import type { JournalDocumentLine, JournalRecord } from './journal.ts';
import { type OwnInvoice, type Paid, type PaidPart, paidByCoding } from './paid-cost.ts';

const text = (minor: bigint) => formatMoney(money(minor, 'USD'));
const codings = {
  steel: { costCode: '05-100', costType: 'S' },
  doors: { costCode: '08-100', costType: 'S' },
  paint: { costCode: '09-900', costType: 'S' },
};
type Name = keyof typeof codings;
const names = Object.keys(codings) as Name[];
const accountOf: Readonly<Record<Name, string>> = { steel: '5100', doors: '5200', paint: '5300' };
const facts: CostFacts = {
  projectCode: 'JOB-4',
  codings: new Map(names.map((name) => [accountOf[name], [codings[name]]])),
  isCost: (account) => account.startsWith('5'),
  orderLines: new Map(),
  ourInvoices: new Set(),
  ourBills: new Set(),
};

/** An invoice as it really is: `held` is what is withheld of each coding, below zero where it pays that out. */
type Invoice = {
  readonly id: string;
  readonly vendor: string;
  readonly isOurs: boolean;
  readonly gross: Readonly<Record<Name, bigint>>;
  readonly held: Readonly<Record<Name, bigint>>;
  /** For another project. */
  readonly elsewhere: bigint;
  readonly tax: bigint;
};

const nothing = { steel: 0n, doors: 0n, paint: 0n };
const add = (amounts: Readonly<Record<Name, bigint>>) => names.reduce((sum, name) => sum + amounts[name], 0n);
const payableOf = ({ gross, held, elsewhere, tax }: Invoice) => add(gross) - add(held) + elsewhere + tax;

/** What the ledger tells of it: retainage is one line, and nobody tells what of it is for which coding. */
function entryOf(invoice: Invoice): JournalRecord {
  const { id, vendor, gross, held, elsewhere } = invoice;
  const coded = { dimensions: [], base: null };
  const lines = [
    ...names.map((name) => ({ account: accountOf[name], project: 'JOB-4', amount: gross[name] })),
    { account: '5100', project: 'JOB-5', amount: elsewhere },
    { account: '2050', project: 'JOB-4', amount: -add(held) },
  ]
    .filter(({ amount }) => amount !== 0n)
    .map(({ amount, ...line }, place): JournalDocumentLine => {
      return { ...coded, ...line, line: String(place), amount: text(amount) };
    });
  return {
    ...({
      object: 'journal',
      id: `J${id}`,
      date: calendarDate('2026-08-20'),
      memo: '',
      currency: 'USD',
    } as const),
    lines: lines
      .filter(({ project }) => project === 'JOB-4')
      .map(({ line: key, base: _, ...line }) => ({ key, ...line })),
    document: {
      ...{ id, lines, bill: { vendorCode: vendor, number: id } },
      payable: text(payableOf(invoice)),
    },
  };
}

function ownOf({ id, gross, held }: Invoice): OwnInvoice {
  const moves = names.map((name) => ({
    ...{ line: `contract:${name}`, coding: codings[name], gross: text(gross[name]) },
    ...{ workRetainage: text(held[name]), storedRetainage: '0.00' },
  }));
  return { id, moves };
}

const invoice = (id: string, more: Partial<Invoice>): Invoice => ({
  ...{ id, vendor: 'V1', isOurs: true, gross: nothing, held: nothing, elsewhere: 0n, tax: 0n },
  ...more,
});
const payment = (id: string, minor: bigint, month = '2026-08'): PaidPart => {
  return { invoiceId: id, currency: 'USD', amount: text(minor), month };
};

function stated(invoices: readonly Invoice[], payments: readonly PaidPart[], more: JournalRecord[] = []) {
  const journals = [...invoices.map(entryOf), ...more];
  const own = invoices.filter(({ isOurs }) => isOurs).map(ownOf);
  const found = paidByCoding(journals, costParts(journals, facts), {
    ...{ ...facts, currency: 'USD', month: '2026-08', payments, own },
  });
  return (name: Name): Paid | undefined => found.get(codingKey(codings[name]));
}

const both = { ...nothing, steel: 1_000n, doors: 500n };
const kept = { ...nothing, steel: 100n, doors: 25n };

describe('an application of ours for two codings, with retainage', () => {
  const first = invoice('1', { gross: both, held: kept });
  const release = invoice('2', { held: { ...nothing, steel: -100n } });

  test('paid in full, paid each its share less what is withheld of it', () => {
    const of = stated([first], [payment('1', 1_375n)]);
    expect(of('steel')).toEqual({ paid: 900n, paidInMonth: 900n });
    expect(of('doors')).toEqual({ paid: 475n, paidInMonth: 475n });
  });

  test('paid in part, tells of neither', () => {
    const of = stated([first], [payment('1', 1_374n)]);
    expect([of('steel'), of('doors')]).toEqual([undefined, undefined]);
  });

  test('paid over two months, tells of no month', () => {
    const of = stated([first], [payment('1', 1_000n, '2026-07'), payment('1', 375n)]);
    expect(of('steel')).toEqual({ paid: 900n });
  });

  test('retainage is unpaid until its release is, and is then of the coding that it was withheld of', () => {
    const withheld = stated([first, release], [payment('1', 1_375n)]);
    expect(withheld('steel')).toMatchObject({ paid: 900n });
    const released = stated([first, release], [payment('1', 1_375n), payment('2', 60n)]);
    expect([released('steel')?.paid, released('doors')?.paid]).toEqual([960n, 475n]);
  });
});

test('a bill of one coding paid in part paid that coding, with retainage withheld or not, unless it has tax', () => {
  const bill = invoice('1', { isOurs: false, gross: { ...nothing, steel: 1_000n } });
  const held = { ...nothing, steel: 100n };
  const two = [payment('1', 300n), payment('1', 200n, '2026-07')];
  expect(stated([bill], two)('steel')).toEqual({ paid: 500n, paidInMonth: 300n });
  expect(stated([{ ...bill, held }], two)('steel')).toEqual({ paid: 500n, paidInMonth: 300n });
  expect(stated([{ ...bill, tax: 80n }], two)('steel')).toBeUndefined();
  expect(stated([{ ...bill, tax: 80n }], [payment('1', 1_080n)])('steel')?.paid).toBe(1_000n);
});

test('retainage that somebody else pays out leaves unknown what that vendor was billed for, and nothing else', () => {
  const first = invoice('1', { gross: both, held: kept });
  const byHand = invoice('2', { isOurs: false, held: { ...nothing, doors: -25n } });
  const other = invoice('3', { vendor: 'V2', gross: { ...nothing, paint: 70n } });
  const of = stated([first, byHand, other], [payment('1', 1_375n), payment('2', 25n), payment('3', 70n)]);
  expect([of('steel'), of('doors'), of('paint')?.paid]).toEqual([undefined, undefined, 70n]);
});

test('cost without an invoice, another currency, and what the ERP does not say are not known', () => {
  const first = invoice('1', { gross: { ...nothing, steel: 1_000n } });
  const entry = entryOf(first);
  const wages: JournalRecord = { ...entry, id: 'J9', document: null };
  expect(stated([first], [payment('1', 1_000n)], [wages])('steel')).toBeUndefined();
  expect(stated([first], [{ ...payment('1', 1_000n), currency: 'EUR' }])('steel')).toBeUndefined();
  const { payable: _, ...silent } = entry.document!;
  const journals = [{ ...entry, document: silent }];
  const of = (payments: readonly PaidPart[]) =>
    paidByCoding(journals, costParts(journals, facts), {
      ...{ ...facts, currency: 'USD', month: '2026-08', payments, own: [] },
    }).get(codingKey(codings.steel));
  expect(of([payment('1', 1_000n)])).toBeUndefined();
  expect(of([])).toEqual({ paid: 0n, paidInMonth: 0n });
});

describe('whatever is billed, withheld, released and paid', () => {
  const cents = fc.bigInt({ min: 0n, max: 500n });
  const amounts = fc.record({ steel: cents, doors: cents, paint: cents });
  // Many bills are for one thing; most have neither tax nor another project.
  const gross = fc.tuple(amounts, fc.subarray(names)).map(([all, some]) => {
    return Object.fromEntries(
      names.map((name) => [name, some.includes(name) ? all[name] : 0n]),
    ) as Invoice['gross'];
  });
  const rarely = fc.oneof({ weight: 4, arbitrary: fc.constant(0n) }, cents);
  const part = fc.bigInt({ min: 0n, max: 100n });
  const billed = fc
    .record({
      ...{ vendor: fc.constantFrom('V1', 'V2'), isOurs: fc.boolean(), gross, elsewhere: rarely, tax: rarely },
      share: fc.oneof(fc.constant(0n), part),
    })
    .map(({ share, isOurs, elsewhere, ...rest }) => ({
      ...{ ...rest, isOurs, elsewhere: isOurs ? 0n : elsewhere },
      held: Object.fromEntries(
        names.map((name) => [name, (rest.gross[name] * share) / 100n]),
      ) as Invoice['held'],
    }));
  const story = fc.array(
    fc.record({
      billed,
      /** Of what it withheld: how much is paid out again, and by whom. */
      released: fc.option(fc.record({ isOurs: fc.boolean(), percent: part }), { nil: null }),
      /** Of both: paid not at all, in full, or in part. */
      paid: fc.tuple(fc.constantFrom(0n, 100n, null), fc.constantFrom(0n, 100n, null)),
      percent: part,
      /** In which order a part is taken to have been meant. */
      order: fc.shuffledSubarray([...names, 'elsewhere', 'tax'] as const, { minLength: 5 }),
      month: fc.constantFrom('2026-07', '2026-08'),
    }),
    { maxLength: 5 },
  );

  test('what is said to be paid of a coding is what was, whatever a part of an invoice was meant for', () => {
    fc.assert(
      fc.property(story, (chapters) => {
        const truth = new Map(names.map((name) => [name, { paid: 0n, inMonth: 0n }]));
        const [invoices, payments]: [Invoice[], PaidPart[]] = [[], []];
        for (const [place, { billed: made, released, paid, percent, order, month }] of chapters.entries()) {
          const first = { ...made, id: `${place}` };
          const held = Object.fromEntries(
            names.map((name) => [
              name,
              released === null ? 0n : -((made.held[name] * released.percent) / 100n),
            ]),
          ) as Invoice['held'];
          const release = invoice(`${place}r`, {
            vendor: made.vendor,
            isOurs: released?.isOurs ?? true,
            held,
          });
          for (const [index, each] of [first, release].entries()) {
            invoices.push(each);
            const owed = payableOf(each);
            let left = (owed * (paid[index] ?? percent)) / 100n;
            if (left === 0n) continue;
            payments.push(payment(each.id, left, month));
            for (const what of order) {
              const due =
                what === 'elsewhere' || what === 'tax' ? each[what] : each.gross[what] - each.held[what];
              const taken = due < left ? due : left;
              left -= taken;
              if (what === 'elsewhere' || what === 'tax') continue;
              truth.get(what)!.paid += taken;
              if (month === '2026-08') truth.get(what)!.inMonth += taken;
            }
          }
        }
        const of = stated(invoices, payments);
        for (const name of names) {
          const said = of(name);
          if (said === undefined) continue;
          expect(said.paid).toBe(truth.get(name)!.paid);
          if (said.paidInMonth !== undefined) expect(said.paidInMonth).toBe(truth.get(name)!.inMonth);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('once all of ours is paid in full, every coding is known', () => {
    fc.assert(
      fc.property(fc.array(billed, { minLength: 1, maxLength: 5 }), (made) => {
        const invoices = made.map((each, place) => ({
          ...each,
          id: `${place}`,
          isOurs: true,
          elsewhere: 0n,
        }));
        const of = stated(
          invoices,
          invoices.flatMap((each) => {
            const owed = payableOf(each);
            return owed === 0n ? [] : [payment(each.id, owed)];
          }),
        );
        for (const name of names) {
          const isBilled = invoices.some((each) => each.gross[name] !== 0n);
          const net = invoices.reduce((sum, each) => sum + each.gross[name] - each.held[name], 0n);
          if (isBilled) expect(of(name)).toEqual({ paid: net, paidInMonth: net });
        }
      }),
    );
  });
});
