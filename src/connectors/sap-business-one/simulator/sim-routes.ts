import { z } from 'zod';
import { act, actSchema, setPeriodStatus } from './act.ts';
import { filesTold } from './attachments.ts';
import { applySeed } from './company/seed.ts';
import { seedSchema } from './company/seed-schema.ts';
import { nowMs, resetState, type SimState } from './company/state.ts';
import { amount, INVOICED, integer, type Row, rows } from './documents/rows.ts';
import { faultBook, faultsSchema } from './faults.ts';
import { settingsSchema } from './masters/settings.ts';
import { Refusal } from './odata/errors.ts';
import type { FieldTable, TypeName } from './odata/fields.ts';
import { parseExact } from './odata/json.ts';
import { rendered } from './odata/render.ts';
import { dropExpired } from './session.ts';

interface Reply {
  status: number;
  body: unknown;
}

const clockSchema = z.strictObject({
  advance_ms: z
    .int()
    .min(0)
    .max(10 * 366 * 24 * 3_600_000),
});

/** Answers the control plane; a mistake in a request is told in full, since a test made it. */
export function simReply(state: SimState, method: string, url: string, requestText: string): Reply {
  const route = `${method} ${url.split('?')[0] ?? ''}`;
  try {
    return { status: 200, body: answered(state, route, requestText) };
  } catch (error) {
    if (error instanceof Refusal) {
      return { status: 409, body: { error: error.message, code: error.code, status: error.status } };
    }
    if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
    if (error instanceof SyntaxError) return { status: 400, body: { error: error.message } };
    if (error instanceof RangeError) return { status: 404, body: { error: error.message } };
    throw error;
  }
}

function answered(state: SimState, route: string, requestText: string): unknown {
  switch (route) {
    case 'POST /_sim/reset':
      resetState(state);
      return { ok: true };
    case 'POST /_sim/seed':
      applySeed(state, seedSchema.parse(parseExact(requestText)));
      return { ok: true, orders: state.orders.size, vendors: state.partners.size };
    case 'GET /_sim/state':
      return groundTruth(state);
    case 'POST /_sim/clock':
      return advanceClock(state, clockSchema.parse(parseExact(requestText)).advance_ms);
    case 'POST /_sim/settings': {
      const { periods, ...changed } = settingsSchema.parse(parseExact(requestText));
      for (const { code, status } of periods ?? []) setPeriodStatus(state, code, status);
      Object.assign(state.settings, changed);
      return state.settings;
    }
    case 'POST /_sim/act':
      return act(state, actSchema.parse(parseExact(requestText)));
    case 'POST /_sim/faults':
      // Probabilities are plain fractions, so this one body is read without exact decimals.
      state.faults = faultBook(faultsSchema.parse(JSON.parse(requestText)));
      return { ok: true };
    case 'GET /_sim/faults':
      return Object.fromEntries(state.faults.counts);
    default:
      throw new RangeError(`No control route ${route}`);
  }
}

function advanceClock(state: SimState, advanceMs: number): unknown {
  state.clockOffsetMs += advanceMs;
  for (const pending of [...state.pendingCommits]) {
    if (pending.dueMs <= nowMs(state)) pending.run();
  }
  return { now: new Date(nowMs(state)).toISOString() };
}

function groundTruth(state: SimState): unknown {
  dropExpired(state);
  const documents = (held: Map<number, Row>) => [...held.values()].map((row) => truthOf(state, row));
  const masters = (held: Map<string, Row>, typeName: TypeName) =>
    [...held.values()].map((row) => rendered(state, typeName, row, PLAIN));
  return {
    now: new Date(nowMs(state)).toISOString(),
    company: state.company,
    settings: state.settings,
    purchaseRequests: documents(state.purchaseRequests),
    orders: documents(state.orders),
    drafts: documents(state.drafts),
    goodsReceipts: documents(state.goodsReceipts),
    invoices: documents(state.invoices),
    creditNotes: documents(state.creditNotes),
    salesInvoices: documents(state.salesInvoices),
    payments: [...state.payments.values()].map((row) => rendered(state, 'Payment', row, PLAIN)),
    receipts: [...state.receipts.values()].map((row) => rendered(state, 'Payment', row, PLAIN)),
    paymentDrafts: [...state.paymentDrafts.values()].map((row) => rendered(state, 'Payment', row, PLAIN)),
    journals: [...state.journals.values()].map((row) => rendered(state, 'JournalEntry', row, PLAIN)),
    attachments: [...state.attachments.values()].map((row) => {
      return { entry: row.AbsoluteEntry, files: filesTold(state, row) };
    }),
    vendors: masters(state.partners, 'BusinessPartner'),
    projects: masters(state.projects, 'Project'),
    periods: state.periods.map((row) => rendered(state, 'FinancePeriod', row, PLAIN)),
    userFields: masters(state.userFields, 'UserFieldMD'),
    sessions: { now: state.sessions.size, mostAtOnce: state.mostSessionsAtOnce, logins: state.loginCount },
    pendingCommits: state.pendingCommits.size,
    writes: state.writeLog,
    writesDropped: state.writeLogDropped,
  };
}

const PLAIN = { version: 'v1', select: null, tagged: false } as const;

function truthOf(state: SimState, row: Row): unknown {
  const lines = rows(row, 'DocumentLines').map((line) => ({
    ...rendered(state, 'DocumentLine', line, PLAIN),
    invoiced: amount(line, INVOICED),
  }));
  return {
    docEntry: integer(row, 'DocEntry'),
    docNum: integer(row, 'DocNum'),
    cardCode: row.CardCode ?? null,
    status: row.DocumentStatus ?? null,
    cancelled: row.Cancelled === 'tYES',
    version: integer(row, 'DataVersion'),
    udfs: userFieldsOf(row, state.fieldTables.Document),
    document: { ...rendered(state, 'Document', row, PLAIN), DocumentLines: lines },
  };
}

function userFieldsOf(row: Row, table: FieldTable): Record<string, unknown> {
  const names = [...table.keys()].filter((name) => name.startsWith('U_'));
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}
