import type { PrimeChangeOrderRecord, PrimeContractRecord } from '../../domain/owner/prime-contract.ts';
import { changeOrderRecord } from '../commitments/change-orders.ts';
import { amountText, commitmentLine, currencyOf } from '../commitments/commitments.ts';
import type { ProcoreConfig } from '../config.ts';
import type { PrimeChangeShow, PrimeContractWhole } from './prime-contract-wire.ts';

// What is still negotiated may change by itself; what is complete or terminated takes no change any more.
const OPEN = new Set(['Approved']);

/** A prime contract as the engine knows it; lines in the order of its schedule of values. */
export function primeContractRecord(
  row: PrimeContractWhole,
  projectId: string,
  config: ProcoreConfig,
): PrimeContractRecord {
  const currency = currencyOf(row, config);
  const read = (text: string | null, what: string) => amountText(text ?? '0', currency, what);
  return {
    object: 'prime-contract',
    id: row.id,
    projectId,
    number: row.number ?? '',
    title: row.title ?? '',
    status: row.status,
    open: OPEN.has(row.status),
    ownerId: row.vendor?.id ?? null,
    ownerName: row.vendor?.company ?? row.vendor?.name ?? null,
    currency,
    total: read(row.grand_total, 'grand_total'),
    changes: read(row.approved_change_orders, 'approved_change_orders'),
    retainagePercent: row.retainage_percent === null ? null : read(row.retainage_percent, 'retainage'),
    originId: row.origin_id,
    lines: row.line_items
      .filter((line) => line.deleted_at === null)
      .map((line, index) => commitmentLine(line, index + 1, currency))
      .sort((a, b) => a.position - b.position),
    // Only the company prefix is documented; the rest is inferred.
    url: `${webOf(config)}/projects/${projectId}/prime_contracts/${row.id}`,
  };
}

/** A change order package of a prime contract: that of a commitment, with what is put on top of its lines. */
export function primeChangeOrderRecord(
  row: PrimeChangeShow,
  projectId: string,
  config: ProcoreConfig,
): PrimeChangeOrderRecord {
  const { commitmentId: contractId, lines, ...header } = changeOrderRecord(row, projectId, config);
  const markupsOf = new Map(row.line_items.map((line) => [line.id, line.markup_line_items]));
  return {
    ...header,
    object: 'prime-change-order',
    contractId,
    lines: lines.map((line) => ({
      ...line,
      markups: (markupsOf.get(line.id) ?? []).map(({ id, amount, markup }) => ({
        id,
        name: markup?.name ?? 'Markup',
        amount: amountText(amount, header.currency, `markup ${id}`),
      })),
    })),
  };
}

function webOf({ webUrl, companyId }: ProcoreConfig): string {
  return `${webUrl.replace(/\/+$/, '')}/${companyId}`;
}
