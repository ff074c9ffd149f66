import { documentFields } from '../../domain/planning/document-fields.ts';
import { settleTable } from '../../domain/posting/settle.ts';
import { businessOneRows } from '../../domain/posting/settle-rows/business-one.ts';
import type { CalendarDate } from '../../domain/values/calendar-date.ts';
import type { Connection, Connector } from '../connector.ts';
import { checkConnection } from './check.ts';
import { companyCurrency, fingerprintOf, readCompanySettings } from './company.ts';
import { type BusinessOneConfig, businessOneConfig, serviceRoot } from './config.ts';
import { constraints } from './constraints.ts';
import { invoicesNumbered } from './invoices/invoice-number.ts';
import { invoicesOfOurs } from './invoices/invoice-probe.ts';
import { payableInvoice } from './invoices/payable-invoice.ts';
import { masterConstraints, projectErrors, vendorErrors } from './masters/master-constraints.ts';
import { cancelOrder } from './orders/cancel-order.ts';
import { committedIn } from './orders/committed.ts';
import { openOrderLines } from './orders/open-order.ts';
import { isOfRequest, REFERENCE_FIELD } from './orders/order-form.ts';
import { ordersWhere } from './orders/order-probe.ts';
import { requisitionAt } from './orders/purchase-request.ts';
import { standingOrders } from './orders/standing-orders.ts';
import { paymentsWhere } from './payments/vendor-payments.ts';
import { preflight } from './preflight.ts';
import { pulls } from './pull.ts';
import { openClient, READ_POSTS } from './service-layer/client.ts';
import { quoted } from './service-layer/odata.ts';
import { findUserField, PAYMENT_FIELD } from './service-layer/user-fields.ts';
import { writesFor } from './service-layer/writes.ts';

/** SAP Business One through its Service Layer: orders and invoices out, master records, cost and payments in. */
export const sapBusinessOne: Connector<BusinessOneConfig> = {
  id: 'sap-business-one',
  title: 'SAP Business One',
  config: businessOneConfig,
  secrets: ['password'],
  doorOptions: (config) => ({
    baseUrl: serviceRoot(config),
    ...(config.ca === undefined ? {} : { ca: config.ca }),
    readPosts: READ_POSTS,
  }),
  account: (config) => `${serviceRoot(config)} ${config.companyDb} ${config.userName}`,
  // The vendor publishes no cap: the careful default of the configuration is four requests in one session.
  rate: ({ maxInFlight }) => ({ kind: 'concurrency', inFlight: maxInFlight }),
  constraints: [...constraints, ...masterConstraints],
  settle: (config, seen = {}) => settleTable(businessOneRows, config, seen),
  updateStrategy: 'patch',
  connect(config, deps): Connection {
    const client = openClient(config, deps);
    const { read } = client;
    return {
      fingerprint: async () => fingerprintOf(config, await readCompanySettings(read)),
      check: () => checkConnection(config, read),
      documentFields: documentFields(config.documentFields ?? []),
      pull: pulls(read, config, deps.now),
      writes: (operation) => writesFor(operation, config),
      ...(config.subJobs === 'to-their-job' ? { costOfSubJobs: config.subJobs } : {}),
      supports: new Set([
        'create-order',
        ...(config.commitmentsAs === 'requisition' ? (['create-requisition'] as const) : []),
        'update-order',
        'create-invoice',
        'create-direct-invoice',
        'create-vendor-credit',
        'create-ar-invoice',
        'attach-files',
        'set-payment-hold',
        'create-vendor',
        'create-project',
        'prepare-target',
        ...(config.payments === 'off' ? [] : (['create-vendor-payment'] as const)),
      ]),
      payments: { making: config.payments, payable: (invoiceId) => payableInvoice(read, invoiceId) },
      preflight: (operation) => {
        if (operation.kind === 'create-vendor') return vendorErrors(operation.body, config);
        if (operation.kind === 'create-project') return projectErrors(operation.body);
        return preflight(operation, config);
      },
      list: (referencePrefix, since) => documentsOfOurs(read, config, referencePrefix, since),
      openOrderLines: (orderId) => openOrderLines(read, orderId),
      invoicesNumbered: (vendorCode, number) =>
        invoicesNumbered(read, 'PurchaseInvoices', vendorCode, number),
      creditsNumbered: (vendorCode, number) =>
        invoicesNumbered(read, 'PurchaseCreditNotes', vendorCode, number),
      arInvoicesNumbered: (customerCode, number) => invoicesNumbered(read, 'Invoices', customerCode, number),
      selfTest: {
        currency: async () => companyCurrency(await readCompanySettings(read)),
        takeBack: (base, reference) => cancelOrder(base.id, reference),
      },
      standingOrders: (projectCode) => standingOrders(read, projectCode),
      requisition: (id) => requisitionAt(read, id),
      committed: (projectCode) => committedIn(read, projectCode),
      read,
      send: client.send,
      close: client.close,
    };
  },
};

/** Orders and invoices under our prefix that were made or touched since a day, for the daily sweep. */
async function* documentsOfOurs(
  read: Connection['read'],
  { commitmentsAs }: Pick<BusinessOneConfig, 'commitmentsAs'>,
  referencePrefix: string,
  since: CalendarDate,
) {
  const touched = `UpdateDate ge ${quoted(since)} or CreationDate ge ${quoted(since)}`;
  const ours = `startswith(${REFERENCE_FIELD},${quoted(referencePrefix)})`;
  const filter = `${ours} and (${touched})`;
  // Who never asks for requests needs no right to read them.
  const requests = commitmentsAs === 'requisition' ? (['PurchaseRequests'] as const) : [];
  for (const set of ['PurchaseOrders', ...requests] as const) {
    for await (const { entity, match } of ordersWhere(read, filter, {}, set)) {
      if (!isOfRequest(entity)) yield { ...match, reference: entity.U_TiebeamRef };
    }
  }
  for (const set of ['PurchaseInvoices', 'PurchaseCreditNotes', 'Invoices'] as const) {
    for await (const { entity, match } of invoicesOfOurs(read, set, filter)) {
      yield { ...match, reference: entity.U_TiebeamRef };
    }
  }
  // Neither payments nor drafts of them tell when they were touched: all of ours are listed.
  if ((await findUserField(read, PAYMENT_FIELD)) === null) return;
  for await (const { match, reference } of paymentsWhere(read, ours)) yield { ...match, reference };
}
