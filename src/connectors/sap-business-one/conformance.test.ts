import type { Samples, Target } from '../conformance/harness.ts';
import { SAMPLE_MASTERS } from '../conformance/sample-masters.ts';
import { samplePayment } from '../conformance/sample-payment.ts';
import { conformance } from '../conformance/suite.ts';
import type { BusinessOneConfig } from './config.ts';
import { openControl, SAMPLE_COMPANY, sampleConfig } from './fixtures/company.ts';
import { sampleInvoice, sampleRelease, withheld } from './fixtures/invoices.ts';
import { CHANGED_ORDER, SAMPLE_ORDER, sampleLine } from './fixtures/orders.ts';
import { sapBusinessOne } from './index.ts';
import { startBusinessOneSimulator } from './simulator/server.ts';

const WRITTEN =
  'PurchaseOrders|PurchaseRequests|PurchaseInvoices|Attachments2|BusinessPartners|Projects|PaymentDrafts';

const SAMPLES: Samples = {
  create: SAMPLE_ORDER,
  updated: CHANGED_ORDER,
  invalid: {
    body: { ...SAMPLE_ORDER, total: '1.00', lines: [sampleLine('11', 'Footings', '1.00', '5000')] },
    field: /^lines\[11\]\.coding$/,
  },
  stretched(field, length) {
    const text = 'x'.repeat(length);
    if (field === 'number' || field === 'sourceUrl') return { ...SAMPLE_ORDER, [field]: text };
    if (field === 'lines.description') {
      return { ...SAMPLE_ORDER, total: '1.00', lines: [sampleLine('11', text, '1.00')] };
    }
    return null;
  },
  masters: SAMPLE_MASTERS,
  payment: samplePayment('draft'),
  invoices: {
    progress: sampleInvoice,
    release: sampleRelease,
    invalid: {
      body: (order) => sampleInvoice(order, { retainage: [{ ...withheld('-5000.05'), account: '5000' }] }),
      field: /^retainage\[retainage\]\.coding$/,
    },
  },
};

async function start(): Promise<Target<BusinessOneConfig>> {
  const simulator = await startBusinessOneSimulator({ port: 0 });
  const control = openControl(simulator.url);
  const config = sampleConfig(simulator.url, { payments: 'draft' });
  return {
    config,
    wrongCredentials: { ...config, password: 'wrong-password' },
    unreachable: { ...config, baseUrl: 'http://127.0.0.1:1' },
    async reset() {
      await control.post('reset', {});
      await control.post('seed', SAMPLE_COMPANY);
    },
    fault: (kind, on) =>
      control.post('faults', {
        seed: 1,
        rules: [
          {
            kind,
            times: 1,
            match: {
              path_regex: WRITTEN,
              ...(on === 'read' ? { method: 'GET' } : {}),
            },
          },
        ],
      }),
    faultReached: async (kind) => (await control.faults())[kind]?.reached ?? 0,
    elapse: (ms) => control.post('clock', { advance_ms: ms }),
    async documents(reference) {
      const { orders, purchaseRequests, invoices, vendors, projects, paymentDrafts } = await control.truth();
      const documents = [...orders, ...purchaseRequests, ...invoices].map(({ udfs }) => udfs.U_TiebeamRef);
      const masters = [...vendors, ...projects, ...paymentDrafts].map((master) => master.U_TiebeamRef);
      return [...documents, ...masters].filter((each) => each === reference).length;
    },
    files: async () => (await control.truth()).attachments.flatMap(({ files }) => files).length,
    writesArrived: async () =>
      (await control.truth()).writes.filter(({ path }) => new RegExp(WRITTEN).test(path)).length,
    cancelByHand: (id) => control.post('act', { action: 'cancel_order', docEntry: Number(id) }),
    typeOrder: ({ number, vendorCode, projectCode, accountingDate, lines }) =>
      control.post('act', {
        action: 'create_order',
        document: {
          ...{ CardCode: vendorCode, NumAtCard: number, DocType: 'dDocument_Service', Project: projectCode },
          ...{ DocDate: accountingDate, TaxDate: accountingDate, DocDueDate: accountingDate },
          DocumentLines: lines.map(({ description, coding, amount }) => ({
            ...{ ItemDescription: description, AccountCode: coding.code, ProjectCode: projectCode },
            LineTotal: Number(amount),
          })),
        },
      }),
    requisitions: {
      config: { ...config, commitmentsAs: 'requisition' },
      buyByHand: (id) =>
        control.post('act', {
          ...{ action: 'buy_request', docEntry: Number(id), date: SAMPLE_ORDER.accountingDate },
        }),
      cancelByHand: (id) => control.post('act', { action: 'cancel_request', docEntry: Number(id) }),
    },
    cancelInvoiceByHand: (id) => control.post('act', { action: 'cancel_invoice', docEntry: Number(id) }),
    editByHand: (id) =>
      control.post('act', {
        action: 'edit_order_line',
        docEntry: Number(id),
        lineNum: 0,
        changes: { LineTotal: 99999.99 },
      }),
    renameVendor: (name) =>
      control.post('act', { action: 'edit_vendor', cardCode: 'V1050', changes: { CardName: name } }),
    sessions: async () => (await control.truth()).sessions.now,
    samples: SAMPLES,
    seeded: { vendor: 451, project: 2, account: 5, period: 2 },
    stop: simulator.stop,
  };
}

conformance('sap-business-one', { connector: sapBusinessOne, start });
