import { COMPANY_OPERATIONS } from '../company/company-service.ts';
import type { SimState } from '../company/state.ts';
import { integer, type Row, text } from '../documents/rows.ts';
import { badRequest } from '../odata/errors.ts';
import type { TypeName } from '../odata/fields.ts';
import { userFieldKey } from './user-fields.ts';

type Key = string | number;

/** An entity set: where its records are and how its keys look in an address. */
export interface EntitySet {
  name: string;
  typeName: TypeName;
  keyKind: 'number' | 'text' | 'user-field';
  /** Whether the set carries version tags. */
  tagged: boolean;
  all: (state: SimState) => Iterable<Row>;
  find: (state: SimState, key: Key) => Row | undefined;
  keyValue: (row: Row) => Key;
  printKey: (row: Row) => string;
}

type DocumentStore =
  | 'purchaseRequests'
  | 'orders'
  | 'goodsReceipts'
  | 'drafts'
  | 'invoices'
  | 'creditNotes'
  | 'salesInvoices';
type NumberedStore = DocumentStore | 'payments' | 'receipts' | 'paymentDrafts' | 'journals' | 'attachments';
type MasterStore =
  | 'partners'
  | 'projects'
  | 'accounts'
  | 'items'
  | 'currencies'
  | 'distributionRules'
  | 'taxCodes'
  | 'vatGroups';

function documentSet(name: string, store: DocumentStore): EntitySet {
  return { ...numberedSet(name, 'Document', store, 'DocEntry'), tagged: true };
}

function numberedSet(name: string, typeName: TypeName, store: NumberedStore, keyField: string): EntitySet {
  const keyValue = (row: Row) => integer(row, keyField) ?? 0;
  return {
    name,
    typeName,
    keyKind: 'number',
    tagged: false,
    all: (state) => state[store].values(),
    find: (state, key) => (typeof key === 'number' ? state[store].get(key) : undefined),
    keyValue,
    printKey: (row) => String(keyValue(row)),
  };
}

function masterSet(name: string, typeName: TypeName, store: MasterStore, key: [string, boolean]): EntitySet {
  const [keyField, tagged] = key;
  const keyValue = (row: Row) => text(row, keyField) ?? '';
  return {
    name,
    typeName,
    keyKind: 'text',
    tagged,
    all: (state) => [...state[store].values()].toSorted((a, b) => (keyValue(a) < keyValue(b) ? -1 : 1)),
    find: (state, wanted) => (typeof wanted === 'string' ? state[store].get(wanted) : undefined),
    keyValue,
    printKey: (row) => `'${keyValue(row).replaceAll("'", "''")}'`,
  };
}

const USER_FIELDS: EntitySet = {
  name: 'UserFieldsMD',
  typeName: 'UserFieldMD',
  keyKind: 'user-field',
  tagged: false,
  all: (state) => state.userFields.values(),
  find: (state, key) => state.userFields.get(String(key)),
  keyValue: (row) => userFieldKey(text(row, 'TableName') ?? '', integer(row, 'FieldID') ?? 0),
  printKey: (row) => `TableName='${text(row, 'TableName') ?? ''}',FieldID=${integer(row, 'FieldID') ?? 0}`,
};

/** Every entity set the simulator serves. */
export const ENTITY_SETS: readonly EntitySet[] = [
  documentSet('PurchaseRequests', 'purchaseRequests'),
  documentSet('PurchaseOrders', 'orders'),
  documentSet('Drafts', 'drafts'),
  documentSet('PurchaseDeliveryNotes', 'goodsReceipts'),
  documentSet('PurchaseInvoices', 'invoices'),
  documentSet('PurchaseCreditNotes', 'creditNotes'),
  documentSet('Invoices', 'salesInvoices'),
  numberedSet('VendorPayments', 'Payment', 'payments', 'DocEntry'),
  numberedSet('IncomingPayments', 'Payment', 'receipts', 'DocEntry'),
  numberedSet('PaymentDrafts', 'Payment', 'paymentDrafts', 'DocEntry'),
  numberedSet('JournalEntries', 'JournalEntry', 'journals', 'JdtNum'),
  numberedSet('Attachments2', 'Attachments2', 'attachments', 'AbsoluteEntry'),
  masterSet('BusinessPartners', 'BusinessPartner', 'partners', ['CardCode', true]),
  masterSet('Projects', 'Project', 'projects', ['Code', false]),
  masterSet('ChartOfAccounts', 'ChartOfAccount', 'accounts', ['Code', false]),
  masterSet('Items', 'Item', 'items', ['ItemCode', true]),
  masterSet('Currencies', 'Currency', 'currencies', ['Code', false]),
  masterSet('DistributionRules', 'DistributionRule', 'distributionRules', ['FactorCode', false]),
  masterSet('SalesTaxCodes', 'SalesTaxCode', 'taxCodes', ['Code', false]),
  masterSet('VatGroups', 'VatGroup', 'vatGroups', ['Code', false]),
  USER_FIELDS,
];

export function findSet(name: string): EntitySet | undefined {
  return ENTITY_SETS.find((set) => set.name === name);
}

/** Whether a name is one of ours but for its case. */
export function isKnownName(name: string): boolean {
  const names = [...ENTITY_SETS.map((set) => set.name), ...COMPANY_OPERATIONS, 'Login', 'Logout'];
  return names.some((known) => known.toLowerCase() === name.toLowerCase());
}

/** Reads the part between the brackets of an address. */
export function keyOf(set: EntitySet, source: string): Key {
  if (set.keyKind === 'number') {
    const digits = /^(?:(?:DocEntry|JdtNum|AbsoluteEntry)=)?(\d{1,10})$/.exec(source)?.[1];
    if (digits !== undefined) return Number.parseInt(digits, 10);
  } else if (set.keyKind === 'text') {
    const quoted = /^(?:\w+=)?'((?:[^']|'')*)'$/.exec(source)?.[1];
    if (quoted !== undefined) return quoted.replaceAll("''", "'");
  } else {
    const parts = /^TableName='(\w+)',FieldID=(\d{1,6})$/.exec(source);
    if (parts !== null) return userFieldKey(parts[1] ?? '', Number.parseInt(parts[2] ?? '', 10));
  }
  throw badRequest(`Invalid key '${source.slice(0, 100)}' of '${set.name}'`);
}
