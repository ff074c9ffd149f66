import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTenant } from '../store/database/transaction.ts';
import { startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;
let as: string;
beforeAll(async () => {
  service = await startTestService();
  as = await service.signIn('project-manager');
  await inTenant(service.database.pools.app, 'ours', async (tx) => {
    for (const [version, status, events] of [
      [1, 'open', []],
      [2, 'closed', ['RFI closed with cost impact']],
    ] as const)
      await tx.query(
        `insert into record_version (tenant, connection, object, native_id, version, hash, body, raw_hash, events)
         values (current_tenant(), 'procore', 'rfi', '31', $1, 'h', $2, 'r', $3)`,
        [version, JSON.stringify({ projectId: '7', number: 'R-1', title: 'Which bolts?', status }), events],
      );
  });
});
afterAll(() => service.close());

const read = async (url: string) => {
  const answer = await service.send({ url, as });
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
};

test('what happened is shown of a project and of a record, page by page', async () => {
  const closed = { events: ['RFI closed with cost impact'], version: 2, firstSeen: false, status: 'closed' };
  const row = { ...closed, object: 'rfi', id: '31', projectId: '7', number: 'R-1', title: 'Which bolts?' };
  const { body } = await read('/api/v1/projects/7/events?limit=1');
  expect(body).toMatchObject({ rows: [row], next: null });
  expect((await read('/api/v1/projects/8/events')).body).toEqual({ rows: [], next: null });
  expect((await read('/api/v1/events')).body.rows).toHaveLength(1);
  const timeline = await read('/api/v1/records/31/timeline?object=rfi');
  expect(timeline.body.rows).toMatchObject([closed, { events: [], version: 1, firstSeen: true }]);
});

test('a cursor that is none of ours, and a record that nobody saw, are said so', async () => {
  expect((await read('/api/v1/events?cursor=WzFd')).status).toBe(400);
  expect((await read('/api/v1/records/32/timeline?object=rfi')).status).toBe(404);
});
