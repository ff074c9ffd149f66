import type { ConnectDeps } from '../connectors/connector.ts';
import { exportFields } from '../domain/planning/export-fields.ts';
import type { Door } from '../lib/door.ts';
import { fetchContractPayment } from './billing/contract-payment-reads.ts';
import { fetchPaymentReadiness } from './billing/payment-readiness-reads.ts';
import { fetchSubInvoice, fetchSubInvoiceFile, listSubInvoices } from './billing/sub-invoice-reads.ts';
import { budgetChangesIn } from './budget/budget-change-reads.ts';
import { budgetIn } from './budget/budget-reads.ts';
import { fetchBudget } from './budget/budgets.ts';
import {
  approvedChangesIn,
  changeLineOrigins,
  fetchChangeOrder,
  listChangeOrders,
} from './commitments/change-order-reads.ts';
import {
  committedIn,
  fetchCommitment,
  lineOrigins,
  listCommitments,
  type Reading,
} from './commitments/commitment-reads.ts';
import { orderFiles } from './commitments/order-file-reads.ts';
import type { ProcoreConfig } from './config.ts';
import { contextOf } from './context/context-objects.ts';
import { fetchContext, listContext, pullContext } from './context/context-reads.ts';
import { fetchDirectCost, fetchDirectCostFile } from './costs/company-direct-costs.ts';
import { codingNamed } from './costs/cost-assignments.ts';
import { costCodings } from './costs/cost-codings.ts';
import { readLines } from './costs/job-costs.ts';
import { procorePreflight } from './erp-tool/constraints.ts';
import { fetchRequest, listRequests } from './erp-tool/request-reads.ts';
import { readStaged } from './erp-tool/staged.ts';
import { deliveriesOf } from './events/deliveries.ts';
import { type ProcoreClient, procoreClient } from './http/client.ts';
import type { RateWindow } from './http/rate-window.ts';
import type { Hub } from './hub.ts';
import { fingerprint, seenAccount } from './identity.ts';
import { erpCodeList, shownCodes, standardCostCodes, subJobs } from './masters/code-lists.ts';
import { pullProjects, pullVendors, userEmail } from './masters/directory-reads.ts';
import { shownInsurances } from './masters/insurances.ts';
import { projectCodes } from './masters/project-codes.ts';
import { fetchOwnerInvoice, fetchOwnerInvoiceFile, listOwnerInvoices } from './owner/owner-invoice-reads.ts';
import {
  fetchPrimeChangeOrder,
  fetchPrimeContract,
  listPrimeContracts,
} from './owner/prime-contract-reads.ts';
import { checkProcore } from './set-up/check.ts';
import { companySetUp } from './set-up/set-up.ts';
import { procoreWrites, supportedOperations } from './writes.ts';

export type ProcoreDeps = ConnectDeps & {
  /** Door to the sign-in host. The one of `door` may be given again where both hosts are the same. */
  readonly authDoor: Door;
  /** Between 0 and 1, for the spread of waiting times. */
  readonly random: () => number;
  /** Shared by the connections of one app; one of its own where absent. */
  readonly window?: RateWindow;
};

/** A live connection to one Procore company. Token and rate window live in its memory only. */
export function connectProcore(config: ProcoreConfig, deps: ProcoreDeps): Hub {
  const client = procoreClient(config, deps);
  const reading: Reading = { client, config, now: deps.now };
  const sweeping: Reading = { ...reading, client: client.sweeping };
  const context = config.context ?? [];
  let ownUserId: string | null = null;
  return {
    applicationId: config.clientId,
    setUp: companySetUp(reading),
    quietMs: config.quietSeconds * 1_000,
    ordersFromErp: config.ordersFromErp,
    jobCosts: { grain: config.jobCostGrain, hours: config.jobCostHours },
    projectCodeRule: config.projectCodes,
    orderFiles: orderFiles({ ...reading, client }, config.orderFiles),
    exportFields: exportFields(config.exportFields ?? []),
    deliveries: deliveriesOf(sweeping),
    get ownUserId() {
      return ownUserId;
    },
    context: contextOf(context, 'project'),
    fetchContext: (ref) => fetchContext(reading, ref),
    listContext: (object, projectId, cursor) => listContext(sweeping, object, projectId, cursor),
    async fingerprint() {
      const seen = await fingerprint(reading);
      ownUserId ??= await seenAccount(reading);
      return seen;
    },
    check: () => checkProcore(reading),
    pull: {
      vendor: (cursor) => pullVendors(sweeping, cursor),
      project: (cursor) => pullProjects(sweeping, cursor),
      ...Object.fromEntries(
        contextOf(context, 'company').map((object) => [
          object,
          (cursor: string | null) => pullContext(sweeping, object, cursor),
        ]),
      ),
    },
    writes: (operation) => procoreWrites(operation, config),
    supports: supportedOperations,
    preflight: procorePreflight,
    ...calls(client),
    fetchRequest: (id, from) => fetchRequest(reading, id, from),
    listRequests: (cursor) => listRequests(reading, cursor),
    fetchCommitment: (ref) => fetchCommitment(reading, ref),
    lineOrigins: (ref) => lineOrigins(reading, ref),
    listCommitments: (projectId, cursor) => listCommitments(sweeping, projectId, cursor),
    changeLineOrigins: (ref) => changeLineOrigins(reading, ref),
    fetchChangeOrder: (ref) => fetchChangeOrder(reading, ref),
    listChangeOrders: (projectId, cursor) => listChangeOrders(sweeping, projectId, cursor),
    approvedChangesIn: (projectId) => approvedChangesIn(reading, projectId),
    fetchSubInvoice: (ref) => fetchSubInvoice(reading, ref),
    listSubInvoices: (projectId, cursor) => listSubInvoices(sweeping, projectId, cursor),
    fetchSubInvoiceFile: (ref, fileId) => fetchSubInvoiceFile(reading, ref, fileId),
    fetchPaymentReadiness: (ref, aspects) => fetchPaymentReadiness(reading, ref, aspects),
    shownInsurances: (vendorId) => shownInsurances(client.read, vendorId, config),
    fetchDirectCost: (ref) => fetchDirectCost(reading, ref),
    fetchDirectCostFile: (ref, fileId) => fetchDirectCostFile(reading, ref, fileId),
    budgetIn: (projectId) => budgetIn(reading, projectId),
    fetchBudget: (ref) => fetchBudget(reading, ref),
    budgetChangesIn: (projectId) => budgetChangesIn(reading, projectId),
    fetchPrimeContract: (ref) => fetchPrimeContract(reading, ref),
    listPrimeContracts: (projectId, cursor) => listPrimeContracts(sweeping, projectId, cursor),
    fetchPrimeChangeOrder: (ref) => fetchPrimeChangeOrder(reading, ref),
    fetchContractPayment: (ref) => fetchContractPayment(reading, ref),
    fetchOwnerInvoice: (ref) => fetchOwnerInvoice(reading, ref),
    fetchOwnerInvoiceFile: (ref, fileId) => fetchOwnerInvoiceFile(reading, ref, fileId),
    listOwnerInvoices: (projectId, cursor) => listOwnerInvoices(sweeping, projectId, cursor),
    committedIn: (projectId) => committedIn(reading, projectId),
    ...codeReads(reading),
    stagedRecords: (object) => readStaged(client.read, object, config),
    userEmail: (userId) => userEmail(reading, userId),
  };
}

function calls({ read, send, close, rateWindows }: ProcoreClient) {
  return { read, send, close, rateWindows };
}

/** Codes and what stands on them, as the ERP shares them with Procore. */
function codeReads({ client: { read }, config }: Reading) {
  return {
    costCodings: (projectId) => costCodings(read, projectId, config),
    erpCodeList: () => erpCodeList(read, config),
    standardCostCodes: (listId) => standardCostCodes(read, listId, config),
    subJobs: (projectId) => subJobs(read, projectId, config),
    projectCodes: (projectId) => projectCodes(read, projectId, config),
    shownCodes: (list) => shownCodes(read, list, config),
    codingNamed: (named) => codingNamed(read, named, config),
    shownCosts: (projectId) => readLines(read, projectId, {}, config),
  } satisfies Partial<Hub>;
}
