import type { DirectCostRecord } from '../../domain/records.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { takeSignals } from '../../store/intake/signal.ts';
import { findRecord } from '../../store/records/record.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { askAboutBill } from '../plan/ask-bill.ts';
import { type NumbersInErp, numbersInErp } from '../plan/numbers-in-erp.ts';
import { planDirectCostInvoice } from '../plan/plan-direct-cost.ts';
import { vendorIn } from '../plan/source-facts.ts';
import { hubOf, missingSubject, notThere } from '../plan/visibility.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { readFiles } from './read-files.ts';

/** Works one direct cost of the company: what its newest export says, its file, its number in the ERP, its plan. */
export async function resolveDirectCost(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const hub = hubOf(at);
  const key = { connection: at.id, object: 'company-direct-cost', nativeId: id };
  const item = await step(engine, lane.tenant, (tx) => newestItem(tx, at.id, key.object, id));
  if (item === null) return;
  const ref = { id, requestId: item.requestId };
  const pulled = await hub.fetchDirectCost(ref);
  engine.failPoint('after-fetch');
  if (pulled === null) return notThere(engine, lane, at, key.object, id);
  const known = await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, key.object, id);
    await keepRecord(tx, at.id, pulled);
    await expireSubject(tx, 'quarantined', missingSubject(key));
    return findRecord<DirectCostRecord>(tx, key);
  });
  if (known === null) return;
  await readFiles(engine, lane, known, (file) => hub.fetchDirectCostFile(ref, file));
  const numbers = await lookAtNumber(engine, at, known.body);
  await step(engine, lane.tenant, async (tx) => {
    await planDirectCostInvoice(engine, tx, at, ref, numbers);
    await askAboutBill(engine, tx, at, id);
  });
  engine.failPoint('after-plan');
}

async function lookAtNumber(
  engine: Engine,
  at: OpenConnection,
  { vendorId, invoiceNumber, lines }: DirectCostRecord,
): Promise<NumbersInErp> {
  const erp = await findErp(engine, at.tenant, lines[0]?.projectId ?? null);
  const { code } = await step(engine, at.tenant, (tx) => vendorIn(tx, at, erp, vendorId));
  const number = invoiceNumber?.trim() ?? '';
  const { invoicesNumbered, creditsNumbered } = erp.connection;
  const look = async (vendorCode: string, one: string) => [
    ...((await invoicesNumbered?.(vendorCode, one)) ?? []),
    ...((await creditsNumbered?.(vendorCode, one)) ?? []),
  ];
  return numbersInErp(
    erp,
    number === '' ? [] : [number],
    code === null ? undefined : (one) => look(code, one),
  );
}
