import { describe, expect, it } from 'vitest';
import { DoorError } from '../../lib/door.ts';
import { isNotShown, readErrors, rowErrors, stopFor, stopForDoor } from './errors.ts';

const at = new Date('2026-08-03T08:00:00Z');

describe('the error bodies of Procore', () => {
  it.each([
    [
      'form 1',
      { code: 406, message: 'not accepted', fields: 'colour', reason: 'unknown_fields' },
      'colour',
      'not accepted',
    ],
    ['form 2', { errors: { title: ["can't be blank"] } }, 'title', "can't be blank"],
    ['form 2 on the whole record', { errors: { base: ['is locked'] } }, '', 'is locked'],
    [
      'form 3 as a list',
      { errors: ['App is not connected to this company.'] },
      '',
      'App is not connected to this company.',
    ],
    ['form 3 as a text', { errors: 'No access' }, '', 'No access'],
    ['form 4', { message: "Couldn't find it", exception: 'RecordNotFound' }, '', "Couldn't find it"],
    ['form 4, short', { error: 'Not Found' }, '', 'Not Found'],
    [
      'form 5',
      {
        error: { code: 'x', message: 'bad', details: [{ code: 'y', message: 'too long', source: 'number' }] },
      },
      'number',
      'too long',
    ],
    [
      'form 6',
      {
        error: {
          code: 'x',
          message: 'bad',
          details: [{ reason_code: 'y', message: 'too long', source: 'number' }],
        },
      },
      'number',
      'too long',
    ],
    ['form 6 without details', { error: { code: 'x', message: 'bad', details: [] } }, '', 'bad'],
    [
      'the sign-in',
      { error: 'invalid_client', error_description: 'Client authentication failed' },
      '',
      'Client authentication failed',
    ],
  ])('are read in %s', (_form, body, field, message) => {
    expect(readErrors(JSON.stringify(body))).toEqual([expect.objectContaining({ field, message })]);
  });

  it('keep every message of every field', () => {
    const body = JSON.stringify({ errors: { a: ['one', 'two'], b: { c: ['three'] } } });
    expect(readErrors(body).map(({ field, message }) => `${field} ${message}`)).toEqual([
      'a one',
      'a two',
      'b.c three',
    ]);
  });

  it('that are no JSON are quoted, and cut short', () => {
    const [error] = readErrors(`<html>${'x'.repeat(2_000)}</html>`);
    expect(error?.message.length).toBeLessThan(600);
    expect(error?.message).toContain('<html>');
  });

  it('never end without a reason', () => {
    expect(readErrors('')).toEqual([{ field: '', message: 'no reason was given' }]);
    expect(readErrors('{}')[0]?.message).toBe('{}');
  });

  it('inside a sync answer name the row', () => {
    const rows = [
      { item_type: 'line_item', item_id: '7', errors: { origin_id: ['has already been taken'] } },
    ];
    expect(rowErrors(rows)).toEqual([{ field: 'origin_id', message: 'line_item 7: has already been taken' }]);
  });
});

describe('what stops a read', () => {
  const answer = (status: number, body: unknown, headers = {}) => ({
    status,
    headers,
    body: JSON.stringify(body),
  });

  it.each([
    [401, { errors: ['The access token is invalid'] }, 'unauthorised', /client id and secret/],
    [
      403,
      { errors: ['App is not connected to this company.'] },
      'unauthorised',
      /install or reconnect the app/,
    ],
    [403, { errors: ['no'] }, 'unauthorised', /tool permission/],
    [404, { error: 'Not Found' }, 'unauthorised', /Permit the project/],
  ])('names the remedy of a %i', (status, body, kind, remedy) => {
    const stop = stopFor(answer(status, body), 'GET /x', at);
    expect(stop.kind).toBe(kind);
    expect(stop.remedy).toMatch(remedy);
    expect(stop.message).toContain(readErrors(JSON.stringify(body))[0]!.message);
  });

  it('comes back later after 429 and 503, as long as the answer asks', () => {
    expect(stopFor(answer(503, {}, { 'retry-after': '7' }), 'GET /x', at)).toMatchObject({
      kind: 'retry-later',
      retryAfterMs: 7_000,
    });
    const reset = String(at.getTime() / 1_000 + 9);
    const headers = { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': reset };
    expect(stopFor(answer(429, {}, headers), 'GET /x', at)).toMatchObject({ retryAfterMs: 9_000 });
  });

  it('calls a refused read our own mistake', () => {
    expect(stopFor(answer(400, { errors: ['Unknown query parameter'] }), 'GET /x', at).kind).toBe('bug');
  });

  it('tells a wrong host from a certificate that is not trusted', () => {
    expect(stopForDoor(new DoorError('unreachable', 'no'), 'https://api.example').remedy).toMatch(/DNS/);
    const tls = stopForDoor(new DoorError('tls', 'no'), 'https://api.example');
    expect(tls.kind).toBe('unauthorised');
    expect(tls.remedy).toMatch(/certificate authority/);
    const name = stopForDoor(new DoorError('tls', 'x (ERR_TLS_CERT_ALTNAME_INVALID)'), 'https://api.example');
    expect(name.remedy).toMatch(/host name/);
  });
});

it('tells a tool or a project that is closed from credentials that are refused', () => {
  const answered = (status: number, errors: readonly string[] = ['no']) =>
    isNotShown(stopFor({ status, headers: {}, body: JSON.stringify({ errors }) }, 'GET /a list', at));
  expect([403, 404].map((status) => answered(status))).toEqual([true, true]);
  expect([401, 429, 500].map((status) => answered(status))).toEqual([false, false, false]);
  expect(answered(403, ['App is not connected to this company.'])).toBe(false);
});
