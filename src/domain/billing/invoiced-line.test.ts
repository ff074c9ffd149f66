import { expect, it } from 'vitest';
import { parseMoney } from '../values/money.ts';
import { belowInvoiced } from './invoiced-line.ts';

const why = (wanted: string, invoiced: string) =>
  belowInvoiced(parseMoney(wanted, 'USD'), parseMoney(invoiced, 'USD'));

it.each([
  ['400.00', '500.00', 'becomes 400.00, and 500.00 of it is invoiced'],
  ['500.00', '500.00', null],
  ['1500.00', '500.00', null],
  ['0.00', '0.01', 'becomes 0.00, and 0.01 of it is invoiced'],
  ['-5.00', '0.00', null],
  ['-5.00', '-10.00', 'becomes -5.00, and -10.00 of it is invoiced'],
  ['-10.00', '-10.00', null],
  ['-20.00', '-10.00', null],
  ['5.00', '-10.00', 'becomes 5.00, and -10.00 of it is invoiced'],
])('lets a line become %s when %s is invoiced on it: %s', (wanted, invoiced, said) => {
  expect(why(wanted, invoiced)).toBe(said);
});
