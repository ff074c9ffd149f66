import type { DailyLogResource } from './projects/daily-log-fields.ts';

/** What the simulator remembers: one plain record per Procore object. Money is cents, decimals are scaled. */
export type Origin = { origin_id: string | null; origin_code: string | null; origin_data: string | null };

export type Stamps = { created_at: number; updated_at: number };

export type ErpConnection = {
  service_url: string;
  metadata: Record<string, unknown>;
  standard_cost_code_list_id: number;
};

export type Company = {
  id: number;
  name: string;
  is_active: boolean;
  currency: string;
  erp: ErpConnection | null;
};

/** `project_ids` null means that every project is permitted to the service account. */
export type AppConnection = { company_id: number; user_id: number; project_ids: Set<number> | null };
export type App = {
  client_id: string;
  client_secret: string;
  connections: Map<number, AppConnection> /** Ended connections, so that they can be made again. */;
  former: Map<number, AppConnection>;
};

export type ToolLevel = 'None' | 'Read Only' | 'Standard' | 'Admin';

export type User = Stamps & {
  id: number;
  company_id: number;
  login: string;
  name: string;
  roles: string[];
  details?: Record<string, unknown>;
  tool_levels?: Record<string, ToolLevel>;
};

export type Unit = {
  id: number;
  company_id: number;
  name: string;
  description: string;
  category: string;
  is_standard: boolean;
};

export type Project = Origin &
  Stamps & {
    id: number;
    company_id: number;
    name: string;
    active: boolean;
    details: Record<string, unknown>;
    erp_status: ErpStatus;
  };

export type Vendor = Origin &
  Stamps & {
    id: number;
    company_id: number;
    name: string;
    is_active: boolean;
    details: Record<string, unknown>;
    erp_status: ErpStatus;
  };

export type LineItemType = Origin & {
  id: number;
  company_id: number;
  name: string;
  code: string;
  base_type: string;
};

export type CostCode = Origin &
  Stamps & {
    id: number;
    company_id: number;
    project_id: number;
    name: string;
    code: string;
    full_code: string;
    parent_id: number | null;
    /** Codes of a sub job are its own; those of the project have none. */
    sub_job_id: number | null;
    standard_cost_code_id: number | null;
    line_item_type_ids: number[];
    deleted_at: number | null;
  };

export type SubJob = Origin &
  Stamps & {
    id: number;
    company_id: number;
    project_id: number;
    code: string;
    name: string;
    erp_status: ErpStatus;
  };

export type StandardCostCodeList = { id: number; company_id: number; name: string; is_erp_list: boolean };

export type StandardCostCode = Origin &
  Stamps & {
    id: number;
    company_id: number;
    standard_cost_code_list_id: number;
    parent_id: number | null;
    code: string;
    name: string;
    erp_status: ErpStatus;
  };

/** A cost type that may be used with a cost code, and whether the ERP has the pair. */
export type CostTypeAssignment = {
  id: number;
  company_id: number;
  project_id: number;
  cost_code_id: number;
  line_item_type_id: number;
  synced: boolean;
};

export type Insurance = Origin &
  Stamps & {
    id: number;
    company_id: number;
    /** Null in the directory of the company. */
    project_id: number | null;
    vendor_id: number;
    details: Record<string, unknown>;
  };

export type ContractKind = 'work_order_contract' | 'purchase_order_contract';

/** Spelling of the only published erp_status enum (budget changes), which also misspells "exporting". */
export type ErpStatus =
  | 'not_in_erp'
  | 'ready_to_export'
  | 'exportging'
  | 'failed_to_export'
  | 'rejected'
  | 'invalid'
  | 'synced';

export type Contract = Origin &
  Stamps & {
    file_ids?: number[];
    id: number;
    kind: ContractKind;
    company_id: number;
    project_id: number;
    vendor_id: number | null;
    number: string;
    title: string;
    status: string;
    executed: boolean;
    private: boolean;
    accounting_method: 'amount' | 'unit';
    retainage: bigint;
    /** Stored materials of the last application count as completed work of the next one. */
    moves_materials: boolean;
    separate_billing_for_stored_materials: boolean;
    details: Record<string, unknown>;
    custom_fields: Record<string, unknown>;
    line_ids: number[];
    change_order_ids: number[];
    created_by_id: number | null;
    erp_status: ErpStatus;
  };

export type Line = Origin &
  Stamps & {
    id: number;
    company_id: number;
    contract_id: number;
    position: number;
    amount: bigint;
    quantity: bigint;
    unit_cost: bigint;
    uom: string;
    description: string;
    extended_type: 'manual' | 'calculated';
    cost_code_id: number | null;
    line_item_type_id: number | null;
    tax_code_id: number | null;
    wbs_code_id: number | null;
    /** The subcontractor's own schedule below this line; empty where there is none. */
    details: LineDetail[];
  };

export type LineDetail = { id: number; position: number; description: string; amount: bigint };

export type ChangeOrderLine = Origin &
  Stamps & {
    id: number;
    company_id: number;
    change_order_id: number;
    position: number;
    amount: bigint;
    quantity: bigint;
    unit_cost: bigint;
    uom: string;
    description: string;
    cost_code_id: number | null;
    line_item_type_id: number | null;
    /** The line of the contract that it changes. */
    parent_line_id: number | null;
    /** What a prime contract's change order adds on top of the line; revenue and no cost. */
    markups: Markup[];
  };

export type Markup = Origin & {
  id: number;
  company_id: number;
  name: string;
  percentage: bigint;
  amount: bigint;
  position: number;
};

export type ChangeOrder = Origin &
  Stamps & {
    file_ids?: number[];
    id: number;
    company_id: number;
    project_id: number;
    contract_id: number;
    kind: 'commitment_change_order' | 'prime_change_order';
    /** The same thing in the newer API, which has ids of its own. */
    newer_id: number;
    number: string;
    title: string;
    description: string;
    status: string;
    executed: boolean;
    reviewed_at: number | null;
    deleted_at: number | null;
    created_by_id: number | null;
    lines: ChangeOrderLine[];
    grand_total: bigint;
    erp_status: ErpStatus;
  };

export type ErpRequest = Stamps & {
  id: number;
  company_id: number;
  request_name: string;
  request_data: unknown;
  /** Fields that some events carry beside request_data instead of inside it. */
  beside: Record<string, unknown>;
};

export type DetailStatus = 'in_progress' | 'success' | 'failed' | 'stale';

export type ErpRequestDetail = Stamps & {
  id: number;
  company_id: number;
  erp_request_id: number;
  item_type: string;
  item_id: number;
  status: DetailStatus;
  messages: string[];
  times_written: number;
};

export type WriteLogRow = {
  at: string;
  method: string;
  path: string;
  body: unknown;
  status: number;
  committed: boolean;
  answered: boolean;
  client_id: string | null;
};

export type Actor = { user_id: number; client_id: string | null };

export type ResourceName =
  | DailyLogResource
  | 'ERP Requests'
  | 'Work Order Contracts'
  | 'Purchase Order Contracts'
  | 'Company Insurances'
  | 'Project Insurances'
  | 'Company Vendors'
  | 'Projects'
  | 'Prime Contracts'
  | 'Payment Applications'
  | 'Budget Changes'
  | 'Change Order Packages'
  | 'Contract Payments'
  | 'Direct Costs'
  | 'Change Events'
  | 'RFIs'
  | 'Submittals'
  | 'Manpower Logs'
  | 'Delay Logs'
  | 'Notes Logs'
  | 'Tasks'
  | 'Project Files'
  | 'Company Users'
  | 'Project Users'
  | 'Project Vendors';

export type Change = {
  resource_name: ResourceName;
  event_type: 'create' | 'update' | 'delete';
  resource_id: number;
  company_id: number;
  project_id: number | null;
  actor: Actor;
};
