import type { Pulled } from '../../connectors/connector.ts';
import type { ContractPaymentRecord } from '../../domain/payments/vendor-payment.ts';
import type { CalendarDate } from '../../domain/values/calendar-date.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { amountText, currencyOf, dateOrNull } from '../commitments/commitments.ts';
import type { ProcoreConfig } from '../config.ts';
import { ofExport } from '../erp-tool/exported.ts';
import { asTree, textOf } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import type { ContractPaymentRef } from '../hub.ts';
import {
  type ContractPaymentExport,
  type ContractPaymentRow,
  contractPaymentExport,
  contractPaymentRow,
  parsed,
} from '../wire.ts';

/**
 * A payment of a commitment: as the list of its contract shows it now, and what only the request that exports it says,
 * which is the vendor and what of it pays retainage out.
 */
export async function fetchContractPayment(
  reading: Reading,
  { id, requestId }: ContractPaymentRef,
): Promise<Pulled | null> {
  const { client, config } = reading;
  const path = `/rest/v1.0/companies/${config.companyId}/erp_requests/${encodeURIComponent(requestId)}`;
  const request = await client.find(path);
  const value = request === null ? null : exportedRow(request.value, id);
  if (value === null) return null;
  const said = ofExport(() => parsed(contractPaymentExport, value, `payment ${id}`));
  const rows = await readList(client.read, {
    path: '/rest/v1.0/contract_payments',
    query: { project_id: said.project_id, contract_id: said.contract_id },
    pageSize: config.pageSize,
  });
  const row = rows
    .map((each) => parsed(contractPaymentRow, each, 'a contract payment'))
    .find((each) => each.id === id);
  if (row === undefined) return null;
  const record = ofExport(() => contractPaymentRecord(row, said, config));
  return { record, raw: JSON.stringify({ row, said }) };
}

function exportedRow(value: JsonValue, id: string): JsonValue | null {
  const envelope = asTree(value);
  if (envelope === null) return null;
  const data = envelope.request_data ?? envelope;
  const rows = (Array.isArray(data) ? data : [data]).map((part: JsonValue) => asTree(part)?.contract_payment);
  return rows.find((row) => textOf(asTree(row)?.id) === id) ?? null;
}

export function contractPaymentRecord(
  row: ContractPaymentRow,
  said: ContractPaymentExport,
  config: ProcoreConfig,
): ContractPaymentRecord {
  const currency = currencyOf(said, config);
  const { project_id: projectId, contract_id: contractId } = said;
  return {
    object: 'contract-payment',
    id: row.id,
    projectId,
    contractId,
    subInvoiceId: row.requisition_id,
    vendorId: said.vendor_id,
    // Its export names no vendor by name.
    vendorName: null,
    number: row.payment_number ?? row.id,
    status: row.status,
    amount: amountText(row.amount, currency, `payment ${row.id}`),
    currency,
    retainageReleased: amountText(
      said.retainage_released_payment_amount ?? '0',
      currency,
      'retainage_released_payment_amount',
    ),
    date: dateOrNull(row.date) ?? dayOf(said.date_payment_settled) ?? dayOf(said.date_payment_initiated),
    method: said.payment_method,
    methodNumber: row.check_number ?? row.external_payment_id,
    originId: row.origin_id,
    url: `${config.webUrl.replace(/\/+$/, '')}/${projectId}/project/commitments/${contractId}/payments/${row.id}`,
  };
}

/** The day of an instant, as Procore wrote it. */
function dayOf(instant: string | null): CalendarDate | null {
  return instant === null ? null : dateOrNull(instant.slice(0, 10));
}
