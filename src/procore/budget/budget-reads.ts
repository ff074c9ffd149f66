import { Stop } from '../../domain/posting/outcomes.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { amountText } from '../commitments/commitments.ts';
import { costCodings } from '../costs/cost-codings.ts';
import { PROCORE } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import type { ProjectBudget } from '../hub.ts';
import { parsed } from '../wire.ts';
import { modificationsOf } from './budget-modifications.ts';
import { budgetChangeList, budgetRow, budgetView } from './budget-wire.ts';

/**
 * The budget of a project as Procore states it now. Lines are listed by no route of their own: every view of a budget has
 * them all with their original amounts, so the first one will do.
 */
export async function budgetIn(reading: Reading, projectId: string): Promise<ProjectBudget> {
  const { currency } = reading.config;
  const [lines, changes] = await Promise.all([linesIn(reading, projectId), changesIn(reading, projectId)]);
  return { currency, lines, changes };
}

async function linesIn({ client, config }: Reading, projectId: string): Promise<ProjectBudget['lines']> {
  const { pageSize } = config;
  const views = await readList(client.read, {
    path: '/rest/v1.0/budget_views',
    query: { project_id: projectId },
    pageSize,
  });
  const view = views[0];
  if (view === undefined)
    throw new Stop('unauthorised', PROCORE, `project ${projectId} shows no view of its budget`, {
      remedy: 'Give the service account the permission to read the budget of the project.',
    });
  const rows = await readList(client.read, {
    path: `/rest/v1.0/budget_views/${parsed(budgetView, view, 'a budget view').id}/detail_rows`,
    query: { project_id: projectId, budget_row_type: 'budgeted' },
    pageSize,
  });
  const { costCodes, costTypes } = await costCodings(client.read, projectId, config);
  const [codes, types] = [byId(costCodes), byId(costTypes)];
  return rows.map((row) => {
    const { cost_code_id, category_id, cost_code, ...line } = parsed(budgetRow, row, 'a row of a budget');
    const [code, type] = [codes.get(cost_code_id ?? ''), types.get(category_id ?? '')];
    const label = code === undefined || type === undefined ? (cost_code ?? 'A line without a code') : null;
    const amount = amountText(line.original_budget_amount, config.currency, 'original_budget_amount');
    return { label: label ?? `${code} ${type}`, amount };
  });
}

function byId(ids: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...ids].map(([code, id]) => [id, code]));
}

/** Approved changes only: what is not approved moves no budget. */
async function changesIn(reading: Reading, projectId: string): Promise<ProjectBudget['changes']> {
  const { client, config } = reading;
  const found = await client.find(`/rest/v1.0/projects/${encodeURIComponent(projectId)}/budget_changes`);
  if (found === null) return [];
  const { data } = parsed(budgetChangeList, found.value, 'the budget changes of a project');
  if (data.length === 0) return movedIn(reading, projectId);
  return data.flatMap(({ id, number, title, status, erp_status, amount }) => {
    if (status !== 'approved') return [];
    const text = amountText(amount, config.currency, `amount of budget change ${id}`);
    const name = `Budget change ${number ?? id}`;
    return [{ id, name, title: title ?? '', amount: text, synced: erp_status === 'synced' }];
  });
}

/** What was moved from line to line, before there were changes, adds to the budget only where it comes from no line. */
async function movedIn({ client, config }: Reading, projectId: string): Promise<ProjectBudget['changes']> {
  const rows = await modificationsOf(client.read, projectId, config);
  return rows.map(({ id, name, from, amount }) => {
    const added = from === null ? amount : amountText('0', config.currency, 'nothing');
    return { id, name, title: '', amount: added, synced: false };
  });
}
