import { describe, expect, it } from 'vitest';
import {
  amountText,
  compareAmounts,
  negated,
  positionBetween,
  separatorsOf,
  subtractAmounts,
  sumAmounts,
} from './amount-text.ts';

const us = separatorsOf('en-US');

describe('amounts on screen', () => {
  it('groups thousands and keeps every cent of an amount no float can hold', () => {
    expect(amountText('90071992547409931234.07', us)).toBe('90,071,992,547,409,931,234.07');
  });
  it('shows a true minus, two places and no sign on zero', () => {
    expect(amountText('-1250.5', us)).toBe('\u22121,250.50');
    expect(amountText('-0.00', us, true)).toBe('0.00');
    expect(amountText('0', us)).toBe('0.00');
  });
  it('signs a difference both ways', () => {
    expect(amountText('12.00', us, true)).toBe('+12.00');
    expect(amountText('-12.00', us, true)).toBe('\u221212.00');
  });
  it('never rounds more places away', () => expect(amountText('1.005', us)).toBe('1.005'));
  it('leaves text that is no amount alone', () => expect(amountText('n/a', us)).toBe('n/a'));
  it('uses the separators of the reader', () =>
    expect(amountText('1234567.80', separatorsOf('de-DE'))).toBe('1.234.567,80'));
});

describe('adding decimal strings', () => {
  it('adds exactly across signs and places', () => {
    expect(sumAmounts(['0.10', '0.20', '-0.3'])).toBe('0.00');
    expect(sumAmounts(['90071992547409931234.07', '0.01'])).toBe('90071992547409931234.08');
    expect(sumAmounts(['-0.05'])).toBe('-0.05');
  });
  it('subtracts and negates', () => {
    expect(subtractAmounts('10.00', '10.01')).toBe('-0.01');
    expect(negated('-3.00')).toBe('3.00');
    expect(negated('0.00')).toBe('0.00');
  });
  it('orders by value, not by text', () => {
    expect(compareAmounts('-10', '-9')).toBe(-1);
    expect(compareAmounts('10', '9')).toBe(1);
    expect(compareAmounts('1', '1.00')).toBe(0);
  });
  it('places an amount on an axis', () => {
    expect(positionBetween('50', '0', '100')).toBe(5_000);
    expect(positionBetween('7', '7', '7')).toBe(0);
  });
});
