import type { MetadataDocument, MetadataFacts } from './metadata.ts';

export type EntityFacts = {
  readonly name: string;
  readonly enabled: boolean;
  readonly configs: MetadataDocument;
};

const off: MetadataDocument = { enabled: false };
const on: MetadataDocument = { enabled: true };

/**
 * Every entity of the tool, on only where something here answers it. An entity that is left out might be on by the
 * tool's own defaults, so each is named.
 */
export function entitiesOf(facts: Pick<MetadataFacts, 'supports' | 'pulls'>): readonly EntityFacts[] {
  return [
    commitments(facts),
    { name: 'commitment_items', enabled: facts.supports.has('create-order'), configs: {} },
    requisitions(facts),
    vendors(facts),
    // The rows that show posted cost in the budget; nothing is exported or imported with them.
    { name: 'job_costs', enabled: facts.pulls.has('journal'), configs: {} },
    ...NOT_CARRIED.map((name) => ({ name, enabled: false, configs: { export: off, import: off } })),
  ];
}

// Change orders follow as changes of their commitment.
const NOT_CARRIED = [
  'standard_cost_codes',
  'standard_categories',
  'jobs',
  'sub_jobs',
  'budgets',
  'job_cost_transactions',
  'commitment_change_orders',
  'commitment_change_order_items',
  'company_level_direct_costs',
  'payment_applications',
  'prime_contracts',
  'prime_contract_change_orders',
  'contract_payments',
] as const;

function commitments({ supports }: Pick<MetadataFacts, 'supports'>): EntityFacts {
  const enabled = supports.has('create-order');
  return {
    name: 'commitments',
    enabled,
    configs: {
      export: {
        enabled,
        create: enabled,
        // A synced commitment may be edited only where the order follows.
        update: supports.has('update-order'),
        custom_fields: [],
      },
      import: off,
      export_purchase_orders: { enabled },
      export_subcontracts: { enabled },
      // The approver's date is the posting date of the order.
      accounting_date: { enabled },
    },
  };
}

function requisitions({ supports, pulls }: Pick<MetadataFacts, 'supports' | 'pulls'>): EntityFacts {
  const enabled = supports.has('create-invoice');
  return {
    name: 'requisitions',
    enabled,
    configs: {
      export: { enabled, create: enabled, update: false, custom_fields: [] },
      accounting_date: { enabled },
      sync_payments: { enabled: enabled && pulls.has('payment') },
    },
  };
}

/** Vendors are matched and linked, and neither created in the ERP nor staged in Procore. */
function vendors({ pulls }: Pick<MetadataFacts, 'pulls'>): EntityFacts {
  return {
    name: 'vendors',
    enabled: pulls.has('vendor'),
    configs: { export: off, import: off, update: on },
  };
}
