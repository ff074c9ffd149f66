import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../lib/decimal-json.ts';
import { parseJson } from '../lib/decimal-json.ts';
import { erpRequest } from './erp-requests.ts';

const commitment = {
  id: 562949953700001,
  type: 'WorkOrderContract',
  code: '4500001234',
  project: { id: 562949953500001, name: 'Pier 4' },
};

function read(envelope: object) {
  const raw = JSON.stringify({ id: 9001, company_id: 7, created_at: '2026-08-03T08:00:00Z', ...envelope });
  return erpRequest(parseJson(raw), raw);
}

const whole = {
  commitment: { id: '562949953700001', projectId: '562949953500001', type: 'subcontract' },
  application: null,
  detailId: '137',
  erpCode: '4500001234',
  accountingDate: '2026-08-31',
};
const additional_data = { accounting_date: '2026-08-31' };

describe('an ERP request to create a commitment', () => {
  it.each([
    ['inside the data', { request_data: { request_detail_id: 137, commitment, additional_data } }],
    ['beside the data', { request_detail_id: 137, request_data: { commitment, additional_data } }],
    [
      'within the commitment',
      { request_data: { commitment: { ...commitment, request_detail_id: 137 }, additional_data } },
    ],
    ['as text', { request_data: { request_detail_id: '137', commitment, additional_data } }],
    ['in an array', { request_data: [{ request_detail_id: 137, commitment, additional_data }] }],
  ])('is read whole with the detail id %s', (_where, envelope) => {
    const request = read({ request_name: 'create_commitment', ...envelope });
    expect(request.items).toEqual([{ key: '9001/0', event: 'create_commitment', ...whole }]);
  });

  it('gives one item per commitment, each with its own detail', () => {
    const second = { ...commitment, id: '5', type: 'PurchaseOrderContract', request_detail_id: 138 };
    const request = read({
      request_name: 'create_commitment',
      request_data: [{ commitment, request_detail_id: 137 }, { commitment: second }],
    });
    expect(request.items.map(({ key, detailId }) => [key, detailId])).toEqual([
      ['9001/0', '137'],
      ['9001/1', '138'],
    ]);
    expect(request.items[1]?.commitment?.type).toBe('purchase-order');
  });

  it('never gives two items the same detail from beside', () => {
    const request = read({
      request_name: 'create_commitment',
      request_detail_id: 137,
      request_data: [{ commitment }, { commitment: { ...commitment, id: 6 } }],
    });
    expect(request.items.map((item) => item.detailId)).toEqual([null, null]);
  });

  it('leaves out what the approver did not type', () => {
    const { code: _code, ...rest } = commitment;
    const [item] = read({ request_name: 'create_commitment', request_data: { commitment: rest } }).items;
    expect(item).toMatchObject({ detailId: null, erpCode: null, accountingDate: null });
  });

  it('takes an unreadable accounting date as none', () => {
    const data = { commitment, additional_data: { accounting_date: '31.08.2026' } };
    expect(
      read({ request_name: 'create_commitment', request_data: data }).items[0]?.accountingDate,
    ).toBeNull();
  });

  it('finds project and kind in its lines when the header lacks them', () => {
    const bare = { id: 5, code: 'X' };
    const commitment_items = [{ holder: { holder_type: 'PurchaseOrderContract' }, project: { id: 3 } }];
    const [item] = read({
      request_name: 'create_commitment',
      request_data: { commitment: bare, commitment_items },
    }).items;
    expect(item?.commitment).toEqual({ id: '5', projectId: '3', type: 'purchase-order' });
  });
});

describe('an ERP request to create requisitions', () => {
  const row = (id: number, more: object = {}) => ({
    procore_requisition_id: id,
    job_origin_id: 'JOB-4',
    code: '9348',
    line_items: [{ procore_requisition_item_id: 77 }],
    ...more,
  });
  const batch = (requisitions: object[], more: object = {}) =>
    read({ request_name: 'create_requisitions', request_data: { requisitions, ...more } }).items;

  it('gives one item per invoice of the batch, named as the export names it', () => {
    const erp_custom_fields = { accounting_date: '2026-08-31' };
    expect(batch([row(5, { erp_custom_fields }), row(6)])).toMatchObject([
      {
        key: '9001/0',
        commitment: null,
        application: { id: '5', projectId: null, projectOriginId: 'JOB-4' },
        detailId: null,
        erpCode: '9348',
        accountingDate: '2026-08-31',
      },
      { key: '9001/1', application: { id: '6' }, accountingDate: null },
    ]);
  });

  it.each([
    [
      'in each of two',
      [row(5, { request_detail_id: 11 }), row(6, { request_detail_id: 12 })],
      {},
      ['11', '12'],
    ],
    ['once beside two, which could be of either', [row(5), row(6)], { request_detail_id: 11 }, [null, null]],
    ['once beside one', [row(5)], { request_detail_id: 11 }, ['11']],
    ['nowhere', [row(5)], {}, [null]],
  ])('takes a detail id that stands %s', (_where, rows, more, expected) => {
    expect(batch(rows, more).map(({ detailId }) => detailId)).toEqual(expected);
  });

  it('that were reset is a notice of one invoice and its project', () => {
    const request_data = { requisition_id: 5, project_id: 3, requisition_origin_id: 'INV-1' };
    const [item] = read({ request_name: 'reset_requisition', request_data }).items;
    expect(item).toMatchObject({ application: { id: '5', projectId: '3' }, detailId: null });
  });
});

describe('any other ERP request', () => {
  it('still gives an item whose detail can be closed', () => {
    const request = read({
      request_name: 'sync_vendors',
      request_data: { request_detail_id: 100, company_id: 7 },
    });
    expect(request.items).toEqual([
      {
        key: '9001/0',
        event: 'sync_vendors',
        commitment: null,
        application: null,
        detailId: '100',
        erpCode: null,
        accountingDate: null,
      },
    ]);
  });

  it('gives one item per request detail', () => {
    const rows = [
      { id: 1, request_detail_id: 11 },
      { id: 2, request_detail_id: '12' },
    ];
    const request = read({ request_name: 'create_standard_cost_codes', request_data: rows });
    expect(request.items.map((item) => item.detailId)).toEqual(['11', '12']);
  });

  it('is one item without a detail when it names none', () => {
    const request = read({ request_name: 'link_vendor', request_data: { vendor: { id: 1 } } });
    expect(request.items).toHaveLength(1);
    expect(request.items[0]?.detailId).toBeNull();
  });

  it('of any form never throws and always gives between one and 1,000 items', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('create_commitment', 'create_requisitions', 'reset_requisition', 'toString'),
        (data, request_name) => {
          const { items } = read({ request_name, request_data: data });
          expect(items.length).toBeGreaterThan(0);
          expect(items.length).toBeLessThanOrEqual(1_000);
          for (const item of items)
            expect(item).toMatchObject({ event: request_name, key: expect.any(String) });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('nested without end is walked to a bound', () => {
    let deep: JsonValue = { request_detail_id: '5' };
    for (let i = 0; i < 5_000; i += 1) deep = { a: deep };
    const raw = '{}';
    expect(erpRequest({ id: '1', request_name: 'x', request_data: deep }, raw).items[0]?.detailId).toBeNull();
  });
});
