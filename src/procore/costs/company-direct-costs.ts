import type { Pulled } from '../../connectors/connector.ts';
import type { SubJobRef } from '../../domain/planning/sub-job-place.ts';
import type { CodeRef, DirectCostLine, DirectCostRecord, FileRef } from '../../domain/records.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { amountText, currencyOf, dateOrNull } from '../commitments/commitments.ts';
import type { ProcoreConfig } from '../config.ts';
import { ofExport } from '../erp-tool/exported.ts';
import { asTree, textOf } from '../http/errors.ts';
import type { DirectCostRef, SourceFile } from '../hub.ts';
import { subJobs } from '../masters/code-lists.ts';
import { type DirectCostExport, directCostExport, parsed } from '../wire.ts';
import { costCodesOfSubJob, costCodings } from './cost-codings.ts';

/** Codes by their ids, of one project; those of its sub jobs say whose they are. */
type Codes = {
  readonly costCodes: ReadonlyMap<string, string>;
  readonly costTypes: ReadonlyMap<string, string>;
  readonly subJobs?: ReadonlyMap<string, SubJobRef>;
};

/**
 * A company's direct cost as the request that exports it states it: no address of the interface shows one. A change
 * of it is learnt from its next export, and from nothing else.
 */
export async function fetchDirectCost(reading: Reading, ref: DirectCostRef): Promise<Pulled | null> {
  const found = await exported(reading, ref);
  if (found === null) return null;
  const row = ofExport(() => parsed(directCostExport, found.value, `direct cost ${ref.id}`));
  const codes = new Map<string, Codes>();
  for (const { project } of row.line_items)
    if (!codes.has(project.id)) {
      const used = row.line_items.filter((line) => line.project.id === project.id);
      codes.set(
        project.id,
        await codesOf(reading, project.id, new Set(used.map((line) => line.cost_code_id))),
      );
    }
  return { record: ofExport(() => directCostRecord(row, codes, reading.config)), raw: found.raw };
}

/** Its one file. The address that the export carries expires; a later export carries another. */
export async function fetchDirectCostFile(
  reading: Reading,
  ref: DirectCostRef,
  fileId: string,
): Promise<SourceFile | null> {
  const found = await exported(reading, ref);
  if (found === null) return null;
  const { direct_cost_attachment: file } = parsed(directCostExport, found.value, `direct cost ${ref.id}`);
  if (file === null || file.id !== fileId || file.url === null) return null;
  const bytes = await reading.client.file(file.url);
  return bytes === null ? null : { name: file.name ?? fileId, bytes };
}

async function exported(
  { client, config }: Reading,
  { id, requestId }: DirectCostRef,
): Promise<{ readonly value: JsonValue; readonly raw: string } | null> {
  const path = `/rest/v1.0/companies/${config.companyId}/erp_requests/${encodeURIComponent(requestId)}`;
  const found = await client.find(path);
  const envelope = found === null ? null : asTree(found.value);
  if (found === null || envelope === null) return null;
  const data = envelope.request_data ?? envelope;
  const rows = (Array.isArray(data) ? data : [data]).map((part: JsonValue) => asTree(part)?.direct_cost);
  const value = rows.find((row) => textOf(asTree(row)?.id) === id);
  return value === undefined ? null : { value, raw: found.raw };
}

/** Sub jobs are looked into only for codes that the project itself does not list. */
async function codesOf(
  { client, config }: Reading,
  projectId: string,
  used: ReadonlySet<string | null>,
): Promise<Codes> {
  const { costCodes: ofProject, costTypes } = await costCodings(client.read, projectId, config);
  const costCodes = new Map(inverted(ofProject));
  const parts = new Map<string, SubJobRef>();
  const isKnown = () => [...used].every((id) => id === null || costCodes.has(id));
  for (const { record } of isKnown() ? [] : await subJobs(client.read, projectId, config)) {
    if (isKnown()) break;
    const { id: subJobId, name } = record;
    for (const [code, id] of await costCodesOfSubJob(client.read, { projectId, subJobId }, config)) {
      costCodes.set(id, code);
      parts.set(id, { id: subJobId, name });
    }
  }
  return { costCodes, costTypes: inverted(costTypes), subJobs: parts };
}

function inverted(ids: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...ids].map(([code, id]) => [id, code]));
}

export function directCostRecord(
  row: DirectCostExport,
  codes: ReadonlyMap<string, Codes>,
  config: ProcoreConfig,
): DirectCostRecord {
  const currency = currencyOf(row, config);
  return {
    object: 'company-direct-cost',
    id: row.id,
    type: row.direct_cost_type,
    vendorId: row.vendor?.id ?? null,
    vendorName: row.vendor?.name ?? null,
    invoiceNumber: row.invoice_number,
    description: row.description ?? '',
    status: row.status,
    approved: row.status === 'approved',
    currency,
    // What the bill says is compared with the lines; where nobody entered it, their own sum is all there is.
    total: amountText(row.billed_amount ?? row.line_item_total, currency, 'billed_amount'),
    billDate: dateOrNull(row.direct_cost_date),
    accountingDate: dateOrNull(row.accounting_date),
    paymentDueDate: dateOrNull(row.payment_due_date),
    originId: row.origin_id,
    lines: row.line_items.map((line, index) => lineOf(line, index + 1, codes.get(line.project.id), currency)),
    attachments: fileOf(row),
    url: `${config.webUrl.replace(/\/+$/, '')}/${config.companyId}/company/direct_costs/${row.id}`,
  };
}

type Line = DirectCostExport['line_items'][number];

function lineOf(line: Line, place: number, codes: Codes | undefined, currency: string): DirectCostLine {
  return {
    id: line.id,
    position: line.position !== null && /^\d{1,9}$/.test(line.position) ? Number(line.position) : place,
    description: line.description ?? '',
    costCode: codeRef(line.cost_code_id, codes?.costCodes),
    ...partOf(line.cost_code_id, codes),
    costType: codeRef(line.line_item_type_id, codes?.costTypes),
    amount: amountText(line.total_amount, currency, `total_amount of line ${line.id}`),
    quantity: line.quantity,
    unitPrice: line.unit_cost,
    unit: line.uom?.name ?? null,
    projectId: line.project.id,
  };
}

/** An export names ids; people and mappings know codes. One that the project does not list is asked for as missing. */
function codeRef(id: string | null, codes: ReadonlyMap<string, string> | undefined): CodeRef | null {
  const code = id === null ? undefined : codes?.get(id);
  return code === undefined ? null : { code, name: '' };
}

function partOf(id: string | null, codes: Codes | undefined): Pick<DirectCostLine, 'subJob'> {
  const subJob = id === null ? undefined : codes?.subJobs?.get(id);
  return subJob === undefined ? {} : { subJob };
}

function fileOf({ direct_cost_attachment: file }: DirectCostExport): FileRef[] {
  return file === null ? [] : [{ id: file.id, name: file.name ?? file.id }];
}
