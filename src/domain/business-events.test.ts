import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUSINESS_EVENTS, businessEvents } from './business-events.ts';
import { CONTEXT_OBJECTS, type ContextObject, type ContextRecord } from './context-record.ts';
import type { ChangeOrderRecord, CommitmentRecord } from './records.ts';

function context(
  object: ContextObject,
  status: string | null,
  facts: Record<string, string> = {},
): ContextRecord {
  return { object, id: '1', projectId: '7', number: null, title: '', status, facts, about: [] };
}

const changeOrder = (approved: boolean, deleted = false): ChangeOrderRecord => ({
  object: 'change-order',
  id: '1',
  projectId: '7',
  commitmentId: '2',
  number: '001',
  title: 'More steel',
  status: approved ? 'approved' : 'pending',
  approved,
  deleted,
  currency: 'USD',
  total: '1.00',
  reviewer: null,
  reviewedAt: null,
  createdByUserId: null,
  originId: null,
  lines: [],
  url: '',
});

const commitment = (status: string): CommitmentRecord => ({
  object: 'commitment',
  id: '1',
  type: 'subcontract',
  number: 'SC-1',
  title: '',
  status,
  approved: status === 'Approved',
  deleted: false,
  projectId: '7',
  vendorId: null,
  vendorName: null,
  currency: 'USD',
  total: '1.00',
  retainagePercent: null,
  contractDate: null,
  createdByUserId: null,
  originId: null,
  lines: [],
  url: '',
});

test('a change order is approved once, and its approval can be taken back', () => {
  expect(businessEvents(null, changeOrder(true))).toEqual(['change order approved']);
  expect(businessEvents(changeOrder(false), changeOrder(true))).toEqual(['change order approved']);
  expect(businessEvents(changeOrder(true), { ...changeOrder(true), title: 'Other' })).toEqual([]);
  expect(businessEvents(changeOrder(true), changeOrder(false))).toEqual(['change order approval withdrawn']);
  expect(businessEvents(changeOrder(true), changeOrder(true, true))).toEqual([
    'change order approval withdrawn',
  ]);
});

test('a change event opens and closes, whatever the company calls the states between', () => {
  expect(businessEvents(null, context('change-event', 'Pending'))).toEqual(['change event opened']);
  expect(businessEvents(context('change-event', 'Open'), context('change-event', 'Pending'))).toEqual([]);
  expect(businessEvents(context('change-event', 'Open'), context('change-event', 'Closed'))).toEqual([
    'change event closed',
  ]);
});

test('an RFI says something only when it closes at a cost', () => {
  const closed = (impact: string) => context('rfi', 'closed', { 'cost impact': impact });
  expect(businessEvents(context('rfi', 'open'), closed('no_impact'))).toEqual([]);
  expect(businessEvents(context('rfi', 'open'), closed('yes_known'))).toEqual([
    'RFI closed with cost impact',
  ]);
  expect(businessEvents(closed('tbd'), closed('yes_unknown'))).toEqual(['RFI closed with cost impact']);
  expect(businessEvents(closed('yes_unknown'), closed('yes_known'))).toEqual([]);
});

test('a status has to be known before it can have changed, and a step before it can be decided', () => {
  expect(businessEvents(null, commitment('Draft'))).toEqual([]);
  expect(businessEvents(commitment('Draft'), commitment('Approved'))).toEqual(['commitment status changed']);
  expect(businessEvents(null, context('workflow', 'Manager'))).toEqual([]);
  expect(businessEvents(context('workflow', 'Manager'), context('workflow', 'Controller'))).toEqual([
    'workflow step decided',
  ]);
  expect(
    businessEvents(context('budget-change', 'under_review'), context('budget-change', 'approved')),
  ).toEqual(['budget change approved']);
});

test('the same state never says anything, and whatever is said is one of the events', () => {
  const status = fc.option(fc.constantFrom('open', 'Open', 'closed', 'approved', 'draft', 'Manager'));
  const impact = fc.constantFrom('yes_known', 'no_impact', 'tbd');
  const record = fc
    .record({ object: fc.constantFrom(...CONTEXT_OBJECTS), status, impact })
    .map(({ object, status: word, impact: cost }) => context(object, word, { 'cost impact': cost }));
  fc.assert(
    fc.property(record, record, (before, after) => {
      expect(
        businessEvents(after, { ...after, title: 'Changed', facts: { ...after.facts, note: 'new' } }),
      ).toEqual([]);
      const said = businessEvents({ ...before, object: after.object }, after);
      for (const event of said) expect(BUSINESS_EVENTS).toContain(event);
    }),
  );
});
