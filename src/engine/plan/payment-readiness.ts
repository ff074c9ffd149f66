import type { Pulled } from '../../connectors/connector.ts';
import {
  aspectsOf,
  defaultHoldPolicy,
  type HoldFinding,
  type HoldPolicy,
  NO_HOLDS,
  paymentHolds,
} from '../../domain/payments/payment-holds.ts';
import { type PaymentReadinessRecord, withWhatWasSeen } from '../../domain/payments/payment-readiness.ts';
import type { SubInvoiceRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { findRecord } from '../../store/records/record.ts';
import { currentPolicy } from '../../store/settings/policy.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { hubOf } from './visibility.ts';

/** Reads what decides about the payment of an application, as far as the policy asks; null where it asks nothing. */
export async function readReadiness(
  engine: Engine,
  at: OpenConnection,
  invoice: SubInvoiceRecord,
): Promise<Pulled | null> {
  const policy = await step(engine, at.tenant, (tx) => holdPolicy(tx));
  const aspects = aspectsOf(policy, invoice);
  return aspects.length === 0 ? null : hubOf(at).fetchPaymentReadiness(invoice, aspects);
}

/** Keeps what was read together with what was seen before and is hidden now; true when it says something else. */
export async function keepReadiness(tx: Tx, at: OpenConnection, { record, raw }: Pulled): Promise<boolean> {
  if (record.object !== 'payment-readiness') throw new Error(`a ${record.object} tells of no payment`);
  const before = await readinessOf(tx, at, record.id);
  return (await keepRecord(tx, at.id, { record: withWhatWasSeen(record, before), raw })).changed;
}

/** What keeps the payment of an application back, by what was read last and by the policy of now. */
export async function holdsOf(tx: Tx, at: OpenConnection, invoice: SubInvoiceRecord): Promise<HoldFinding> {
  const readiness = await readinessOf(tx, at, invoice.id);
  return readiness === null ? NO_HOLDS : paymentHolds(invoice, readiness, await holdPolicy(tx));
}

async function readinessOf(tx: Tx, at: OpenConnection, id: string): Promise<PaymentReadinessRecord | null> {
  const key = { connection: at.id, object: 'payment-readiness', nativeId: id };
  return (await findRecord<PaymentReadinessRecord>(tx, key))?.body ?? null;
}

async function holdPolicy(tx: Tx): Promise<HoldPolicy> {
  return { ...defaultHoldPolicy, ...(await currentPolicy(tx)).holds };
}
