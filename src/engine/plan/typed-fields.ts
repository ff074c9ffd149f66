import { fieldErrors, heldFields, withFields } from '../../domain/planning/document-fields.ts';
import type { ExportOrder } from '../../domain/planning/plan-input.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { StoredRequestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { failRequest } from '../post/confirm.ts';

/** What the approver typed at an export, its fields by those of the ERP that hold them. */
export function exportOf(erp: OpenConnection, item: StoredRequestItem): ExportOrder {
  const { erpCode, accountingDate } = item;
  const { fields, errors } = typedInto(erp, item);
  // The sender was told of what does not fit.
  const refused = new Set(errors.map(({ field }) => field));
  const fitting = Object.entries(fields).filter(([name]) => !refused.has(`fields.${name}`));
  return { erpCode, accountingDate, ...withFields(Object.fromEntries(fitting)) };
}

/** What no field of the ERP can hold is answered at once: only another export can bring another value. */
export async function refusesTyped(
  engine: Engine,
  tx: Tx,
  {
    at,
    erp,
    item,
  }: { readonly at: OpenConnection; readonly erp: OpenConnection; readonly item: StoredRequestItem | null },
): Promise<boolean> {
  if (item === null || (item.state !== 'received' && item.state !== 'working')) return false;
  const { errors } = typedInto(erp, item);
  if (errors.length === 0) return false;
  await failRequest(
    engine,
    tx,
    at,
    item,
    errors.map(({ message }) => message),
  );
  return true;
}

function typedInto({ connection }: OpenConnection, { object, typed }: StoredRequestItem) {
  const known = connection.documentFields ?? [];
  const fields = heldFields(known, object, typed);
  return { fields, errors: fieldErrors(known, fields) };
}
