import type { LedgerlineSeed } from '../../src/connectors/demo-erp/simulator/company/seed.ts';
import { openControl as openLedgerline } from '../../src/connectors/demo-erp/simulator/http/control.ts';
import { startDemoErpSimulator } from '../../src/connectors/demo-erp/simulator/http/server.ts';
import { openControl as openBusinessOne } from '../../src/connectors/sap-business-one/fixtures/company.ts';
import { startBusinessOneSimulator } from '../../src/connectors/sap-business-one/simulator/server.ts';
import { formatMoney, parseMoney, sum } from '../../src/domain/values/money.ts';
import { businessOneSeed, ledgerlineSeed } from './seeds.ts';

/** What stands in an ERP for one of our orders, in words both ERPs can say. */
export type StandingOrder = {
  readonly id: string;
  readonly reference: string | null;
  readonly revision: string;
  readonly total: string;
  readonly changes: number;
};

/** What stands in an ERP for one of our invoices, in words both ERPs can say. */
export type StandingInvoice = {
  readonly id: string;
  readonly reference: string | null;
  readonly number: string;
  readonly payable: string;
  /** Below zero where it withholds, above where it pays out. */
  readonly retainage: string;
  readonly drawn: readonly { readonly order: string; readonly line: string; readonly amount: string }[];
};

/** Trouble between us and the ERP at its documents. */
export type Trouble = {
  readonly kind: string;
  readonly on?: 'read' | 'create' | 'change';
  readonly times?: number;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
};

/** A simulated ERP as the scenarios know it, whichever it is. */
export type ErpTarget = {
  readonly system: 'sap-business-one' | 'demo-erp';
  readonly connection: {
    readonly id: string;
    readonly system: string;
    readonly name: string;
    readonly code: string;
    readonly account: string;
    readonly config: Readonly<Record<string, unknown>>;
    readonly secrets: Readonly<Record<string, string>>;
  };
  readonly url: string;
  readonly orders: () => Promise<readonly StandingOrder[]>;
  readonly invoices: () => Promise<readonly StandingInvoice[]>;
  /** Writes to orders that reached it, taking effect or not. */
  readonly orderWrites: () => Promise<number>;
  readonly trouble: (...troubles: readonly Trouble[]) => Promise<void>;
  readonly reached: (kind: string) => Promise<number>;
  readonly stop: () => Promise<void>;
};

export async function startBusinessOne(
  requestLifeMs: number | null,
  seed: unknown = businessOneSeed,
): Promise<ErpTarget> {
  const simulator = await startBusinessOneSimulator({ port: 0 });
  const control = openBusinessOne(simulator.url);
  await control.post('seed', seed);
  return {
    system: 'sap-business-one',
    connection: businessOneConnection(simulator.url, requestLifeMs),
    url: simulator.url,
    async orders() {
      const { orders } = (await control.truth()) as unknown as { orders: readonly BusinessOneOrder[] };
      return orders.map(({ docEntry, udfs, document }) => ({
        id: String(docEntry),
        reference: udfs.U_TiebeamRef ?? null,
        revision: udfs.U_TiebeamRev ?? '',
        total: exact(document.DocTotal),
        changes: 0,
      }));
    },
    async invoices() {
      const { invoices } = (await control.truth()) as unknown as { invoices: readonly BusinessOneInvoice[] };
      return invoices.map(({ docEntry, udfs, document }) => {
        const retained = document.DocumentLines.filter(({ BaseEntry }) => BaseEntry === null);
        const drawn = document.DocumentLines.filter(({ BaseEntry }) => BaseEntry !== null);
        return {
          id: String(docEntry),
          reference: udfs.U_TiebeamRef ?? null,
          number: document.NumAtCard,
          payable: exact(document.DocTotal),
          retainage: formatMoney(
            sum(
              retained.map(({ LineTotal }) => parseMoney(String(LineTotal), 'USD')),
              'USD',
            ),
          ),
          drawn: drawn.map(({ BaseEntry, BaseLine, LineTotal }) => {
            return { order: String(BaseEntry), line: String(BaseLine), amount: exact(LineTotal) };
          }),
        };
      });
    },
    orderWrites: async () =>
      (await control.truth()).writes.filter(({ path }) => path.includes('PurchaseOrders')).length,
    trouble: (...troubles) =>
      control.post('faults', {
        seed: 1,
        rules: troubles.map((each) =>
          ruleOf(each, 'PATCH', 'PurchaseOrders|PurchaseRequests|Invoices|CreditNotes'),
        ),
      }),
    reached: async (kind) => (await control.faults())[kind]?.reached ?? 0,
    stop: simulator.stop,
  };
}

/** How Tiebeam is told of a simulated company of SAP Business One. */
export function businessOneConnection(url: string, requestLifeMs: number | null): ErpTarget['connection'] {
  return {
    id: 'b1',
    system: 'sap-business-one',
    name: 'SAP Business One',
    code: 'B1',
    account: `b1 ${url}`,
    config: {
      baseUrl: url,
      companyDb: 'SBO_HARBOR',
      userName: 'tiebeam',
      language: 3,
      maxInFlight: 4,
      requestLifeMs,
    },
    secrets: { password: 'right-password' },
  };
}

export async function startLedgerline(
  requestLifeMs: number | null,
  more: Partial<LedgerlineSeed> = {},
): Promise<ErpTarget> {
  const simulator = await startDemoErpSimulator({ port: 0 });
  const control = openLedgerline(simulator.url);
  await control.post('seed', { ...ledgerlineSeed, ...more });
  await control.post('settings', { jobStepMs: 20, requestLifeMs: requestLifeMs ?? 300 });
  return {
    system: 'demo-erp',
    connection: ledgerlineConnection(simulator.url, requestLifeMs),
    url: simulator.url,
    orders: async () =>
      (await control.state()).orders.map((order) => ({
        id: order.id,
        reference: order.reference,
        revision: String(order.changes.at(-1)?.revision ?? order.revision),
        total: order.total,
        changes: order.changes.length,
      })),
    invoices: async () =>
      (await control.state()).invoices.map(({ id, reference, vendor_number: number, payable, ...rest }) => ({
        ...{ id, reference, number, payable },
        retainage: `${rest.type === 'invoice' && rest.retainage ? '-' : ''}${rest.retainage?.amount ?? '0.00'}`,
        drawn: rest.lines.flatMap(({ order_line: line, amount }) => {
          return rest.order === null ? [] : [{ order: rest.order, line: String(line), amount }];
        }),
      })),
    orderWrites: async () =>
      (await control.state()).writes.filter(({ path }) => path === '/import-groups').length,
    trouble: (...troubles) =>
      control.post('faults', { seed: 1, rules: troubles.map((each) => ruleOf(each, 'POST', '.')) }),
    reached: async (kind) => (await control.faults())[kind]?.reached ?? 0,
    stop: simulator.stop,
  };
}

/** How Tiebeam is told of a simulated Ledgerline. */
export function ledgerlineConnection(url: string, requestLifeMs: number | null): ErpTarget['connection'] {
  return {
    id: 'ledgerline',
    system: 'demo-erp',
    name: 'Ledgerline',
    code: 'LL',
    account: `ledgerline ${url}`,
    config: { baseUrl: url, company: 'LL-1', requestLifeMs },
    secrets: { apiKey: 'right-key' },
  };
}

type BusinessOneOrder = {
  readonly docEntry: number;
  readonly udfs: Readonly<Record<string, string | null>>;
  readonly document: { readonly DocTotal: number };
};

type BusinessOneInvoice = {
  readonly docEntry: number;
  readonly udfs: Readonly<Record<string, string | null>>;
  readonly document: {
    readonly DocTotal: number;
    readonly NumAtCard: string;
    readonly DocumentLines: readonly {
      readonly LineTotal: number;
      readonly BaseEntry: number | null;
      readonly BaseLine: number | null;
    }[];
  };
};

/** Throws on digits below the cent, where rounding would hide them. */
function exact(amount: number): string {
  return formatMoney(parseMoney(String(amount), 'USD'));
}

function ruleOf({ kind, on = 'create', times = 1, params }: Trouble, changeMethod: string, path: string) {
  const method = { read: 'GET', create: 'POST', change: changeMethod }[on];
  return { kind, times, ...(params === undefined ? {} : { params }), match: { method, path_regex: path } };
}
