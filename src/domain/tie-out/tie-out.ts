import type { Reason } from '../reasons.ts';
import type { DocumentState } from '../states.ts';
import { type Money, money, negate, subtract, sum } from '../values/money.ts';

/** Committed cost of one commitment as the source states it now. */
export type SourceCommitted = {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  /** With its approved change orders. */
  readonly amount: Money;
  /** These change orders, each with what it adds. */
  readonly changes?: readonly SourceChange[];
};

export type SourceChange = {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly amount: Money;
};

/** Committed cost of one order as the ERP states it now; drafts count as not yet committed there. */
export type TargetCommitted = {
  readonly id: string;
  readonly number: string;
  readonly reference: string | null;
  readonly amount: Money;
  readonly state: 'draft' | 'pending' | 'posted' | 'cancelled';
};

/** What we know of a commitment: where its newest document stands and what we last posted for it. */
export type Known = {
  readonly commitmentId: string;
  readonly documentId: string;
  readonly state: DocumentState;
  readonly reason: string;
  /** The code of that reason, where there is one. */
  readonly code?: Reason['code'] | null;
  readonly owner: string | null;
  readonly targetId: string | null;
  /** What is asked for and not ordered yet, as people of the ERP call it; absent where nothing is. */
  readonly requisition?: string;
  /** What our last posted revision put into the ERP. */
  readonly postedAmount: Money | null;
  /** What is known of its change orders; one that was never exported is not among them. */
  readonly changes?: readonly KnownChange[];
};

/** Where the newest document of a change order stands, and what of the change order stands in the order by our books. */
export type KnownChange = Pick<Known, 'documentId' | 'state' | 'reason' | 'code' | 'owner'> & {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly postedAmount: Money;
};

export type BridgeCause =
  | 'waiting'
  | 'not-sent'
  | 'requisition'
  | 'read-only'
  | 'conflict'
  | 'refused'
  | 'change-not-posted'
  | 'edited-in-erp'
  | 'erp-only'
  | 'pending-in-erp'
  | 'closing-in-erp';

/** One named part of the difference between both sides, in the direction source minus target. */
export type BridgeItem = {
  readonly documentId: string | null;
  readonly number: string;
  readonly title: string;
  readonly cause: BridgeCause;
  readonly explanation: string;
  readonly amount: Money;
  readonly owner: string | null;
};

/** What the source says of one line, and what of it was carried to the target from here. */
export type BridgeLine = { readonly name: string; readonly source: Money; readonly carried: Money };

export type ProjectBridge = {
  readonly source: Money;
  readonly target: Money;
  readonly difference: Money;
  readonly explained: Money;
  /** Difference less the items: zero, or a defect in this very function's picture of the world. */
  readonly residual: Money;
  readonly items: readonly BridgeItem[];
  /** Line by line, where both sides know lines: all of the source, and all that was carried. */
  readonly lines?: readonly BridgeLine[];
};

/**
 * Ties one project out: source total, target total, and the difference made up of named documents. The figures
 * of both sides are the systems' own, read fresh; what we posted only serves to explain, never to add up.
 */
export function tieOutProject(
  currency: string,
  source: readonly SourceCommitted[],
  target: readonly TargetCommitted[],
  known: readonly Known[],
): ProjectBridge {
  const byCommitment = new Map(known.map((entry) => [entry.commitmentId, entry]));
  const live = target.filter((order) => order.state === 'posted');
  const open = new Map(live.map((order) => [order.id, order]));
  const drafts = new Map(
    target
      .filter((order) => order.state === 'draft' || order.state === 'pending')
      .map((order) => [order.id, order]),
  );
  const items: BridgeItem[] = [];
  const seen = new Set<string>();
  for (const commitment of source) {
    seen.add(commitment.id);
    const entry = byCommitment.get(commitment.id) ?? null;
    const order = entry?.targetId == null ? undefined : open.get(entry.targetId);
    if (order !== undefined) open.delete(order.id);
    items.push(...explain(commitment, entry, order ?? null, drafts));
  }
  for (const order of open.values()) items.push(leftOver(order, known, seen));
  const sourceTotal = sum(
    source.map(({ amount }) => amount),
    currency,
  );
  const targetTotal = sum(
    live.map(({ amount }) => amount),
    currency,
  );
  const difference = subtract(sourceTotal, targetTotal);
  const explained = sum(
    items.map(({ amount }) => amount),
    currency,
  );
  return {
    source: sourceTotal,
    target: targetTotal,
    difference,
    explained,
    residual: subtract(difference, explained),
    items,
  };
}

function explain(
  commitment: SourceCommitted,
  entry: Known | null,
  order: TargetCommitted | null,
  drafts: ReadonlyMap<string, TargetCommitted>,
): BridgeItem[] {
  const base = {
    documentId: entry?.documentId ?? null,
    number: commitment.number,
    title: commitment.title,
    owner: entry?.owner ?? null,
  };
  const gap = order === null ? commitment.amount : subtract(commitment.amount, order.amount);
  if (gap.minor === 0n) return [];
  if (entry === null)
    return [
      {
        ...base,
        cause: 'not-sent',
        explanation: 'Not sent to the ERP yet: nobody exported it in Procore.',
        amount: gap,
        owner: 'project-manager',
      },
    ];
  if (order === null) return [{ ...base, ...missing(entry, drafts), amount: gap }];
  const posted = entry.postedAmount ?? money(0n, gap.currency);
  const changedHere = subtract(commitment.amount, posted);
  const changedThere = subtract(posted, order.amount);
  const parts: BridgeItem[] = explainChanges(commitment, entry);
  const byContract = subtract(
    changedHere,
    sum(
      parts.map(({ amount }) => amount),
      gap.currency,
    ),
  );
  if (byContract.minor !== 0n)
    parts.push({
      ...base,
      cause: changeCause(entry),
      explanation:
        entry.code === 'taken-over'
          ? entry.reason
          : `Changed in Procore since the last posting. ${entry.reason}`.trim(),
      amount: byContract,
    });
  if (changedThere.minor !== 0n)
    parts.push({
      ...base,
      cause: 'edited-in-erp',
      explanation: `Order ${order.number} was changed in the ERP by somebody else.`,
      amount: changedThere,
      owner: 'accountant',
    });
  return parts;
}

/** What approved change orders add beyond what of them stands in the order, and what stands of those that are not approved. */
function explainChanges({ amount, number, changes = [] }: SourceCommitted, entry: Known): BridgeItem[] {
  const none = money(0n, amount.currency);
  const known = new Map((entry.changes ?? []).map((change) => [change.id, change]));
  const approved = new Set(changes.map(({ id }) => id));
  const titled = ({ id, number: own, title }: Pick<SourceChange, 'id' | 'number' | 'title'>) => ({
    documentId: known.get(id)?.documentId ?? null,
    number: `${number} CO ${own}`,
    title,
  });
  const pending = changes.map((change): BridgeItem => {
    const own = known.get(change.id);
    return {
      ...titled(change),
      amount: subtract(change.amount, own?.postedAmount ?? none),
      ...(own === undefined
        ? {
            cause: 'not-sent',
            explanation: 'An approved change order that nobody exported in Procore yet.',
            owner: 'project-manager',
          }
        : {
            cause: changeCause(own, 'waiting'),
            explanation: own.reason === '' ? 'A change order on its way to the ERP.' : own.reason,
            owner: own.owner,
          }),
    };
  });
  const takenBack = [...known.values()]
    .filter(({ id }) => !approved.has(id))
    .map(
      (change): BridgeItem => ({
        ...titled(change),
        amount: negate(change.postedAmount),
        cause: 'closing-in-erp',
        explanation:
          'The change order is no longer approved in Procore, but its lines still stand in the order.',
        owner: 'accountant',
      }),
    );
  return [...pending, ...takenBack].filter(({ amount: { minor } }) => minor !== 0n);
}

function missing(
  entry: Known,
  drafts: ReadonlyMap<string, TargetCommitted>,
): Pick<BridgeItem, 'cause' | 'explanation'> {
  if (entry.requisition !== undefined) {
    const why = `In requisition ${entry.requisition}, not bought yet.`;
    return { cause: 'requisition', explanation: `${why} ${entry.reason}`.trim() };
  }
  if (entry.state === 'posted' || entry.state === 'confirmed') {
    const draft = entry.targetId === null ? undefined : drafts.get(entry.targetId);
    return draft === undefined
      ? {
          cause: 'edited-in-erp',
          explanation: `Order ${entry.targetId ?? ''} was cancelled or removed in the ERP.`,
        }
      : { cause: 'pending-in-erp', explanation: `Draft ${draft.number} waits for approval in the ERP.` };
  }
  return {
    cause: changeCause(entry, 'waiting'),
    explanation: entry.reason === '' ? 'On its way to the ERP.' : entry.reason,
  };
}

function changeCause(
  { state, code }: Pick<Known, 'state' | 'code'>,
  otherwise: BridgeCause = 'change-not-posted',
): BridgeCause {
  if (code === 'read-only') return 'read-only';
  if (state === 'conflict') return 'conflict';
  if (state === 'refused') return 'refused';
  return otherwise;
}

/** An order in the ERP that no approved commitment of this project stands for. */
function leftOver(order: TargetCommitted, known: readonly Known[], seen: ReadonlySet<string>): BridgeItem {
  const entry =
    known.find(({ targetId, commitmentId }) => targetId === order.id && !seen.has(commitmentId)) ?? null;
  const amount = negate(order.amount);
  if (entry !== null) {
    return {
      documentId: entry.documentId,
      number: order.number,
      title: '',
      cause: 'closing-in-erp',
      explanation: 'Its commitment is no longer approved in Procore, but the order still stands.',
      amount,
      owner: 'accountant',
    };
  }
  return {
    documentId: null,
    number: order.number,
    title: '',
    cause: 'erp-only',
    explanation: 'Entered in the ERP directly: no commitment in Procore stands for it.',
    amount,
    owner: 'accountant',
  };
}
