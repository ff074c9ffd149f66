import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProcoreAct } from '../act.ts';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  type Loose,
  PROJECT,
  smallSeed,
  startBench,
  USER,
} from '../simulator-fixture.ts';
import { ERP_EVENTS, type ErpEvent } from './erp-events.ts';

const SUB_JOB = 562_949_950_000_301;
const erp = (path: string) => `/rest/v1.0/companies/${COMPANY}/${path}`;

let bench: Bench;
beforeEach(async () => {
  const seed = smallSeed();
  bench = await startBench({
    ...seed,
    company: { ...seed.company, erp: {} },
    sub_jobs: [{ id: SUB_JOB, project_id: PROJECT, code: 'A', name: 'East pier', origin_id: 'JOB-100-A' }],
  });
});
afterEach(() => bench.stop());

async function raised(act: ProcoreAct): Promise<{ request: Loose; details: number[] }> {
  const { body } = await bench.act(act);
  const request = await bench.rest('GET', erp(`erp_requests/${body.erp_request_ids[0]}`));
  return { request: request.body, details: body.request_detail_ids };
}

test('whatever Refresh asks for is an event of the table, with a detail where the table has one', async () => {
  const events = Object.entries<ErpEvent>(ERP_EVENTS).filter(([, { raisedBy }]) => raisedBy === 'refresh');
  expect(events.length).toBeGreaterThan(9);
  for (const [name, event] of events) {
    const act = { as: USER, action: 'refresh_from_erp', what: name.slice('sync_'.length) } as ProcoreAct;
    const { request, details } = await raised(act);
    expect(request.request_name).toBe(name);
    const wanted = event.detail === 'none' ? [] : [request.request_data.request_detail_id];
    expect(details, name).toEqual(wanted);
  }
});

test('jobs and sub jobs are asked for from time to time, under the id of the ERP and without a detail', async () => {
  const job = await raised({ as: USER, action: 'periodic_job_sync', project_id: PROJECT });
  expect(job).toMatchObject({
    details: [],
    request: { request_name: 'sync_single_job', request_data: { id: 'JOB-100', company_id: COMPANY } },
  });
  const sub = await raised({ as: USER, action: 'periodic_sub_job_sync', sub_job_id: SUB_JOB });
  expect(sub.request.request_data).toMatchObject({
    id: 'JOB-100-A',
    additional_job_data: { parent_origin_id: 'JOB-100', procore_sub_job_id: SUB_JOB },
  });
  const reset = await raised({ as: USER, action: 'staff_reset_sub_job', sub_job_id: SUB_JOB });
  expect(reset.request.request_data.sub_job).toMatchObject({ origin_id: 'JOB-100-A', synced: true });
  expect((await bench.act({ as: USER, action: 'periodic_sub_job_sync', sub_job_id: SUB_JOB })).status).toBe(
    422,
  );
});

test('a payment that staff reset is named with what it was in the ERP', async () => {
  const record = { as: USER, action: 'record_payment', contract_id: CONTRACT, amount: '9.00' } as const;
  const payment_id = (await bench.act({ ...record, origin_id: 'PAY-1' })).body.payment_id;
  const act = { as: USER, action: 'staff_reset_payment', payment_id } as const;
  const { request, details } = await raised({ ...act, reset_override: true });
  expect([request.request_name, details]).toEqual(['reset_payment', []]);
  expect(request.request_data).toMatchObject({ payment_id, origin_id: 'PAY-1', reset_override: true });
  expect((await bench.act(act)).status).toBe(422);
});

test('one setting moves the detail of every event that names one', async () => {
  await bench.send('POST', '/_sim/config', { request_detail_id_placement: 'inside' });
  await bench.act({ as: USER, action: 'send_object_to_erp', kind: 'project', ids: [PROJECT] });
  const { request, details } = await raised({
    as: USER,
    action: 'approve_object_export',
    kind: 'project',
    ids: [PROJECT],
  });
  expect([request.request_detail_id, request.request_data.request_detail_id]).toEqual([
    undefined,
    details[0],
  ]);
});
