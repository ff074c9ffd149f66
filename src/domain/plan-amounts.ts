import type { PurchaseOrderBody, PurchaseOrderLine } from './documents.ts';
import { add, formatMoney, type Money, magnitude, money, parseMoney, subtract, sum } from './money.ts';
import type { Findings } from './plan-findings.ts';
import type { CommitmentRecord } from './records.ts';

export function totalOf(record: CommitmentRecord, found: Findings): Money {
  const owner = 'project-manager';
  if (record.lines.length === 0)
    found.wait('source', record.id, {
      code: 'no-lines',
      owner,
      message: 'The schedule of values has no lines.',
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
        message: `The lines and the contract total differ by ${off} ${record.currency}.`,
        remedy: 'Correct the schedule of values in Procore.',
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

/**
 * What an update moves: the sum of what each line moves, so that a plus and a minus do not cancel out. A line
 * that goes to another account or project moves with all it has.
 */
export function moved(
  record: CommitmentRecord,
  base: PurchaseOrderBody,
  body: PurchaseOrderBody | null,
): Money {
  const before = new Map(base.lines.map((line) => [line.key, line]));
  const after = new Map(body?.lines.map((line) => [line.key, line]));
  const none = money(0n, base.currency);
  const otherProject = body !== null && body.projectCode !== base.projectCode;
  let total = none;
  for (const line of record.lines) {
    const now = safeAmount(line.amount, base.currency);
    const old = before.get(line.id);
    const was = old === undefined ? none : parseMoney(old.amount, base.currency);
    const coded = after.get(line.id);
    const elsewhere = otherProject || (coded !== undefined && old !== undefined && !sameCoding(coded, old));
    before.delete(line.id);
    const size = elsewhere ? larger(magnitude(now), magnitude(was)) : magnitude(subtract(now, was));
    total = add(total, money(size, base.currency));
  }
  for (const gone of before.values())
    total = add(total, money(magnitude(parseMoney(gone.amount, base.currency)), base.currency));
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
