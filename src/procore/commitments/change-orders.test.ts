import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANNA, type Company, PROJECT, SUBCONTRACT, startCompany } from '../../../test/procore/company.ts';
import type { Operation } from '../../domain/documents.ts';
import type { Write } from '../../domain/posting/writes.ts';
import type { ChangeOrderRecord } from '../../domain/records.ts';
import { committedIntent } from '../../lib/door.ts';
import type { ProcoreAct } from '../simulator/act.ts';

let company: Company;
let id: string;
let lines: readonly number[];
beforeEach(async () => {
  company = await startCompany();
  const made = await act({
    action: 'create_change_order',
    contract_id: SUBCONTRACT,
    title: 'Deeper footings',
    line_items: [
      { amount: '100.10', description: 'Concrete', cost_code_id: 41, line_item_type_id: 31 },
      { amount: '-20.00', description: 'No paint', cost_code_id: 41, line_item_type_id: 31 },
    ],
  });
  id = String(made.change_order_package_id);
  lines = made.line_ids as readonly number[];
});
afterEach(() => company.stop());

const act = (deed: object) => company.act({ as: ANNA, ...deed } as ProcoreAct);
const on = (action: string) => act({ action, change_order_package_id: Number(id) });
const projectId = String(PROJECT);

async function read(): Promise<ChangeOrderRecord> {
  const pulled = await company.hub.fetchChangeOrder({ id, projectId });
  return pulled!.record as ChangeOrderRecord;
}

describe('reading a change order', () => {
  it('gives its contract, its amounts and each line with its code, approved only once it is', async () => {
    expect(await read()).toMatchObject({
      commitmentId: String(SUBCONTRACT),
      approved: false,
      total: '80.10',
    });
    await on('approve_change_order');
    const { approved, number, lines: read_, reviewedAt, deleted } = await read();
    expect({ approved, number, deleted }).toEqual({ approved: true, number: '001', deleted: false });
    expect(reviewedAt).not.toBeNull();
    expect(
      read_.map(({ id, amount, costCode, costType }) => [id, amount, costCode?.code, costType?.code]),
    ).toEqual([
      [String(lines[0]), '100.10', '05-100', 'S'],
      [String(lines[1]), '-20.00', '05-100', 'S'],
    ]);
  });

  it('tells what is void or deleted as over, and what is not shown as not there', async () => {
    await on('void_change_order');
    expect(await read()).toMatchObject({ approved: false, deleted: true, status: 'void' });
    await on('delete_change_order');
    const { records } = await company.hub.listChangeOrders(projectId, null);
    expect(records.map(({ record }) => record)).toMatchObject([{ id, deleted: true }]);
    expect(await company.hub.fetchChangeOrder({ id: '1', projectId })).toBeNull();
  });

  it('lists what is approved with what it adds', async () => {
    expect(await company.hub.approvedChangesIn(projectId)).toEqual([]);
    await on('approve_change_order');
    expect(await company.hub.approvedChangesIn(projectId)).toMatchObject([
      { id, commitmentId: String(SUBCONTRACT), number: '001', currency: 'USD', amount: '80.10' },
    ]);
  });
});

describe('marking a change order as synced', () => {
  const confirm = (): Operation => ({
    kind: 'confirm-change-order',
    changeOrderId: id,
    projectId,
    originId: `B1-17/change-${id}`,
    originCode: '1017',
    lines: { [String(lines[0])]: 'B1-17/2', [String(lines[1])]: 'B1-17/3' },
    closing: null,
  });
  const context = { earlierIds: {} };
  const standing = async (write: Write) => {
    const result = await write.probe(company.hub.read, context);
    return result.kind === 'standing' ? result.standing : result.kind;
  };
  const send = (write: Write) => company.hub.send(committedIntent('p', 1), write.encode(context));

  it('marks it and each of its lines in one call, and sees that it is done', async () => {
    const [write] = company.hub.writes(confirm());
    expect(await standing(write!)).toBe('at-base');
    await send(write!);
    expect(await standing(write!)).toBe('at-target');
    expect(await read()).toMatchObject({ originId: `B1-17/change-${id}` });
  });

  it('leaves the id of another integration where it is', async () => {
    const [write] = company.hub.writes(confirm());
    const other = { ...confirm(), originId: 'SAGE-1' } as Operation;
    await send(company.hub.writes(other)[0]!);
    expect(await standing(write!)).toBe('elsewhere');
  });
});
