import { randomUUID } from 'node:crypto';
import type { PurchaseOrderBody } from '../../src/domain/documents.ts';
import type { CommitmentRecord } from '../../src/domain/records.ts';
import { calendarDate } from '../../src/domain/values/calendar-date.ts';
import type { Tx } from '../../src/store/database/transaction.ts';
import { savePlan } from '../../src/store/documents/document.ts';
import type { DocumentPlan } from '../../src/store/documents/document-row.ts';
import { addPostings } from '../../src/store/documents/posting.ts';
import { saveRecord } from '../../src/store/records/record.ts';
import { receiveItem } from '../../src/store/requests/request-item.ts';

const day = calendarDate('2026-08-31');
const line = { key: '1', description: 'Steel', amount: '100.00', costCode: '05-100', costType: 'S' };

function orderBody(reference: string): PurchaseOrderBody {
  return {
    kind: 'purchase-order',
    reference,
    revision: 1,
    number: 'SC-1',
    title: 'Steel',
    vendorCode: 'V1',
    projectCode: 'JOB-4',
    currency: 'USD',
    accountingDate: day,
    total: '100.00',
    lines: [{ ...line, coding: { kind: 'account', code: '5200' } }],
    sourceUrl: 'https://procore.example/1',
  };
}

/** The order of a commitment in the quiet tenant, with its writes, as a plan leaves it. Returns its id. */
export async function addOrder(
  tx: Tx,
  commitment: string,
  wish: Partial<DocumentPlan> & { readonly writes: readonly string[] },
): Promise<string> {
  const { writes, ...changed } = wish;
  const id = randomUUID();
  const body = orderBody(`T${commitment}`);
  const operation = { kind: 'create-order', body } as const;
  const root = `commitment:${commitment}`;
  const plan: DocumentPlan = {
    id,
    sourceConnection: 'procore',
    sourceObject: 'commitment',
    sourceId: commitment,
    targetConnection: 'll',
    kind: 'purchase-order',
    part: '',
    revision: 1,
    root,
    state: 'ready',
    projectId: '4',
    vendorId: '1',
    vendorName: 'Steel & Sons',
    number: body.number,
    title: body.title,
    amountMinor: 10_000n,
    currency: 'USD',
    exposureMinor: 10_000n,
    accountingDate: day,
    recordVersion: 1,
    recordHash: 'h',
    body,
    operation,
    payloadHash: 'p',
    mappings: [],
    mappingHash: 'm',
    gate: null,
    reasons: [],
    requester: null,
    requestKey: null,
    ...changed,
  };
  await savePlan(tx, plan, []);
  await addPostings(
    tx,
    { document: id, connection: 'll', root, operation: plan.operation ?? operation },
    writes.map((name, index) => ({
      id: randomUUID(),
      name,
      kind: index === 0 ? 'create' : 'set',
      object: 'purchase-order',
      reference: body.reference,
      targetHash: 'h',
    })),
  );
  return id;
}

/** The commitment as it was fetched. */
export async function addCommitment(
  tx: Tx,
  id: string,
  changed: Partial<CommitmentRecord> = {},
): Promise<void> {
  const body: CommitmentRecord = {
    object: 'commitment',
    id,
    type: 'subcontract',
    number: 'SC-1',
    title: 'Steel',
    status: 'Approved',
    approved: true,
    deleted: false,
    projectId: '4',
    vendorId: '1',
    vendorName: 'Steel & Sons',
    currency: 'USD',
    total: '100.00',
    retainagePercent: null,
    contractDate: null,
    createdByUserId: null,
    originId: null,
    lines: [
      {
        id: line.key,
        position: 1,
        description: line.description,
        costCode: { code: line.costCode, name: 'Steel' },
        costType: { code: line.costType, name: 'Subcontract' },
        amount: line.amount,
        quantity: null,
        unitPrice: null,
        unit: null,
      },
    ],
    url: 'https://procore.example/1',
    ...changed,
  };
  const key = { connection: 'procore', object: 'commitment', nativeId: id };
  await saveRecord(tx, { ...key, hash: 'h', body, rawHash: 'raw', matchKeys: [], eventsSince: () => [] });
}

/** One export of a commitment. Procore numbers requests in the order they were made. Returns its key. */
export async function addExport(tx: Tx, commitment: string, request: number): Promise<string> {
  const key = `${request}/0`;
  await receiveItem(tx, {
    connection: 'procore',
    key,
    requestId: String(request),
    event: 'export',
    object: 'commitment',
    nativeId: commitment,
    detailId: String(request + 1_000),
    projectId: '4',
    type: 'subcontract',
    parentId: null,
    originId: null,
    erpCode: null,
    accountingDate: null,
    requester: 'peter@acme.example',
    author: null,
  });
  return key;
}
