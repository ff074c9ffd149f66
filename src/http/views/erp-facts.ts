import type { z } from 'zod';
import { unbilledLines } from '../../domain/orders/goods-receipt.ts';
import type { VendorRecord } from '../../domain/records.ts';
import { formatMoney } from '../../domain/values/money.ts';
import type { DocumentDetailRow } from '../../store/views/document-view.ts';
import type { ErpFacts } from '../../store/views/erp-facts-view.ts';
import type { FieldPair, LinePair } from '../schemas/documents.ts';

type Field = z.infer<typeof FieldPair>;
type Line = z.infer<typeof LinePair>;

/** Whether the vendor can be reported to the tax office. The id itself stays in the ERP: often it is a person's own. */
export function vendorFields(vendor: VendorRecord | null): Field[] {
  if (vendor === null) return [];
  const { taxId, form1099 } = vendor;
  const said = taxId === null ? 'missing' : 'on file';
  const fact = (field: string, target: string): Field => ({ field, source: null, target, same: null });
  return [
    ...(taxId === null && form1099 === undefined ? [] : [fact('Tax id of the vendor', said)]),
    ...(form1099 === undefined ? [] : [fact('Form 1099 of the vendor', `box ${form1099}`)]),
  ];
}

/** Lines of an order with what came in on each and is in no invoice yet. */
export function withReceipts(
  lines: readonly Line[],
  { target_id, currency }: DocumentDetailRow,
  { receipts }: ErpFacts,
): Line[] {
  if (target_id === null || currency === null || receipts.length === 0) return [...lines];
  const unbilled = unbilledLines(receipts, target_id, currency);
  return lines.map((line) => {
    const received = line.targetLine === null ? undefined : unbilled.get(line.targetLine);
    return received === undefined || received.minor === 0n
      ? line
      : { ...line, received: formatMoney(received) };
  });
}
