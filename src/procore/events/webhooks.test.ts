import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWholeJson } from '../../lib/decimal-json.ts';
import { hashHookSecret, verifyHookSecret, webhookEvents } from './webhooks.ts';

const eventsIn = (body: string) => webhookEvents(parseWholeJson(body));

const v2 = {
  id: 812345,
  ulid: '01JABCDEFGHJKMNPQRSTVWXYZ0',
  timestamp: '2026-08-03T08:00:00.123456Z',
  metadata: {
    source_user_id: 12,
    source_project_id: null,
    source_company_id: null,
    source_application_id: 'app-1',
  },
  user_id: 11,
  company_id: 598134325841112,
  project_id: 562949953500001,
  api_version: 'v2.0',
  event_type: 'update',
  resource_name: 'Work Order Contracts',
  resource_id: 562949953700001,
};

describe('a webhook', () => {
  it('of version 2 is reduced to its ids', () => {
    expect(eventsIn(JSON.stringify(v2))).toEqual([
      {
        object: 'work-order-contract',
        nativeId: '562949953700001',
        dedupeKey: v2.ulid,
        companyId: '598134325841112',
        projectId: '562949953500001',
        userId: '12',
        sourceApplicationId: 'app-1',
      },
    ]);
  });

  it('of version 3 about a line points at the contract that holds it', () => {
    const line = {
      ...v2,
      resource_name: 'Work Order Contract Line Items',
      resource_id: 5,
      related_resources: [{ id: 562949953700001, name: 'Work Order Contracts' }],
    };
    expect(eventsIn(JSON.stringify(line))[0]).toMatchObject({
      object: 'work-order-contract',
      nativeId: '562949953700001',
    });
  });

  it('of version 4 has its ids as text and its ulid as id', () => {
    const v4 = {
      id: '01JABCDEFGHJKMNPQRSTVWXYZ1',
      timestamp: v2.timestamp,
      reason: 'create',
      company_id: '7',
      project_id: null,
      user_id: '11',
      resource_type: 'ERP Requests',
      resource_id: '9001',
      data: {},
    };
    expect(eventsIn(JSON.stringify(v4))).toEqual([
      {
        object: 'erp-request',
        nativeId: '9001',
        dedupeKey: v4.id,
        companyId: '7',
        projectId: null,
        userId: '11',
        sourceApplicationId: null,
      },
    ]);
  });

  it('is the same one in every version, whatever its reason and however its resource is spelt', () => {
    const versions = [
      v2,
      { ...v2, api_version: 'v3.0', related_resources: [{ id: 7, name: 'Vendors' }] },
      {
        id: v2.ulid,
        reason: 'status_changed',
        company_id: '7',
        resource_type: 'Work Order Contract',
        resource_id: '562949953700001',
      },
      {
        id: v2.ulid,
        reason: 'update',
        company_id: '7',
        resource_type: 'work_order_contracts',
        resource_id: '562949953700001',
      },
    ];
    for (const version of versions)
      expect(eventsIn(JSON.stringify(version))[0]).toMatchObject({
        dedupeKey: v2.ulid,
        object: 'work-order-contract',
        nativeId: '562949953700001',
      });
  });

  it('about something that nobody knows yet keeps its name and its id', () => {
    const unknown = { id: 'E1', reason: 'approved', company_id: '7', resource_type: 'Workflow Instances' };
    expect(eventsIn(JSON.stringify({ ...unknown, resource_id: '6f9619ff-8b86-4d01' }))[0]).toMatchObject({
      object: 'workflow-instances',
      nativeId: '6f9619ff-8b86-4d01',
    });
  });

  it('about a change order stays one about the change order, although version 3 names its contract', () => {
    const related_resources = [{ id: 5, name: 'Work Order Contracts' }];
    const event = { ...v2, resource_name: 'Change Order Packages', resource_id: 9, related_resources };
    expect(eventsIn(JSON.stringify(event))[0]).toMatchObject({
      object: 'change-order',
      nativeId: '9',
    });
  });

  it('keeps ids beyond 2^53 to the last digit', () => {
    const body = JSON.stringify(v2).replace('562949953700001', '9007199254740993');
    expect(eventsIn(body)[0]?.nativeId).toBe('9007199254740993');
  });

  it('may carry several events', () => {
    expect(eventsIn(JSON.stringify([v2, { ...v2, ulid: 'other' }]))).toHaveLength(2);
  });

  it('without any id of its own gets one key for the same words and another for others', () => {
    const { id: _id, ulid: _ulid, ...bare } = v2;
    const [first] = eventsIn(JSON.stringify(bare));
    expect(eventsIn(JSON.stringify(bare))[0]?.dedupeKey).toBe(first?.dedupeKey);
    expect(eventsIn(JSON.stringify({ ...bare, event_type: 'delete' }))[0]?.dedupeKey).not.toBe(
      first?.dedupeKey,
    );
  });

  it('that is none gives no event and no exception', () => {
    for (const body of [
      'null',
      '7',
      '[]',
      '[[]]',
      '{"company_id":1}',
      '{"resource_id":{"a":1},"company_id":2}',
    ])
      expect(eventsIn(body)).toEqual([]);
    fc.assert(fc.property(fc.json(), (body) => eventsIn(body).length >= 0));
  });
});

describe('the secret of a hook', () => {
  const stored = hashHookSecret('correct horse');

  it('opens with the right header, with or without Bearer', () => {
    expect(verifyHookSecret('correct horse', stored)).toBe(true);
    expect(verifyHookSecret('Bearer correct horse', stored)).toBe(true);
  });

  it.each([undefined, null, '', 'Bearer ', 'correct hors', 'Correct horse', stored])(
    'refuses %s',
    (presented) => {
      expect(verifyHookSecret(presented, stored)).toBe(false);
    },
  );

  it('never opens with a stored hash that is broken or of nothing', () => {
    expect(verifyHookSecret('x', '')).toBe(false);
    expect(verifyHookSecret('x', 'zz')).toBe(false);
    expect(verifyHookSecret('', hashHookSecret(''))).toBe(false);
  });
});
