import type { BudgetChange } from '../../domain/budget/budget-changes.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { amountText } from '../commitments/commitments.ts';
import { parsed } from '../wire.ts';
import { budgetCodes } from './budget-codes.ts';
import { type Modification, modificationsOf } from './budget-modifications.ts';
import { budgetChangeList, budgetChangePage } from './budget-wire.ts';

/** An approved one is read for its lines, a call each. */
const MOST_CHANGES = 500;

/**
 * What changes the budget of a project beside its lines, as Procore shows it now; null where it shows none of it. What
 * was moved from line to line counts until the company has budget changes, which take it over (inferred).
 */
export async function budgetChangesIn(
  reading: Reading,
  projectId: string,
): Promise<readonly BudgetChange[] | null> {
  try {
    const heads = await headsIn(reading, projectId);
    if (heads === null) return null;
    const moved = await modificationsOf(reading.client.read, projectId, reading.config);
    if (heads.length === 0 && moved.length === 0) return [];
    const codes = await budgetCodes(reading, projectId);
    const changes: BudgetChange[] = [];
    for (const head of heads) changes.push(await changeOf(reading, projectId, head, codes));
    const isTakenOver = changes.length > 0;
    return [...changes, ...(await modificationsIn(moved, codes, isTakenOver))];
  } catch (error) {
    if (error instanceof Stop && error.kind === 'unauthorised') return null;
    throw error;
  }
}

type Head = ReturnType<typeof budgetChangeList.parse>['data'][number];
type Codes = Awaited<ReturnType<typeof budgetCodes>>;

async function headsIn({ client }: Reading, projectId: string): Promise<readonly Head[] | null> {
  const found = await client.find(`/rest/v1.0/projects/${encodeURIComponent(projectId)}/budget_changes`);
  if (found === null) return null;
  const { data } = parsed(budgetChangeList, found.value, 'the budget changes of a project');
  if (data.length > MOST_CHANGES)
    throw new Stop('bug', 'Procore', `${data.length} budget changes are more than ${MOST_CHANGES}`);
  return data;
}

async function changeOf(
  { client, config }: Reading,
  projectId: string,
  head: Head,
  codes: Codes,
): Promise<BudgetChange> {
  const { id } = head;
  const path = `/rest/v1.0/projects/${encodeURIComponent(projectId)}/budget_changes/${encodeURIComponent(id)}`;
  const found = head.status === 'approved' ? await client.find(path) : null;
  if (found === null && head.status === 'approved')
    throw new Stop('retry-later', 'Procore', `budget change ${id} is listed and not shown`);
  const page = found === null ? null : parsed(budgetChangePage, found.value, `budget change ${id}`).data;
  const amount = (text: string) => amountText(text, config.currency, `an amount of budget change ${id}`);
  const { number, title, status, erp_status } = page ?? head;
  const lines: BudgetChange['lines'][number][] = [];
  for (const line of page?.adjustment_line_items ?? [])
    lines.push({ ...(await codes.ofWbs(line.wbs_code ?? null)), amount: amount(line.amount) });
  return {
    id,
    name: `Budget change ${[number ?? id, title ?? ''].join(' ').trim()}`,
    approved: page !== null && status === 'approved',
    synced: erp_status === 'synced',
    total: page === null ? null : amount(page.amount),
    lines,
  };
}

async function modificationsIn(
  moved: readonly Modification[],
  codes: Codes,
  isTakenOver: boolean,
): Promise<BudgetChange[]> {
  const changes: BudgetChange[] = [];
  for (const { id, name, from, to, amount } of moved) {
    const lines: BudgetChange['lines'][number][] = [];
    if (!isTakenOver) {
      lines.push({ ...(await codes.ofLine(to)), amount });
      if (from !== null) lines.push({ ...(await codes.ofLine(from)), amount: negated(amount) });
    }
    const standing = isTakenOver ? { approved: false, takenOver: true as const } : { approved: true };
    changes.push({ id, name, ...standing, synced: false, total: null, lines });
  }
  return changes;
}

function negated(amount: string): string {
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}
