import type { ErpStatus, Origin, Stamps } from '../records.ts';

/** A month or another stretch of time that subcontractors bill in. */
export type BillingPeriod = Stamps & {
  id: number;
  project_id: number;
  position: number;
  start_date: string;
  end_date: string;
  due_date: string;
  status: 'open' | 'closed';
};

/** A change order without lines is billed as a whole. */
export type ItemKind =
  | 'contract_item'
  | 'contract_detail_item'
  | 'change_order_item'
  | 'whole_change_order_item';

/** What one line of an application was given; every other column of the sheet follows from it. */
export type RequisitionItem = Origin & {
  id: number;
  company_id: number;
  requisition_id: number;
  kind: ItemKind;
  /** The line of the schedule of values or of the change order; of a whole change order its own id. */
  line_item_id: number;
  detail_line_item_id: number | null;
  change_order_id: number | null;
  position: number;
  work: bigint;
  quantity: bigint;
  stored: bigint;
  work_retained: bigint;
  work_released: bigint;
  /** Retainage held on stored materials: a balance, as stored materials are. */
  stored_retained: bigint;
  /** Percents that retainage is taken at while none was typed, with two decimals. */
  work_percent: bigint;
  stored_percent: bigint;
  claimed: bigint;
  status: 'approved' | 'rejected' | 'no_action';
  comment: string | null;
};

export type ChangeHistory = {
  id: number;
  column: string;
  old_value: string;
  new_value: string;
  action_by_id: number;
  created_at: number;
  ref_id: number;
  ref_type: string;
};

/** A subcontractor's invoice on a commitment. */
export type Requisition = Origin &
  Stamps & {
    id: number;
    company_id: number;
    project_id: number;
    contract_id: number;
    number: number;
    period_id: number | null;
    requisition_start: string | null;
    requisition_end: string | null;
    billing_date: string | null;
    payment_date: string | null;
    submitted_at: string | null;
    invoice_number: string | null;
    final: boolean;
    status: string;
    erp_status: ErpStatus;
    /** As the contract was configured when this application was made. */
    moves_materials: boolean;
    created_by_id: number;
    items: RequisitionItem[];
    file_ids: number[];
    history: ChangeHistory[];
  };

export type StoredFile = {
  id: number;
  company_id: number;
  filename: string;
  content_type: string;
  bytes: Buffer;
};

/** A payment issued on a commitment. */
export type ContractPayment = Origin &
  Stamps & {
    id: number;
    company_id: number;
    project_id: number;
    contract_id: number;
    requisition_id: number | null;
    amount: bigint;
    status: string;
    payment_number: number;
    details: Record<string, unknown>;
  };
