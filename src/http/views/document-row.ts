import type { z } from 'zod';
import { isAboutPayment, isHold } from '../../domain/payments/payment-holds.ts';
import type { DocumentViewRow } from '../../store/views/document-view.ts';
import type { Addressed, HttpDeps } from '../deps.ts';
import { DocumentRow } from '../schemas/documents.ts';
import { instant, maybeAmount } from './amounts.ts';
import { reasonsOf } from './stored-json.ts';

/** A document as a table shows it. */
export function toDocumentRow(
  row: DocumentViewRow,
  tenant: string,
  deps: HttpDeps,
): z.infer<typeof DocumentRow> {
  const reasons = reasonsOf(row.reasons);
  const first = reasons.find((reason) => !isAboutPayment(reason));
  const addressed = addressOf(row, tenant);
  return {
    id: row.id,
    kind: row.kind,
    number: row.number,
    title: row.title,
    revision: row.revision,
    state: DocumentRow.shape.state.parse(row.state),
    project:
      row.project_id === null ? null : { id: row.project_id, name: row.project_name ?? row.project_id },
    vendor: row.vendor_name,
    amount: maybeAmount(row.amount_minor, row.currency),
    currency: row.currency,
    accountingDate: row.accounting_date,
    source: {
      system: row.source_system,
      object: row.source_object,
      id: row.source_id,
      url: row.source_url ?? deps.sourceUrl(addressed),
    },
    target: {
      system: row.target_system,
      company: row.target_company,
      id: row.target_id,
      number: row.target_number,
      url: deps.targetUrl(addressed),
    },
    waitsFor: first?.message ?? '',
    owner: first?.owner ?? null,
    held: reasons.some(isHold),
    updatedAt: instant(row.updated_at),
  };
}

function addressOf(row: DocumentViewRow, tenant: string): Addressed {
  return {
    tenant,
    sourceConnection: row.source_connection,
    sourceObject: row.source_object,
    sourceId: row.source_id,
    targetConnection: row.target_connection,
    targetId: row.target_id,
    kind: row.kind,
    projectId: row.project_id,
  };
}
