import { codedLine, projectFor } from '../planning/plan-coding.ts';
import { type Findings, type Found, openFindings } from '../planning/plan-findings.ts';
import type { ExportOrder, OrderPlanInput } from '../planning/plan-input.ts';
import type { FieldError } from '../posting/outcomes.ts';
import type { Reason } from '../reasons.ts';
import type { CalendarDate } from '../values/calendar-date.ts';
import { formatMoney, type Money, magnitude, money, parseMoney, sum } from '../values/money.ts';
import type {
  BudgetBody,
  BudgetLine,
  BudgetMove,
  BudgetRecord,
  OwnCoding,
  StandingBudget,
} from './budget.ts';

export type BudgetPlanInput = Pick<
  OrderPlanInput,
  'mapping' | 'targetProject' | 'targetAccount' | 'frozenDate' | 'today' | 'originMayBeOurs'
> & {
  readonly record: BudgetRecord;
  /** Null once nobody asks for it any more: without an export nothing new is ever planned. */
  readonly exported: ExportOrder | null;
  /** What of it stands in the ERP, oldest first: the original estimate, then its changes. */
  readonly standing: readonly StandingBudget[];
  /** Whether the ERP keeps cost by these codes, and takes new amounts on both. */
  readonly isKept: (coding: OwnCoding) => boolean;
  readonly identity: { readonly revision: number; readonly reference: string };
  readonly preflight: (body: BudgetBody) => readonly FieldError[];
};

export type BudgetDocument = Found & {
  readonly revision: number;
  readonly body: BudgetBody | null;
  readonly amount: Money;
  /** Sum of what each line moves, so that a transfer from one line to another counts as well. */
  readonly exposure: Money;
  readonly accountingDate: CalendarDate;
  readonly conflict: false;
};

export type BudgetPlan =
  | { readonly kind: 'nothing'; readonly why: 'not-exported' | 'unchanged' }
  | { readonly kind: 'document'; readonly document: BudgetDocument };

/** Moves that stand in the ERP by our books. */
export function carriedMoves(standing: readonly StandingBudget[]): ReadonlySet<string> {
  return new Set(standing.flatMap(({ body }) => body.lines.map(({ key }) => key)));
}

/**
 * Decides which entry the moves of a budget should become in the ERP: the original estimate where none stands, else one
 * change of exactly those that do not stand yet. Pure: same input, same bytes.
 */
export function planBudget(input: BudgetPlanInput): BudgetPlan {
  const { record, exported, standing } = input;
  if (exported === null) return { kind: 'nothing', why: 'not-exported' };
  const carried = carriedMoves(standing);
  const open = record.moves.filter(({ id }) => !carried.has(id));
  if (standing.length > 0 && open.length === 0) return { kind: 'nothing', why: 'unchanged' };
  return { kind: 'document', document: documentOf(input, open) };
}

function documentOf(input: BudgetPlanInput, open: readonly BudgetMove[]): BudgetDocument {
  const { record, standing, identity, exported, frozenDate, today } = input;
  const found = openFindings();
  checkOrigin(input, open, found);
  const amounts = amountsOf(record, open, found);
  const facts = { ...input, record: { projectId: record.projectId } };
  const projectCode = projectFor(facts, found);
  const coded = open.map((move) => lineOf(input, move, found));
  const lines = coded.filter((line): line is BudgetLine => line !== null);
  const total = sum(amounts, record.currency);
  const accountingDate = exported?.accountingDate ?? frozenDate ?? today;
  const original = standing[0] ?? null;
  const isComplete = projectCode !== null && found.amountsHold() && lines.length === coded.length;
  const body: BudgetBody | null = !isComplete
    ? null
    : {
        kind: 'budget',
        purpose: original === null ? 'original' : 'change',
        ...identity,
        ...namesOf(standing),
        projectCode,
        budgetId: original?.id ?? null,
        currency: record.currency,
        accountingDate,
        lines,
        total: formatMoney(total),
        sourceUrl: record.url,
        ...(open.some(({ takesBack }) => takesBack) ? { takesBack: true } : {}),
      };
  found.targetRefuses(record.id, body === null ? [] : input.preflight(body));
  return {
    revision: identity.revision,
    body,
    amount: total,
    exposure: sum(
      amounts.map((amount) => money(magnitude(amount), record.currency)),
      record.currency,
    ),
    accountingDate,
    ...found.all(),
    conflict: false,
  };
}

/** What people call it, in the ERP and here. */
export function namesOf(standing: readonly StandingBudget[]): Pick<BudgetBody, 'number' | 'title'> {
  return standing.length === 0
    ? { number: 'Budget', title: 'Original budget' }
    : { number: `Budget change ${standing.length}`, title: 'Change of the budget' };
}

/** What the source says an ERP has, and our books do not, was carried by somebody else: it is never posted again. */
function checkOrigin(
  { record, standing, originMayBeOurs }: BudgetPlanInput,
  open: readonly BudgetMove[],
  found: Findings,
): void {
  const foreign = open.find(({ synced, originId }) => synced || originId !== null);
  const originId = foreign?.originId ?? (standing.length === 0 ? record.originId : null);
  if ((foreign === undefined && originId === null) || originMayBeOurs) return;
  found.wait('source', record.id, {
    code: 'foreign-origin',
    owner: 'engineer',
    message: `Procore says that it is synced already${originId === null ? '' : `, as "${originId}"`}, which was not posted from here.`,
    remedy:
      'Restore the database that posted it. If nothing stands in the ERP, have Procore reset the budget and export it again.',
  });
}

function amountsOf(
  { id, currency, problems }: BudgetRecord,
  open: readonly BudgetMove[],
  found: Findings,
): Money[] {
  const wrong = (code: Reason['code'], message: string) =>
    found.wait('source', id, {
      ...{ code, owner: 'project-manager', message },
      remedy: 'Correct the budget in Procore and export it again.',
    });
  if (open.length === 0) wrong('no-lines', 'The export of the budget carries no amounts.');
  for (const problem of problems) wrong('amounts-disagree', problem);
  return open.flatMap((move) => {
    try {
      return [parseMoney(move.amount, currency)];
    } catch (error) {
      wrong('amounts-disagree', `${move.label}: ${error instanceof Error ? error.message : 'no amount'}`);
      return [];
    }
  });
}

/** By the ERP's own codes where it has them, else as a line of an order with the same codes would be. */
function lineOf(input: BudgetPlanInput, move: BudgetMove, found: Findings): BudgetLine | null {
  const { record, mapping, targetAccount } = input;
  const { id, costCode, costType, own, label, amount, changeId } = move;
  if (costCode === null || costType === null) {
    found.wait('source', record.id, {
      code: 'cost-unmapped',
      owner: 'project-manager',
      field: label,
      message: `${label} bears no cost code and cost type of the project itself.`,
      remedy: 'Budget it by a cost code of the project, not of a sub job, and export it again.',
    });
    return null;
  }
  const facts = { record: { projectId: record.projectId }, mapping, targetAccount };
  const line = { id, position: 0, description: label, costCode, costType, amount };
  const isOwn = own !== null && input.isKept(own);
  const coding = isOwn
    ? own
    : codedLine(facts, { ...line, quantity: null, unitPrice: null, unit: null }, found)?.coding;
  if (coding === undefined) return null;
  return {
    key: id,
    description: label,
    amount,
    coding,
    costCode: costCode.code,
    costType: costType.code,
    changeId,
  };
}
