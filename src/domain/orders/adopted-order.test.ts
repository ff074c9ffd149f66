import { describe, expect, it } from 'vitest';
import type { PostedBase } from '../documents.ts';
import type { CommitmentRecord } from '../records.ts';
import { commitmentOf, orderOf } from '../testing/standing-orders.ts';
import { acceptedOrder, adoptedBody } from './adopted-order.ts';
import { pairOrderLines } from './match-order-lines.ts';
import { planOrder } from './plan-order.ts';

const lines = [
  { amount: '60.10', description: 'Columns' },
  { amount: '40.00', description: 'Beams' },
];
const signed = commitmentOf({ total: '100.10', lines });
const order = orderOf({
  vendorReference: 'as typed',
  lines: [
    {
      ...{ amount: '60.00', description: 'columns', coding: { kind: 'account', code: '9999' } },
      ...{ subJob: 'JOB-4/E', assignedCode: '05-100' },
    },
    { amount: '40.00', description: 'beams' },
  ],
});

/** What becomes of the commitment after its order was taken over; nothing of it is mapped. */
function planned(record: CommitmentRecord, requestKey: string | null, mapped = false) {
  const pairs = pairOrderLines({ lines: signed.lines, orderLines: order.lines }, 'USD');
  const base: PostedBase = { id: order.id, ...adoptedBody(signed, order, pairs) };
  return planOrder({
    record,
    exported: null,
    mapping: (kind, _scope, key) =>
      kind === 'project' || mapped
        ? {
            kind,
            scope: '',
            key,
            value: {
              kind: kind === 'project' ? 'project' : 'account',
              code: kind === 'project' ? 'JOB-4' : '5200',
            },
            version: 1,
            setBy: 'ada',
          }
        : null,
    originMayBeOurs: false,
    vendorCode: 'V1',
    vendorBlocked: null,
    targetProject: (id) => ({ object: 'project', id, name: id, number: null, originId: null, active: true }),
    targetAccount: (id) => ({ object: 'account', id, name: id, postable: true }),
    periods: [],
    base,
    revision: 2,
    accepted: acceptedOrder(signed, order, pairs, 'request-1'),
    requestKey,
    referenceOf: () => 'TB1-REFERENCE',
    preflight: () => [],
    frozenDate: null,
    today: order.date,
  });
}

function bodyOf(plan: ReturnType<typeof planned>) {
  if (plan.kind !== 'document' || plan.body === null)
    throw new Error(JSON.stringify(plan, (_, v) => String(v)));
  return plan.body;
}

describe('an order that was taken over', () => {
  it('stays as it was found, difference and all, while Procore says what it said', () => {
    const elsewhere = { ...signed, status: 'Complete', originId: 'B1-1' };
    expect(planned(elsewhere, 'request-1')).toEqual({ kind: 'nothing', why: 'unchanged' });
  });

  it('is brought to the amounts of Procore by an export, in the words, the accounts and the part of the job that people chose', () => {
    const plan = planned(signed, 'request-2');
    expect(bodyOf(plan)).toMatchObject({
      number: 'as typed',
      lines: [
        {
          ...{ description: 'columns', amount: '60.10', coding: { code: '9999' } },
          ...{ subJob: 'JOB-4/E', assignedCode: '05-100' },
        },
        { description: 'beams', amount: '40.00', coding: { code: '5100' } },
      ],
    });
    expect(plan).toMatchObject({ exposure: { minor: 10n } });
  });

  it('takes over a text, a number and a cost code that were changed in Procore since', () => {
    const [first, second] = signed.lines;
    const changed: CommitmentRecord = {
      ...signed,
      number: 'SC-1a',
      lines: [
        { ...first!, description: 'Columns, level 2' },
        { ...second!, costCode: { code: '03-100', name: 'Concrete' } },
      ],
    };
    expect(bodyOf(planned(changed, 'request-1', true))).toMatchObject({
      number: 'SC-1a',
      lines: [
        { description: 'Columns, level 2', coding: { code: '9999' } },
        { description: 'beams', coding: { code: '5200' } },
      ],
    });
    expect(planned(changed, 'request-1')).toMatchObject({ asks: [{ kind: 'cost', key: '03-100|S' }] });
  });
});
