import { unpaidApplications } from '../../store/documents/held-invoice.ts';
import { moveCursor, readCursor } from '../../store/work/cursor.ts';
import { wakeLanes } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sourceLane } from '../lanes.ts';
import { step } from '../step.ts';

// Each costs up to six calls: a round costs sixty at most, however many invoices wait to be paid.
const APPLICATIONS_IN_A_ROUND = 10;
const CURSOR = 'payment-holds';

/**
 * What holds the payment of a posted invoice is told by no event, but for insurances: the applications whose invoices
 * are not paid are looked at in turns.
 */
export async function sweepPaymentHolds(engine: Engine, at: OpenConnection): Promise<{ afterMs: number }> {
  const erps = (await engine.systems.erpsOf(at.tenant)).map(({ id }) => id);
  const isRoundOver = await step(engine, at.tenant, async (tx) => {
    const after = (await readCursor(tx, at.id, CURSOR)) ?? '';
    const ids = await unpaidApplications(tx, erps, after, APPLICATIONS_IN_A_ROUND);
    await wakeLanes(
      tx,
      ids.map((id) => sourceLane(at, 'payment-readiness', id)),
    );
    const isOver = ids.length < APPLICATIONS_IN_A_ROUND;
    await moveCursor(tx, at.id, CURSOR, isOver ? '' : ids.at(-1)!);
    return isOver;
  });
  return { afterMs: isRoundOver ? engine.pace.pullEveryMs : engine.pace.sweepEveryMs };
}
