import { createHash } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import type { Outcome } from '../../../domain/posting/outcomes.ts';
import type { Write, WriteContext } from '../../../domain/posting/writes.ts';
import { committedIntent } from '../../../lib/door.ts';
import { deliver, invoiceWrite, posted, standing } from '../../conformance/steps.ts';
import { sampleInvoice } from '../fixtures/invoices.ts';
import { SAMPLE_ORDER } from '../fixtures/orders.ts';
import { runningCompany } from '../fixtures/running-company.ts';

const company = runningCompany();
let invoiceId: string;

beforeEach(async () => {
  const outcome = await deliver(
    company.connection,
    invoiceWrite(company.connection, sampleInvoice(await posted(company.connection, SAMPLE_ORDER))),
  );
  invoiceId = outcome.kind === 'posted' ? outcome.id : '';
});

const PDF = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256);
const sha256 = createHash('sha256').update(PDF).digest('hex');
const REFERENCE = 'TAC2345FILES2222';

function writes(): [upload: Write, link: Write] {
  const files = [{ name: 'Pay app "1" – März.pdf', sha256 }];
  const [upload, link] = company.connection.writes({
    kind: 'attach-files',
    reference: REFERENCE,
    invoiceId,
    files,
  });
  return [upload!, link!];
}

async function send(write: Write, context: Partial<WriteContext> = {}): Promise<Outcome> {
  const request = write.encode({ earlierIds: {}, files: { [sha256]: PDF }, ...context });
  const sent = await company.connection.send(committedIntent('p', 1), request);
  return sent.kind === 'answered' ? write.classify(sent.response) : { kind: sent.kind, why: sent.why };
}

/** The look before a second send. */
const again = (write: Write) => write.probe(company.connection.read, { earlierIds: {}, wasSent: true });

async function attach(): Promise<void> {
  const [upload, link] = writes();
  const outcome = await send(upload);
  if (outcome.kind !== 'posted') throw new Error(JSON.stringify(outcome));
  const { guard } = await standing(company.connection, link);
  const earlierIds = { [upload.name]: outcome.id };
  expect(await send(link, { earlierIds, ...(guard ? { guard } : {}) })).toMatchObject({ kind: 'posted' });
}

it('uploads a file whole and names it on the invoice', async () => {
  const [upload, link] = writes();
  expect((await standing(company.connection, upload)).standing).toBe('at-base');
  await attach();
  const { attachments } = await company.control.truth();
  expect(attachments).toMatchObject([
    { files: [{ name: `${REFERENCE}-1-Pay app _1_ – März.pdf`, bytes: 1_000, sha256 }] },
  ]);
  for (const write of [upload, link])
    expect((await standing(company.connection, write)).standing).toBe('at-target');
});

it('finds an upload whose answer was lost, and names it on the invoice', async () => {
  const [upload, link] = writes();
  await company.control.post('faults', {
    seed: 1,
    rules: [{ kind: 'lost-reply', times: 1, match: { path_regex: 'Attachments2' } }],
  });
  expect(await send(upload)).toMatchObject({ kind: 'unknown' });
  expect((await standing(company.connection, upload)).standing).toBe('at-base');
  const found = await again(upload);
  expect(found).toMatchObject({ standing: 'at-target', id: '1' });
  const { guard } = await standing(company.connection, link);
  const earlierIds = { [upload.name]: '1' };
  expect(await send(link, { earlierIds, ...(guard ? { guard } : {}) })).toMatchObject({ kind: 'posted' });
  expect((await company.control.truth()).attachments).toHaveLength(1);
  expect(await standing(company.connection, upload)).toMatchObject({ standing: 'at-target', id: '1' });
});

it('is sent again where nothing of it stands, or only what another invoice or a person uploaded', async () => {
  const [upload] = writes();
  expect(await again(upload)).toMatchObject({ standing: 'at-base' });
  const files = [
    { name: 'a.pdf', sha256 },
    { name: 'b.pdf', sha256 },
  ];
  for (const reference of [REFERENCE, 'TAC2345FILES3333']) {
    const other = {
      kind: 'attach-files',
      reference,
      invoiceId,
      files: reference === REFERENCE ? files : [files[0]!],
    } as const;
    expect(await send(company.connection.writes(other)[0]!)).toMatchObject({ kind: 'posted' });
  }
  expect(await again(upload)).toMatchObject({ standing: 'at-base' });
});

it('leaves what a person attached, and says so', async () => {
  const form = { ...writes()[0].encode({ earlierIds: {}, files: { [sha256]: PDF } }) };
  const foreign = Buffer.from(
    Buffer.from(form.bytes!).toString('latin1').replace(REFERENCE, 'scan'),
    'latin1',
  );
  const { contentType = '' } = { contentType: form.headers?.['content-type'] };
  await company.connection.send(committedIntent('q', 1), {
    ...form,
    headers: { 'content-type': contentType },
    bytes: foreign,
  });
  await company.control.post('act', {
    action: 'edit_invoice',
    docEntry: Number(invoiceId),
    changes: { AttachmentEntry: 1 },
  });
  expect(await standing(company.connection, writes()[0])).toMatchObject({
    standing: 'elsewhere',
    difference: expect.stringContaining('Somebody attached'),
  });
});

it('passes on that the company has no folder for attachments', async () => {
  await company.control.post('settings', { attachmentsFolder: false });
  expect(await send(writes()[0])).toMatchObject({
    kind: 'refused',
    errors: [{ message: expect.stringContaining('Attachments folder not defined') }],
  });
});

it('needs content for every name, and names that can be kept', () => {
  expect(() => writes()[0].encode({ earlierIds: {} })).toThrow(/was not handed over/);
  const check = (...names: string[]) =>
    company.connection.preflight({
      kind: 'attach-files',
      reference: REFERENCE,
      invoiceId,
      files: names.map((name) => ({ name, sha256 })),
    });
  expect(check('a.pdf')).toEqual([]);
  expect(check()).toHaveLength(1);
  expect(check('a.pdf', ' ', 'x'.repeat(101))).toHaveLength(2);
});

it('adds to what hangs on an order already, once, and never hangs another entry over it', async () => {
  const { id: orderId } = await posted(company.connection, {
    ...SAMPLE_ORDER,
    reference: 'TACORDERFILES222',
  });
  const on = (name: string) =>
    company.connection.writes({
      ...({ kind: 'attach-files', reference: REFERENCE, invoiceId: orderId, of: 'order' } as const),
      files: [{ name, sha256: name === 'first.pdf' ? sha256 : 'b'.repeat(64) }],
    }) as [Write, Write];
  const first = on('first.pdf');
  const uploaded = await send(first[0]);
  if (uploaded.kind !== 'posted') throw new Error(JSON.stringify(uploaded));
  const { guard } = await standing(company.connection, first[1]);
  await send(first[1], {
    earlierIds: { [first[0].name]: uploaded.id },
    ...(guard === undefined ? {} : { guard }),
  });
  expect(await again(first[0])).toMatchObject({ standing: 'at-target', id: uploaded.id });

  const second = on('second.pdf');
  const base = await standing(company.connection, second[0]);
  expect(base).toMatchObject({ standing: 'at-base', guard: uploaded.id });
  const files = { ['b'.repeat(64)]: PDF };
  const added = await send(second[0], { files, guard: uploaded.id });
  // Its answer was lost: what was added is found, and the order names it without another write.
  expect(await again(second[0])).toMatchObject({ standing: 'at-target', id: uploaded.id });
  expect(await again(second[1])).toMatchObject({ standing: 'at-target' });
  if (added.kind !== 'posted') throw new Error(JSON.stringify(added));
  await company.connection.send(committedIntent('p', 1), {
    method: 'PATCH',
    path: `/PurchaseOrders(${orderId})`,
    body: JSON.stringify({ AttachmentEntry: null }),
  });
  const link = await second[1].probe(company.connection.read, { earlierIds: { [second[0].name]: added.id } });
  expect(link).toMatchObject({ standing: 'elsewhere' });
});
