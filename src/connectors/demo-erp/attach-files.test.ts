import { describe, expect, it } from 'vitest';
import type { Read } from '../../domain/posting/writes.ts';
import { attachFiles, fileErrors } from './attach-files.ts';

const BYTES = new TextEncoder().encode('Application 1');
const file = (name: string, sha256 = 'a') => ({ name, sha256 });
const writesOf = (...names: string[]) =>
  attachFiles({
    ...({ kind: 'attach-files', reference: 'TACFILES', invoiceId: 'LI-1', of: 'ar-invoice' } as const),
    files: names.map((name) => file(name)),
  });
const pathOf = (name: string) => writesOf(name)[0]!.encode({ earlierIds: {}, files: { a: BYTES } }).path;
const answering =
  (body: unknown, status = 200): Read =>
  async () => ({ status, headers: {}, body: JSON.stringify(body) });
const showing = (...records: object[]) => answering({ records });
const failing = (status: number, code: string) => {
  return { status, headers: {}, body: JSON.stringify({ error: { code, message: 'the size is 9' } }) };
};

describe('files of an invoice in Ledgerline', () => {
  it('go one by one, under names of their own that Ledgerline takes', () => {
    const paths = writesOf('a.pdf', 'a.pdf', 'B/2.pdf').map(
      ({ encode }) => encode({ earlierIds: {}, files: { a: BYTES } }).path,
    );
    expect(paths).toEqual(
      ['a.pdf', 'a%20(2).pdf', 'B_2.pdf'].map((name) => `/sales-invoices/LI-1/files?name=${name}`),
    );
    expect(pathOf('März & „1“.pdf')).toContain(encodeURIComponent('März & „1“.pdf'));
    expect(() => writesOf('a.pdf')[0]!.encode({ earlierIds: {} })).toThrow(/was not handed over/);
  });

  it.each([
    ['hangs there already', [{ id: 'LF-1', name: 'a.pdf', sha256: 'a' }], 'at-target'],
    ['does not hang there yet', [{ id: 'LF-1', name: 'b.pdf', sha256: 'a' }], 'at-base'],
    ["has the name of a person's", [{ id: 'LF-1', name: 'a.pdf', sha256: 'b' }], 'elsewhere'],
  ])('says of one that it %s', async (_, records, standing) => {
    const [write] = writesOf('a.pdf');
    expect(await write!.probe(showing(...records), { earlierIds: {} })).toMatchObject({ standing });
  });

  it('hang on nothing where the invoice is gone', async () => {
    const gone = answering({ error: { code: 'unknown', message: 'no' } }, 404);
    expect(await writesOf('a.pdf')[0]!.probe(gone, { earlierIds: {} })).toMatchObject({
      standing: 'elsewhere',
    });
  });

  it.each([
    [413, 'too-large', 'refused'],
    [415, 'file-type', 'refused'],
    [409, 'name-taken', 'unknown'],
    [401, 'key-unknown', 'not-sent'],
    [500, 'crash', 'unknown'],
  ])('answered by %s %s is %s', (status, code, kind) => {
    expect(writesOf('a.pdf')[0]!.classify(failing(status, code))).toMatchObject({ kind });
  });

  it('that are refused are named with what to do', () => {
    expect(writesOf('a.pdf')[0]!.classify(failing(413, 'too-large'))).toMatchObject({
      errors: [
        {
          message:
            'Ledgerline does not take the file a.pdf: the size is 9. Make another file of it, or attach it there by hand.',
        },
      ],
    });
  });

  it('are as many as one operation can do', () => {
    const many = Array.from({ length: 11 }, (_, place) => file(`${place}.pdf`));
    expect(fileErrors(many.slice(1))).toEqual([]);
    expect(fileErrors(many)).toHaveLength(1);
    expect(fileErrors([])).toHaveLength(1);
  });
});
