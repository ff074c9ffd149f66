import type { Reason } from '../reasons.ts';
import type { DocumentState } from '../states.ts';
import { add, type Money, magnitude, money, negate, subtract, sum } from '../values/money.ts';
import type { BridgeCause, BridgeItem, BridgeLine, ProjectBridge } from './tie-out.ts';

/** The budget of a project as the source states it now: its original lines, and the changes of it that are approved. */
export type SourceBudget = {
  readonly lines: readonly { readonly label: string; readonly amount: Money }[];
  readonly changes: readonly {
    readonly id: string;
    /** What people call it. */
    readonly name: string;
    readonly title: string;
    readonly amount: Money;
    /** Whether the source says that an ERP has it. */
    readonly synced: boolean;
  }[];
};

/** What adds to the budget in the ERP as it stands there now. */
export type TargetBudget = {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly amount: Money;
};

export type KnownMove = {
  readonly label: string;
  readonly changeId: string | null;
  readonly amount: Money;
};

/** An entry of ours: what of the source it stands for, where it stands, and where it is in the ERP once it does. */
export type KnownBudget = {
  readonly documentId: string;
  readonly number: string;
  readonly title: string;
  readonly state: DocumentState;
  readonly reason: string;
  readonly code: Reason['code'] | null;
  readonly owner: string | null;
  readonly targetId: string | null;
  readonly moves: readonly KnownMove[];
};

/**
 * Ties the budget of one project out: both sums are the systems' own, and the difference is made up of what is named. An
 * entry that is on its way is one part, whatever it moves; what nobody exported is named line by line.
 */
export function tieOutBudget(
  currency: string,
  source: SourceBudget,
  target: readonly TargetBudget[],
  known: readonly KnownBudget[],
): ProjectBridge {
  const total = (amounts: readonly Money[]) => sum(amounts, currency);
  const standing = known.filter(({ targetId }) => targetId !== null);
  const open = known.filter(({ targetId }) => targetId === null);
  const items = [
    ...open.map((entry) => underWay(entry, currency)),
    ...unsentLines(currency, source, known, standing.length > 0),
    ...unsentChanges(currency, source, known),
    ...movedThere(currency, target, standing),
  ].filter(({ amount }) => amount.minor !== 0n);
  const sourceTotal = total([...source.lines, ...source.changes].map(({ amount }) => amount));
  const targetTotal = total(target.map(({ amount }) => amount));
  const difference = subtract(sourceTotal, targetTotal);
  const explained = total(items.map(({ amount }) => amount));
  return {
    source: sourceTotal,
    target: targetTotal,
    difference,
    explained,
    residual: subtract(difference, explained),
    items,
    lines: byLine(currency, source, standing),
  };
}

/** Each line of the estimate and each change, what differs most first: together all of the source, and all that stands. */
function byLine(
  currency: string,
  { lines, changes }: SourceBudget,
  standing: readonly KnownBudget[],
): BridgeLine[] {
  const rows = new Map<string, BridgeLine>();
  const nothing = money(0n, currency);
  const count = (key: string, name: string, side: 'source' | 'carried', amount: Money) => {
    const row = rows.get(key) ?? { name, source: nothing, carried: nothing };
    rows.set(key, { ...row, [side]: add(row[side], amount) });
  };
  for (const { label, amount } of lines) count(`line ${label}`, label, 'source', amount);
  for (const { id, name, amount } of changes) count(`change ${id}`, name, 'source', amount);
  for (const { label, changeId, amount } of standing.flatMap(({ moves }) => moves))
    if (changeId === null) count(`line ${label}`, label, 'carried', amount);
    else count(`change ${changeId}`, `Budget change ${changeId}`, 'carried', amount);
  const gap = ({ source, carried }: BridgeLine) => magnitude(subtract(source, carried));
  return [...rows.values()].sort((a, b) =>
    gap(a) === gap(b) ? (a.name < b.name ? -1 : 1) : gap(a) > gap(b) ? -1 : 1,
  );
}

function underWay(entry: KnownBudget, currency: string): BridgeItem {
  const { documentId, number, title, reason, owner, moves } = entry;
  return {
    ...{ documentId, number, title, owner, cause: causeOf(entry) },
    explanation: reason === '' ? 'On its way to the ERP.' : reason,
    amount: sum(
      moves.map(({ amount }) => amount),
      currency,
    ),
  };
}

function causeOf({ state, code }: KnownBudget): BridgeCause {
  if (code === 'read-only') return 'read-only';
  if (state === 'conflict') return 'conflict';
  return state === 'refused' ? 'refused' : 'waiting';
}

/** Lines of the original estimate that say something else than all that was exported of them. */
function unsentLines(
  currency: string,
  { lines }: SourceBudget,
  known: readonly KnownBudget[],
  isExported: boolean,
): BridgeItem[] {
  const left = new Map<string, Money>();
  const count = (label: string, amount: Money) =>
    left.set(label, add(left.get(label) ?? money(0n, currency), amount));
  for (const { label, amount } of lines) count(label, amount);
  for (const { moves } of known)
    for (const { label, changeId, amount } of moves) if (changeId === null) count(label, negate(amount));
  return [...left].map(([label, amount]) => ({
    documentId: null,
    number: label,
    title: '',
    cause: isExported ? 'change-not-posted' : 'not-sent',
    explanation: isExported
      ? 'Changed in Procore since the budget was exported last.'
      : 'Not sent to the ERP yet: nobody exported the budget in Procore.',
    amount,
    owner: 'project-manager',
  }));
}

/** Approved changes of the budget that were not exported, and those that were and are not approved any more. */
function unsentChanges(
  currency: string,
  { changes }: SourceBudget,
  known: readonly KnownBudget[],
): BridgeItem[] {
  const carried = new Map<string, Money>();
  for (const { moves } of known)
    for (const { changeId, amount } of moves)
      if (changeId !== null) carried.set(changeId, add(carried.get(changeId) ?? money(0n, currency), amount));
  const approved = new Set(changes.map(({ id }) => id));
  const pending = changes.map(({ id, name, title, amount, synced }): BridgeItem => {
    return {
      ...{ documentId: null, number: name, title, cause: 'not-sent' },
      explanation: synced
        ? 'An approved budget change that Procore calls synced, and that was not posted from here.'
        : 'Approved in Procore: it goes to the ERP with the next export of the budget.',
      amount: subtract(amount, carried.get(id) ?? money(0n, currency)),
      owner: 'project-manager',
    };
  });
  const takenBack = [...carried].flatMap(([id, amount]): BridgeItem[] => {
    if (approved.has(id)) return [];
    return [
      {
        ...{ documentId: null, number: `Budget change ${id}`, title: '', cause: 'closing-in-erp' },
        explanation:
          'A budget change that is no longer approved in Procore, but was carried to the ERP. The next export takes it back, once a second person approved that.',
        amount: negate(amount),
        owner: 'accountant',
      },
    ];
  });
  return [...pending, ...takenBack];
}

/** What people did in the ERP: entries of their own, and entries of ours that are gone or say something else. */
function movedThere(
  currency: string,
  target: readonly TargetBudget[],
  standing: readonly KnownBudget[],
): BridgeItem[] {
  const there = new Map(target.map((entry) => [entry.id, entry]));
  const ours = standing.map((entry): BridgeItem => {
    const { documentId, number, title, targetId, moves } = entry;
    const found = there.get(targetId!);
    there.delete(targetId!);
    const posted = sum(
      moves.map(({ amount }) => amount),
      currency,
    );
    return {
      ...{ documentId, number, title, cause: 'edited-in-erp', owner: 'accountant' },
      explanation:
        found === undefined
          ? `Entry ${targetId} of the budget was removed in the ERP.`
          : `Entry ${targetId} of the budget was changed in the ERP by somebody else.`,
      amount: subtract(posted, found?.amount ?? money(0n, currency)),
    };
  });
  const others = [...there.values()].map(({ id, number, title, amount }): BridgeItem => {
    return {
      ...{
        documentId: null,
        number: `${id} ${number}`.trim(),
        title,
        cause: 'erp-only',
        owner: 'accountant',
      },
      explanation: 'Entered in the budget of the ERP directly: nothing in Procore stands for it.',
      amount: negate(amount),
    };
  });
  return [...ours, ...others];
}
