import { beforeEach, describe, expect, it } from 'vitest';
import type { CanonicalRecord } from '../../../domain/records.ts';
import { committedIntent } from '../../../lib/door.ts';
import { checkConnection } from '../check.ts';
import { businessOneConfig } from '../config.ts';
import { SAMPLE_COMPANY, sampleConfig } from '../fixtures/company.ts';
import { SAMPLE_ORDER } from '../fixtures/orders.ts';
import { runningCompany } from '../fixtures/running-company.ts';
import { accountRecord } from '../journals/accounts.ts';
import { periodRecord } from '../journals/periods.ts';
import { readAccount, readPeriod, readVendor } from '../service-layer/wire.ts';
import { vendorRecord } from './vendors.ts';

const company = runningCompany();

/** One cycle, until the empty page that ends it. */
async function cycle(
  object: string,
  from: string | null,
): Promise<{ records: CanonicalRecord[]; cursor: string | null }> {
  const records: CanonicalRecord[] = [];
  let cursor = from;
  for (let pages = 0; pages < 20; pages += 1) {
    const page = await company.connection.pull[object]!(cursor);
    cursor = page.cursor;
    if (page.records.length === 0) return { records, cursor };
    records.push(...page.records.map(({ record }) => record));
  }
  throw new Error('the cycle did not end');
}

describe('pulling', () => {
  it('reads what came in against orders, what of it was billed since, and what was taken back', async () => {
    const receive = (amount: string) =>
      company.control.post('act', { action: 'receive_line', docEntry: 1, lineNum: 0, amount });
    await receive('3.50');
    const first = await cycle('goods-receipt', null);
    const line = { orderId: '1', orderLine: '0', amount: '3.50' };
    expect(first.records).toMatchObject([{ cancelled: false, lines: [{ ...line, unbilled: '3.50' }] }]);
    const drawn = { BaseType: 20, BaseEntry: 1, BaseLine: 0, LineTotal: 1.25 };
    const dates = { DocDate: '2026-08-20', TaxDate: '2026-08-20', DocDueDate: '2026-08-31' };
    const head = { CardCode: 'V1000', DocType: 'dDocument_Service', NumAtCard: '78', ...dates };
    await company.control.post('act', {
      action: 'create_invoice',
      document: { ...head, DocumentLines: [drawn] },
    });
    await receive('1.00');
    await company.control.post('act', { action: 'cancel_goods_receipt', docEntry: 2 });
    const { records } = await cycle('goods-receipt', first.cursor);
    expect(records).toMatchObject([
      { lines: [{ ...line, unbilled: '2.25' }] },
      { cancelled: true, lines: [{ unbilled: '0.00' }] },
    ]);
  });

  it('reads vendors whole once and then only what changed since, by day', async () => {
    const first = await cycle('vendor', null);
    expect(first.records).toHaveLength(451);
    await company.control.post('clock', { advance_ms: 3 * 24 * 3_600_000 });
    await company.control.post('act', {
      action: 'edit_vendor',
      cardCode: 'V1005',
      changes: { CardName: 'Renamed' },
    });
    const second = await cycle('vendor', first.cursor);
    expect(second.records.length).toBeGreaterThanOrEqual(1);
    const third = await cycle('vendor', second.cursor);
    expect(third.records).toMatchObject([{ id: 'V1005', name: 'Renamed' }]);
    expect(third.cursor).toBe(second.cursor);
  });

  it('keeps reading the same page for the same cursor', async () => {
    const first = await company.connection.pull.vendor!(null);
    expect(await company.connection.pull.vendor!(first.cursor)).toEqual(
      await company.connection.pull.vendor!(first.cursor),
    );
  });

  it('reads projects, accounts and periods whole in every cycle', async () => {
    for (const [object, count] of [
      ['project', 2],
      ['account', 5],
      ['period', 2],
    ] as const) {
      const first = await cycle(object, null);
      expect(first.records).toHaveLength(count);
      expect((await cycle(object, first.cursor)).records).toEqual(first.records);
    }
  });

  it('keeps the row as it came, numbers included', async () => {
    const page = await company.connection.pull.project!(null);
    expect(JSON.parse(page.records[0]!.raw)).toMatchObject({ Code: 'P-100', Active: 'tYES' });
  });

  it('stops at a cursor that it did not write', async () => {
    await expect(company.connection.pull.vendor!('{"page":2}')).rejects.toMatchObject({ kind: 'bug' });
  });
});

describe('a master record', () => {
  it('of a vendor on hold is not active, and carries what vendors are matched by', () => {
    const row = {
      CardCode: "V'9",
      CardName: "O'Neill Steel ",
      FederalTaxID: '12-3456789',
      EmailAddress: '',
      Frozen: 'tYES',
    };
    const BPAddresses = [
      { AddressType: 'bo_ShipTo', ZipCode: '1' },
      { AddressType: 'bo_BillTo', ZipCode: '94105' },
    ];
    expect(vendorRecord(readVendor({ ...row, BPAddresses }))).toEqual({
      object: 'vendor',
      id: "V'9",
      name: "O'Neill Steel",
      originId: null,
      code: "V'9",
      taxId: '12-3456789',
      email: null,
      phone: null,
      zip: '94105',
      active: false,
    });
  });

  it.each([
    [{}, true],
    [{ ActiveAccount: 'tNO' }, false],
    [{ LockManualTransaction: 'tYES' }, false],
    [{ BlockManualPosting: 'tYES' }, false],
    [{ FrozenFor: 'tYES' }, false],
  ])('of an account with %o is postable: %s', (more, postable) => {
    const row = { Code: '5100', Name: 'Concrete', ActiveAccount: 'tYES', ...more };
    expect(accountRecord(readAccount(row)).postable).toBe(postable);
  });

  it('of a segmented account shows the code that people know', () => {
    const row = { Code: '_SYS00000000123', Name: 'Concrete', FormatCode: '51000101', ActiveAccount: 'tYES' };
    expect(accountRecord(readAccount(row))).toMatchObject({
      id: '_SYS00000000123',
      name: '51000101 Concrete',
    });
  });

  const period = {
    PeriodCode: '2026-08',
    PostingDateFrom: '2026-08-01T00:00:00Z',
    PostingDateTo: '2026-08-31T00:00:00Z',
    ValueDateFrom: '2026-07-01T00:00:00Z',
    ValueDateTo: '2026-12-31T00:00:00Z',
    TaxDateFrom: '2026-08-05T00:00:00Z',
    TaxDateTo: '2026-08-31T00:00:00Z',
  };

  it('of a period holds the days that lie in all three of its windows', () => {
    expect(periodRecord(readPeriod(period))).toMatchObject({
      from: '2026-08-05',
      to: '2026-08-31',
      open: true,
    });
  });

  it.each([
    [{ Locked: 'tYES' }, false],
    [{ PeriodStatus: 'ltLocked' }, false],
    [{ PeriodStatus: 'ltPeriodClosing' }, false],
    [{ PeriodStatus: 'ltUnlockedExceptSales' }, true],
  ])('of a period with %o is open: %s', (more, open) => {
    expect(periodRecord(readPeriod({ ...period, ...more })).open).toBe(open);
  });
});

describe('preparing the company', () => {
  const prepare = () => company.connection.writes({ kind: 'prepare-target' });
  const standings = () =>
    Promise.all(
      prepare().map(async (write) => {
        const result = await write.probe(company.connection.read, { earlierIds: {} });
        return result.kind === 'standing' ? result.standing : result.kind;
      }),
    );

  beforeEach(async () => {
    await company.control.post('reset', {});
    await company.control.post('seed', { ...SAMPLE_COMPANY, udfs: [] });
  });

  it('is asked for by check, makes the user fields once, and orders can be posted then', async () => {
    const missing = (await Array.fromAsync(company.connection.check())).filter(({ ok }) => !ok);
    expect(missing.map(({ subject }) => subject)).toEqual([
      'user field U_TiebeamRef',
      'user field U_TiebeamRev',
      'user field U_TiebeamRef of vendors',
      'user field U_TiebeamRef of projects',
    ]);
    expect(missing[0]?.remedy).toContain('tiebeam check --fix');

    expect(await standings()).toEqual(['at-base', 'at-base', 'at-base', 'at-base']);
    for (const write of prepare()) {
      const sent = await company.connection.send(committedIntent('p', 1), write.encode({ earlierIds: {} }));
      if (sent.kind !== 'answered') throw new Error(sent.why);
      expect(write.classify(sent.response)).toMatchObject({ kind: 'posted', id: write.reference });
    }
    expect(await standings()).toEqual(['at-target', 'at-target', 'at-target', 'at-target']);
    expect((await Array.fromAsync(company.connection.check())).filter(({ ok }) => !ok)).toEqual([]);
  });

  it('has check say which field for what approvers type is missing or too narrow', async () => {
    const udfs = [
      { table: 'OPOR', name: 'Plant', size: 4 },
      { table: 'OPOR', name: 'CostCenter', size: 8 },
    ];
    await company.control.post('reset', {});
    await company.control.post('seed', { ...SAMPLE_COMPANY, udfs });
    const documentFields = ['cost_center=U_CostCenter:8', 'plant=U_Plant:8', 'signed=U_Signed:date'];
    const config = businessOneConfig.parse({
      ...sampleConfig(company.url),
      documentFields: documentFields.map((one) => `commitment:${one}`),
    });
    const found = await Array.fromAsync(checkConnection(config, company.connection.read));
    const findings = found.filter(({ subject }) => subject.startsWith('field '));
    expect(findings.map(({ ok, message }) => [ok, message])).toEqual([
      [true, 'U_CostCenter can hold it.'],
      [false, 'U_Plant is db_Alpha of 4 characters, a text of 8 characters is needed.'],
      [false, 'U_Signed is no user field of documents.'],
    ]);
  });

  it('leaves a field of another width to a person', async () => {
    await company.control.post('reset', {});
    const udfs = [{ table: 'OPOR', name: 'TiebeamRef', size: 8, description: 'Too narrow' }];
    await company.control.post('seed', { ...SAMPLE_COMPANY, udfs });
    expect(await standings()).toEqual(['elsewhere', 'at-base', 'at-base', 'at-base']);
  });

  it('is named as the remedy when somebody looks for an order without the fields', async () => {
    const [write] = company.connection.writes({ kind: 'create-order', body: SAMPLE_ORDER });
    await expect(write!.probe(company.connection.read, { earlierIds: {} })).rejects.toMatchObject({
      remedy: expect.stringContaining('tiebeam check --fix'),
    });
  });
});
