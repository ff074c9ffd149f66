import { type CostDocumentSheet, DOCUMENTS_PER_SHEET } from '../../domain/masters/job-cost-sheets.ts';
import type { Read, Write, WriteContext } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { jsonNumber, parseJson } from '../../lib/decimal-json.ts';
import type { ProcoreConfig } from '../config.ts';
import { readList } from '../http/paging.ts';
import { classifyRows } from '../outcomes.ts';
import { directCostRow, parsed, syncAnswer } from '../wire.ts';
import { directCostRoute, inCalls, lineBody, MAX_WRITES, statusOf } from './job-costs.ts';

const HEADS = 'cost-documents';

/**
 * Entries of the ledger, each as a direct cost of its own: one call for the heads of 200, one for each thousand lines.
 * Nothing is read where the first call answers with the ids that the second needs. A call that is repeated overwrites
 * by origin id and makes nothing twice.
 */
export function costDocumentWrites(sheet: CostDocumentSheet, config: ProcoreConfig): readonly Write[] {
  if (sheet.documents.length > DOCUMENTS_PER_SHEET)
    throw new RangeError(`${sheet.documents.length} documents are more than one call may name`);
  const lines = sheet.documents.flatMap((document, place) => document.lines.map((line) => ({ line, place })));
  const calls = inCalls(lines, MAX_WRITES - 1);
  return [headsWrite(sheet), ...calls.map((some, call) => linesWrite(sheet, some, call, config))];
}

type Documents = CostDocumentSheet['documents'];

function headsWrite(sheet: CostDocumentSheet): Write {
  const { documents } = sheet;
  const targetHash = contentHash(documents.map(({ lines: _, ...head }) => head));
  return {
    name: HEADS,
    kind: 'set',
    answerProves: true,
    object: 'direct-cost',
    reference: `cost-documents/${sheet.projectId}/${targetHash.slice(-12)}`,
    targetHash,
    encode: () => ({
      method: 'PATCH',
      path: `${directCostRoute(sheet)}/sync`,
      body: JSON.stringify({ updates: documents.map(headBody) }),
    }),
    probe: async () => ({ kind: 'standing', standing: 'at-base', id: sheet.projectId }),
    classify(response) {
      const outcome = classifyRows(response, documents.length, sheet.projectId);
      return outcome.kind === 'posted' ? { ...outcome, id: idsIn(response.body, documents) } : outcome;
    },
  };
}

/** Everything but the vendor and the number of a bill is shown without naming anybody: a payroll is an entry, too. */
function headBody(document: Documents[number]): object {
  const { originId, description, date, bill } = document;
  return {
    origin_id: originId,
    description,
    direct_cost_date: date,
    direct_cost_type: bill === null ? 'expense' : 'invoice',
    ...(bill === null ? {} : { vendor_id: jsonNumber(bill.vendorId), invoice_number: bill.number }),
    status: statusOf(document),
  };
}

type PlacedLine = { readonly line: Documents[number]['lines'][number]; readonly place: number };

function linesWrite(
  sheet: CostDocumentSheet,
  lines: readonly PlacedLine[],
  call: number,
  config: ProcoreConfig,
): Write {
  const targetHash = contentHash(lines.map(({ line }) => line));
  const idsOf = ({ guard, earlierIds }: WriteContext) => (guard ?? earlierIds[HEADS] ?? '').split(',');
  return {
    name: `cost-document-lines-${call + 1}`,
    kind: 'set',
    answerProves: true,
    object: 'direct-cost',
    reference: `cost-document-lines/${sheet.projectId}/${targetHash.slice(-12)}`,
    targetHash,
    encode(context) {
      const ids = idsOf(context);
      const updates = lines.map(({ line, place }) => lineBody(line, ids[place]));
      return {
        method: 'PATCH',
        path: `${directCostRoute(sheet)}/line_items/sync`,
        body: JSON.stringify({ updates }),
      };
    },
    async probe(read, { earlierIds }) {
      const standing = { kind: 'standing', standing: 'at-base', id: sheet.projectId } as const;
      const told = earlierIds[HEADS]?.split(',') ?? [];
      if (told.length === sheet.documents.length && !told.includes('')) return standing;
      return { ...standing, guard: await idsThere(read, sheet, config) };
    },
    classify: (response) => classifyRows(response, lines.length, sheet.projectId),
  };
}

/** In the order of the documents, an empty place for one that is not there. */
function joined(documents: Documents, ids: ReadonlyMap<string, string>): string {
  return documents.map(({ originId }) => ids.get(originId) ?? '').join(',');
}

function idsIn(body: string, documents: Documents): string {
  const { entities } = syncAnswer.parse(parseJson(body));
  const heads = entities.flatMap((row) => directCostRow.safeParse(row).data ?? []);
  return joined(documents, idsByOrigin(heads));
}

/** Some of the heads were refused, or the ids were lost with an answer: those that stand are read. */
async function idsThere(
  read: Read,
  { projectId, documents }: CostDocumentSheet,
  config: ProcoreConfig,
): Promise<string> {
  const path = `/rest/v1.1/projects/${projectId}/direct_costs`;
  const rows = await readList(read, { path, query: {}, pageSize: config.pageSize });
  return joined(documents, idsByOrigin(rows.map((row) => parsed(directCostRow, row, 'a direct cost'))));
}

type Head = { readonly id: string; readonly origin_id: string | null };

function idsByOrigin(heads: readonly Head[]): ReadonlyMap<string, string> {
  return new Map(heads.flatMap(({ id, origin_id }) => (origin_id === null ? [] : [[origin_id, id]])));
}
