import { describe, expect, it } from 'vitest';
import type { WireResponse } from '../../../domain/posting/writes.ts';
import { classifyFailure, retryAfterMs } from './errors.ts';
import { isSessionLoss } from './vendor-error.ts';

function answer(
  status: number,
  code: string | number,
  message: string,
  form: 'v1' | 'v2' = 'v2',
): WireResponse {
  const error = form === 'v1' ? { code, message: { lang: 'en-us', value: message } } : { code, message };
  return { status, headers: {}, body: JSON.stringify({ error }) };
}

const PAGE: WireResponse = { status: 502, headers: {}, body: '<html>Bad Gateway</html>' };
const pathAt = (place: number) => ['lines[a]', 'lines[b]', 'retainage[c]'][place - 1];

describe('an answer to a write that did not succeed', () => {
  it.each([
    [400, '-4013', 'Posting period locked', 'accountingDate', /open posting period/],
    [400, '-5002', 'Date deviates from permissible range  [OPOR.DocDate]', 'accountingDate', /another date/],
    [400, '-5002', "Vendor 'V1' is on hold  [OPOR.CardCode]", 'vendorCode', /on hold/],
    [400, '-5002', "G/L account '9' not found  [POR1.AcctCode][line: 2]", 'lines[b].coding', /line 2/],
    [400, '-5002', "Value too long in property 'NumAtCard' of 'Document'", 'number', /shorten/],
    [400, '-1000', "Property 'U_TiebeamRef' of 'Document' is invalid", 'reference', /tiebeam check --fix/],
    [400, '-10', 'To generate this document, first define the numbering series', 'series', /default series/],
    [400, '-5002', 'Specify an active branch [ODRF.BPLId]', 'company', /branch/],
    [404, '-2028', 'No matching records found (ODBC -2028)', 'order', /any more/],
    [403, '804', 'Forbidden', 'connection', /authorisations/],
  ])('is a refusal with a field and a remedy: %s %s %s', (status, code, message, field, words) => {
    const outcome = classifyFailure(answer(status, code, message), pathAt);
    expect(outcome).toMatchObject({ kind: 'refused', errors: [{ field, code }] });
    expect(outcome.kind === 'refused' && outcome.errors[0]?.message).toMatch(words);
    expect(outcome.kind === 'refused' && outcome.errors[0]?.message).toContain(message);
  });

  it.each([
    ["G/L account '9' not found  [PCH1.AcctCode][line: 3]", 'retainage[c].coding'],
    ['The base document does not exist  [PCH1.BaseEntry][line: 1]', 'lines[a].orderLine'],
    ['One of the base documents has already been closed', 'lines.orderLine'],
    ["Value too long in property 'NumAtCard' of 'Document'", 'invoiceNumber'],
    ['Something else', 'invoice'],
  ])('names the field of an invoice: %s', (message, field) => {
    const outcome = classifyFailure(answer(400, '-5002', message), pathAt, 'invoice');
    expect(outcome).toMatchObject({
      kind: 'refused',
      errors: [{ field, message: expect.not.stringContaining('{') }],
    });
  });

  it('is read in the form of OData 3 too, with numeric codes', () => {
    expect(classifyFailure(answer(400, -4013, 'Posting period locked', 'v1'))).toMatchObject({
      kind: 'refused',
    });
  });

  it.each([
    ['a page of the balancer', PAGE],
    ['503 with an error of the vendor', answer(503, '-5002', 'shutting down')],
    ['500', answer(500, '-5002', 'internal')],
    ['a code that is not documented', answer(400, '-8003', 'who knows')],
    ['a database error without a meaning', answer(400, '-10', 'generic')],
    ['a 400 without an error in it', { status: 400, headers: {}, body: '{}' }],
    ['an entry that exists already', answer(400, '-2035', 'This entry already exists (ODBC -2035)')],
    ['a changed version', answer(412, '-2039', 'Another user modified data')],
  ])('is unknown for %s', (_, response) => {
    expect(classifyFailure(response)).toMatchObject({ kind: 'unknown', why: expect.stringMatching(/\w/) });
  });

  it('says of an entry that exists already and of a changed version what happened', () => {
    const exists = classifyFailure(answer(400, '-2035', 'This entry already exists'));
    expect(exists).toMatchObject({ why: expect.stringContaining('said to exist already') });
    const changed = classifyFailure(answer(412, '-2039', 'modified'));
    expect(changed).toMatchObject({ why: expect.stringContaining('between our look and our write') });
  });

  it('was not looked at when there were too many requests', () => {
    const response = { ...answer(429, '0', 'slow down'), headers: { 'retry-after': '7' } };
    expect(classifyFailure(response)).toMatchObject({ kind: 'not-sent', retryAfterMs: 7_000 });
  });

  it('was not looked at when the session was refused', () => {
    expect(classifyFailure(answer(401, '301', 'Invalid session'))).toMatchObject({ kind: 'not-sent' });
  });

  it('waits an hour at most, and not by a date', () => {
    expect(retryAfterMs({ headers: { 'retry-after': '999999' } })).toBe(3_600_000);
    expect(retryAfterMs({ headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' } })).toBeUndefined();
  });
});

describe('a lost session', () => {
  it.each([
    [answer(401, '301', 'Invalid session or session already timeout.')],
    [answer(401, 301, 'Invalid session or session already timeout.', 'v1')],
    [answer(400, '301', 'anything')],
    [answer(400, '-5002', 'Session expired or invalid')],
    [answer(400, -5002, 'Invalid session or session already timeout.', 'v1')],
    [{ status: 401, headers: {}, body: '<html></html>' }],
  ])('shows as 401, as 301, or as -5002 that speaks of the session', (response) => {
    expect(isSessionLoss(response)).toBe(true);
  });

  it.each([
    [answer(400, '-5002', 'Quantity falls into negative inventory')],
    [answer(400, '-5002', 'Training session number is missing')],
    [answer(500, '301', 'Invalid session')],
    [{ status: 200, headers: {}, body: '{}' }],
  ])('is not every -5002 and no answer above 499', (response) => {
    expect(isSessionLoss(response)).toBe(false);
  });
});
