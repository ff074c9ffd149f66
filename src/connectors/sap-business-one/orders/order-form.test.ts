import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../lib/decimal-json.ts';
import { SAMPLE_ORDER, sampleLine } from '../fixtures/orders.ts';
import { readOrder } from '../service-layer/wire.ts';
import { formHash, formOfBody, formOfEntity, plainAmount } from './order-form.ts';
import { encodeCreate } from './purchase-order.ts';

// What the Service Layer makes of a posted service document, as far as the form looks at it.
function storedFrom(body: string): ReturnType<typeof readOrder> {
  const sent = parseJson(body) as { DocumentLines: Record<string, string>[]; DocDate: string };
  return readOrder({
    ...sent,
    DocEntry: '7',
    DocDate: `${sent.DocDate}T00:00:00Z`,
    DocumentLines: sent.DocumentLines.map((line, index) => ({ ...line, LineNum: String(index) })).reverse(),
  });
}

const amount = fc
  .bigInt({ min: -999_999_999_999_99n, max: 999_999_999_999_99n })
  .map((minor) => `${minor < 0n ? '-' : ''}${String(minor < 0n ? -minor : minor).padStart(3, '0')}`)
  .map((digits) => `${digits.slice(0, -2)}.${digits.slice(-2)}`);

const lines = fc
  .array(
    fc.record({
      description: fc.string({ maxLength: 100 }),
      amount,
      account: fc.constantFrom('5100', '5200'),
    }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((rows) => rows.map((row, i) => sampleLine(String(i), row.description, row.amount, row.account)));

describe('the form of an order', () => {
  it('is the same for what was sent and for what then stands in the company', () => {
    fc.assert(
      fc.property(lines, (drawn) => {
        const body = { ...SAMPLE_ORDER, lines: drawn };
        const entity = storedFrom(encodeCreate(body).body ?? '');
        expect(formOfEntity(entity)).toEqual(formOfBody(body));
        expect(formHash(formOfEntity(entity))).toBe(formHash(formOfBody(body)));
      }),
    );
  });

  it('changes its hash with every cent, coding, text and with the order of the lines', () => {
    const hash = (more: object) => formHash(formOfBody({ ...SAMPLE_ORDER, ...more }));
    const [first, second, third] = SAMPLE_ORDER.lines;
    const variants = [
      hash({}),
      hash({ vendorCode: 'V2' }),
      hash({ projectCode: 'P-200' }),
      hash({ number: 'SC-002' }),
      hash({ revision: 2 }),
      hash({ lines: [{ ...first, amount: '100000.01' }, second, third] }),
      hash({ lines: [{ ...first, description: 'Footing' }, second, third] }),
      hash({ lines: [{ ...first, coding: { kind: 'item', code: '5100' } }, second, third] }),
      hash({ lines: [second, first, third] }),
      hash({ lines: [first, second] }),
    ];
    expect(new Set(variants).size).toBe(variants.length);
  });

  it('leaves lines of zero out of the hash, since removed lines stay in the order with zero', () => {
    const withZero = [...SAMPLE_ORDER.lines, sampleLine('99', 'Gone', '0.00')];
    expect(formHash(formOfBody({ ...SAMPLE_ORDER, lines: withZero }))).toBe(
      formHash(formOfBody(SAMPLE_ORDER)),
    );
  });

  it.each([
    ['10.50', '10.5'],
    ['1.05e1', '10.5'],
    ['125000', '125000'],
    ['100.00', '100'],
    ['-0.00', '0'],
    ['007.10', '7.1'],
    ['-1250.07', '-1250.07'],
    ['999999999999.99', '999999999999.99'],
  ])('writes %s as %s', (text, plain) => {
    expect(plainAmount(text)).toBe(plain);
  });
});
