import { Stop } from '../../domain/posting/outcomes.ts';
import type { Read } from '../../domain/posting/writes.ts';
import { amountText } from '../commitments/commitments.ts';
import type { ProcoreConfig } from '../config.ts';
import { readList } from '../http/paging.ts';
import { parsed } from '../wire.ts';
import { modificationRow } from './budget-wire.ts';

/** What somebody moved from one budget line to another, in a company without budget changes. */
export type Modification = {
  readonly id: string;
  readonly name: string;
  readonly from: string | null;
  readonly to: string;
  readonly amount: string;
};

/** None where Procore does not show them: a company that began with budget changes may not have the route. */
export async function modificationsOf(
  read: Read,
  projectId: string,
  { pageSize, currency }: ProcoreConfig,
): Promise<readonly Modification[]> {
  const path = `/rest/v1.0/projects/${encodeURIComponent(projectId)}/budget_modifications`;
  const rows = await readList(read, { path, query: {}, pageSize }).catch((error: unknown) => {
    if (error instanceof Stop && error.kind === 'unauthorised') return [];
    throw error;
  });
  return rows.map((value) => {
    const row = parsed(modificationRow, value, 'a budget modification');
    return {
      id: `modification-${row.id}`,
      name: `Budget modification ${row.id}`,
      from: row.from_budget_line_item_id,
      to: row.to_budget_line_item_id,
      amount: amountText(row.transfer_amount, currency, `amount of budget modification ${row.id}`),
    };
  });
}
