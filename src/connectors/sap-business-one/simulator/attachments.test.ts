import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCompany, orderBody, refusalOf, type TestCompany } from './company/test-company.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.stop());

const BYTES = Uint8Array.from({ length: 600 }, (_, index) => index % 256);

function formOf(...names: string[]): FormData {
  const form = new FormData();
  for (const name of names) form.append('files', new Blob([BYTES]), name);
  return form;
}

const upload = (form: FormData, method = 'POST', set = 'Attachments2') =>
  fetch(`${company.url}/b1s/v2/${set}`, { method, body: form, headers: { cookie: company.cookie } });

test('keeps every byte of the files of one entry', async () => {
  expect((await upload(formOf('pay app 1.pdf', "O'Hara.waiver.pdf"))).status).toBe(201);
  expect((await upload(formOf('late.txt'), 'PATCH', 'Attachments2(1)')).status).toBe(204);
  const { body } = await company.call('GET', 'Attachments2(1)');
  expect(body.Attachments2_Lines).toMatchObject([
    { FileName: 'pay app 1', FileExtension: 'pdf' },
    { FileName: "O'Hara.waiver", FileExtension: 'pdf' },
    { FileName: 'late', FileExtension: 'txt' },
  ]);
  const sha256 = createHash('sha256').update(BYTES).digest('hex');
  const { attachments } = (await company.sim('GET', 'state')).body;
  expect(attachments).toMatchObject([{ entry: 1, files: [{ sha256 }, { sha256 }, { sha256 }] }]);
  const address = `${company.url}/b1s/v2/Attachments2(1)/$value?filename='O''Hara.waiver.pdf'`;
  const got = await fetch(address, { headers: { cookie: company.cookie } });
  expect(new Uint8Array(await got.arrayBuffer())).toEqual(BYTES);
});

test('stands on an invoice and cannot be removed', async () => {
  await upload(formOf('a.pdf'));
  await company.act({ action: 'create_invoice', document: orderBody() });
  expect((await company.call('PATCH', 'PurchaseInvoices(1)', { AttachmentEntry: 1 })).status).toBe(204);
  expect((await company.call('PATCH', 'PurchaseInvoices(1)', { AttachmentEntry: 2 })).status).toBe(400);
  expect(refusalOf(await company.call('DELETE', 'Attachments2(1)'))).toBe(
    '400/220 Attachments2 is not allowed to remove',
  );
});

test('refuses parts of another name, a body that is no form, and a company without a folder', async () => {
  const wrong = new FormData();
  wrong.append('file', new Blob([BYTES]), 'a.pdf');
  expect((await upload(wrong)).status).toBe(400);
  const json = { Attachments2_Lines: [{ SourcePath: 'C:\\x', FileName: 'a', FileExtension: 'pdf' }] };
  expect(refusalOf(await company.call('POST', 'Attachments2', json))).toMatch(/^400\/-1000 /);
  await company.settings({ attachmentsFolder: false });
  const got = await upload(formOf('a.pdf'));
  expect([got.status, await got.text()]).toEqual([
    400,
    expect.stringContaining('Attachments folder not defined'),
  ]);
  expect((await company.sim('GET', 'state')).body.attachments).toEqual([]);
});
