import { Stop } from '../../domain/posting/outcomes.ts';
import { type ErpEvent, type EventAct, erpEvent } from '../../procore/erp-tool/erp-events.ts';
import { getItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';
import { describe } from './describe.ts';
import { forget } from './forget.ts';
import { refresh } from './refresh.ts';
import { removeAssignment } from './remove-assignment.ts';
import { removed } from './removed.ts';
import { periodic, toldOfIds } from './told.ts';
import { unlink } from './unlink.ts';

/** One item of a request, with the connection that asks and how its event is read. */
export type Work = {
  readonly engine: Engine;
  readonly at: OpenConnection;
  readonly item: StoredRequestItem;
  readonly event: ErpEvent;
};

const WORK: Readonly<Record<Exclude<EventAct, 'export'>, (work: Work) => Promise<void>>> = {
  refresh,
  unlink,
  forget,
  linked: toldOfIds,
  unlinked: toldOfIds,
  merged: toldOfIds,
  removed: (work) => (work.event.object === 'cost-assignment' ? removeAssignment(work) : removed(work)),
  periodic,
  describe,
};

/** Works what a request asks besides carrying a record. It may be worked again: what is answered stays answered. */
export async function workItem(engine: Engine, at: OpenConnection, key: string): Promise<void> {
  const item = await step(engine, at.tenant, (tx) => getItem(tx, at.id, key));
  if (item === null || (item.state !== 'received' && item.state !== 'working')) return;
  const event = erpEvent(item.event);
  if (event === null || event.act === 'export')
    throw new Stop('bug', 'tiebeam', `the event ${item.event} has no lane of its own`);
  await WORK[event.act]({ engine, at, item, event });
  engine.failPoint('after-plan');
}
