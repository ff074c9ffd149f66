import type { DocumentField } from '../../../domain/planning/document-fields.ts';
import type { ProbeResult, Read, WireRequest } from '../../../domain/posting/writes.ts';
import type { PaymentSetting } from '../config.ts';
import { readStop } from './errors.ts';
import { quoted } from './odata.ts';
import { page, readUserField, type UserFieldEntity } from './wire.ts';

/** A text field of ours. Header tables of all marketing documents share the definition of the one of orders. */
export type UserField = {
  readonly table: 'OPOR' | 'OCRD' | 'OPRJ' | 'OVPM';
  readonly name: string;
  readonly chars: string;
  readonly description: string;
};

export const USER_FIELDS = [
  { table: 'OPOR', name: 'TiebeamRef', chars: '16', description: 'Tiebeam reference' },
  { table: 'OPOR', name: 'TiebeamRev', chars: '10', description: 'Tiebeam revision' },
  { table: 'OCRD', name: 'TiebeamRef', chars: '16', description: 'Tiebeam reference' },
  { table: 'OPRJ', name: 'TiebeamRef', chars: '16', description: 'Tiebeam reference' },
] as const satisfies readonly UserField[];

/** Payments and drafts of them share it as documents do (inferred). Needed only where payments are made. */
export const PAYMENT_FIELD = {
  table: 'OVPM',
  name: 'TiebeamRef',
  chars: '16',
  description: 'Tiebeam reference',
} as const satisfies UserField;

export function userFieldsFor({ payments = 'off' }: PaymentSetting): readonly UserField[] {
  return payments === 'off' ? USER_FIELDS : [...USER_FIELDS, PAYMENT_FIELD];
}

export function userFieldId(field: UserField): string {
  return `${field.table}.${field.name}`;
}

export function userFieldWrite({ table, name }: UserField): string {
  return table === 'OPOR' ? `user-field-${name}` : `user-field-${table}-${name}`;
}

export function encodeUserField(field: UserField): WireRequest {
  const definition = {
    TableName: field.table,
    Name: field.name,
    Type: 'db_Alpha',
    Size: Number(field.chars),
    Description: field.description,
    Mandatory: 'tNO',
  };
  return { method: 'POST', path: '/UserFieldsMD', body: JSON.stringify(definition) };
}

/** A field that is missing stands at the base, one of another type or too narrow elsewhere: data may be in it. */
export async function probeUserField(read: Read, field: UserField): Promise<ProbeResult> {
  const id = userFieldId(field);
  const found = await findUserField(read, field);
  if (found === null) return { kind: 'standing', standing: 'at-base', id };
  if (fits(found, field)) return { kind: 'standing', standing: 'at-target', id };
  const difference =
    `U_${field.name} exists as ${found.Type} of ${found.Size ?? 'no'} characters; it must be a text of at least ` +
    `${field.chars}. Rename or widen it in SAP Business One.`;
  return { kind: 'standing', standing: 'elsewhere', id, difference };
}

export async function findUserField(read: Read, field: UserField): Promise<UserFieldEntity | null> {
  const filter = `TableName eq ${quoted(field.table)} and Name eq ${quoted(field.name)}`;
  const response = await read({ method: 'GET', path: `/UserFieldsMD?$filter=${encodeURIComponent(filter)}` });
  if (response.status !== 200) throw readStop(response, 'UserFieldsMD');
  const first = page(response, 'UserFieldsMD').rows[0];
  return first === undefined ? null : readUserField(first.fields);
}

// Which of their tables names a field of all marketing documents is not documented: any of them counts.
const DOCUMENT_TABLES = ['OPOR', 'OPCH', 'OINV', 'ODRF', 'ADOC'];

/** Why a field of the company's own cannot hold what it is to hold; null where it can. */
export async function documentFieldFault(read: Read, field: DocumentField): Promise<string | null> {
  const filter = `Name eq ${quoted(field.name.slice('U_'.length))}`;
  const response = await read({ method: 'GET', path: `/UserFieldsMD?$filter=${encodeURIComponent(filter)}` });
  if (response.status !== 200) throw readStop(response, 'UserFieldsMD');
  const found = page(response, 'UserFieldsMD')
    .rows.map(({ fields }) => readUserField(fields))
    .filter(({ TableName }) => DOCUMENT_TABLES.includes(TableName));
  if (found.length === 0) return `${field.name} is no user field of documents`;
  const [type, words] =
    field.holds === 'date' ? ['db_Date', 'a date'] : ['db_Alpha', `a text of ${field.maxLength} characters`];
  const isWide = (size: string | null | undefined) =>
    field.holds === 'date' || Number(size ?? '0') >= field.maxLength;
  if (found.some(({ Type, Size }) => Type === type && isWide(Size))) return null;
  return `${field.name} is ${found[0]?.Type} of ${found[0]?.Size ?? 'no'} characters, ${words} is needed`;
}

export function fits(found: UserFieldEntity, field: UserField): boolean {
  return found.Type === 'db_Alpha' && Number(found.Size ?? '0') >= Number(field.chars);
}
