import type { PointOfView } from '../../domain/point-of-view.ts';
import type { Tx } from '../database/transaction.ts';

export type StoredTenant = { readonly name: string; readonly pointOfView: PointOfView };

/** The tenant of the transaction. */
export async function presentTenant(tx: Tx): Promise<StoredTenant> {
  const { rows } = await tx.query<StoredTenant>(
    'select name, point_of_view as "pointOfView" from tenant where tenant = current_tenant()',
  );
  const [tenant] = rows;
  if (!tenant) throw new Error('The transaction is of no tenant that stands here.');
  return tenant;
}

export async function setPointOfView(tx: Tx, pointOfView: PointOfView): Promise<void> {
  await tx.query('update tenant set point_of_view = $1 where tenant = current_tenant()', [pointOfView]);
}
