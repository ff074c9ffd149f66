import { type AcceptedBilling, acceptedBilling } from '../approval/accepted-content.ts';
import type { BilledMove } from '../documents.ts';
import type { SubInvoiceLine, SubInvoiceRecord } from '../records.ts';
import { add, formatMoney, type Money, parseMoney, subtract } from '../values/money.ts';
import { billedKey } from './sub-invoice-sheet.ts';

/**
 * What an approver accepted by exporting an application, as its record says it by now; null where its invoices move
 * anything else than its own columns do, because an application before it was left to it, was changed or is not known.
 */
export function acceptedApplication(
  record: SubInvoiceRecord,
  previous: Pick<SubInvoiceRecord, 'lines'> | null,
  moves: readonly BilledMove[],
): string | null {
  const { commitmentId: contractId, invoiceNumber, billingDate, currency, lines, previousId } = record;
  if (previousId !== null && previous === null) return null;
  const before = new Map(previous?.lines.map((line) => [keyOf(line), line.toDate]));
  // Details share a line of the commitment: what each of them billed before is not known by itself.
  if (isShared(lines) || isShared(previous?.lines ?? [])) return null;
  const read = (text = '0') => parseMoney(text, currency);
  const billed = lines.map((line): Period => {
    const gross = subtract(read(line.toDate), read(before.get(keyOf(line))));
    const held = add(heldBy(line.workRetainage, read), heldBy(line.storedRetainage, read));
    return { line, gross, held };
  });
  return isMovedAs(billed, moves, currency)
    ? acceptedBilling({ contractId, invoiceNumber, billingDate }, currency, billed.map(rowOf))
    : null;
}

type Period = { readonly line: SubInvoiceLine; readonly gross: Money; readonly held: Money };

function keyOf({ bills, billedLineId }: SubInvoiceLine): string {
  return billedKey(bills, billedLineId);
}

function isShared(lines: readonly SubInvoiceLine[]): boolean {
  return new Set(lines.map(keyOf)).size < lines.length;
}

function heldBy(
  { held, previouslyHeld }: SubInvoiceLine['workRetainage'],
  read: (text: string) => Money,
): Money {
  return subtract(read(held), read(previouslyHeld));
}

/** Whether its invoices bill on each line what it says of this period, and hold as much more or less of it. */
function isMovedAs(billed: readonly Period[], moves: readonly BilledMove[], currency: string): boolean {
  const read = (text: string) => parseMoney(text, currency).minor;
  const moved = new Map<string, { gross: bigint; held: bigint }>();
  for (const { line, gross, workRetainage, storedRetainage } of moves) {
    const sum = moved.get(line) ?? { gross: 0n, held: 0n };
    const held = sum.held + read(workRetainage) + read(storedRetainage);
    moved.set(line, { gross: sum.gross + read(gross), held });
  }
  const own = new Set(billed.map(({ line }) => keyOf(line)));
  return (
    [...moved.keys()].every((key) => own.has(key)) &&
    billed.every(({ line, gross, held }) => {
      const there = moved.get(keyOf(line)) ?? { gross: 0n, held: 0n };
      return there.gross === gross.minor && there.held === held.minor;
    })
  );
}

function rowOf({ line: { id, workRetainage, storedRetainage }, gross }: Period): AcceptedBilling {
  return {
    // The request names an item by its number alone.
    id: id.slice(id.indexOf('/') + 1),
    gross: formatMoney(gross),
    retained: workRetainage.retained,
    released: workRetainage.released,
    heldOnStored: storedRetainage.held,
    heldOnStoredBefore: storedRetainage.previouslyHeld,
  };
}
