import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approveAs } from './hands.ts';
import { approvalsOf, documentOf, questionAbout, standsIn } from './looking.ts';
import { exportCommitment, people, startWorld, until, type World } from './world.ts';

const large = [{ amount: '60000.00' }];

describe('a tenant with one user and no webhooks', () => {
  let alone: World;
  beforeAll(async () => {
    alone = await startWorld({
      webhooks: false,
      users: [{ ...people.accountant, roles: ['accountant', 'controller'] }],
    });
  });
  afterAll(() => alone?.stop());

  test('is told that nothing at or above the threshold can post, and on the document as well', async () => {
    const { warnings } = await alone.service.notices(alone.tenant);
    expect(warnings).toEqual([expect.stringMatching(/only one user.*USD 50,?000\.00 or more can post/)]);
    const { contract } = await exportCommitment(alone, { lines: large });
    const waiting = await standsIn(alone, contract, 'awaiting-approval', { reason: 'no-second-person' });
    expect(waiting.reasons[0]?.message).toContain('there is only one user');
    const small = await exportCommitment(alone, { lines: [{ amount: '49999.99' }] });
    await standsIn(alone, small.contract, 'confirmed');
  });

  test('keeps the author from approving, when nothing says who sent it', async () => {
    const { contract } = await exportCommitment(alone, { lines: large });
    expect(await approveAs(alone, people.peter, contract)).toMatchObject({ ok: false, status: 403 });
    expect((await documentOf(alone, contract))?.state).toBe('awaiting-approval');
  });

  test('asks again when whoever approved is no user any more, and posts nothing', async () => {
    const before = (await alone.truth()).orders.length;
    const { contract } = await exportCommitment(alone, { lines: large });
    expect(await approveAs(alone, people.controller, contract)).toEqual({ ok: true });
    await until('the approval is void', async () => (await approvalsOf(alone, contract))[0]?.stale);
    await standsIn(alone, contract, 'awaiting-approval');
    await questionAbout(alone, contract, 'approval');
    expect(await approvalsOf(alone, contract)).toEqual([{ stale: true, consumed: false }]);
    expect((await alone.truth()).orders).toHaveLength(before);
  });
});
