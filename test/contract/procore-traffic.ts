import { CONTEXT_OBJECTS } from '../../src/domain/context-record.ts';
import type { Operation } from '../../src/domain/documents.ts';
import { calendarDate } from '../../src/domain/values/calendar-date.ts';
import { committedIntent, openDoor } from '../../src/lib/door.ts';
import type { Hub } from '../../src/procore/hub.ts';
import { procore } from '../../src/procore/index.ts';
import {
  ANNA,
  type Company,
  LINES,
  ORDER,
  PROJECT,
  SUBCONTRACT,
  startCompany,
  VENDOR,
} from '../procore/company.ts';
import { recordingDoor, type SentRequest } from './sent-requests.ts';

/** Every request that the Procore connection makes when each of its functions and writes is used once. */
export async function procoreTraffic(): Promise<readonly SentRequest[]> {
  const sent: SentRequest[] = [];
  const company = await startCompany();
  try {
    const hub = recordedHub(company, sent);
    await readAll(hub, company);
    for (const operation of await everyOperation(company)) await carry(hub, operation);
    await hub.close();
    return sent;
  } finally {
    await company.stop();
  }
}

function recordedHub(company: Company, into: SentRequest[]): Hub {
  const config = { ...company.config, context: [...CONTEXT_OBJECTS] };
  return procore.connect(config, {
    door: recordingDoor(openDoor({ ...procore.doorOptions(config), writesAllowed: () => true }), into),
    authDoor: recordingDoor(
      openDoor({ ...procore.authDoorOptions(config), writesAllowed: () => false }),
      into,
    ),
    now: () => new Date(Date.UTC(2026, 7, 3, 8)),
    sleep: async () => {},
    random: () => 0.5,
  });
}

/** Three pages of a change reader: the first of all, the empty one that ends the cycle, one since then. */
async function cycle(read: (cursor: string | null) => Promise<{ readonly cursor: string }>): Promise<void> {
  let cursor: string | null = null;
  for (let page = 0; page < 3; page += 1) cursor = (await read(cursor)).cursor;
}

async function readAll(hub: Hub, company: Company): Promise<void> {
  await hub.fingerprint();
  for await (const finding of hub.check()) if (!finding.ok) throw new Error(finding.message);
  for (const pull of Object.values(hub.pull)) if (pull) await cycle(pull);
  await company.act({ as: ANNA, action: 'send_to_erp', contract_ids: [SUBCONTRACT] });
  const made = await company.act({ as: ANNA, action: 'approve_export', contract_ids: [SUBCONTRACT] });
  const [request] = made.erp_request_ids as readonly number[];
  await hub.fetchRequest(String(request));
  await cycle(hub.listRequests);
  await hub.fetchCommitment({ id: String(SUBCONTRACT), projectId: String(PROJECT), type: 'subcontract' });
  await hub.fetchCommitment({ id: String(ORDER), projectId: String(PROJECT), type: 'purchase-order' });
  await cycle((cursor) => hub.listCommitments(String(PROJECT), cursor));
  for await (const document of hub.committedIn(String(PROJECT)))
    if (document.amount === '') throw new Error('a committed document without an amount');
  await hub.userEmail(String(ANNA));
  await hub.costCodings(String(PROJECT));
  await hub.shownCosts(String(PROJECT));
  await readApplications(hub, company);
  await readBudget(hub, company);
  await readContext(hub, company);
}

/** Everything that is read as evidence, by list and by page. */
async function readContext(hub: Hub, company: Company): Promise<void> {
  const rfi = { project_id: PROJECT, kind: 'rfi', fields: { subject: 'Which bolts?' } } as const;
  await company.act({ as: ANNA, action: 'create_project_object', ...rfi });
  for (const object of hub.context) {
    await cycle((cursor) => hub.listContext(object, String(PROJECT), cursor));
    await hub.fetchContext({ object, id: '7', projectId: String(PROJECT) });
  }
}

/** A budget with what changes it beside its lines: at first by moves from line to line, then by changes. */
async function readBudget(hub: Hub, company: Company): Promise<void> {
  const of = { as: ANNA, project_id: PROJECT } as const;
  const line = { cost_code_id: 41, line_item_type_id: 31, amount: '12.50' };
  const made = await company.act({ ...of, action: 'set_budget', lines: [line] });
  const [to_budget_line_item_id = 0] = made.budget_line_item_ids as readonly number[];
  await company.act({ ...of, action: 'transfer_budget', to_budget_line_item_id, transfer_amount: '1.00' });
  for (const status of ['draft', 'approved'] as const) {
    await hub.budgetIn(String(PROJECT));
    await hub.budgetChangesIn(String(PROJECT));
    await company.act({ ...of, action: 'create_budget_change', status, lines: [line] });
  }
  if ((await hub.budgetChangesIn(String(PROJECT)))?.every(({ approved }) => !approved))
    throw new Error('no change of the budget came');
}

/** A pay application from its submission to its export, with a look at all that the interface shows of it. */
async function readApplications(hub: Hub, company: Company): Promise<void> {
  const act = { as: ANNA, action: 'submit_application', contract_id: SUBCONTRACT } as const;
  const id = Number((await company.act({ ...act, percent_to_date: '40' })).requisition_id);
  const requisition_ids = [id];
  await company.act({ as: ANNA, action: 'review_application', requisition_id: id, decision: 'approve' });
  const synced = [{ item_type: 'work_order_contract', item_id: SUBCONTRACT, origin_id: 'SBO/22/17' }];
  await company.hub.send(committedIntent('contract', 1), {
    method: 'PATCH',
    path: `/rest/v1.0/companies/${company.config.companyId}/external_data/sync`,
    body: JSON.stringify({ updates: synced }),
  });
  await company.act({ as: ANNA, action: 'send_applications_to_erp', requisition_ids });
  const made = await company.act({ as: ANNA, action: 'approve_application_export', requisition_ids });
  const [request] = made.erp_request_ids as readonly number[];
  const [item] = (await hub.fetchRequest(String(request)))?.items ?? [];
  const subject = item?.subject;
  if (!subject?.projectId) throw new Error('the export names no pay application');
  await hub.fetchSubInvoice({ id: subject.id, projectId: subject.projectId });
  await cycle((cursor) => hub.listSubInvoices(String(PROJECT), cursor));
}

async function everyOperation(company: Company): Promise<Operation[]> {
  const details = (await company.sim('GET', 'state')) as { erp_request_details: readonly { id: number }[] };
  const requestDetailId = String(details.erp_request_details.at(-1)?.id);
  const closing = { requestDetailId, itemId: String(SUBCONTRACT), status: 'success', messages: [] } as const;
  const confirm = {
    kind: 'confirm-order',
    commitmentId: String(SUBCONTRACT),
    commitmentType: 'subcontract',
    originId: 'SBO/22/17',
    originCode: '17',
    lines: { [LINES[0]]: '0', [LINES[1]]: '1' },
    closing: null,
  } as const;
  const [application] = ((await company.sim('GET', 'state')) as { requisitions: readonly { id: number }[] })
    .requisitions;
  const invoice = { subInvoiceId: String(application?.id), projectId: String(PROJECT) };
  const notice = {
    ...invoice,
    originId: 'SBO/46/7/40',
    commitmentId: String(SUBCONTRACT),
    amount: '360.00',
    currency: 'USD',
    date: calendarDate('2026-09-20'),
    method: 'check',
    methodNumber: '1007',
    invoiceNumber: null,
  } as const;
  const body = { vendorId: String(VENDOR), vendorName: 'Steel', originId: 'V10000', originCode: 'V10000' };
  return [
    { kind: 'link-vendor', body: { kind: 'vendor-link', ...body } },
    confirm,
    { ...confirm, projectId: String(PROJECT), closing },
    {
      ...confirm,
      commitmentId: String(ORDER),
      commitmentType: 'purchase-order',
      originId: 'SBO/22/18',
      lines: {},
    },
    { kind: 'confirm-invoice', ...invoice, originId: 'SBO/18/40', originCode: '40', closing: null },
    { kind: 'record-payment', notice },
    { kind: 'withdraw-payment', paymentId: String(ORDER), notice },
    ...costOperations(),
    { kind: 'close-request', closing },
    { kind: 'close-request', closing: { ...closing, itemId: '' } },
  ];
}

function costOperations(): Operation[] {
  const coding = { costCodeId: '1', costTypeId: '2' };
  const line = { ...coding, originId: 'B1-JC-1-2026-08-a', description: 'Steel', amount: '-10.50' };
  const sheet = {
    projectId: String(PROJECT),
    originId: 'B1-JC-1-2026-08',
    description: 'Cost posted in August',
    date: calendarDate('2026-08-31'),
    lines: [line],
  };
  const lines = [{ ...coding, jobToDate: '0.05', commitmentInvoiced: '0.00' }];
  return [
    { kind: 'show-direct-costs', sheet },
    { kind: 'show-job-costs', sheet: { projectId: String(PROJECT), jobOriginId: 'JOB-1', lines } },
  ];
}

async function carry(hub: Hub, operation: Operation): Promise<void> {
  for (const write of hub.writes(operation)) {
    const context = { earlierIds: {} };
    const probed = await write.probe(hub.read, context);
    const guard = probed.kind === 'standing' && probed.guard !== undefined ? { guard: probed.guard } : {};
    await hub.send(committedIntent('contract', 1), write.encode({ ...context, ...guard }));
  }
}
