import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { line, order, startTestCompany } from '../company/test-company.ts';

const BYTES = Uint8Array.from({ length: 600 }, (_, index) => index % 256);

let company: Awaited<ReturnType<typeof startTestCompany>>;
beforeAll(async () => {
  company = await startTestCompany();
});
afterAll(() => company?.stop());

let id: string;
beforeEach(async () => {
  await company.reset();
  const bill = { type: 'bill', reference: 'B1', vendor_number: '7', invoice_date: '2026-02-01' };
  const { number: _, ...header } = order('B1', { lines: [line] });
  await company.run({ ...header, ...bill, project: undefined });
  id = (await company.control.state()).invoices[0]!.id;
});

async function upload(name: string, bytes: Uint8Array<ArrayBuffer> = BYTES, document = id) {
  const path = `/invoices/${document}/files?name=${encodeURIComponent(name)}`;
  const headers = { 'x-ledgerline-key': 'k', 'content-type': 'application/octet-stream' };
  const answer = await fetch(company.url + path, { method: 'POST', headers, body: bytes });
  return { status: answer.status, body: (await answer.json()) as { error?: { code: string } } };
}
const listed = async () => (await company.call('GET', `/invoices/${id}/files`)).body.records;
const trouble = (kind: string) => company.control.post('faults', { rules: [{ kind, times: 1 }] });

describe('files of an invoice in the Ledgerline simulator', () => {
  it('keeps every byte under a name that the invoice has once', async () => {
    expect(await upload('Pay app „1“.PDF')).toMatchObject({
      status: 201,
      body: { file: expect.stringMatching(/^LF-/) },
    });
    expect(await upload('Pay app „1“.PDF')).toMatchObject({
      status: 409,
      body: { error: { code: 'name-taken' } },
    });
    await company.control.post('act', { action: 'attach_file', id, name: 'note.csv', text: 'a;b' });
    const sha256 = createHash('sha256').update(BYTES).digest('hex');
    expect(await listed()).toMatchObject([
      { name: 'Pay app „1“.PDF', bytes: 600, sha256 },
      { name: 'note.csv', bytes: 3 },
    ]);
  });

  it.each([
    ['a program', ['setup.exe'], 415, 'file-type'],
    ['a name without a type', ['scan'], 415, 'file-type'],
    ['a name of 101 characters', [`${'x'.repeat(97)}.pdf`], 400, 'bad-name'],
    ['a folder in the name', ['a/b.pdf'], 400, 'bad-name'],
    ['nothing', ['a.pdf', new Uint8Array()], 400, 'empty'],
    ['a byte too much', ['a.pdf', new Uint8Array(5 * 1024 * 1024 + 1)], 413, 'too-large'],
    ['an invoice that is none', ['a.pdf', BYTES, 'LI-9'], 404, 'unknown'],
  ] as [string, [string, Uint8Array<ArrayBuffer>?, string?], number, string][])(
    'refuses %s',
    async (_, call, status, code) => {
      const [name, bytes, document] = call;
      expect(await upload(name, bytes, document)).toMatchObject({
        status,
        body: { error: { code } },
      });
      expect(await listed()).toEqual([]);
    },
  );

  it('is reached by the faults: an answer that is lost, and a request that takes effect late', async () => {
    await trouble('lost-reply');
    await expect(upload('a.pdf')).rejects.toThrow();
    expect(await listed()).toMatchObject([{ name: 'a.pdf' }]);
    expect((await company.control.faults())['lost-reply']?.reached).toBe(1);
    await company.control.post('settings', { jobStepMs: 100 });
    await trouble('late-commit');
    await expect(upload('b.pdf')).rejects.toThrow();
    expect(await listed()).toHaveLength(1);
    await company.control.post('clock', { advance_ms: 1_500 });
    expect(await listed()).toMatchObject([{ name: 'a.pdf' }, { name: 'b.pdf' }]);
    const { writes } = await company.control.state();
    expect(writes.slice(-2)).toMatchObject([
      { path: `/invoices/${id}/files`, body: 'a.pdf, 600 bytes', committed: true },
      { body: 'b.pdf, 600 bytes', committed: true },
    ]);
  });
});
