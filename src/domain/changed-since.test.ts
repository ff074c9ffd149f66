import { describe, expect, it } from 'vitest';
import { changedSince } from './changed-since.ts';
import type { PurchaseOrderBody, PurchaseOrderLine } from './documents.ts';
import { calendarDate } from './values/calendar-date.ts';

const line = (key: string, amount: string, code = '5200'): PurchaseOrderLine => ({
  key,
  description: 'Work',
  amount,
  coding: { kind: 'account', code },
  costCode: '05-100',
  costType: 'S',
});
const body: PurchaseOrderBody = {
  kind: 'purchase-order',
  reference: 'TB1AAAAAAAAAAAAA',
  revision: 1,
  number: 'SC-1',
  title: 'Steel',
  vendorCode: 'V1',
  projectCode: 'JOB-4',
  currency: 'USD',
  accountingDate: calendarDate('2026-08-31'),
  total: '30.00',
  lines: [line('1', '10.00'), line('2', '20.00')],
  sourceUrl: 'https://procore.example/1',
};
const changes = (next: Partial<PurchaseOrderBody>, policyVersion = 1) =>
  changedSince({ body, policyVersion: 1 }, { body: { ...body, ...next }, policyVersion });

describe('what changed since an approval', () => {
  it('is nothing where the same is asked again', () => {
    expect(changes({})).toEqual([]);
  });

  it('names the line whose amount or coding changed, and the total', () => {
    expect(changes({ total: '31.00', lines: [line('1', '11.00'), line('2', '20.00', '5100')] })).toEqual([
      { label: 'Total', value: '30.00 USD before, 31.00 USD now' },
      {
        label: 'Line 05-100 S',
        value: '10.00 to account 5200 (Work) before, 11.00 to account 5200 (Work) now',
      },
      {
        label: 'Line 05-100 S',
        value: '20.00 to account 5200 (Work) before, 20.00 to account 5100 (Work) now',
      },
    ]);
  });

  it('names lines that came and lines that went', () => {
    expect(changes({ lines: [line('1', '10.00'), line('3', '20.00')] }).map(({ value }) => value)).toEqual([
      '20.00 to account 5200 (Work) before, gone now',
      'not there before, 20.00 to account 5200 (Work) now',
    ]);
  });

  it.each([
    ['Vendor in the ERP', { vendorCode: 'V2' }],
    ['Project in the ERP', { projectCode: 'JOB-5' }],
    ['Accounting date', { accountingDate: calendarDate('2026-09-01') }],
  ] as const)('names the %s', (label, next) => {
    expect(changes(next).map((change) => change.label)).toEqual([label]);
  });

  it('names the policy when nothing of the order changed', () => {
    expect(changes({}, 2)).toEqual([{ label: 'Policy', value: 'version 1 before, version 2 now' }]);
  });
});
