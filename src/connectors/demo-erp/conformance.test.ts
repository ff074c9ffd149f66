import type { ApInvoiceBody, PostedBase, PurchaseOrderBody } from '../../domain/documents.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import type { Harness, Samples, Target } from '../conformance/harness.ts';
import { SAMPLE_MASTERS, sampleJobCost } from '../conformance/sample-masters.ts';
import { samplePayment } from '../conformance/sample-payment.ts';
import { conformance } from '../conformance/suite.ts';
import type { DemoErpConfig } from './config.ts';
import { demoErp } from './index.ts';
import type { LedgerlineSeed } from './simulator/company/seed.ts';
import { openControl, type SimulatorControl } from './simulator/http/control.ts';
import { startDemoErpSimulator } from './simulator/http/server.ts';

const SEED: LedgerlineSeed = {
  company: { id: 'LL-1', name: 'Harbor Point Builders', currency: 'USD' },
  keys: [{ key: 'right-key', user: 'tiebeam' }],
  vendors: Array.from({ length: 230 }, (_, index) => ({ code: `V${1000 + index}`, name: `Vendor ${index}` })),
  projects: [{ code: 'P-100', name: 'Harbor Point' }],
  accounts: [
    { code: '5000', name: 'Job cost', postable: false },
    { code: '5100', name: 'Concrete' },
    { code: '5200', name: 'Steel' },
    { code: '2050', name: 'Retainage payable' },
  ],
  periods: [{ code: '2026', name: 'Year 2026', from: '2026-01-01', to: '2026-12-31' }],
  orders: [
    {
      reference: 'OTHER-TOOL-1',
      number: 'X-1',
      title: 'Of another integration',
      vendor: 'V1000',
      project: 'P-100',
      currency: 'USD',
      date: '2026-03-01',
      lines: [{ key: null, description: 'Fence', account: '5100', amount: '10.00' }],
    },
  ],
};

const line = (key: string, description: string, amount: string, code = '5100') => ({
  key,
  description,
  amount,
  coding: { kind: 'account' as const, code },
  costCode: '03-300',
  costType: 'S',
});

const CREATE: PurchaseOrderBody = {
  kind: 'purchase-order',
  reference: 'TAC2345ABCDEFGH2',
  revision: 1,
  number: 'SC-001',
  title: 'Foundations',
  vendorCode: 'V1003',
  projectCode: 'P-100',
  currency: 'USD',
  accountingDate: calendarDate('2026-08-31'),
  total: '151000.50',
  lines: [
    line('11', 'Footings', '100000.00'),
    line('12', 'Walls', '50000.50'),
    line('13', 'Rebar', '1000.00', '5200'),
  ],
  sourceUrl: 'https://app.procore.com/100/project/commitments/7',
};

/** The first pay application on the sample order: work on two lines, a tenth of it withheld. */
function progress(order: PostedBase, account = '2050'): ApInvoiceBody {
  const draw = (key: string, description: string, amount: string, code = '5100') => {
    const coding = { kind: 'account' as const, code };
    return { key, description, amount, coding, orderLine: order.lineKeys[key] ?? '' };
  };
  return {
    kind: 'ap-invoice',
    reference: 'TAC2345INVOICE22',
    revision: 1,
    purpose: 'progress',
    application: 1,
    invoiceNumber: 'ACME-0817',
    vendorCode: 'V1003',
    projectCode: 'P-100',
    currency: 'USD',
    accountingDate: calendarDate('2026-08-31'),
    documentDate: calendarDate('2026-08-25'),
    dueDate: calendarDate('2026-09-30'),
    orderId: order.id,
    lines: [draw('11', 'Footings', '40000.00'), draw('12', 'Walls', '10000.50')],
    retainage: [{ key: 'retainage', description: 'Retainage', amount: '-5000.05', account }],
    total: '45000.45',
    paymentHold: null,
    moves: [],
    sourceUrl: 'https://app.procore.com/100/project/commitments/7/requisitions/1',
  };
}

const release = (order: PostedBase): ApInvoiceBody => ({
  ...progress(order),
  reference: 'TAC2345RELEASE22',
  purpose: 'retainage-release',
  invoiceNumber: 'ACME-0817-R',
  lines: [],
  retainage: [{ key: 'retainage', description: 'Retainage', amount: '5000.05', account: '2050' }],
  total: '5000.05',
});

const SAMPLES: Samples = {
  create: CREATE,
  updated: {
    ...CREATE,
    reference: 'TAC2345ABCDEFGH3',
    revision: 2,
    total: '151750.00',
    lines: [
      line('11', 'Footings', '101000.25'),
      line('12', 'Walls', '50000.50', '5200'),
      line('14', 'Pump', '749.25'),
    ],
  },
  invalid: {
    body: { ...CREATE, lines: [line('11', 'Footings', '1.00', '5000')] },
    field: /^lines\[11\]\.coding$/,
  },
  stretched(field, length) {
    const text = 'x'.repeat(length);
    if (field === 'number' || field === 'title' || field === 'sourceUrl') return { ...CREATE, [field]: text };
    if (field === 'lines.description') return { ...CREATE, lines: [line('11', text, '1.00')] };
    if (field === 'lines.key') return { ...CREATE, lines: [line(text, 'Footings', '1.00')] };
    return null;
  },
  masters: { ...SAMPLE_MASTERS, ...sampleJobCost('P-100') },
  payment: samplePayment('post'),
  invoices: {
    progress,
    release,
    invalid: { body: (order) => progress(order, '5000'), field: /^retainage\.account$/ },
  },
};

async function start(): Promise<Target<DemoErpConfig>> {
  const simulator = await startDemoErpSimulator({ port: 0 });
  const control: SimulatorControl = openControl(simulator.url);
  const config = {
    baseUrl: simulator.url,
    company: 'LL-1',
    apiKey: 'right-key',
    requestLifeMs: 1_500,
    payments: 'post' as const,
  };
  return {
    config,
    wrongCredentials: { ...config, apiKey: 'wrong-key' },
    unreachable: { ...config, baseUrl: 'http://127.0.0.1:1' },
    async reset() {
      await control.post('reset', {});
      await control.post('seed', SEED);
    },
    fault: (kind, on) =>
      control.post('faults', {
        seed: 1,
        rules: [{ kind, times: 1, match: { method: on === 'read' ? 'GET' : 'POST' } }],
      }),
    faultReached: async (kind) => (await control.faults())[kind]?.reached ?? 0,
    elapse: (ms) => control.post('clock', { advance_ms: ms }),
    async documents(reference) {
      const { orders, requisitions, invoices, vendors, projects, costCodes, subJobs, payments } =
        await control.state();
      const ordered = orders.flatMap((order) => [order, ...order.changes]);
      const documents = [...ordered, ...requisitions, ...invoices];
      const masters = [...vendors, ...projects, ...costCodes, ...subJobs, ...payments];
      return [...documents, ...masters].filter((each) => each.reference === reference).length;
    },
    files: async () => (await control.state()).files.length,
    writesArrived: async () => (await control.state()).writes.length,
    editByHand: (id) => control.post('act', { action: 'edit_order_line', id, line: 1, amount: '99999.99' }),
    cancelByHand: (id) => control.post('act', { action: 'cancel_order', id }),
    typeOrder: ({ number, title, vendorCode, projectCode, currency, accountingDate, lines }) =>
      control.post('act', {
        action: 'enter_document',
        document: {
          ...{ type: 'order', number, title, vendor: vendorCode, project: projectCode, currency },
          date: accountingDate,
          lines: lines.map(({ description, coding, amount }) => {
            return { description, account: coding.code, amount };
          }),
        },
      }),
    requisitions: {
      config: { ...config, commitmentsAs: 'requisition' },
      buyByHand: (id) => control.post('act', { action: 'buy_requisition', id }),
      cancelByHand: (id) => control.post('act', { action: 'cancel_requisition', id }),
    },
    cancelInvoiceByHand: (id) => control.post('act', { action: 'cancel_invoice', id }),
    renameVendor: (name) => control.post('act', { action: 'edit_vendor', code: 'V1050', name }),
    samples: SAMPLES,
    seeded: { vendor: 230, project: 1, account: 4, period: 1, payment: 0 },
    stop: simulator.stop,
  };
}

const harness: Harness<DemoErpConfig> = { connector: demoErp, start };

conformance('demo-erp', harness);
