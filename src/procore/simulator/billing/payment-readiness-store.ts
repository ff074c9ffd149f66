import type { Stamps } from '../records.ts';

export type LienWaiver = {
  id: number;
  company_id: number;
  project_id: number;
  invoice_id: number;
  status: 'awaiting_signature' | 'completed';
  type: 'conditional_progress' | 'unconditional_progress' | 'conditional_final' | 'unconditional_final';
};

/** Of one invoice, or of everything that a vendor bills. */
export type ManualHold = Stamps & {
  id: number;
  company_id: number;
  project_id: number;
  invoice_id: number | null;
  vendor_id: number | null;
  hold_type: 'invoice' | 'vendor';
  status: 'applied' | 'released';
  description: string;
  created_by_id: number;
  updated_by_id: number;
};

export type ContractCompliance = {
  updated_at: number;
  updated_by_id: number;
  compliance_status: 'compliant' | 'not_compliant' | 'not_required';
  compliance_notes: string;
  insurance_status: 'compliant' | 'not_compliant' | 'not_required';
  insurance_notes: string;
};

/** A document that a contract, or one of its invoices, has to have. */
export type ComplianceDocument = Stamps & {
  id: number;
  owner: { kind: 'contract' | 'invoice'; id: number };
  name: string;
  type: string;
  status: string;
  notes: string;
  effective_at: string | null;
  expires_at: string | null;
  created_by_id: number;
  updated_by_id: number;
};

/** Whatever people keep about whether an invoice may be paid. */
export class PaymentReadiness {
  readonly waivers = new Map<number, LienWaiver>();
  readonly holds = new Map<number, ManualHold>();
  /** By contract. */
  readonly compliance = new Map<number, ContractCompliance>();
  readonly documents = new Map<number, ComplianceDocument>();

  documentsOf(kind: ComplianceDocument['owner']['kind'], id: number): ComplianceDocument[] {
    return [...this.documents.values()].filter(({ owner }) => owner.kind === kind && owner.id === id);
  }

  truth(): Record<string, unknown> {
    return {
      lien_waivers: [...this.waivers.values()],
      manual_holds: [...this.holds.values()],
      compliance: [...this.compliance].map(([contract_id, row]) => ({ contract_id, ...row })),
      compliance_documents: [...this.documents.values()],
    };
  }
}
