import type { NotServed, Unreadable } from '../../domain/posting/outcomes.ts';
import { takeSignals } from '../../store/intake/signal.ts';
import type { RecordKey } from '../../store/records/record.ts';
import { getItem, newestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { closeOlderItems } from '../post/confirm.ts';
import { step } from '../step.ts';
import { decline } from './decline.ts';

/**
 * Something of a project that the connection does not serve: a hint of it is no news, because a company has other
 * projects than ours. Who exports from one, or asks for something in it, waits for an answer and is given it. The same
 * holds of what was sent in a form that nobody can read.
 */
export async function leaveUnserved(
  engine: Engine,
  at: OpenConnection,
  { object, nativeId }: Pick<RecordKey, 'object' | 'nativeId'>,
  { message, remedy }: NotServed | Unreadable,
): Promise<void> {
  await step(engine, at.tenant, async (tx) => {
    await takeSignals(tx, at.id, object, nativeId);
    // What a request asks besides an export is worked under its own key.
    const item = (await newestItem(tx, at.id, object, nativeId)) ?? (await getItem(tx, at.id, nativeId));
    if (item === null || (item.state !== 'received' && item.state !== 'working')) return;
    await closeOlderItems(engine, tx, at, item);
    await decline(engine, tx, at, item, `The ${message}. ${remedy}`);
  });
}
