import type { Opening } from '../../domain/billing/opening.ts';
import type { AcceptedOrder } from '../../domain/orders/adopted-order.ts';
import type { Tx } from '../database/transaction.ts';

export type AdoptionKey = {
  readonly sourceConnection: string;
  readonly commitment: string;
  readonly targetConnection: string;
};

/** Whether an order that stood in the ERP already is that of a commitment, and what was accepted with it. */
export type Adoption = AdoptionKey & {
  /** `separate`: a person said that none of them is. */
  readonly state: 'proposed' | 'rejected' | 'adopted' | 'separate';
  readonly orders: readonly string[];
  readonly orderId: string | null;
  readonly accepted: AcceptedOrder | null;
  readonly opening: Opening | null;
};

type Row = Pick<Adoption, 'state' | 'orders' | 'accepted' | 'opening'> & { order_id: string | null };

export async function findAdoption(tx: Tx, key: AdoptionKey): Promise<Adoption | null> {
  const { rows } = await tx.query<Row>(
    `select state, orders, order_id, accepted, opening from adoption where tenant = current_tenant()
       and source_connection = $1 and commitment = $2 and target_connection = $3`,
    [key.sourceConnection, key.commitment, key.targetConnection],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { state, orders, order_id: orderId, accepted, opening } = row;
  return { ...key, state, orders, orderId, accepted, opening };
}

/** Notes that orders may be meant; where none is found any more, those of before. What is taken over stays so: false. */
export async function proposeAdoption(tx: Tx, key: AdoptionKey, orders: readonly string[]): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into adoption (tenant, source_connection, commitment, target_connection, state, orders)
     values (current_tenant(), $1, $2, $3, 'proposed', $4)
     on conflict (tenant, source_connection, commitment, target_connection) do update set state = 'proposed',
       orders = case when cardinality(excluded.orders) = 0 then adoption.orders else excluded.orders end, decided_by = null, updated_at = now() where adoption.state <> 'adopted'`,
    [key.sourceConnection, key.commitment, key.targetConnection, orders],
  );
  return rowCount === 1;
}

/** What was taken over, or posted, lost its link: which order it is has to be said again. Its opening billing stays. */
export async function reopenAdoption(tx: Tx, key: AdoptionKey, orders: readonly string[]): Promise<void> {
  await tx.query(
    `insert into adoption (tenant, source_connection, commitment, target_connection, state, orders)
     values (current_tenant(), $1, $2, $3, 'proposed', $4)
     on conflict (tenant, source_connection, commitment, target_connection) do update set state = 'proposed',
       orders = excluded.orders, order_id = null, accepted = null, decided_by = null, updated_at = now()`,
    [key.sourceConnection, key.commitment, key.targetConnection, orders],
  );
}

/** Commitments whose order began in the ERP. */
export async function ordersBegunInErp(
  tx: Tx,
  sourceConnection: string,
  targetConnection: string,
): Promise<string[]> {
  const { rows } = await tx.query<{ commitment: string }>(
    `select commitment from adoption where tenant = current_tenant() and source_connection = $1
       and target_connection = $2 and state = 'adopted' and accepted ->> 'begunInErp' = 'true'`,
    [sourceConnection, targetConnection],
  );
  return rows.map(({ commitment }) => commitment);
}

export type Decision =
  | { readonly state: 'rejected' | 'separate'; readonly by: string }
  | {
      readonly state: 'adopted';
      readonly by: string;
      readonly orderId: string;
      readonly accepted: AcceptedOrder;
      readonly opening: Opening | null;
    };

export async function decideAdoption(tx: Tx, key: AdoptionKey, decision: Decision): Promise<void> {
  const taken = decision.state === 'adopted' ? decision : null;
  const { rowCount } = await tx.query(
    `update adoption set state = $4, decided_by = $5, order_id = $6, accepted = $7, opening = $8, updated_at = now()
     where tenant = current_tenant() and source_connection = $1 and commitment = $2 and target_connection = $3
       and state <> 'adopted'`,
    [
      key.sourceConnection,
      key.commitment,
      key.targetConnection,
      decision.state,
      decision.by,
      taken?.orderId ?? null,
      taken === null ? null : JSON.stringify(taken.accepted),
      taken?.opening == null ? null : JSON.stringify(taken.opening),
    ],
  );
  if (rowCount !== 1) throw new Error(`the order of commitment ${key.commitment} was decided meanwhile`);
}
