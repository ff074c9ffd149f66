import { z } from 'zod';
import { parseJson } from '../lib/decimal-json.ts';
import { centsOf } from './cents.ts';

// Numbers arrive as their own text, so that no amount and no id is ever read through a float.
const id = z.string();
const idOrNull = id.nullable();
const text = z.string().nullable();

const procoreState = z.object({
  cost_codes: z.array(z.object({ id, full_code: z.string() })),
  line_item_types: z.array(z.object({ id, code: z.string() })),
  contracts: z.array(
    z.object({
      id,
      kind: z.enum(['work_order_contract', 'purchase_order_contract']),
      number: z.string(),
      status: z.string(),
      project_id: id,
      vendor_id: idOrNull,
      origin_id: text,
      revised_contract: z.string(),
      line_items: z.array(
        z.object({ id, amount: z.string(), cost_code_id: idOrNull, line_item_type_id: idOrNull }),
      ),
    }),
  ),
  requisitions: z.array(
    z.object({
      id,
      contract_id: id,
      number: z.string(),
      status: z.string(),
      erp_status: z.string(),
      origin_id: text,
      summary: z.object({ current_payment_due: z.string() }),
    }),
  ),
  contract_payments: z.array(z.object({ origin_id: text, amount: z.string() })),
  erp_requests: z.array(z.object({ id })),
  erp_request_details: z.array(
    z.object({ erp_request_id: id, item_id: id, status: z.string(), messages: z.array(z.string()) }),
  ),
});

const businessOneState = z.object({
  orders: z.array(
    z.object({
      docEntry: id,
      docNum: id,
      cardCode: text,
      cancelled: z.boolean(),
      udfs: z.object({ U_TiebeamRef: text.default(null), U_TiebeamRev: text.default(null) }),
      document: z.object({
        Project: text,
        NumAtCard: text,
        Comments: text,
        DocTotal: z.string(),
        DocumentLines: z.array(
          z.object({ LineNum: id, LineTotal: z.string(), AccountCode: text, ProjectCode: text }),
        ),
      }),
    }),
  ),
  invoices: z.array(
    z.object({
      docEntry: id,
      cancelled: z.boolean(),
      udfs: z.object({ U_TiebeamRef: text.default(null) }),
      document: z.object({ Comments: text, DocTotal: z.string() }),
    }),
  ),
  payments: z.array(
    z.object({
      Cancelled: z.string(),
      PaymentInvoices: z.array(z.object({ DocEntry: id, SumApplied: z.string() })),
    }),
  ),
  vendors: z.array(z.object({ CardCode: z.string() })),
  pendingCommits: z.string(),
});

const faultCounts = z.record(z.string(), z.object({ injected: z.string(), reached: z.string() }));

export type Counts = Readonly<Record<string, { readonly injected: number; readonly reached: number }>>;
export type TrueLine = { readonly id: string; readonly cents: bigint; readonly coding: string };
export type TrueContract = {
  readonly id: string;
  readonly number: string;
  readonly projectId: string;
  readonly vendorId: string | null;
  readonly originId: string | null;
  /** An obligation: approved or complete, so that it belongs into the comparison. */
  readonly committed: boolean;
  /** With approved change orders. */
  readonly revisedCents: bigint;
  readonly lines: readonly TrueLine[];
};
export type TrueRequest = {
  readonly id: string;
  readonly contractId: string;
  readonly status: string;
  readonly messages: readonly string[];
};
/** A subcontractor's pay application, and what its certificate says is due. */
export type TrueApplication = {
  readonly id: string;
  readonly contractId: string;
  readonly number: number;
  readonly approved: boolean;
  readonly exported: boolean;
  readonly originId: string | null;
  readonly dueCents: bigint;
};
export type ProcoreTruth = {
  readonly contracts: readonly TrueContract[];
  /** Of commitments; those of applications are told by the applications themselves. */
  readonly requests: readonly TrueRequest[];
  readonly applications: readonly TrueApplication[];
  /** What payments with an origin id in the ERP come to. */
  readonly paidCents: bigint;
};
export type TrueOrder = {
  readonly entry: string;
  readonly number: string;
  readonly vendor: string | null;
  readonly project: string | null;
  /** What the vendor is told to quote: the number of the commitment. */
  readonly vendorReference: string | null;
  /** Our reference; null on orders that people keyed. */
  readonly reference: string | null;
  readonly revision: number;
  /** The commitment whose address stands in the remarks. */
  readonly contractId: string | null;
  readonly totalCents: bigint;
  readonly lines: readonly { readonly number: string; readonly cents: bigint; readonly account: string }[];
};
export type TrueInvoice = {
  readonly entry: string;
  readonly reference: string | null;
  readonly applicationId: string | null;
  readonly totalCents: bigint;
};
export type BusinessOneTruth = {
  /** Cancelled ones are left out: they bind nobody. */
  readonly orders: readonly TrueOrder[];
  readonly invoices: readonly TrueInvoice[];
  /** What was paid of these invoices, cancelled payments left out. */
  readonly paidCents: bigint;
  readonly vendors: ReadonlySet<string>;
  readonly pendingCommits: number;
};

const COMMITTED: Record<string, readonly string[]> = {
  work_order_contract: ['Approved', 'Complete'],
  purchase_order_contract: ['Approved', 'Partially Received', 'Received'],
};

/** What Procore really holds, by its own control plane. */
export function procoreTruth(json: unknown): ProcoreTruth {
  const state = procoreState.parse(json);
  const codes = new Map(state.cost_codes.map((row) => [row.id, row.full_code]));
  const types = new Map(state.line_item_types.map((row) => [row.id, row.code]));
  const applications = new Set(state.requisitions.map((row) => row.id));
  return {
    contracts: state.contracts.map((row) => ({
      id: row.id,
      number: row.number,
      projectId: row.project_id,
      vendorId: row.vendor_id,
      originId: row.origin_id,
      committed: COMMITTED[row.kind]?.includes(row.status) ?? false,
      revisedCents: centsOf(row.revised_contract),
      lines: row.line_items.map((line) => ({
        id: line.id,
        cents: centsOf(line.amount),
        coding: `${codes.get(line.cost_code_id ?? '') ?? ''}|${types.get(line.line_item_type_id ?? '') ?? ''}`,
      })),
    })),
    requests: state.erp_requests.flatMap(({ id: requestId }) => {
      const detail = state.erp_request_details.find((row) => row.erp_request_id === requestId);
      if (applications.has(detail?.item_id ?? '')) return [];
      return {
        id: requestId,
        contractId: detail?.item_id ?? '',
        status: detail?.status ?? 'in_progress',
        messages: detail?.messages ?? [],
      };
    }),
    applications: state.requisitions.map((row) => ({
      id: row.id,
      contractId: row.contract_id,
      number: Number(row.number),
      approved: row.status.startsWith('approved'),
      exported: !['not_in_erp', 'ready_to_export'].includes(row.erp_status),
      originId: row.origin_id,
      dueCents: centsOf(row.summary.current_payment_due),
    })),
    paidCents: state.contract_payments
      .filter(({ origin_id }) => origin_id !== null)
      .reduce((sum, { amount }) => sum + centsOf(amount), 0n),
  };
}

/** What SAP Business One really holds, by its own control plane. */
export function businessOneTruth(json: unknown): BusinessOneTruth {
  const state = businessOneState.parse(json);
  return {
    orders: state.orders
      .filter(({ cancelled }) => !cancelled)
      .map(({ docEntry, docNum, cardCode, udfs, document }) => ({
        entry: docEntry,
        number: docNum,
        vendor: cardCode,
        project: document.Project,
        vendorReference: document.NumAtCard,
        reference: udfs.U_TiebeamRef === '' ? null : udfs.U_TiebeamRef,
        revision: Number(udfs.U_TiebeamRev ?? '0'),
        contractId: /\/commitments\/\w+\/(\d+)/.exec(document.Comments ?? '')?.[1] ?? null,
        totalCents: centsOf(document.DocTotal),
        lines: document.DocumentLines.map((line) => ({
          number: line.LineNum,
          cents: centsOf(line.LineTotal),
          account: line.AccountCode ?? '',
        })),
      })),
    invoices: state.invoices
      .filter(({ cancelled }) => !cancelled)
      .map(({ docEntry, udfs, document }) => ({
        entry: docEntry,
        reference: udfs.U_TiebeamRef === '' ? null : udfs.U_TiebeamRef,
        applicationId: /\/invoicing\/(\d+)/.exec(document.Comments ?? '')?.[1] ?? null,
        totalCents: centsOf(document.DocTotal),
      })),
    paidCents: state.payments
      .filter(({ Cancelled }) => Cancelled !== 'tYES')
      .flatMap(({ PaymentInvoices }) => PaymentInvoices)
      .reduce((sum, { SumApplied }) => sum + centsOf(SumApplied), 0n),
    vendors: new Set(state.vendors.map(({ CardCode }) => CardCode)),
    pendingCommits: Number(state.pendingCommits),
  };
}

const READ_DEADLINE_MS = 10_000;

async function exactJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(READ_DEADLINE_MS) });
  return parseJson(await response.text());
}

export type SimulatorUrls = { readonly procore: string; readonly businessOne: string };
export type Truth = { readonly procore: ProcoreTruth; readonly businessOne: BusinessOneTruth };

/** Both control planes, read at (almost) the same moment. */
export async function readTruth(urls: SimulatorUrls): Promise<Truth> {
  const [procore, businessOne] = await Promise.all([
    exactJson(`${urls.procore}/_sim/state`),
    exactJson(`${urls.businessOne}/_sim/state`),
  ]);
  return { procore: procoreTruth(procore), businessOne: businessOneTruth(businessOne) };
}

/** Fault counts of both simulators, added up by kind. */
export async function readFaults(urls: SimulatorUrls): Promise<Counts> {
  const merged: Record<string, { injected: number; reached: number }> = {};
  for (const url of [urls.procore, urls.businessOne]) {
    const counts = faultCounts.parse(await exactJson(`${url}/_sim/faults`));
    for (const [kind, { injected, reached }] of Object.entries(counts)) {
      const sum = merged[kind] ?? { injected: 0, reached: 0 };
      merged[kind] = { injected: sum.injected + Number(injected), reached: sum.reached + Number(reached) };
    }
  }
  return merged;
}
