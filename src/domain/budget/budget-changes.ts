import type { CodeRef } from '../records.ts';
import { contentHash } from '../values/canonical.ts';
import { type Decimal, formatDecimal, parseDecimal, rescale } from '../values/decimal.ts';
import type { BudgetBody, BudgetMove, OwnCoding, StandingBudget } from './budget.ts';

/** A change of a budget beside its original lines, as people approve it in the source. */
export type BudgetChange = {
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** What is not approved moves nothing: its lines are not read. */
  readonly approved: boolean;
  /** Others took its place in the source itself: what stands of it goes with what they bring. */
  readonly takenOver?: true;
  /** Whether the source says that an ERP has it. */
  readonly synced: boolean;
  /** What its head states; null where it states nothing. */
  readonly total: string | null;
  readonly lines: readonly Pick<BudgetMove, 'costCode' | 'costType' | 'own' | 'label' | 'amount'>[];
};

export type ReadChanges = {
  readonly moves: readonly BudgetMove[];
  /** What keeps them from being carried, in words. */
  readonly problems: readonly string[];
};

/** Moves that were read from a change, and not told by an export. */
export function isChangeMove(id: string): boolean {
  return id.startsWith('change:');
}

/** Without the moves of changes that were read before: one change comes in one way. */
export function withoutRead(moves: readonly BudgetMove[], standing: readonly StandingBudget[]): BudgetMove[] {
  const read = new Set(carriedOf(standing).map(({ changeId }) => changeId));
  return moves.filter(({ changeId }) => changeId === null || !read.has(changeId));
}

/**
 * What the changes of a budget move beyond what stands of them, by cost code and cost type. A change that an export
 * names is left to it. What was carried and is not approved or not shown any more is taken back, which a person approves
 * whatever it amounts to.
 */
export function changeMoves(
  changes: readonly BudgetChange[],
  exported: readonly BudgetMove[],
  standing: readonly StandingBudget[],
): ReadChanges {
  const carried = carriedOf(standing);
  const read = new Set(carried.map(({ changeId }) => changeId));
  const told = new Set([...exported, ...toldBy(standing)].map(({ changeId }) => changeId));
  const shown = changes.filter(({ id, synced }) => read.has(id) || !(synced || told.has(id)));
  const ours = [...shown, ...goneOf(changes, carried)];
  return {
    moves: ours.flatMap((change) =>
      movesOf(
        change,
        carried.filter(({ changeId }) => changeId === change.id),
      ),
    ),
    problems: ours.flatMap(disagreement),
  };
}

/** What was carried for changes that the source does not show any more: deleted there, or out of its list. */
function goneOf(changes: readonly BudgetChange[], carried: readonly Line[]): BudgetChange[] {
  const shown = new Set(changes.map(({ id }) => id));
  const gone = new Map(
    carried.flatMap(({ changeId, description }): [string, string][] =>
      changeId === null || shown.has(changeId) ? [] : [[changeId, description.split(': ')[0] ?? '']],
    ),
  );
  return [...gone].map(([id, name]) => {
    return { id, name: `${name} (gone)`, approved: false, synced: false, total: null, lines: [] };
  });
}

type Line = BudgetBody['lines'][number];

/** Lines of ours in the ERP that stand for a change that was read. */
function carriedOf(standing: readonly StandingBudget[]): readonly Line[] {
  return standing.flatMap(({ body }) => body.lines.filter(({ key }) => isChangeMove(key)));
}

function toldBy(standing: readonly StandingBudget[]): readonly Line[] {
  return standing.flatMap(({ body }) => body.lines.filter(({ key }) => !isChangeMove(key)));
}

type Coded = Pick<BudgetMove, 'costCode' | 'costType' | 'own' | 'label'>;
type Sum = { readonly of: Coded; readonly wanted: string[]; readonly carried: string[] };

function movesOf(
  { id, name, approved, takenOver, lines }: BudgetChange,
  carried: readonly Line[],
): BudgetMove[] {
  const sums = new Map<string, Sum>();
  const sumOf = (of: Coded): Sum => {
    const key = `${of.costCode?.code ?? of.label}|${of.costType?.code ?? ''}`;
    const known = sums.get(key) ?? { of, wanted: [], carried: [] };
    sums.set(key, known);
    return known;
  };
  for (const { amount, ...of } of approved ? lines : []) sumOf(of).wanted.push(amount);
  for (const line of carried) sumOf(codedOf(line)).carried.push(line.amount);
  return [...sums].flatMap(([key, { of, wanted, carried: before }]): BudgetMove[] => {
    const amount = difference(wanted, before);
    if (amount.units === 0n) return [];
    return [
      {
        ...of,
        id: moveId(id, key, before.length),
        label: `${name}: ${of.label}`,
        amount: formatDecimal(amount),
        synced: false,
        originId: null,
        changeId: id,
        ...(approved || takenOver ? {} : { takesBack: true as const }),
      },
    ];
  });
}

/** Short, because an ERP keeps it on a line; a later move of the same change and codes has another one. */
function moveId(changeId: string, codes: string, before: number): string {
  return `change:${contentHash([changeId, codes, String(before)]).slice(-16)}`;
}

function codedOf({ costCode, costType, coding }: Line): Coded {
  const named = (code: string): CodeRef => ({ code, name: '' });
  const own: OwnCoding | null = coding.kind === 'cost-code' && 'costType' in coding ? coding : null;
  return { costCode: named(costCode), costType: named(costType), own, label: `${costCode} ${costType}` };
}

function difference(wanted: readonly string[], carried: readonly string[]): Decimal {
  const [plus, minus] = [wanted.map(parseDecimal), carried.map(parseDecimal)];
  const scale = Math.max(2, ...[...plus, ...minus].map((amount) => amount.scale));
  const total = (amounts: readonly Decimal[]) =>
    amounts.reduce((sum, amount) => sum + rescale(amount, scale, 'down'), 0n);
  return { units: total(plus) - total(minus), scale };
}

function disagreement({ name, approved, total, lines }: BudgetChange): string[] {
  if (!approved || total === null) return [];
  const amounts = lines.map(({ amount }) => amount);
  if (difference(amounts, [total]).units === 0n) return [];
  const sum = formatDecimal(difference(amounts, []));
  return [`${name} says ${total}, and its lines add up to ${sum}.`];
}
