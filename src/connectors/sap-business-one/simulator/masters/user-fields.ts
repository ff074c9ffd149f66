import type { SimState } from '../company/state.ts';
import { integer, type Row, text } from '../documents/rows.ts';
import { checkedRow, parseRequestBody } from '../odata/body.ts';
import { alreadyExists, businessError } from '../odata/errors.ts';
import type { Field, TypeName } from '../odata/fields.ts';
import { MAX_ALPHA_CHARS } from '../odata/lengths.ts';

// All marketing documents share one definition, so a field added to one header table shows on every one.
const FAMILIES: Readonly<Record<string, TypeName>> = {
  OPOR: 'Document',
  OPCH: 'Document',
  ODRF: 'Document',
  POR1: 'DocumentLine',
  PCH1: 'DocumentLine',
  DRF1: 'DocumentLine',
  OVPM: 'Payment',
  OCRD: 'BusinessPartner',
  CRD1: 'BPAddress',
  OPRJ: 'Project',
  OACT: 'ChartOfAccount',
  OITM: 'Item',
};

const WIRE_TYPES: Readonly<Record<string, string>> = {
  db_Alpha: 'String',
  db_Memo: 'String',
  db_Numeric: 'Int32',
  db_Date: 'DateTimeOffset',
  db_Float: 'Double',
};

export function createUserField(state: SimState, requestText: string): Row {
  return createUserFieldFrom(state, parseRequestBody(requestText));
}

/** Defines a user field and makes it a property of every type its table belongs to. */
export function createUserFieldFrom(state: SimState, body: Record<string, unknown>): Row {
  const sent = checkedRow(state, 'UserFieldMD', body, 'create');
  const table = text(sent, 'TableName') ?? '';
  const name = text(sent, 'Name') ?? '';
  const family = FAMILIES[table];
  if (family === undefined) throw businessError(`Table '${table}' cannot hold user fields  [CUFD.TableID]`);
  if (!/^[A-Za-z]\w*$/.test(name)) throw businessError(`'${name}' is not a field name  [CUFD.AliasID]`);
  if (text(sent, 'Description') === null) throw businessError('Enter a description  [CUFD.Descr]');
  if (state.fieldTables[family].has(`U_${name}`)) throw alreadyExists('CUFD');
  const type = text(sent, 'Type') ?? 'db_Alpha';
  const size = integer(sent, 'Size') ?? integer(sent, 'EditSize') ?? (type === 'db_Alpha' ? 10 : null);
  if (type === 'db_Alpha' && (size === null || size < 1 || size > MAX_ALPHA_CHARS)) {
    throw businessError(`Size has to be between 1 and ${MAX_ALPHA_CHARS}  [CUFD.SizeID]`);
  }
  const fieldId = [...state.userFields.values()].filter((row) => row.TableName === table).length;
  const row: Row = {
    SubType: 'st_None',
    DefaultValue: null,
    Mandatory: 'tNO',
    ...sent,
    Type: type,
    Size: size,
    EditSize: size,
    FieldID: fieldId,
  };
  state.userFields.set(userFieldKey(table, fieldId), row);
  state.fieldTables[family].set(`U_${name}`, fieldOf(row, type, size));
  return row;
}

export function userFieldKey(table: string, fieldId: number): string {
  return `${table}/${fieldId}`;
}

function fieldOf(row: Row, type: string, size: number | null): Field {
  const field: Field = { type: WIRE_TYPES[type] ?? 'String', write: 'always' };
  if (type === 'db_Alpha' && size !== null) field.maxChars = size;
  if (row.Mandatory === 'tYES') field.mandatory = true;
  return field;
}
