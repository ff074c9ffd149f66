import type { ChangeOrderRecord } from '../../domain/records.ts';
import type { ProcoreConfig } from '../config.ts';
import type { ChangeOrderHead, ChangeOrderShow } from '../wire.ts';
import { amountText, commitmentLine, currencyOf } from './commitments.ts';
import { filesOf } from './order-files.ts';

/** Of a change order only this is an obligation: pricing, pending or proceeding it may still become another amount. */
export function isApprovedChangeOrder({ status, deleted_at }: ChangeOrderHead): boolean {
  return status === 'approved' && deleted_at === null;
}

/** A change order package as the engine knows change orders; its lines in the order in which they stand there. */
export function changeOrderRecord(
  row: ChangeOrderShow,
  projectId: string,
  config: ProcoreConfig,
): ChangeOrderRecord {
  const currency = currencyOf(row, config);
  const lines = row.line_items
    .filter((line) => line.deleted_at === null)
    // Before tax, as the lines of a contract are: the tax is the ERP's to compute.
    .map(({ extended_amount, total_amount, ...line }, index) =>
      commitmentLine({ ...line, amount: extended_amount ?? total_amount ?? '' }, index + 1, currency),
    )
    .sort((a, b) => a.position - b.position);
  return { ...withoutLines(row, projectId, config), lines, ...filesOf(row.attachments) };
}

/** A change order of a list, which carries no lines: enough to say that it was deleted. */
export function withoutLines(
  row: ChangeOrderHead,
  projectId: string,
  config: ProcoreConfig,
): ChangeOrderRecord {
  const currency = currencyOf(row, config);
  const base = config.webUrl.replace(/\/+$/, '');
  return {
    object: 'change-order',
    id: row.id,
    projectId,
    commitmentId: row.contract_id,
    number: row.number ?? '',
    title: row.title ?? '',
    status: row.status,
    approved: isApprovedChangeOrder(row),
    deleted: row.deleted_at !== null || row.status === 'void',
    currency,
    total: amountText(row.grand_total, currency, 'grand_total'),
    reviewer: row.reviewer?.name ?? row.designated_reviewer?.name ?? null,
    reviewedAt: row.reviewed_at,
    createdByUserId: row.created_by_id ?? row.creator?.id ?? null,
    originId: row.origin_id,
    lines: [],
    // Only the company prefix is documented; the rest is inferred.
    url: `${base}/${config.companyId}/projects/${projectId}/change_orders/change_order_packages/${row.id}`,
  };
}
