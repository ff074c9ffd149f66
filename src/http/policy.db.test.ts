import { afterAll, beforeAll, expect, test } from 'vitest';
import { policyFromTheStart, type WholePolicy } from '../domain/approval/policy.ts';
import { policyChanges } from '../domain/approval/policy-changes.ts';
import { inTenant, type Tx } from '../store/database/transaction.ts';
import { openReview } from '../store/documents/review.ts';
import { setPolicy } from '../store/settings/policy.ts';
import { startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const inOurs = (run: (tx: Tx) => Promise<unknown>) => inTenant(service.database.pools.app, 'ours', run);
const get = async (as: string, path: string) => (await service.send({ url: `/api/v1${path}`, as })).json();
const post = (as: string, path: string, payload: object) =>
  service.send({ method: 'POST', url: `/api/v1${path}`, as, payload });

const strict: WholePolicy = { ...policyFromTheStart, approvals: [], timeZone: 'America/Chicago' };
const second = {
  approvedBy: 'controller@ours.test',
  reason: 'As agreed',
  at: new Date('2026-09-14T09:00:00Z'),
};

test('shows everybody what counts with every default written out, and each version by what it changed', async () => {
  const as = await service.signIn('project-manager');
  const theirs = await service.signIn('controller', service.theirs);
  expect(await get(as, '/policy')).toMatchObject({ version: 0, policy: policyFromTheStart, proposal: null });
  await inOurs((tx) => setPolicy(tx, { approvals: [] }, 'engineer@ours.test'));
  await inOurs((tx) => setPolicy(tx, strict, 'accountant@ours.test', second));

  const page = await get(as, '/policy');
  expect(page).toMatchObject({ version: 2, policy: strict, mayPropose: false });
  expect(page.whyNot).toContain('proposes a change');
  const { rows, next } = await get(as, '/policy/versions?limit=1');
  expect(rows).toEqual([
    {
      version: 2,
      at: '2026-09-14T09:00:00.000Z',
      setBy: 'accountant@ours.test',
      approvedBy: second.approvedBy,
      reason: second.reason,
      changes: expect.arrayContaining([expect.objectContaining({ before: 'UTC', after: 'America/Chicago' })]),
    },
  ]);
  const older = await get(as, `/policy/versions?cursor=${next}`);
  expect(older.next).toBeNull();
  expect(older.rows).toMatchObject([{ version: 1, approvedBy: null }]);
  expect(older.rows[0].changes.length).toBeGreaterThan(0);
  expect((await get(theirs, '/policy')).version).toBe(0);
  expect((await get(theirs, '/policy/versions')).rows).toEqual([]);
});

test('offers the open change to a second person, and to who proposed it only to take it back', async () => {
  const [controller, accountant] = [await service.signIn('controller'), await service.signIn('accountant')];
  const changes = policyChanges(strict, policyFromTheStart);
  const evidence = {
    policy: policyFromTheStart,
    base: 2,
    hash: 'v1:meant',
    proposedBy: 'accountant@ours.test',
  };
  const id = '50000000-0000-4000-8000-000000000001';
  await inOurs((tx) =>
    openReview(tx, {
      ...{ id, kind: 'policy', subject: 'policy', document: null, title: 'Policy', question: 'Shall it?' },
      evidence: { ...evidence, reason: 'As before', changes, facts: [{ label: 'Day', value: 'UTC' }] },
      role: 'controller',
    }),
  );
  const shown = { id, proposedBy: 'accountant@ours.test', reason: 'As before', changes };
  expect((await get(controller, '/policy')).proposal).toMatchObject({ ...shown, mayDecide: true });
  expect((await get(accountant, '/policy')).proposal).toMatchObject({ mayDecide: false, mayTakeBack: true });
  const item = await get(controller, `/review/${id}`);
  expect(item).toMatchObject({ payloadHash: 'v1:meant', mayDecide: true });
  expect(item.evidence).toEqual([
    { label: 'Day', value: 'UTC' },
    { label: 'Reason', value: 'As before' },
    { label: 'Proposed by', value: 'accountant@ours.test' },
  ]);
  expect(await get(accountant, `/review/${id}`)).toMatchObject({
    mayDecide: false,
    whyNot: 'You proposed this change: a second person must approve it.',
  });
});

test('passes on what was typed by the person of the session, and only a whole policy', async () => {
  const as = await service.signIn('accountant');
  const typed = { policy: policyFromTheStart, base: 2 };
  expect((await post(as, '/policy/preview', typed)).json()).toEqual({ changes: [] });
  expect((await post(as, '/policy/proposals', { ...typed, reason: 'As before' })).statusCode).toBe(200);
  expect(service.calls.at(-1)).toMatchObject({
    name: 'proposePolicy',
    wish: { tenant: 'ours', user: { id: 'accountant' }, reason: 'As before', base: 2 },
  });
  expect((await post(as, '/policy/proposals', typed)).statusCode).toBe(400);
  const { holds, ...half } = policyFromTheStart;
  expect((await post(as, '/policy/preview', { policy: half, base: 2 })).statusCode).toBe(400);
  const more = { ...typed.policy, holds: { ...holds, everything: true } };
  expect((await post(as, '/policy/preview', { policy: more, base: 2 })).statusCode).toBe(400);
});
