import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import { defaultPolicy, type GateVerdict } from '../../domain/approval/gate.ts';
import type { Operation } from '../../domain/documents.ts';
import type { Phase } from '../../domain/states.ts';
import { currentEpoch, raiseEpoch } from '../../store/database/installation.ts';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { postingsOf } from '../../store/documents/posting.ts';
import { allowJobCosts } from '../../store/records/job-cost.ts';
import { setConnectionPhase, setProjectPhase } from '../../store/settings/connection.ts';
import { setPolicy } from '../../store/settings/policy.ts';
import type { Engine } from '../engine.ts';
import { mayIntend, mayRelease } from './may-intend.ts';

let db: TestDatabase;
let engine: Engine;
beforeAll(async () => {
  db = await createTestDatabase();
  engine = await setUpQuietTenant(db);
});
afterAll(() => db?.drop());

const inAcme = <T>(work: (tx: Tx) => Promise<T>) => inTenant(db.pools.app, 'acme', work);
const setPhase = (phase: Phase) => inAcme((tx) => setConnectionPhase(tx, 'll', phase));

/** A document with one write that was never sent. */
async function addDocument(wish: {
  kind: string;
  object: string;
  operation: string;
  state: string;
  gate?: GateVerdict;
}) {
  const id = engine.newId();
  await inAcme(async (tx) => {
    await tx.query(
      `insert into document (tenant, id, source_connection, source_object, source_id, target_connection, kind, revision, root,
         state, number, title, record_version, record_hash, operation, gate)
       values ('acme', $1, $2, $3, $4, 'll', $5, 1, 'r', $6, 'SC-1', 'Steel', 1, 'h', $7, $8)`,
      [
        id,
        wish.kind === 'target-setup' ? 'll' : 'procore',
        wish.object,
        wish.kind === 'target-setup' ? 'll' : id,
        wish.kind,
        wish.state,
        JSON.stringify({ kind: wish.operation }),
        wish.gate === undefined ? null : JSON.stringify(wish.gate),
      ],
    );
    await tx.query(
      `insert into posting (tenant, id, document, connection, root, operation, write_name, write_kind, object, reference, target_hash)
       values ('acme', gen_random_uuid(), $1, 'll', 'r', $2, 'submit', 'set', 'order', $3, 'h')`,
      [id, JSON.stringify({ kind: wish.operation }), id],
    );
  });
  return id;
}

async function ask(document: string) {
  const at = await engine.systems.get('acme', 'll');
  return inAcme(async (tx) => mayIntend(engine, tx, at, (await postingsOf(tx, document))[0]!));
}

async function standing(document: string) {
  return inAcme(async (tx) => {
    const { rows } = await tx.query<{ state: string }>('select state from document where id = $1', [
      document,
    ]);
    const lanes = await tx.query<{ id: string }>('select id from lane order by id');
    return {
      document: rows[0]!.state,
      write: (await postingsOf(tx, document))[0]!.state,
      lanes: lanes.rows.map(({ id }) => id),
    };
  });
}

const order = { kind: 'purchase-order', object: 'commitment', operation: 'create-order' };

describe('while the phase is read-only', () => {
  it('a later write of a document that is on its way waits where it is: some of it may stand already', async () => {
    await setPhase('read-only');
    const id = await addDocument({ ...order, state: 'posting' });
    expect(await ask(id)).toEqual({ ok: false, afterMs: 60_000 });
    expect(await standing(id)).toEqual({ document: 'posting', write: 'ready', lanes: [] });
    await setPhase('one-way');
    expect(await ask(id)).toEqual({ ok: true });
  });

  it('an order of which nothing was sent goes back to its plan, and its plan is woken', async () => {
    await setPhase('read-only');
    const id = await addDocument({ ...order, state: 'ready' });
    expect(await ask(id)).toEqual({ ok: false, afterMs: null });
    expect(await standing(id)).toEqual({
      document: 'planned',
      write: 'cancelled',
      lanes: [`procore|commitment|${id}`],
    });
  });

  it('a set-up of the ERP goes back to its plan as well, and has a lane that plans it', async () => {
    const setUp = { kind: 'target-setup', object: 'connection', operation: 'prepare-target' };
    const id = await addDocument({ ...setUp, state: 'ready' });
    expect(await ask(id)).toEqual({ ok: false, afterMs: null });
    expect(await standing(id)).toMatchObject({
      document: 'planned',
      lanes: expect.arrayContaining(['ll|connection|ll']),
    });
  });
});

describe('an order that may go by itself', () => {
  const addAuto = (policyVersion?: number) =>
    addDocument({
      ...order,
      state: 'ready',
      gate: { verdict: 'auto', rule: 'below', ...(policyVersion === undefined ? {} : { policyVersion }) },
    });

  it('goes by the policy of this moment: under a newer one it is planned again', async () => {
    await setPhase('one-way');
    expect(await ask(await addAuto(defaultPolicy.version))).toEqual({ ok: true });
    const old = await addAuto(defaultPolicy.version);
    const version = await inAcme((tx) => setPolicy(tx, { approvals: [] }, 'test'));
    expect(await ask(old)).toEqual({ ok: false, afterMs: null });
    expect(await standing(old)).toMatchObject({
      document: 'planned',
      write: 'cancelled',
      lanes: expect.arrayContaining([`procore|commitment|${old}`]),
    });
    expect(await ask(await addAuto(version))).toEqual({ ok: true });
  });

  it('is not held by a policy when none was asked about it', async () => {
    await inAcme((tx) => setPolicy(tx, { approvals: [] }, 'test'));
    expect(await ask(await addAuto())).toEqual({ ok: true });
  });
});

describe('an order that may go because of how little went that day', () => {
  const bySum: GateVerdict = { verdict: 'auto', rule: 'below', bySum: true };
  const add = (state: string) => addDocument({ ...order, state, gate: bySum });
  const raise = () => inAcme(async (tx) => raiseEpoch(tx, await currentEpoch(tx)));
  const restoredAt = async (when: string) => {
    const owner = new pg.Client({ connectionString: db.ownerUrl });
    await owner.connect();
    await owner.query(`update installation set raised_at = ${when}`);
    await owner.end();
  };
  const sentOnce = (id: string, more: string) =>
    inAcme((tx) => tx.query(`update posting set attempt = 1, ${more} where document = $1`, [id]));

  it('is planned again on the day of a restore, when the look has found nothing of it', async () => {
    await setPhase('one-way');
    expect(await ask(await add('ready'))).toEqual({ ok: true });
    await raise();
    const id = await add('ready');
    expect(await ask(id)).toEqual({ ok: false, afterMs: null });
    expect(await standing(id)).toMatchObject({ document: 'planned', write: 'cancelled' });
    const free = await addDocument({
      ...order,
      state: 'ready',
      gate: { verdict: 'auto', rule: 'no amount' },
    });
    expect(await ask(free)).toEqual({ ok: true });
  });

  it('goes again from the next day on, unless it was planned before the restore', async () => {
    const early = await add('ready');
    await restoredAt("now() - interval '1 day'");
    expect(await ask(await add('ready'))).toEqual({ ok: true });
    await inAcme((tx) =>
      tx.query("update document set updated_at = now() - interval '2 days' where id = $1", [early]),
    );
    expect(await ask(early)).toEqual({ ok: false, afterMs: null });
  });

  it('is planned again even where it was sent before the restore and came to nothing, and not while that is open', async () => {
    await restoredAt('now()');
    const nothing = await add('posting');
    await sentOnce(nothing, "state = 'intended'");
    expect(await ask(nothing)).toEqual({ ok: false, afterMs: null });
    expect(await standing(nothing)).toMatchObject({ document: 'planned', write: 'cancelled' });
    const partly = await add('posting');
    await sentOnce(partly, "state = 'intended', open_intent = true");
    expect(await ask(partly)).toEqual({ ok: true });
    await restoredAt('null');
  });
});

describe('between its intent and the wire', () => {
  const closing = { requestDetailId: '7', itemId: '8', status: 'success', messages: [] } as const;
  const release = (document: string | null, operation: Operation = { kind: 'close-request', closing }) =>
    inAcme(async (tx) =>
      mayRelease(engine, tx, await engine.systems.get('acme', 'll'), { document, operation }),
    );

  it('a write stops when its ERP was set to read-only, and leaves when it is not', async () => {
    await setPhase('one-way');
    await release(null);
    await setPhase('read-only');
    await expect(release(null)).rejects.toMatchObject({ kind: 'retry-later' });
    await setPhase('one-way');
  });

  it('posted cost goes by its own switch in the hub only: no phase of the ERP lets it into the ERP', async () => {
    const sheet = { projectId: '1', jobOriginId: 'J', lines: [] };
    await setPhase('one-way');
    await inAcme((tx) => allowJobCosts(tx, 'll', true));
    await expect(release(null, { kind: 'show-job-costs', sheet })).rejects.toMatchObject({
      kind: 'retry-later',
    });
  });

  it('posted cost leaves for the hub while every phase is read-only, as long as it is allowed, and takes nothing along', async () => {
    const sheet = { projectId: '1', jobOriginId: 'J', lines: [] };
    const leave = (operation: Operation) =>
      inAcme(async (tx) =>
        mayRelease(engine, tx, await engine.systems.get('acme', 'procore'), { document: null, operation }),
      );
    await setPhase('read-only');
    await inAcme((tx) => allowJobCosts(tx, 'procore', true));
    await leave({ kind: 'show-job-costs', sheet });
    await expect(leave({ kind: 'close-request', closing })).rejects.toMatchObject({ kind: 'retry-later' });
    await inAcme((tx) => allowJobCosts(tx, 'procore', false));
    await expect(leave({ kind: 'show-job-costs', sheet })).rejects.toMatchObject({ kind: 'retry-later' });
    await setPhase('one-way');
    await expect(leave({ kind: 'show-job-costs', sheet })).rejects.toMatchObject({ kind: 'retry-later' });
  });

  it('a write of a project that was set to read-only stops, and others leave', async () => {
    const [held, other] = [
      await addDocument({ ...order, state: 'posting' }),
      await addDocument({ ...order, state: 'posting' }),
    ];
    await inAcme((tx) => tx.query(`update document set project_id = 'held' where id = $1`, [held]));
    await inAcme((tx) => setProjectPhase(tx, 'll', 'held', 'read-only'));
    await expect(release(held)).rejects.toMatchObject({ kind: 'retry-later' });
    await release(other);
  });
});
