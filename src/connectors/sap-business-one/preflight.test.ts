import { describe, expect, it } from 'vitest';
import type { PurchaseOrderBody } from '../../domain/documents.ts';
import { CHANGED_ORDER, SAMPLE_ORDER, sampleLine } from './fixtures/orders.ts';
import { preflight } from './preflight.ts';

const create = (more: Partial<PurchaseOrderBody>) =>
  preflight({ kind: 'create-order', body: { ...SAMPLE_ORDER, ...more } });
const fields = (errors: readonly { field: string }[]) => errors.map(({ field }) => field);

describe('preflight', () => {
  it('has nothing to say about a good order and a good change of it', () => {
    expect(create({})).toEqual([]);
    const base = { id: '1', body: SAMPLE_ORDER, lineKeys: {} };
    expect(preflight({ kind: 'update-order', body: CHANGED_ORDER, base })).toEqual([]);
  });

  it('refuses an order that mixes accounts and items', () => {
    const lines = [sampleLine('1', 'Work', '1.00'), sampleLine('2', 'Pump', '1.00', 'PUMP', 'item')];
    expect(create({ lines, total: '2.00' })).toMatchObject([{ field: 'lines', code: 'mixed-coding' }]);
  });

  it('refuses lines that do not add up to the total', () => {
    expect(create({ total: '151000.49' })).toMatchObject([
      { field: 'total', message: 'The lines add up to 151000.50, the total says 151000.49.' },
    ]);
  });

  it('refuses an order without lines, without a project or below zero', () => {
    expect(fields(create({ lines: [] }))).toEqual(['lines']);
    expect(fields(create({ projectCode: '' }))).toEqual(['projectCode']);
    expect(fields(create({ lines: [sampleLine('1', 'Credit', '-1.00')], total: '-1.00' }))).toEqual([
      'total',
    ]);
  });

  it('refuses digits below the cent and more digits than a double keeps', () => {
    expect(fields(create({ lines: [sampleLine('1', 'a', '1.005')], total: '1.01' }))).toContain(
      'lines[1].amount',
    );
    const large = '99999999999999.99';
    expect(fields(create({ lines: [sampleLine('1', 'a', large)], total: large }))).toEqual([
      'lines[1].amount',
    ]);
  });

  it('refuses to move a posted order to another vendor, currency or kind of coding', () => {
    const lines = SAMPLE_ORDER.lines.map((line) => ({
      ...line,
      coding: { kind: 'item' as const, code: 'PUMP' },
    }));
    const body = { ...SAMPLE_ORDER, vendorCode: 'V2', currency: 'EUR', lines };
    const errors = preflight({
      kind: 'update-order',
      body,
      base: { id: '1', body: SAMPLE_ORDER, lineKeys: {} },
    });
    expect(fields(errors)).toEqual(['vendorCode', 'currency', 'lines']);
  });
});
