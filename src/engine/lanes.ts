import type { LaneKey } from '../store/work/lane.ts';
import type { OpenConnection } from './engine.ts';

/** Lane of a source record: intake to gate run in it, one at a time per record. */
export function sourceLane(
  at: Pick<OpenConnection, 'id' | 'account'>,
  object: string,
  nativeId: string,
): LaneKey {
  return { stage: 'source', id: `${at.id}|${object}|${nativeId}`, account: at.account };
}

/** In place of a request: the look at orders of the ERP that nobody asked for, because something came that some lack. */
export const WAITING_ORDERS = 'waiting-orders';

/** Lane of a root at a target: a contract's own documents never overtake each other, contracts run in parallel. */
export function postLane(at: Pick<OpenConnection, 'id' | 'account'>, root: string): LaneKey {
  return { stage: 'post', id: `${at.id}|${root}`, account: at.account };
}

/** The root of a commitment and of everything that follows it: its changes, invoices and payments. */
export function commitmentRoot(commitmentId: string): string {
  return `commitment:${commitmentId}`;
}

/** The root of a prime contract and of the invoices to its owner. */
export function primeContractRoot(contractId: string): string {
  return `prime-contract:${contractId}`;
}

export function primeContractOfRoot(root: string): string {
  return root.slice(primeContractRoot('').length);
}

export function commitmentOfRoot(root: string): string {
  return root.slice(commitmentRoot('').length);
}

/** Lane of a regular look at one list of a connection. */
export function sweepLane(at: Pick<OpenConnection, 'id' | 'account'>, list: string): LaneKey {
  return { stage: 'sweep', id: `${at.id}|${list}`, account: at.account };
}

export function laneParts(id: string): { readonly connection: string; readonly rest: readonly string[] } {
  const [connection = '', ...rest] = id.split('|');
  return { connection, rest };
}
