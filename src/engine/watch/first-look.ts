import { mayHandle } from '../../domain/approval/may-decide.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Phase } from '../../domain/states.ts';
import { bindFingerprint, setLookedThrough, sweepSettings } from '../../store/settings/connection.ts';
import { latestSelfTest } from '../../store/settings/self-test.ts';
import { type By, type Decided, type Declined, declined } from '../decisions/person.ts';
import { setPhase } from '../decisions/set-phase.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';
import { BEGINNING, sweepReferences } from './reference-sweep.ts';

type Wish = By & { readonly connectionId: string; readonly phase: Phase; readonly projectId?: string };

/**
 * Raises a phase only after everything under our prefix was looked through once. A document that stands there
 * and is not known here was posted by another installation, or by this one before its database was lost: posting
 * on would make a second one of each.
 */
export async function goLive(engine: Engine, wish: Wish): Promise<Decided> {
  const { tenant, user, connectionId, phase, projectId } = wish;
  const raises = phase !== 'read-only' && projectId === undefined;
  if (raises && (mayHandle(user, 'engineer') || mayHandle(user, 'controller'))) {
    const objection = await objectionTo(engine, tenant, connectionId);
    if (objection !== null) return objection;
  }
  return setPhase(engine, wish);
}

async function objectionTo(engine: Engine, tenant: string, id: string): Promise<Declined | null> {
  // A connection that does not exist is for the decision itself to answer.
  const at = await engine.systems.get(tenant, id).catch(() => null);
  if (at?.connection.list === undefined) return null;
  const { lookedThrough } = await step(engine, tenant, (tx) => sweepSettings(tx, id));
  if (lookedThrough) return null;
  try {
    return await lookThrough(engine, at);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return declined(409, 'Could not be looked through', `${error.message} ${error.remedy ?? ''}`.trim());
  }
}

async function lookThrough(engine: Engine, at: OpenConnection): Promise<Declined | null> {
  const fingerprint = await at.connection.fingerprint();
  if (!(await step(engine, at.tenant, (tx) => bindFingerprint(tx, at.id, fingerprint))))
    return declined(
      409,
      'Another company',
      `${at.name} now answers as ${fingerprint}, which is not the company that was bound.`,
    );
  if (await isStillBlind(engine, at))
    return declined(
      409,
      'The probe is blind',
      `The last self-test could not read back what it created in ${at.name}, and it cannot be read now. Give its user the right to read purchase orders.`,
    );
  const { findings, stopped } = await sweepReferences(engine, at, null);
  if (stopped)
    return declined(409, 'Documents vanished', `Too much of what was posted is missing in ${at.name}.`);
  const foreign = findings.filter(({ kind }) => kind === 'orphan');
  if (foreign.length > 0) {
    const some = foreign
      .slice(0, 3)
      .map(({ targets, reference }) => `${targets[0]?.number} (${reference})`)
      .join(', ');
    return declined(
      409,
      'Foreign documents stand there',
      `${foreign.length} documents in ${at.name} carry references of this connection but are not known here, such as ${some}. Restore the database that posted them, or connect the company under another code.`,
    );
  }
  await step(engine, at.tenant, (tx) => setLookedThrough(tx, at.id, true));
  return null;
}

/** Once a test document could not be found again, it has to be seen before anything else is posted. */
async function isStillBlind(engine: Engine, at: OpenConnection): Promise<boolean> {
  const tested = await step(engine, at.tenant, (tx) => latestSelfTest(tx, at.id));
  const [reference] = tested?.references ?? [];
  if (reference === undefined || tested?.seen['purchase-order']?.readable !== false) return false;
  for await (const _ of at.connection.list?.(reference, BEGINNING) ?? []) return false;
  return true;
}
