import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import { addCommitment, addOrder } from '../../../test/setup/stored-order.ts';
import type { Outcome } from '../../domain/posting/outcomes.ts';
import type { Posting } from '../../domain/posting/posting.ts';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { addAttempt } from '../../store/documents/attempt.ts';
import { postingsOf, type StoredPosting, savePosting } from '../../store/documents/posting.ts';
import type { Engine } from '../engine.ts';
import { postLane } from '../lanes.ts';
import { Turn } from './turn.ts';

let db: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  db = await createTestDatabase();
  engine = await setUpQuietTenant(db);
});
afterAll(() => db?.drop());

const inAcme = <T>(work: (tx: Tx) => Promise<T>) => inTenant(db.pools.app, 'acme', work);

/** An order whose first write is on the wire, sent by a worker whose lane another one holds by now. */
async function sentByALoser(
  commitment: string,
  writes: readonly string[] = ['order'],
): Promise<{ turn: Turn; sent: StoredPosting; order: string }> {
  const at = await engine.systems.get('acme', 'll');
  const { order, sent } = await inAcme(async (tx) => {
    await addCommitment(tx, commitment);
    const order = await addOrder(tx, commitment, { state: 'posting', writes });
    const [ready] = await postingsOf(tx, order);
    const sentAt = engine.clock.now();
    const now = { ...ready!, state: 'sent', attempt: 1, sentAt } as const;
    await savePosting(tx, ready!, now);
    const fences = { laneFence: '1', accountFence: '1' };
    const attempt = { id: engine.newId(), posting: ready!.id, number: 1, connection: 'll', ...fences };
    await addAttempt(tx, { ...attempt, at: sentAt, deadline: sentAt });
    return { order, sent: now };
  });
  const lane = { tenant: 'acme', ...postLane(at, sent.root), fence: '1', wakes: '0', attempts: 0 };
  return { turn: new Turn(engine, at, { lane, accountFence: '1' }, sent), sent, order };
}

async function kept(order: string) {
  return inAcme(async (tx) => {
    const [write] = await postingsOf(tx, order);
    const { rows } = await tx.query<{ outcome: Outcome | null }>(
      'select outcome from attempt_posting where posting = $1',
      [write!.id],
    );
    return { state: write!.state, outcome: rows[0]!.outcome };
  });
}

it('a write that was taken back because the one before it was refused is not worked next', async () => {
  const { turn, sent, order } = await sentByALoser('304', ['order', 'release']);
  const refusal: Outcome = { kind: 'refused', errors: [{ field: '', message: 'no' }] };
  const after: Posting = { ...sent, state: 'refused', reason: 'no' };
  const event = { kind: 'outcome', outcome: refusal } as const;
  await turn.perform({ kind: 'record', before: sent, after, event, outcome: refusal });
  const states = await inAcme(async (tx) => (await postingsOf(tx, order)).map(({ state }) => state));
  expect(states).toEqual(['refused', 'cancelled']);
  expect(turn.next).toBeNull();
});

describe('a worker that lost its lane', () => {
  const lost: Outcome = { kind: 'unknown', why: 'no answer' };

  it('still keeps what the target answered it: nobody else knows', async () => {
    const { turn, sent, order } = await sentByALoser('301');
    const after: Posting = { ...sent, state: 'unknown', reason: lost.why };
    const event = { kind: 'outcome', outcome: lost } as const;
    await turn.perform({ kind: 'record', before: sent, after, event, outcome: lost });
    expect(await kept(order)).toEqual({ state: 'unknown', outcome: lost });
  });

  it('moves nothing by what it only saw: whoever has the lane looks as well', async () => {
    const { turn, sent, order } = await sentByALoser('302');
    const after: Posting = { ...sent, state: 'unknown' };
    const seen = turn.perform({
      kind: 'record',
      before: sent,
      after,
      event: { kind: 'taken-over' },
      outcome: null,
    });
    await expect(seen).rejects.toThrow('another worker took this lane');
    expect(await kept(order)).toEqual({ state: 'sent', outcome: null });
  });

  it('lets no byte out', async () => {
    const { turn, sent, order } = await sentByALoser('303');
    const again: Posting = { ...sent, sentAt: engine.clock.now() };
    const release = turn.perform({ kind: 'release', before: sent, after: again });
    await expect(release).rejects.toThrow('another worker took this lane');
    expect((await kept(order)).state).toBe('sent');
  });
});
