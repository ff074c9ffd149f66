import type { PurchaseOrderLine } from '../documents.ts';
import type { CommitmentRecord } from '../records.ts';
import {
  add,
  formatMoney,
  type Money,
  magnitude,
  money,
  parseMoney,
  subtract,
  sum,
} from '../values/money.ts';
import type { Findings } from './plan-findings.ts';

type Totalled = Pick<CommitmentRecord, 'id' | 'currency' | 'total' | 'lines'>;

const CONTRACT = { lines: 'schedule of values', total: 'the contract total' };

/** The stated total, once its lines add up to it. `words` are what people call both. */
export function totalOf(record: Totalled, found: Findings, words: typeof CONTRACT = CONTRACT): Money {
  const owner = 'project-manager';
  if (record.lines.length === 0)
    found.wait('source', record.id, {
      code: 'no-lines',
      owner,
      message: `The ${words.lines} has no lines.`,
      remedy: 'Add the lines in Procore.',
    });
  try {
    const total = parseMoney(record.total, record.currency);
    const lines = sum(
      record.lines.map((line) => parseMoney(line.amount, record.currency)),
      record.currency,
    );
    if (lines.minor !== total.minor) {
      const off = formatMoney(subtract(lines, total));
      found.wait('source', record.id, {
        code: 'amounts-disagree',
        owner,
        message: `The lines and ${words.total} differ by ${off} ${record.currency}.`,
        remedy: `Correct the ${words.lines} in Procore.`,
      });
    }
    return total;
  } catch (error) {
    found.wait('source', record.id, {
      code: 'amounts-disagree',
      owner,
      message: error instanceof Error ? error.message : 'An amount cannot be read.',
      remedy: 'Correct the amount in Procore.',
    });
    return money(0n, record.currency);
  }
}

/** What an update makes of lines: those that are wanted beside those that stand; `after` are they as far as coded. */
export type Moving = {
  readonly currency: string;
  readonly wanted: readonly { readonly key: string; readonly amount: string }[];
  readonly before: readonly PurchaseOrderLine[];
  readonly after: readonly PurchaseOrderLine[];
  readonly otherProject?: boolean;
};

/**
 * What an update moves: the sum of what each line moves, so that a plus and a minus do not cancel out. A line
 * that goes to another account or project moves with all it has.
 */
export function moved({ currency, wanted, before, after, otherProject = false }: Moving): Money {
  const standing = new Map(before.map((line) => [line.key, line]));
  const codedLines = new Map(after.map((line) => [line.key, line]));
  const none = money(0n, currency);
  let total = none;
  for (const { key, amount } of wanted) {
    const now = safeAmount(amount, currency);
    const old = standing.get(key);
    const was = old === undefined ? none : parseMoney(old.amount, currency);
    const coded = codedLines.get(key);
    const elsewhere = otherProject || (coded !== undefined && old !== undefined && !sameCoding(coded, old));
    standing.delete(key);
    const size = elsewhere ? larger(magnitude(now), magnitude(was)) : magnitude(subtract(now, was));
    total = add(total, money(size, currency));
  }
  for (const gone of standing.values())
    total = add(total, money(magnitude(parseMoney(gone.amount, currency)), currency));
  return total;
}

function sameCoding(a: PurchaseOrderLine, b: PurchaseOrderLine): boolean {
  return a.coding.kind === b.coding.kind && a.coding.code === b.coding.code;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function safeAmount(text: string, currency: string): Money {
  try {
    return parseMoney(text, currency);
  } catch {
    return money(0n, currency);
  }
}
