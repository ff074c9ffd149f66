import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../lib/decimal-json.ts';
import { parseJson } from '../../lib/decimal-json.ts';
import { ERP_EVENTS } from './erp-events.ts';
import { erpRequest } from './erp-requests.ts';

const commitment = {
  id: 562949953700001,
  type: 'WorkOrderContract',
  code: '4500001234',
  project: { id: 562949953500001, name: 'Pier 4' },
};

function read(envelope: object) {
  const raw = JSON.stringify({ id: 9001, company_id: 7, created_at: '2026-08-03T08:00:00Z', ...envelope });
  return erpRequest('9001', parseJson(raw), raw, 'USD');
}

const whole = {
  subject: {
    object: 'commitment',
    id: '562949953700001',
    projectId: '562949953500001',
    type: 'subcontract',
    parentId: null,
    originId: null,
  },
  projectOriginId: null,
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
    expect(request.items[1]?.subject?.type).toBe('purchase-order');
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

  it('keeps what the approver typed into other fields than dates', () => {
    const erp_custom_fields = {
      accounting_date: '2026-08-31',
      cost_center: ' K-7 ',
      voucher: 12,
      empty: '',
      more: {},
    };
    const [item] = read({
      request_name: 'create_commitment',
      request_data: { commitment: { ...commitment, erp_custom_fields } },
    }).items;
    expect(item).toMatchObject({
      accountingDate: '2026-08-31',
      typed: { cost_center: 'K-7', voucher: '12' },
    });
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
    expect(item?.subject).toMatchObject({ id: '5', projectId: '3', type: 'purchase-order' });
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
        subject: { object: 'sub-invoice', id: '5', projectId: null },
        projectOriginId: 'JOB-4',
        detailId: null,
        erpCode: '9348',
        accountingDate: '2026-08-31',
      },
      { key: '9001/1', subject: { id: '6' }, accountingDate: null },
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
    expect(item).toMatchObject({ subject: { id: '5', projectId: '3' }, detailId: null });
  });
});

describe('an event names what it is about', () => {
  const subjectOf = (request_name: string, request_data: object) =>
    read({ request_name, request_data }).items;

  it.each([
    [
      'a change order, with its contract and the project of the ERP',
      'create_commitment_change_order',
      {
        job_origin_id: 'JOB-4',
        request_detail_id: 5,
        commitment: { id: 7, type: 'PurchaseOrderContract', origin_id: 'PO-1' },
        change_order: { id: 9, contract_id: 7, origin_id: null },
        additional_data,
      },
      {
        subject: { object: 'change-order', id: '9', parentId: '7', type: 'purchase-order', originId: null },
        projectOriginId: 'JOB-4',
        detailId: '5',
        accountingDate: '2026-08-31',
      },
    ],
    [
      'an unlinked change order by its own origin id',
      'unlink_commitment_change_order',
      {
        project_id: 3,
        procore_commitment_change_order_id: 9,
        commitment_origin_id: 'PO-1',
        commitment_change_order_origin_id: 'PO-1/CO-1',
        request_detail_id: 6,
      },
      { subject: { id: '9', projectId: '3', originId: 'PO-1/CO-1' }, detailId: '6' },
    ],
    [
      'the project that a job is',
      'create_or_update_job',
      { job: { id: 3, origin_code: 'J-77' }, all_cost_codes: [{ id: 1 }], request_detail_id: 8 },
      { subject: { object: 'project', id: '3', projectId: '3' }, detailId: '8', erpCode: 'J-77' },
    ],
    [
      'the project in a periodic notice, which calls the ERP id its own',
      'sync_single_job',
      { id: 'JOB-4', additional_job_data: { procore_project_id: 3, job_name: 'Pier' } },
      { subject: { object: 'project', id: '3', originId: 'JOB-4' }, detailId: null },
    ],
    [
      'a direct cost of the company, whose ids are text',
      'create_company_level_direct_cost',
      { direct_cost: { id: '77' }, request_detail_id: 4 },
      { subject: { object: 'company-direct-cost', id: '77', projectId: null }, detailId: '4' },
    ],
    [
      'a cost code that is to go, by its code',
      'delete_cost_codes',
      { project: { id: 3 }, cost_codes: [{ id: 1, request_detail_id: 2, sortable_code: '05-100' }] },
      { subject: { id: '1', projectId: '3' }, detailId: '2', erpCode: '05-100' },
    ],
  ] as const)('%s', (_what, name, data, expected) => {
    expect(subjectOf(name, data)).toMatchObject([expected]);
  });

  it('each vendor that was merged, and the one it became; the one alone when no other is named', () => {
    const master_vendor = { id: 1, origin_id: 'V1' };
    const source_vendors = [{ id: 2, origin_id: 'V2' }, { id: 3 }];
    expect(subjectOf('merge_vendors', { master_vendor, source_vendors })).toMatchObject([
      { subject: { id: '2', parentId: '1', originId: 'V2' } },
      { subject: { id: '3', parentId: '1', originId: null } },
    ]);
    expect(subjectOf('merge_vendors', { master_vendor, source_vendors: [] })).toMatchObject([
      { subject: { id: '1', parentId: '1' } },
    ]);
  });

  it('in the one event whose sample bears no name', () => {
    const request_data = { prime_contract_change_order_id: 4, reset_revenue_transactions: true };
    expect(read({ request_data }).items).toMatchObject([
      { event: 'reset_prime_contract_change_order', subject: { id: '4' } },
    ]);
  });

  it('of every name in the dictionary, which has 51 and one that goes by two', () => {
    expect(Object.keys(ERP_EVENTS)).toHaveLength(52);
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
        subject: null,
        projectOriginId: null,
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

  it('gives an item for every record, however many one batch sends', () => {
    const requisitions = Array.from({ length: 1_001 }, (_, index) => ({ procore_requisition_id: index + 1 }));
    const { items } = read({ request_name: 'create_requisitions', request_data: { requisitions } });
    expect(new Set(items.map(({ subject }) => subject?.id)).size).toBe(1_001);
  });

  it('of any form never throws and always gives an item', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('toString', ...Object.keys(ERP_EVENTS)),
        (data, request_name) => {
          const { items } = read({ request_name, request_data: data });
          expect(items.length).toBeGreaterThan(0);
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
    expect(
      erpRequest('1', { request_name: 'x', request_data: deep }, raw, 'USD').items[0]?.detailId,
    ).toBeNull();
  });
});
