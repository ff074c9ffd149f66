import { composeLetter, orderTitle } from '../../domain/mail.ts';
import type { Mail } from '../../lib/mail.ts';
import {
  type DueMail,
  dropAnswered,
  dueMails,
  mailIsOver,
  ordersToTell,
  putMailOff,
  queueOrder,
  queueQuestions,
} from '../../store/people/mail.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';

/**
 * Tells people by mail what they chose to hear of. What is told is derived from what is committed and from nothing that a
 * posting does: it can be late, and it can come twice under one id, but it keeps no document waiting.
 */
export async function sendMails(engine: Engine, at: OpenConnection): Promise<{ afterMs: number | null }> {
  const { mail, pace } = engine;
  if (mail === undefined) return { afterMs: null };
  await step(engine, at.tenant, async (tx) => {
    await queueQuestions(tx);
    for (const order of await ordersToTell(tx)) await queueOrder(tx, order, orderTitle(order));
    await dropAnswered(tx);
  });
  const due = await step(engine, at.tenant, (tx) => dueMails(tx, () => `<${engine.newId()}@${mail.domain}>`));
  for (const each of due) await sendOne(engine, at.tenant, mail, each);
  return { afterMs: pace.sweepEveryMs };
}

async function sendOne(
  engine: Engine,
  tenant: string,
  mail: Mail,
  { messageId, to, items }: DueMail,
): Promise<void> {
  try {
    await mail.send({ ...composeLetter(items, mail.address), to, messageId });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    engine.log.warn({ tenant, messageId, err: error }, 'a mail could not be sent');
    return step(engine, tenant, (tx) => putMailOff(tx, messageId, why));
  }
  await step(engine, tenant, (tx) => mailIsOver(tx, messageId));
}
