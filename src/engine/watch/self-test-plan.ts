import type { Connection } from '../../connectors/connector.ts';
import type { PurchaseOrderBody } from '../../domain/documents.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import { testOrder } from '../../domain/self-test.ts';
import { calendarDate, isWithin, utcDate } from '../../domain/values/calendar-date.ts';
import { bindFingerprint, connectionPhase } from '../../store/settings/connection.ts';
import { openPeriod, testMasters } from '../../store/settings/self-test.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';

/** How often the test order is sent, and so how many may have to be taken back. */
export const SENDS = 3;

export type SelfTestPlan = {
  readonly id: string;
  readonly at: OpenConnection;
  readonly fingerprint: string;
  readonly order: PurchaseOrderBody;
  readonly takeBack: NonNullable<Connection['selfTest']>['takeBack'];
  /** One reference for each take-back: in some ERPs it is a document of its own. */
  readonly takeBackReferences: readonly string[];
};

/** Masters of the company to use instead of the first ones. */
export type TestMasters = {
  readonly vendor?: string | undefined;
  readonly project?: string | undefined;
  readonly account?: string | undefined;
};

/** What a self-test of an ERP company would send; throws a Stop that says why there can be none. Reads only. */
export async function planSelfTest(
  engine: Engine,
  at: OpenConnection,
  wish: TestMasters = {},
): Promise<SelfTestPlan> {
  const { tenant } = at;
  const { selfTest } = at.connection;
  if (selfTest === undefined)
    throw cannot(at, 'offers no way to take a test document back', 'Look-ups stay on the careful side.');
  const fingerprint = await at.connection.fingerprint();
  const currency = await selfTest.currency();
  const today = utcDate(engine.clock.now());
  const { isBound, phase, masters, period } = await step(engine, tenant, async (tx) => ({
    isBound: await bindFingerprint(tx, at.id, fingerprint),
    phase: await connectionPhase(tx, at.id),
    masters: await testMasters(tx, at.id),
    period: await openPeriod(tx, at.id, today),
  }));
  if (!isBound)
    throw cannot(at, `answers as ${fingerprint}, another company`, 'Connect the right company first.');
  if (phase === 'read-only')
    throw cannot(at, 'is read-only', 'In this phase nothing is written: raise it for a sandbox company.');
  const vendorCode = wish.vendor ?? masters.vendor;
  const projectCode = wish.project ?? masters.project;
  const accountCode = wish.account ?? masters.account;
  if (vendorCode === null || projectCode === null || accountCode === null || period === null)
    throw cannot(
      at,
      'has no active vendor, active project, postable account or open period that was read',
      'Run `tiebeam sync` once, which reads them.',
    );
  const id = engine.newId();
  const referenceOf = (part: string) =>
    postingReference(at.code, {
      tenant,
      connection: at.id,
      sourceObject: 'self-test',
      sourceId: id,
      kind: 'purchase-order',
      part,
      revision: 1,
    });
  const isToday = isWithin(today, calendarDate(period.from), calendarDate(period.to));
  const order = testOrder({
    reference: referenceOf(''),
    vendorCode,
    projectCode,
    accountCode,
    currency,
    date: isToday ? today : calendarDate(period.from),
  });
  const [objection] = at.connection.preflight({ kind: 'create-order', body: order });
  if (objection !== undefined)
    throw cannot(at, `would refuse it: ${objection.message}`, 'Name another vendor, project or account.');
  return {
    id,
    at,
    fingerprint,
    order,
    takeBack: selfTest.takeBack,
    takeBackReferences: Array.from({ length: SENDS }, (_, index) => referenceOf(`take-back-${index + 1}`)),
  };
}

function cannot(at: OpenConnection, why: string, remedy: string): Stop {
  return new Stop('conflict', at.system, `No self-test: ${at.name} ${why}.`, { remedy });
}
