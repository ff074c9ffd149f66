import type { BillingPeriod, ContractPayment, Requisition, StoredFile } from './billing/billing-records.ts';
import type { OwnerInvoice } from './billing/owner-invoice-store.ts';
import { PaymentReadiness } from './billing/payment-readiness-store.ts';
import type { BudgetChange } from './budget/budget-change-store.ts';
import type { BudgetModification } from './budget/budget-modification-store.ts';
import type { Budget, BudgetLine, ErpTransaction } from './budget/budget-store.ts';
import type { ForecastLine, ForecastSpread } from './budget/forecast-store.ts';
import type { WbsCode } from './budget/wbs-code-store.ts';
import type { PrimeContract } from './contracts/prime-contract-store.ts';
import type { CompanyDirectCost } from './costs/company-direct-cost-store.ts';
import type { DirectCost, DirectCostLine, JobCost } from './costs/job-cost-store.ts';
import type { TaxCode } from './costs/tax-code-store.ts';
import type { StagedRecord } from './erp-tool/staged-record-store.ts';
import type { ProjectObject } from './projects/project-object-store.ts';
import type { WorkflowInstance } from './projects/workflow-store.ts';
import type {
  Actor,
  App,
  Change,
  ChangeOrder,
  ChangeOrderLine,
  Company,
  Contract,
  CostCode,
  CostTypeAssignment,
  ErpRequest,
  ErpRequestDetail,
  ErpStatus,
  Insurance,
  Line,
  LineItemType,
  Origin,
  Project,
  ResourceName,
  Stamps,
  StandardCostCode,
  StandardCostCodeList,
  SubJob,
  Unit,
  User,
  Vendor,
  WriteLogRow,
} from './records.ts';
import { defaultSettings, type Settings } from './settings.ts';

/** Assigned ids start at 2^49: real ones pass 32 bits, and a client that narrows them must break here. */
const FIRST_ID = 562_949_953_421_312;
const WRITE_LOG_MAX_ROWS = 200_000;

export type SimClock = { now(): number; advance(ms: number): void };

/** A clock that runs with the given one and can be pushed forward. */
export function simClock(source: () => number): SimClock {
  let offsetMs = 0;
  return {
    now: () => source() + offsetMs,
    advance: (ms) => {
      offsetMs += ms;
    },
  };
}

/** Everything one simulated Procore zone holds. */
export class World {
  readonly clock: SimClock;
  settings: Settings = defaultSettings();
  readonly companies = new Map<number, Company>();
  readonly apps = new Map<string, App>();
  readonly users = new Map<number, User>();
  readonly projects = new Map<number, Project>();
  readonly vendors = new Map<number, Vendor>();
  readonly lineItemTypes = new Map<number, LineItemType>();
  readonly taxCodes = new Map<number, TaxCode>();
  readonly costCodes = new Map<number, CostCode>();
  readonly subJobs = new Map<number, SubJob>();
  readonly standardCostCodeLists = new Map<number, StandardCostCodeList>();
  readonly standardCostCodes = new Map<number, StandardCostCode>();
  /** By cost code and cost type. */
  readonly costTypeAssignments = new Map<string, CostTypeAssignment>();
  readonly insurances = new Map<number, Insurance>();
  readonly readiness = new PaymentReadiness();
  readonly contracts = new Map<number, Contract>();
  readonly lines = new Map<number, Line>();
  readonly changeOrders = new Map<number, ChangeOrder>();
  readonly changeOrderLines = new Map<number, ChangeOrderLine>();
  readonly billingPeriods = new Map<number, BillingPeriod>();
  readonly requisitions = new Map<number, Requisition>();
  readonly payments = new Map<number, ContractPayment>();
  readonly stagedRecords = new Map<number, StagedRecord>();
  /** By company, type and origin id, because ten thousand of them are matched in one go. */
  readonly stagedByOrigin = new Map<string, StagedRecord>();
  readonly primeContracts = new Map<number, PrimeContract>();
  readonly ownerInvoices = new Map<number, OwnerInvoice>();
  readonly companyDirectCosts = new Map<number, CompanyDirectCost>();
  /** By project. */
  readonly budgets = new Map<number, Budget>();
  readonly budgetLines = new Map<number, BudgetLine>();
  readonly budgetChanges = new Map<number, BudgetChange>();
  readonly budgetModifications = new Map<number, BudgetModification>();
  readonly forecastLines = new Map<number, ForecastLine>();
  /** By budget line. */
  readonly forecastSpreads = new Map<number, ForecastSpread>();
  /** By project, cost code and cost type. */
  readonly wbsCodes = new Map<string, WbsCode>();
  readonly erpTransactions = new Map<number, ErpTransaction>();
  /** By project, cost code and cost type. */
  readonly jobCosts = new Map<string, JobCost>();
  readonly directCosts = new Map<number, DirectCost>();
  readonly directCostLines = new Map<number, DirectCostLine>();
  readonly projectObjects = new Map<number, ProjectObject>();
  readonly workflows = new Map<number, WorkflowInstance>();
  readonly units = new Map<number, Unit>();
  /** Of the projects that were given one of their own. */
  readonly projectCurrencies = new Map<number, string>();
  readonly files = new Map<number, StoredFile>();
  /** Short-lived links into storage that were handed out, with the time they end. */
  readonly storageLinks = new Map<string, { file_id: number; ends_at: number }>();
  readonly requests = new Map<number, ErpRequest>();
  readonly details = new Map<number, ErpRequestDetail>();
  readonly writeLog: WriteLogRow[] = [];
  writeLogDropped = 0;
  onChange: (change: Change) => void = () => {};
  private lastId = FIRST_ID;
  private readonly originHolders = new Map<string, number>();
  private readonly paymentsOfContract = new Map<number, ContractPayment[]>();
  private readonly requisitionsOfContract = new Map<number, Requisition[]>();
  private readonly contractsOfProject = new Map<number, Contract[]>();

  constructor(clock: SimClock) {
    this.clock = clock;
  }

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  /** Whole seconds, because that is all the API's timestamps carry. */
  stamps(): Stamps {
    const now = this.clock.now();
    return { created_at: now, updated_at: now };
  }

  addContract(contract: Contract): void {
    this.contracts.set(contract.id, contract);
    const list = this.contractsOfProject.get(contract.project_id);
    if (list) list.push(contract);
    else this.contractsOfProject.set(contract.project_id, [contract]);
  }

  projectContracts(projectId: number): readonly Contract[] {
    return this.contractsOfProject.get(projectId) ?? [];
  }

  contractLines(contract: { line_ids: readonly number[] }): Line[] {
    return contract.line_ids.flatMap((id) => this.lines.get(id) ?? []);
  }

  /** The change orders that nobody deleted. */
  contractChangeOrders(contract: { change_order_ids: readonly number[] }): ChangeOrder[] {
    return contract.change_order_ids
      .flatMap((id) => this.changeOrders.get(id) ?? [])
      .filter((changeOrder) => changeOrder.deleted_at === null);
  }

  addRequisition(requisition: Requisition): void {
    this.requisitions.set(requisition.id, requisition);
    const list = this.requisitionsOfContract.get(requisition.contract_id);
    if (list) list.push(requisition);
    else this.requisitionsOfContract.set(requisition.contract_id, [requisition]);
  }

  removeRequisition(requisition: Requisition): void {
    this.requisitions.delete(requisition.id);
    const left = this.contractRequisitions(requisition.contract_id).filter(({ id }) => id !== requisition.id);
    this.requisitionsOfContract.set(requisition.contract_id, left);
  }

  /** The applications on a contract, first to last. */
  contractRequisitions(contractId: number): readonly Requisition[] {
    return this.requisitionsOfContract.get(contractId) ?? [];
  }

  requisitionBefore(requisition: Requisition): Requisition | null {
    const list = this.contractRequisitions(requisition.contract_id);
    return list[list.indexOf(requisition) - 1] ?? null;
  }

  isLastRequisition(requisition: Requisition): boolean {
    return this.contractRequisitions(requisition.contract_id).at(-1) === requisition;
  }

  addPayment(payment: ContractPayment): void {
    this.payments.set(payment.id, payment);
    const list = this.paymentsOfContract.get(payment.contract_id);
    if (list) list.push(payment);
    else this.paymentsOfContract.set(payment.contract_id, [payment]);
  }

  removePayment(payment: ContractPayment): void {
    this.payments.delete(payment.id);
    const left = this.contractPayments(payment.contract_id).filter(({ id }) => id !== payment.id);
    this.paymentsOfContract.set(payment.contract_id, left);
  }

  contractPayments(contractId: number): readonly ContractPayment[] {
    return this.paymentsOfContract.get(contractId) ?? [];
  }

  holderOf(companyId: number, itemType: string, originId: string): number | null {
    return this.originHolders.get(`${companyId}|${itemType}|${originId}`) ?? null;
  }

  /** Writes origin fields; false when another object of the type in the company already has that origin_id. */
  setOrigin(
    target: {
      companyId: number;
      itemType: string;
      id: number;
      record: Origin & { erp_status?: ErpStatus };
    },
    origin: { [K in keyof Origin]?: string | null | undefined },
  ): boolean {
    const { companyId, itemType, id, record } = target;
    if (origin.origin_id !== undefined && origin.origin_id !== record.origin_id) {
      if (origin.origin_id !== null) {
        const holder = this.holderOf(companyId, itemType, origin.origin_id);
        if (holder !== null && holder !== id) return false;
      }
      if (record.origin_id !== null) {
        this.originHolders.delete(`${companyId}|${itemType}|${record.origin_id}`);
      }
      if (origin.origin_id !== null) {
        this.originHolders.set(`${companyId}|${itemType}|${origin.origin_id}`, id);
      }
      record.origin_id = origin.origin_id;
      // An origin id makes a thing synced, whatever it was before; without one it is not in the ERP any more.
      if (record.origin_id !== null) markStatus(record, 'synced');
      else if (record.erp_status === 'synced') markStatus(record, 'not_in_erp');
    }
    if (origin.origin_code !== undefined) record.origin_code = origin.origin_code;
    if (origin.origin_data !== undefined) record.origin_data = origin.origin_data;
    return true;
  }

  announce(
    resourceName: ResourceName,
    eventType: Change['event_type'],
    record: { id: number; company_id: number; project_id?: number },
    actor: Actor,
  ): void {
    this.onChange({
      resource_name: resourceName,
      event_type: eventType,
      resource_id: record.id,
      company_id: record.company_id,
      project_id: record.project_id ?? null,
      actor,
    });
  }

  logWrite(row: WriteLogRow): void {
    if (this.writeLog.length >= WRITE_LOG_MAX_ROWS) {
      this.writeLog.shift();
      this.writeLogDropped += 1;
    }
    this.writeLog.push(row);
  }
}

function markStatus(record: { erp_status?: ErpStatus }, status: ErpStatus): void {
  if (record.erp_status !== undefined) record.erp_status = status;
}
