import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProcoreAct } from '../act.ts';
import {
  type Bench,
  CLOSED_PROJECT,
  COMPANY,
  CONTRACT,
  LINE,
  type Loose,
  listen,
  PROJECT,
  startBench,
  startReceiver,
  USER,
  until,
  VENDOR,
} from '../simulator-fixture.ts';

let bench: Bench;
let invoice: number;
beforeEach(async () => {
  bench = await startBench();
  const lines = [{ line_item_id: LINE, work_completed_this_period: '100.00' }];
  invoice = (await play({ action: 'submit_application', contract_id: CONTRACT, lines })).requisition_id;
});
afterEach(() => bench.stop());

type Unsigned<A> = A extends { as: number } ? Omit<A, 'as'> : never;
async function play(act: Unsigned<ProcoreAct>): Promise<Loose> {
  const { status, body } = await bench.act({ as: USER, ...act } as ProcoreAct);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}
const read = async (path: string): Promise<Loose> => {
  const { status, body } = await bench.rest('GET', path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};

const inProject = `/rest/v1.0/projects/${PROJECT}`;
const holds = () => read(`${inProject}/payment_readiness/manual_holds?invoice_id=${invoice}`);
const waivers = () => read(`${inProject}/lien_waivers?invoice_id=${invoice}`);

test('holds of an invoice and of its vendor are listed, and stay listed once released', async () => {
  const hold = await play({ action: 'hold_payment', requisition_id: invoice, description: 'Damaged door' });
  await play({
    action: 'hold_payment',
    requisition_id: invoice,
    whole_vendor: true,
    description: 'Dispute',
  });
  await play({ action: 'release_payment_hold', manual_hold_id: hold.manual_hold_id });
  expect(await holds()).toMatchObject([
    { status: 'released', hold_type: 'invoice', invoice_id: invoice, description: 'Damaged door' },
    { status: 'applied', hold_type: 'vendor', vendor_id: VENDOR, created_by: 'Ann' },
  ]);
});

test('a lien waiver waits for its signature and has no link for a service account', async () => {
  const asked = await play({
    action: 'request_lien_waiver',
    requisition_id: invoice,
    type: 'conditional_progress',
  });
  expect(await waivers()).toMatchObject([{ status: 'awaiting_signature', sign_url: '' }]);
  await play({ action: 'sign_lien_waiver', lien_waiver_id: asked.lien_waiver_id });
  expect(await waivers()).toMatchObject([{ status: 'completed', type: 'conditional_progress' }]);
});

test('compliance of a contract shows its papers and the insurances of both directories', async () => {
  const dates = { effective_date: '2025-11-01', expiration_date: '2026-10-31' };
  const fields = { insurance_type: 'General Liability', status: 'expired', ...dates } as const;
  await play({ action: 'set_insurance', vendor_id: VENDOR, fields });
  await play({
    action: 'set_insurance',
    vendor_id: VENDOR,
    project_id: PROJECT,
    fields: { status: 'compliant' },
  });
  const paper = { name: 'Licence', type: 'license', expires_at: '2026-12-31' };
  const { document_id } = await play({
    action: 'set_compliance_document',
    contract_id: CONTRACT,
    ...paper,
  });
  await play({ action: 'set_compliance_document', document_id, status: 'compliant' });
  await play({
    action: 'set_contract_compliance',
    contract_id: CONTRACT,
    insurance_status: 'not_compliant',
  });
  const path = `${inProject}/work_order_contracts/${CONTRACT}`;
  expect(await read(`${path}/compliance`)).toMatchObject({
    compliance_status: 'not_required',
    insurance_status: 'not_compliant',
    derived_compliance_status: 'compliant',
    derived_insurance_status: 'not_compliant',
    insurance_documents: [
      { level: 'company', status: 'expired', expires_at: '2026-10-31T00:00:00Z' },
      { level: 'project', status: 'compliant', expires_at: null },
    ],
  });
  expect(await read(`${path}/compliance_documents`)).toMatchObject([{ name: 'Licence' }]);
  const asOrder = await bench.rest('GET', `${inProject}/purchase_order_contracts/${CONTRACT}/compliance`);
  expect(asOrder.status).toBe(404);
});

test('papers of an invoice are listed under data, with ids as text', async () => {
  await play({
    action: 'set_compliance_document',
    requisition_id: invoice,
    name: 'Payroll',
    status: 'not_compliant',
  });
  const path = `/rest/v2.0/companies/${COMPANY}/projects/${PROJECT}/compliance/invoices/${invoice}/documents`;
  const { data } = await read(path);
  expect(data).toMatchObject([{ id: expect.any(String), name: 'Payroll', status: 'not_compliant' }]);
});

test('a certificate of the ERP is read-only for people in six fields, and each change is told', async () => {
  const receiver = await startReceiver();
  await listen(bench, receiver.url, 'Company Insurances/create', 'Company Insurances/update');
  const path = `/rest/v1.0/companies/${COMPANY}/vendors/${VENDOR}/insurances`;
  const updates = [{ origin_id: 'COI-1', policy_number: 'P-1', name: 'Acme Mutual' }];
  const synced = await bench.rest('PATCH', `${path}/sync`, { updates });
  const insurance_id = synced.body.entities[0].id;
  await until('the event', () => receiver.received.length === 1);
  const edit = (fields: object) =>
    bench.act({ as: USER, action: 'set_insurance', vendor_id: VENDOR, insurance_id, fields });
  expect((await edit({ policy_number: 'P-2' })).status).toBe(422);
  expect((await edit({ notes: 'Called the broker' })).status).toBe(200);
  await until('the second event', () => receiver.received.length === 2);
  expect(await read(path)).toMatchObject([{ policy_number: 'P-1', notes: 'Called the broker' }]);
  await receiver.stop();
});

test('another project shows nothing, and a company may lack each of the routes', async () => {
  const elsewhere = `/rest/v1.0/projects/${CLOSED_PROJECT}/lien_waivers?invoice_id=${invoice}`;
  expect((await bench.rest('GET', elsewhere)).status).toBe(403);
  expect((await bench.rest('GET', `${inProject}/lien_waivers`)).status).toBe(400);
  const payment_readiness = { lien_waivers: 'absent', manual_holds: 'forbidden' };
  await bench.send('POST', '/_sim/config', { payment_readiness });
  expect((await bench.rest('GET', `${inProject}/lien_waivers?invoice_id=${invoice}`)).status).toBe(404);
  const forbidden = `${inProject}/payment_readiness/manual_holds?invoice_id=${invoice}`;
  expect((await bench.rest('GET', forbidden)).status).toBe(403);
});
