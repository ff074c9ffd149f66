import type { OperationKind } from '../../domain/documents.ts';
import type { MetadataDocument, MetadataFacts } from './metadata.ts';

export type EntityFacts = {
  readonly name: string;
  readonly enabled: boolean;
  readonly configs: MetadataDocument;
};

type Facts = Pick<MetadataFacts, 'supports' | 'pulls' | 'carries' | 'asked'>;

/** An entity whose records are exported, our word for its kind, and what the ERP has to be able to do with one. */
type Exported = {
  readonly name: string;
  readonly object: string;
  readonly operation: OperationKind;
  readonly items?: string;
  /** Read from the ERP, and offered for import. */
  readonly staged?: true;
  /** May begin in the ERP, where the connection says so; then it is offered for import as well. */
  readonly begins?: true;
  /** Read from the ERP under this name, and written here as it stands there: it cannot be staged. */
  readonly synced?: string;
  readonly unlink?: true;
  /** What the approver is asked for besides. */
  readonly fields?: readonly { readonly key: string; readonly label: string; readonly type: 'date' }[];
};

const EXPORTED: readonly Exported[] = [
  { name: 'vendors', object: 'vendor', operation: 'create-vendor', staged: true },
  { name: 'jobs', object: 'project', operation: 'create-project', staged: true },
  { name: 'sub_jobs', object: 'sub-job', operation: 'create-sub-job', staged: true },
  {
    name: 'standard_cost_codes',
    object: 'standard-cost-code',
    operation: 'create-cost-code',
    synced: 'cost-code',
  },
  { name: 'budgets', object: 'budget', operation: 'create-budget' },
  {
    name: 'commitments',
    object: 'commitment',
    operation: 'create-order',
    items: 'commitment_items',
    begins: true,
    unlink: true,
  },
  {
    name: 'commitment_change_orders',
    object: 'change-order',
    operation: 'update-order',
    items: 'commitment_change_order_items',
    begins: true,
    unlink: true,
  },
  { name: 'requisitions', object: 'sub-invoice', operation: 'create-invoice' },
  {
    name: 'company_level_direct_costs',
    object: 'company-direct-cost',
    operation: 'create-direct-invoice',
    unlink: true,
  },
  {
    name: 'prime_contract_change_orders',
    object: 'prime-change-order',
    operation: 'create-contract-change',
    // Its date is a field of its own: the event carries no other.
    fields: [{ key: 'transaction_date', label: 'Accounting date', type: 'date' }],
    unlink: true,
  },
  {
    name: 'payment_applications',
    object: 'owner-invoice',
    operation: 'create-ar-invoice',
    unlink: true,
  },
];

/** A synced commitment may be edited only where the order follows; a budget is followed by changes of it. */
function isFollowed(object: string, { supports }: Facts): boolean {
  return object === 'budget' || (object === 'commitment' && supports.has('update-order'));
}

// An entity that is left out might be on by the tool's own defaults, so each is named.
const NOT_CARRIED = ['job_cost_transactions'] as const;

const off: MetadataDocument = { enabled: false };

/** Every entity of the tool, on only where something here answers it. */
export function entitiesOf(facts: Facts): readonly EntityFacts[] {
  const { pulls } = facts;
  const isPaid = facts.carries('contract-payment') && facts.supports.has('create-vendor-payment');
  return [
    ...EXPORTED.flatMap((entity) => exportedEntities(facts, entity)),
    {
      name: 'standard_categories',
      enabled: pulls.has('cost-type'),
      configs: { export: off, import: { enabled: pulls.has('cost-type') } },
    },
    importedEntity('prime_contracts', pulls.has('prime-contract')),
    {
      name: 'contract_payments',
      enabled: pulls.has('payment'),
      configs: { export: isPaid ? { enabled: true, create: true, update: false } : off },
    },
    // The rows that show posted cost in the budget; nothing is exported or imported with them.
    { name: 'job_costs', enabled: pulls.has('journal'), configs: {} },
    ...NOT_CARRIED.map((name) => ({ name, enabled: false, configs: { export: off, import: off } })),
  ];
}

/** What begins in the ERP alone. */
function importedEntity(name: string, enabled: boolean): EntityFacts {
  const imported = { enabled, create: enabled, update: enabled };
  return { name, enabled, configs: { export: off, import: imported, staged_records: { enabled } } };
}

/** Fields of the connection's own. The form of their rules is inferred from those of an entity's other fields. */
function askedOf(object: string, { asked = [] }: Facts): MetadataDocument[] {
  return asked
    .filter(({ of }) => of === object)
    .map(({ key, label, maxLength: length, holds }) => {
      if (holds === 'date') return { key, label, type: 'date' };
      const message = `${label} holds at most %{length} characters: shorten it.`;
      return { key, label, type: 'string', rules: { max_length: { enabled: true, length, message } } };
    });
}

function exportedEntities(facts: Facts, entity: Exported): EntityFacts[] {
  const { object, operation, items, staged, begins, synced, unlink, fields = [] } = entity;
  const isExported = facts.carries(object) && facts.supports.has(operation);
  const isOffered = (staged ?? begins) === true && facts.pulls.has(object);
  const isWritten = synced !== undefined && facts.pulls.has(synced);
  const isImported = isOffered || isWritten;
  const configs = {
    export: {
      enabled: isExported,
      create: isExported,
      update: isExported && isFollowed(object, facts),
      custom_fields: isExported ? [...fields.map((field) => ({ ...field })), ...askedOf(object, facts)] : [],
    },
    import: { enabled: isImported, create: isImported, update: isImported },
    staged_records: { enabled: isOffered },
    unlink: { enabled: isExported && unlink === true },
    ...(object === 'commitment'
      ? { export_purchase_orders: { enabled: isExported }, export_subcontracts: { enabled: isExported } }
      : {}),
    ...(object === 'sub-invoice'
      ? { sync_payments: { enabled: isExported && facts.pulls.has('payment') } }
      : {}),
    // The approver's date is the posting date in the ERP; a budget is posted in no period.
    ...(staged || synced || object === 'budget' || fields.length > 0
      ? {}
      : { accounting_date: { enabled: isExported } }),
  };
  const own = { name: entity.name, enabled: isExported || isImported, configs };
  return items === undefined ? [own] : [own, { name: items, enabled: isExported, configs: {} }];
}
