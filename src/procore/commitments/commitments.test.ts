import { describe, expect, it } from 'vitest';
import { parseJson } from '../../lib/decimal-json.ts';
import { procoreConfig } from '../config.ts';
import { contractShow, parsed } from '../wire.ts';
import { committedAmount } from './commitment-reads.ts';
import { commitmentRecord, isApproved } from './commitments.ts';

const config = procoreConfig.parse({ companyId: '7', clientId: 'a', clientSecret: 'b' });
const shown = {
  id: 562949953700001,
  number: 'SC-001',
  title: 'Steel frame',
  status: 'Approved',
  project: { id: 562949953500001, name: 'Pier 4' },
  vendor: { id: 562949953600001, company: 'Steel & Sons', origin_id: null },
  grand_total: '1000.3',
  retainage_percent: '10.0',
  contract_date: '2026-08-01T00:00:00Z',
  created_by_id: 562949953900001,
  origin_id: null,
  deleted_at: null,
  line_items: [
    {
      id: 2,
      position: 2,
      amount: 0.2,
      description: null,
      cost_code: null,
      line_item_type: null,
      quantity: '0.0',
      unit_cost: '0.0',
      uom: '',
    },
    {
      id: 1,
      position: 1,
      amount: '1000.1',
      description: 'Beams',
      quantity: '4.0',
      unit_cost: '250.025',
      uom: 'ea',
      cost_code: { full_code: '05-100', code: '100', name: 'Structural Steel' },
      line_item_type: { code: 'S', name: 'Subcontract' },
    },
  ],
};

const record = (change: object = {}) =>
  commitmentRecord(
    'subcontract',
    parsed(contractShow, parseJson(JSON.stringify({ ...shown, ...change })), 'x'),
    config,
  );

describe('a commitment of Procore', () => {
  it('becomes a record with lines in the order of its schedule of values', () => {
    expect(record()).toEqual({
      object: 'commitment',
      id: '562949953700001',
      type: 'subcontract',
      number: 'SC-001',
      title: 'Steel frame',
      status: 'Approved',
      approved: true,
      deleted: false,
      projectId: '562949953500001',
      vendorId: '562949953600001',
      vendorName: 'Steel & Sons',
      currency: 'USD',
      total: '1000.30',
      retainagePercent: '10',
      contractDate: '2026-08-01',
      createdByUserId: '562949953900001',
      originId: null,
      lines: [
        {
          id: '1',
          position: 1,
          description: 'Beams',
          costCode: { code: '05-100', name: 'Structural Steel' },
          costType: { code: 'S', name: 'Subcontract' },
          amount: '1000.10',
          quantity: '4',
          unitPrice: '250.025',
          unit: 'ea',
        },
        {
          id: '2',
          position: 2,
          description: '',
          costCode: null,
          costType: null,
          amount: '0.20',
          quantity: '0',
          unitPrice: '0',
          unit: null,
        },
      ],
      url: 'https://app.procore.com/7/projects/562949953500001/commitments/work_order_contracts/562949953700001',
    });
  });

  it('reads an amount the same whether it came as text or number, with any number of zeros', () => {
    for (const grand_total of ['1000.30', '1000.3', 1000.3, '1000.300'])
      expect(record({ grand_total }).total).toBe('1000.30');
  });

  it('keeps digits below the cent, so that somebody sees them', () => {
    expect(record({ grand_total: '1000.305' }).total).toBe('1000.305');
  });

  it('keeps a sixteen digit amount exact', () => {
    expect(record({ grand_total: '90071992547409.93' }).total).toBe('90071992547409.93');
  });

  it('takes the currency of the commitment, then the base currency, then the configured one', () => {
    const of = (currency_configuration: object | null) => record({ currency_configuration }).currency;
    expect(of({ currency_iso_code: 'CAD', base_currency_iso_code: 'USD' })).toBe('CAD');
    expect(of({ currency_iso_code: null, base_currency_iso_code: 'EUR' })).toBe('EUR');
    expect(of(null)).toBe('USD');
    expect(
      record({ currency_configuration: { currency_iso_code: 'JPY' }, grand_total: '1000.0', line_items: [] })
        .total,
    ).toBe('1000');
  });

  it('still comes through when its lines do not add up: the planner flags it', () => {
    expect(record({ grand_total: '5.00' })).toMatchObject({
      total: '5.00',
      lines: [{ amount: '1000.10' }, {}],
    });
  });

  it('is not approved once it was deleted', () => {
    expect(record({ deleted_at: '2026-08-02T00:00:00Z' })).toMatchObject({ approved: false, deleted: true });
  });

  it('with a date that cannot be read has none', () => {
    expect(record({ contract_date: '08/01/2026' }).contractDate).toBeNull();
  });

  it.each([
    [
      'subcontract',
      ['Approved', 'Complete'],
      ['Draft', 'Out For Bid', 'Out For Signature', 'Terminated', 'Void', 'New'],
    ],
    [
      'purchase-order',
      ['Approved', 'Partially Received', 'Received'],
      ['Draft', 'Processing', 'Submitted', 'Closed'],
    ],
  ] as const)('counts a %s as approved in exactly its binding statuses', (type, yes, no) => {
    for (const status of yes) expect(isApproved(type, status)).toBe(true);
    for (const status of no) expect(isApproved(type, status)).toBe(false);
  });

  it.each([
    ['an amount that is no number', { grand_total: 'twelve' }, /grand_total/],
    ['no status', { status: null }, /status/],
    ['no lines field', { line_items: undefined }, /line_items/],
  ])('in an unknown form (%s) stops with the field named', (_what, change, field) => {
    expect(() => record(change)).toThrow(field);
  });
});

describe('the committed amount', () => {
  const head = (change: object) =>
    parsed(contractShow, parseJson(JSON.stringify({ ...shown, ...change })), 'x');

  it('is the revised contract as Procore states it', () => {
    expect(committedAmount(head({ revised_contract: '1200.5' }), 'USD')).toBe('1200.50');
  });

  it('is added up where Procore does not state it', () => {
    expect(committedAmount(head({ approved_change_orders: '-0.301' }), 'USD')).toBe('999.999');
    expect(committedAmount(head({ approved_change_orders: '99.70' }), 'USD')).toBe('1100.00');
  });
});
