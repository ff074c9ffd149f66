import type { MappingRow } from '../../domain/mapping.ts';
import { mayHandle } from '../../domain/may-decide.ts';
import { appendAudit } from '../../store/audit.ts';
import { wakeLane } from '../../store/lane.ts';
import { setMapping as storeMapping } from '../../store/mapping.ts';
import { outlastPlans } from '../../store/plan-lock.ts';
import { findRecord } from '../../store/record.ts';
import { decideReview, expireSubject, getReview } from '../../store/review.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Engine } from '../engine.ts';
import { sourceLane } from '../lanes.ts';
import { wakeMapping } from '../plan/wake.ts';
import { step } from '../step.ts';
import { type By, type Decided, type Declined, decided, declined, gone, type Person } from './person.ts';

/** Answers what the plan could not know; every document that waits for one of these rows is released. */
export async function answer(
  engine: Engine,
  {
    tenant,
    user,
    reviewId,
    answers,
  }: By & { reviewId: string; answers: readonly Omit<MappingRow, 'version' | 'setBy'>[] },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    // Before the question is locked: a running plan may be asking it again.
    await outlastPlans(tx);
    const review = await getReview(tx, reviewId);
    if (review === null) return gone;
    if (review.state !== 'open') return decided(review);
    if (!mayHandle(user, review.role))
      return declined(403, 'You may not decide this', `This needs the role ${review.role}.`);
    // Checked first: a refused answer must leave the question open.
    const problem = await firstProblem(engine, tx, tenant, answers);
    if (problem !== null) return problem;
    const now = engine.clock.now();
    await decideReview(tx, reviewId, { state: 'corrected', by: user.email, at: now, detail: answers });
    return saveMappings(engine, tx, tenant, user, answers);
  });
}

export async function setMapping(
  engine: Engine,
  { tenant, user, mapping }: By & { mapping: Omit<MappingRow, 'version' | 'setBy'> },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    if (!mayHandle(user, 'accountant'))
      return declined(403, 'You may not change mappings', 'This needs the role accountant.');
    const problem = await firstProblem(engine, tx, tenant, [mapping]);
    return problem ?? saveMappings(engine, tx, tenant, user, [mapping]);
  });
}

async function saveMappings(
  engine: Engine,
  tx: Tx,
  tenant: string,
  user: Person,
  rows: readonly Omit<MappingRow, 'version' | 'setBy'>[],
): Promise<Decided> {
  const entries = [];
  for (const row of rows) {
    const saved = await storeMapping(tx, {
      kind: row.kind,
      scope: row.scope,
      key: row.key,
      value: row.value,
      setBy: user.email,
    });
    if (saved === null) continue;
    await wakeMapping(engine, tx, tenant, row.kind, row.key);
    // Whoever still waits for it is planned again now and asks again.
    await expireSubject(tx, 'unmapped', `mapping:${row.kind}:${row.key}`);
    if (row.kind === 'vendor')
      await wakeLane(tx, sourceLane(await engine.systems.hubOf(tenant), 'vendor', row.key));
    entries.push({
      kind: 'mapping-set',
      actor: user.email,
      at: engine.clock.now(),
      body: {
        mapping: row.kind,
        scope: row.scope,
        key: row.key,
        code: row.value.code,
        version: String(saved.version),
      },
    });
  }
  await appendAudit(tx, entries);
  return { ok: true };
}

async function firstProblem(
  engine: Engine,
  tx: Tx,
  tenant: string,
  rows: readonly Pick<MappingRow, 'kind' | 'value'>[],
): Promise<Declined | null> {
  const erp = await engine.systems.erpOf(tenant);
  for (const row of rows) {
    const problem = await whyNotAllowed(tx, erp.id, row);
    if (problem !== null) return problem;
  }
  return null;
}

/** A code that the ERP does not have, or does not post to, is refused before it can stop documents. */
async function whyNotAllowed(
  tx: Tx,
  erp: string,
  { kind, value }: Pick<MappingRow, 'kind' | 'value'>,
): Promise<Declined | null> {
  if (value.kind === 'item') return null;
  const object = value.kind === 'account' ? 'account' : kind;
  const record = await findRecord(tx, { connection: erp, object, nativeId: value.code });
  if (record === null || record.gone)
    return declined(
      422,
      'Unknown code',
      `The ERP has no ${object} "${value.code}". Choose one from the list.`,
    );
  if (record.body.object === 'account' && !record.body.postable)
    return declined(
      422,
      'Not postable',
      `Account ${value.code} is a title or locked account: nothing can be posted to it.`,
    );
  return null;
}
