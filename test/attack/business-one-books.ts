import { z } from 'zod';
import { centsOf } from '../../src/demo/cents.ts';
import { businessOneTruth } from '../../src/demo/truth.ts';
import { parseJson } from '../../src/lib/decimal-json.ts';
import {
  type Books,
  type ErpDocument,
  type ErpLine,
  type ErpWrite,
  idOf,
  onAccount,
  onOrderLine,
  onRetainage,
  RETAINAGE,
  type SourceOf,
} from './erp.ts';

// Numbers arrive as their own text, so that no amount and no id is ever read through a float.
const text = z.string().nullable();
const invoice = z.object({
  docEntry: z.string(),
  cancelled: z.boolean(),
  cardCode: text,
  udfs: z.object({ U_TiebeamRef: text.default(null) }),
  document: z.object({
    Project: text,
    Comments: text,
    DocTotal: z.string(),
    DocumentLines: z.array(
      z.object({ LineTotal: z.string(), AccountCode: text, BaseEntry: text, BaseLine: text }),
    ),
  }),
});
type Invoice = z.output<typeof invoice>;

const state = z.object({
  invoices: z.array(invoice),
  salesInvoices: z.array(invoice),
  writes: z.array(
    z.object({
      at: z.string(),
      method: z.string(),
      path: z.string(),
      status: z.string(),
      committed: z.boolean(),
      body: z.unknown(),
    }),
  ),
});
type LoggedWrite = z.output<typeof state>['writes'][number];

const sent = z.object({
  U_TiebeamRef: z.string().optional(),
  U_TiebeamRev: z.string().optional(),
  Comments: z.string().optional(),
  DocumentLines: z.array(z.object({ AccountCode: text.optional() })).optional(),
});

const OBJECTS = {
  PurchaseOrders: 'commitment',
  PurchaseInvoices: 'sub-invoice',
  Invoices: 'owner-invoice',
} as const;

const EXEMPT = /^(Login|Logout|CompanyService_\w+|QueryService_\w+)$/;

/** The documents of a company of SAP Business One, and what was written to them. */
export function businessOneBooks(truth: string): Books {
  const json = parseJson(truth);
  const { invoices, salesInvoices, writes } = state.parse(json);
  const documents = [
    ...businessOneTruth(json).orders.map(
      ({ entry, contractId, vendor, lines, ...order }): ErpDocument => ({
        ...order,
        id: idOf('commitment', entry),
        key: entry,
        source: contractId === null ? null : { object: 'commitment', id: contractId, part: '' },
        partner: vendor,
        lines: lines.map(({ account, cents }) => ({ on: onAccount(account), cents })),
      }),
    ),
    ...standing(invoices).map((row) => invoiceOf(row, 'sub-invoice')),
    ...standing(salesInvoices).map((row) => invoiceOf(row, 'owner-invoice')),
  ];
  const exempt = writes.filter(({ path }) => EXEMPT.test(path)).length;
  return {
    documents,
    writes: writes.flatMap((write) => writeOf(write, documents) ?? []),
    sent: { writes: writes.length - exempt, exempt },
  };
}

/** A cancelled one binds nobody. */
function standing(invoices: readonly Invoice[]): Invoice[] {
  return invoices.filter(({ cancelled }) => !cancelled);
}

function invoiceOf(
  { docEntry, cardCode, udfs, document }: Invoice,
  object: 'sub-invoice' | 'owner-invoice',
): ErpDocument {
  const accounts = document.DocumentLines.map(({ AccountCode }) => AccountCode);
  return {
    id: idOf(object, docEntry),
    key: docEntry,
    reference: udfs.U_TiebeamRef === '' ? null : udfs.U_TiebeamRef,
    source: sourceOf(object, document.Comments, accounts),
    partner: cardCode,
    project: object === 'sub-invoice' ? null : document.Project,
    totalCents: centsOf(document.DocTotal),
    lines: document.DocumentLines.map(lineOf),
  };
}

function lineOf({
  LineTotal,
  AccountCode,
  BaseEntry,
  BaseLine,
}: Invoice['document']['DocumentLines'][number]): ErpLine {
  const cents = centsOf(LineTotal);
  const account = AccountCode ?? '';
  if (BaseEntry !== null) return { on: onOrderLine(BaseEntry, BaseLine ?? ''), cents };
  return { on: isRetainage(account) ? onRetainage(account) : onAccount(account), cents };
}

function isRetainage(account: string | null | undefined): boolean {
  return account === RETAINAGE.payable || account === RETAINAGE.receivable;
}

/** By the address in its remarks; one of nothing but retainage pays retainage out. */
function sourceOf(
  object: SourceOf['object'],
  remarks: string | null | undefined,
  accounts: readonly (string | null | undefined)[],
): SourceOf | null {
  const id = /\/(\d+)$/.exec(remarks ?? '')?.[1];
  if (id === undefined) return null;
  if (object === 'commitment') return { object, id, part: '' };
  return { object, id, part: accounts.every(isRetainage) ? 'retainage-release' : 'progress' };
}

/** Null for a write to something else. */
function writeOf(
  { method, path, status, at, committed, body }: LoggedWrite,
  documents: readonly ErpDocument[],
): ErpWrite | null {
  const [, set, key] = /^(\w+)(?:\((\d+)\))?/.exec(path) ?? [];
  const object = OBJECTS[set as keyof typeof OBJECTS];
  // A request that was refused for its session was refused before anybody looked at what it wants.
  if (object === undefined || status === '401') return null;
  const { data } = sent.safeParse(body);
  const accounts = data?.DocumentLines?.map(({ AccountCode }) => AccountCode) ?? [];
  return {
    at: Date.parse(at),
    kind: method === 'POST' ? 'create' : 'set',
    committed,
    // A change does not carry the reference of its own posting.
    reference: data?.U_TiebeamRef ?? null,
    source:
      sourceOf(object, data?.Comments, accounts) ??
      documents.find((each) => each.key === key && each.source?.object === object)?.source ??
      null,
    revision: data?.U_TiebeamRev ?? '',
  };
}
