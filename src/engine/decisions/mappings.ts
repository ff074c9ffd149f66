import { mayHandle } from '../../domain/approval/may-decide.ts';
import type { MappingKind, MappingRow } from '../../domain/mapping.ts';
import type { PrimeContractRecord } from '../../domain/owner/prime-contract.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { outlastPlans } from '../../store/documents/plan-lock.ts';
import { decideReview, expireSubject, getReview } from '../../store/documents/review.ts';
import { findRecord } from '../../store/records/record.ts';
import { setMapping as storeMapping } from '../../store/settings/mapping.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpOf } from '../erp-companies.ts';
import { sourceLane } from '../lanes.ts';
import { wakeExports, wakeMapping } from '../plan/wake.ts';
import { step } from '../step.ts';
import { leaveCompany } from './company.ts';
import { type By, type Decided, type Declined, decided, declined, gone, type Person } from './person.ts';

/** Answers what the plan could not know; every document that waits for one of these rows is released. */
export async function answer(
  engine: Engine,
  { tenant, user, reviewId, answers }: By & { reviewId: string; answers: readonly NewRow[] },
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
  { tenant, user, mapping }: By & { mapping: NewRow },
): Promise<Decided> {
  return step(engine, tenant, async (tx): Promise<Decided> => {
    if (!mayHandle(user, 'accountant'))
      return declined(403, 'You may not change mappings', 'This needs the role accountant.');
    const problem = await firstProblem(engine, tx, tenant, [mapping]);
    return problem ?? saveMappings(engine, tx, tenant, user, [mapping]);
  });
}

/** What the connection file says of a project: to which ERP company it belongs. */
export function sayCompany(
  engine: Engine,
  { tenant, by, projectId, company }: { tenant: string; by: string; projectId: string; company: string },
): Promise<Decided> {
  const row = {
    kind: 'company',
    scope: '',
    key: projectId,
    value: { kind: 'company', code: company },
  } as const;
  return step(engine, tenant, async (tx) => {
    const problem = await firstProblem(engine, tx, tenant, [row]);
    return problem ?? saveMappings(engine, tx, tenant, { email: by }, [row]);
  });
}

type NewRow = Omit<MappingRow, 'version' | 'setBy'>;

/** What is a row of one record, wherever it was asked for: it is kept under no scope. */
const OF_ONE_RECORD: ReadonlySet<MappingKind> = new Set(['company', 'project', 'customer']);

async function saveMappings(
  engine: Engine,
  tx: Tx,
  tenant: string,
  user: Pick<Person, 'email'>,
  rows: readonly NewRow[],
): Promise<Decided> {
  const entries = [];
  for (const row of rows) {
    const scope = await scopeOf(engine, tenant, row);
    const saved = await storeMapping(tx, { ...row, scope, setBy: user.email });
    if (saved === null) continue;
    await wakeMapping(engine, tx, tenant, row.kind, row.key);
    // Whoever still waits for it is planned again now and asks again.
    await expireSubject(tx, 'unmapped', `mapping:${row.kind}:${row.key}`);
    if (row.kind === 'company') await wakeExports(engine, tx, tenant, row.key);
    if (row.kind === 'vendor')
      await wakeLane(tx, sourceLane(await engine.systems.hubOf(tenant), 'vendor', row.key));
    entries.push({
      kind: 'mapping-set',
      actor: user.email,
      at: engine.clock.now(),
      body: {
        mapping: row.kind,
        scope,
        key: row.key,
        code: row.value.code,
        version: String(saved.version),
      },
    });
  }
  await appendAudit(tx, entries);
  return { ok: true };
}

/** Rows of the home company are kept under no scope, by whichever name they were set. */
async function scopeOf(engine: Engine, tenant: string, { kind, scope }: NewRow): Promise<string> {
  const home = await engine.systems.homeOf(tenant);
  return OF_ONE_RECORD.has(kind) || scope === home.id ? '' : scope;
}

async function firstProblem(
  engine: Engine,
  tx: Tx,
  tenant: string,
  rows: readonly NewRow[],
): Promise<Declined | null> {
  for (const row of rows) {
    const problem =
      row.kind === 'company'
        ? await leaveCompany(engine, tx, tenant, row.key, row.value.code)
        : await whyNotAllowed(engine, tx, tenant, row);
    if (problem !== null) return problem;
  }
  return null;
}

/** A code that the ERP does not have, or does not post to, is refused before it can stop documents. */
async function whyNotAllowed(engine: Engine, tx: Tx, tenant: string, row: NewRow): Promise<Declined | null> {
  const { kind, value } = row;
  const erp = await companyOf(engine, tx, tenant, row);
  if (erp === null)
    return declined(
      409,
      'The project has no ERP company yet',
      'Say first to which ERP company the project belongs: its codes are those of that company.',
    );
  if (value.kind === 'item') return null;
  const object = value.kind === 'account' ? 'account' : kind;
  const record = await findRecord(tx, { connection: erp.id, object, nativeId: value.code });
  if (record === null || record.gone)
    return declined(
      422,
      'Unknown code',
      `${erp.name} has no ${object} "${value.code}". Choose one from the list.`,
    );
  if (record.body.object === 'account' && !record.body.postable)
    return declined(
      422,
      'Not postable',
      `Account ${value.code} is a title or locked account: nothing can be posted to it.`,
    );
  return null;
}

/** The ERP company whose codes a row chooses among; null where it is one of a project of which nobody has said it. */
async function companyOf(
  engine: Engine,
  tx: Tx,
  tenant: string,
  { kind, scope, key }: NewRow,
): Promise<OpenConnection | null> {
  const erps = await engine.systems.erpsOf(tenant);
  if (kind === 'project') return erpOf(engine, tx, tenant, key);
  if (kind === 'customer') return erpOf(engine, tx, tenant, await projectOfContract(engine, tx, tenant, key));
  if (scope === '') return erps[0];
  return erps.find(({ id }) => id === scope) ?? erpOf(engine, tx, tenant, scope);
}

async function projectOfContract(engine: Engine, tx: Tx, tenant: string, id: string): Promise<string> {
  const hub = await engine.systems.hubOf(tenant);
  const key = { connection: hub.id, object: 'prime-contract', nativeId: id };
  return (await findRecord<PrimeContractRecord>(tx, key))?.body.projectId ?? '';
}
