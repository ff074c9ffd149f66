import type { GoodsReceiptRecord } from '../../domain/orders/goods-receipt.ts';
import type { VendorRecord } from '../../domain/records.ts';
import type { Tx } from '../database/transaction.ts';
import { goodsReceiptsOf } from '../records/goods-receipt.ts';
import { findRecord } from '../records/record.ts';
import type { DocumentDetailRow } from './document-view.ts';

/** What was read of the ERP that a document is about, without being part of it. */
export type ErpFacts = {
  readonly vendor: VendorRecord | null;
  /** What was taken in against its order. */
  readonly receipts: readonly GoodsReceiptRecord[];
};

type Named = { readonly kind?: string; readonly vendorCode?: string; readonly originCode?: string };

export async function erpFactsOf(tx: Tx, document: DocumentDetailRow): Promise<ErpFacts> {
  const { kind, vendorCode, originCode } = (document.body ?? {}) as Named;
  // The link of a vendor goes the other way: from the ERP to the source.
  const isLink = kind === 'vendor-link';
  const connection = isLink ? document.source_connection : document.target_connection;
  const code = isLink ? originCode : vendorCode;
  const vendor =
    code === undefined
      ? null
      : await findRecord<VendorRecord>(tx, { connection, object: 'vendor', nativeId: code });
  const order = kind === 'purchase-order' ? document.target_id : null;
  return {
    vendor: vendor?.body ?? null,
    receipts: order === null ? [] : await goodsReceiptsOf(tx, connection, [order]),
  };
}
