import type { ProjectRecord, VendorRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { findRecord, type StoredRecord } from '../../store/records/record.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { isWantedIn, openExport, planNewVendor, planVendorInCompany } from '../plan/plan-new-vendor.ts';
import { planVendor } from '../plan/plan-vendor.ts';
import { linkInCompany } from '../plan/vendor-in-company.ts';
import { missingSubject, notThere } from '../plan/visibility.ts';
import { step } from '../step.ts';
import { pullToEnd } from '../watch/pull.ts';

/** Works a vendor of Procore: links it to the one that it is in the ERP, and creates it there where it was exported. */
export async function resolveVendor(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  if (!(await readExported(engine, lane, at, 'vendor', id))) return;
  const key = { connection: at.id, object: 'vendor', nativeId: id };
  const [, ...others] = await engine.systems.erpsOf(lane.tenant);
  // Each is a step of its own: it locks the rows of its own documents before it joins the running plans.
  const inStep = (plan: (tx: Tx, vendor: StoredRecord<VendorRecord>) => Promise<void>) =>
    step(engine, lane.tenant, async (tx) => {
      const vendor = await findRecord<VendorRecord>(tx, key);
      if (vendor !== null) await plan(tx, vendor);
    });
  await inStep((tx, vendor) => planVendor(engine, tx, at, vendor));
  await inStep((tx, vendor) => planNewVendor(engine, tx, at, vendor));
  for (const erp of others) {
    // Before it is created there, that company says what it has now.
    const isWanted = await step(engine, lane.tenant, (tx) => isWantedIn(engine, tx, at, erp, id));
    if (isWanted) await pullToEnd(engine, erp, 'vendor');
    await inStep((tx, vendor) => linkInCompany(engine, tx, at, erp, vendor));
    await inStep((tx, vendor) => planVendorInCompany(engine, tx, at, erp, vendor));
  }
  engine.failPoint('after-plan');
}

/**
 * Before a record that somebody exported is created, both systems say what they have of its kind now, and not with the
 * next regular look. False where Procore does not show it: then its sender is told.
 */
export async function readExported(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  object: 'vendor' | 'project',
  id: string,
): Promise<boolean> {
  if ((await step(engine, lane.tenant, (tx) => openExport(tx, at, object, id))) === null) return true;
  await pullToEnd(engine, at, object);
  for (const erp of await engine.systems.erpsOf(at.tenant)) await pullToEnd(engine, erp, object);
  engine.failPoint('after-fetch');
  const key = { connection: at.id, object, nativeId: id };
  const known = await step(engine, lane.tenant, async (tx) => {
    const record = await findRecord<VendorRecord | ProjectRecord>(tx, key);
    if (record !== null) await expireSubject(tx, 'quarantined', missingSubject(key));
    return record;
  });
  if (known !== null) return true;
  await notThere(engine, lane, at, object, id);
  return false;
}
