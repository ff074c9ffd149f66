import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANGED_ORDER, SAMPLE_ORDER, sampleLine } from '../fixtures/orders.ts';
import { commentsOf, encodeCreate, encodeUpdate, linesAfterUpdate } from './purchase-order.ts';

const BASE = { id: '7', body: SAMPLE_ORDER, lineKeys: { 11: '0', 12: '1', 13: '2' } };

describe('creating a purchase order', () => {
  it('is a service document when every line is coded to an account', () => {
    const { method, path, body = '' } = encodeCreate(SAMPLE_ORDER);
    expect(`${method} ${path}`).toBe('POST /PurchaseOrders');
    expect(JSON.parse(body)).toEqual({
      DocType: 'dDocument_Service',
      Project: 'P-100',
      DocDate: '2026-08-31',
      TaxDate: '2026-08-31',
      DocDueDate: '2026-08-31',
      NumAtCard: 'SC-001',
      Comments: 'Foundations and walls https://app.procore.com/100/project/commitments/7',
      CardCode: 'V1003',
      DocCurrency: 'USD',
      U_TiebeamRef: 'TAC2345ABCDEFGH2',
      U_TiebeamRev: '1',
      DocumentLines: [
        { AccountCode: '5100', ItemDescription: 'Footings', LineTotal: 100000, ProjectCode: 'P-100' },
        { AccountCode: '5100', ItemDescription: 'Walls', LineTotal: 50000.5, ProjectCode: 'P-100' },
        { AccountCode: '5200', ItemDescription: 'Rebar', LineTotal: 1000, ProjectCode: 'P-100' },
      ],
    });
  });

  it('sends items with the amount as quantity at price 1, never as quantity 1', () => {
    const lines = [
      sampleLine('1', 'Pump', '749.25', 'PUMP', 'item'),
      sampleLine('2', 'Credit', '-10.07', 'REBAR', 'item'),
    ];
    const sent = JSON.parse(encodeCreate({ ...SAMPLE_ORDER, lines }).body ?? '');
    expect(sent.DocType).toBe('dDocument_Items');
    expect(sent.DocumentLines).toMatchObject([
      { ItemCode: 'PUMP', Quantity: 749.25, UnitPrice: 1 },
      { ItemCode: 'REBAR', Quantity: 10.07, UnitPrice: -1 },
    ]);
    expect(sent.DocumentLines[0]).not.toHaveProperty('AccountCode');
  });

  it('sends amounts with exactly the digits they have', () => {
    const lines = [sampleLine('1', 'Everything', '999999999999.99')];
    expect(encodeCreate({ ...SAMPLE_ORDER, lines }).body).toContain('"LineTotal":999999999999.99,');
  });

  it('never sends a document total', () => {
    expect(encodeCreate(SAMPLE_ORDER).body).not.toContain('DocTotal');
  });
});

describe('the comments', () => {
  it('shorten a long title visibly and keep the link whole', () => {
    const comments = commentsOf({ title: 'Long '.repeat(100), sourceUrl: SAMPLE_ORDER.sourceUrl });
    expect(comments.length).toBeLessThanOrEqual(254);
    expect(comments).toMatch(/^Long Long .*… https:\/\/app\.procore\.com\/100\/project\/commitments\/7$/);
  });

  it('fit in the field and end in the link for every title', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (title) => {
        const comments = commentsOf({ title, sourceUrl: SAMPLE_ORDER.sourceUrl });
        expect(comments.length).toBeLessThanOrEqual(254);
        expect(comments.endsWith(SAMPLE_ORDER.sourceUrl)).toBe(true);
        expect(comments.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('updating a purchase order', () => {
  it('sends only what changed: lines by number, new lines without, lines that are gone as zero', () => {
    const { method, path, headers, body = '' } = encodeUpdate(CHANGED_ORDER, BASE, 'W/"v1"');
    expect(`${method} ${path}`).toBe('PATCH /PurchaseOrders(7)');
    expect(headers).toEqual({ 'if-match': 'W/"v1"' });
    expect(JSON.parse(body)).toEqual({
      U_TiebeamRev: '2',
      DocumentLines: [
        {
          LineNum: 0,
          AccountCode: '5100',
          ItemDescription: 'Footings',
          LineTotal: 101000.25,
          ProjectCode: 'P-100',
        },
        {
          LineNum: 1,
          AccountCode: '5200',
          ItemDescription: 'Walls',
          LineTotal: 50000.5,
          ProjectCode: 'P-100',
        },
        { AccountCode: '5100', ItemDescription: 'Pump', LineTotal: 749.25, ProjectCode: 'P-100' },
        { LineNum: 2, LineTotal: 0 },
      ],
    });
  });

  it('leaves the lines out when only the header changed', () => {
    const body = { ...SAMPLE_ORDER, revision: 2, number: 'SC-001A' };
    expect(JSON.parse(encodeUpdate(body, BASE, undefined).body ?? '')).toEqual({
      NumAtCard: 'SC-001A',
      U_TiebeamRev: '2',
    });
  });

  it('does not write a line again that already stands at zero', () => {
    const base = { ...BASE, body: { ...SAMPLE_ORDER, lines: [sampleLine('11', 'Footings', '0.00')] } };
    const body = { ...SAMPLE_ORDER, revision: 2, lines: [] };
    expect(JSON.parse(encodeUpdate(body, base, undefined).body ?? '')).toEqual({ U_TiebeamRev: '2' });
  });

  it('expects old lines in their place and new ones behind them, wherever they stand at the source', () => {
    const body = { ...CHANGED_ORDER, lines: [...CHANGED_ORDER.lines].reverse() };
    expect(linesAfterUpdate(body, BASE).map(({ key }) => key)).toEqual(['11', '12', '14']);
  });
});
