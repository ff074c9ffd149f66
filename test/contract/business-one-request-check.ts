import { z } from 'zod';
import { USER_FIELDS } from '../../src/connectors/sap-business-one/service-layer/user-fields.ts';
import {
  collectionOf,
  type FieldTable,
  freshFieldTables,
} from '../../src/connectors/sap-business-one/simulator/odata/fields.ts';
import { countFields, type SentFindings, type SentRequest, splitPath } from './sent-requests.ts';

export const publishedService = z.object({
  entitySets: z.record(z.string(), z.object({ type: z.string(), etag: z.boolean() })),
  types: z.record(
    z.string(),
    z.object({
      open: z.boolean(),
      key: z.array(z.string()),
      fields: z.record(z.string(), z.string()),
    }),
  ),
  enums: z.record(z.string(), z.record(z.string(), z.string())),
});
export type PublishedService = z.output<typeof publishedService>;

/** Actions are not in the extracted metadata: their bodies are what the reference manual shows. */
const ACTIONS: Readonly<Record<string, z.ZodType>> = {
  '/Login': z.strictObject({
    CompanyDB: z.string(),
    UserName: z.string(),
    Password: z.string(),
    Language: z.int(),
  }),
  '/Logout': z.undefined(),
  '/CompanyService_GetAdminInfo': z.undefined(),
  '/CompanyService_GetPeriods': z.undefined(),
  '/CompanyService_GetFinancePeriods': z.strictObject({
    PeriodCategoryParams: z.strictObject({ AbsoluteEntry: z.int() }),
  }),
};

const OPTIONS = ['$filter', '$select', '$orderby', '$top'];

/** Checks a request against the metadata of the Service Layer; without it only the actions. */
export function checkBusinessOneRequest(
  published: PublishedService | null,
  request: SentRequest,
  findings: SentFindings,
): void {
  const { route, query } = splitPath(request.path);
  const body: unknown = request.body === undefined ? undefined : JSON.parse(request.body);
  const action = request.method === 'POST' ? ACTIONS[route] : undefined;
  if (request.method === 'POST' && route === '/Attachments2') {
    checkUpload(request, findings);
    return;
  }
  if (action === undefined && published === null) return;
  if (request.body !== undefined) {
    findings.bodies += 1;
    findings.fields += countFields(body);
  }
  if (action) {
    findings.fromGuides.add(`POST ${route}`);
    for (const { path, message } of action.safeParse(body).error?.issues ?? [])
      findings.wrong.push(`POST ${route} ${path.join('.')}: ${message}`);
    return;
  }
  const [, set = '', key] = /^\/(\w+)(?:\((\w+)\))?$/.exec(route) ?? [];
  const typeName = published?.entitySets[set]?.type;
  if (published === null || typeName === undefined) {
    findings.wrong.push(`${request.method} ${route}: there is no such entity set`);
    return;
  }
  findings.published.add(`${request.method} ${set}${key === undefined ? '' : '(key)'}`);
  if (key !== undefined && !isLiteral(published, keyType(published, typeName), key))
    findings.wrong.push(`${set}(${key}): the key has another type`);
  checkQuery(published, typeName, query, findings);
  if (request.method === 'POST' || request.method === 'PATCH')
    checkFields(published, { typeName, mode: request.method, at: set }, body, findings);
}

/** The manual's form of an upload is refused by live servers: what they take is known from reports. */
function checkUpload({ headers, bytes }: SentRequest, findings: SentFindings): void {
  findings.fromGuides.add('POST /Attachments2');
  const boundary = /^multipart\/form-data; boundary=([\w-]{1,70})$/.exec(
    headers?.['content-type'] ?? '',
  )?.[1];
  const text = Buffer.from(bytes ?? []).toString('latin1');
  const parts = text.split(`--${boundary}`).slice(1, -1);
  const isFile = (part: string) =>
    /^\r\nContent-Disposition: form-data; name="files"; filename="[^"\r\n]+"\r\n/.test(part);
  if (boundary === undefined || parts.length === 0 || !parts.every(isFile))
    findings.wrong.push('POST /Attachments2: is not a form of files');
}

function keyType(published: PublishedService, typeName: string): string {
  const type = published.types[typeName];
  return type?.fields[type.key[0] ?? ''] ?? 'none';
}

type Place = { readonly typeName: string; readonly mode: 'POST' | 'PATCH'; readonly at: string };

function checkFields(
  published: PublishedService,
  place: Place,
  value: unknown,
  findings: SentFindings,
): void {
  const type = published.types[place.typeName];
  if (type === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) {
    findings.wrong.push(`${place.at}: is not an object of a published type`);
    return;
  }
  for (const [name, entry] of Object.entries(value)) {
    const at = `${place.at}.${name}`;
    const declared = fieldType(published, place.typeName, name);
    const inner = declared === null ? null : collectionOf(declared);
    if (declared === null) findings.wrong.push(`${at} is not a field`);
    else if (!isWritable(place, name)) findings.wrong.push(`${at} cannot be written by ${place.mode}`);
    else if (inner !== null && Array.isArray(entry)) {
      // A row of an existing document may be new, so its fields are judged as those of a new one.
      for (const row of entry) checkFields(published, { typeName: inner, mode: 'POST', at }, row, findings);
    } else if (!isOfType(published, declared, entry))
      findings.wrong.push(`${at}: ${JSON.stringify(entry)} is not ${declared}`);
  }
}

/** A type's own field, or one of ours where the type is open for user fields. */
function fieldType(published: PublishedService, typeName: string, name: string): string | null {
  const type = published.types[typeName];
  if (type?.fields[name] !== undefined) return type.fields[name];
  const ours = USER_FIELDS.some((field) => name === `U_${field.name}`);
  return ours && type?.open === true ? 'String' : null;
}

const TABLES: Readonly<Record<string, FieldTable>> = freshFieldTables();

/** The metadata carries no flags of what may be written; the simulator's table does, from the manuals. */
function isWritable({ typeName, mode }: Place, name: string): boolean {
  if (name.startsWith('U_')) return true;
  const write = TABLES[typeName]?.get(name)?.write;
  return write === 'always' || (write === 'on-create' && mode === 'POST');
}

function isOfType(published: PublishedService, type: string, value: unknown): boolean {
  if (type === 'Int32') return Number.isInteger(value) && Math.abs(Number(value)) <= 2_147_483_647;
  if (type === 'Double') return typeof value === 'number';
  if (typeof value !== 'string') return false;
  if (type === 'DateTimeOffset') return /^\d{4}-\d{2}-\d{2}$/.test(value);
  return type === 'String' || published.enums[type]?.[value] !== undefined;
}

function checkQuery(
  published: PublishedService,
  typeName: string,
  query: URLSearchParams,
  findings: SentFindings,
): void {
  const known = (name: string) => {
    if (fieldType(published, typeName, name) === null)
      findings.wrong.push(`${typeName} has no field ${name} to ask for`);
  };
  for (const [option, value] of query) {
    findings.parameters += 1;
    if (!OPTIONS.includes(option)) findings.wrong.push(`${option} is no option of a query`);
    if (option === '$select') value.split(',').forEach(known);
    if (option === '$orderby') known(value);
    if (option === '$top' && !/^\d+$/.test(value)) findings.wrong.push(`$top is ${value}`);
    if (option === '$filter') checkFilter(published, typeName, value, findings);
  }
}

const COMPARISON = /(\w+) (?:eq|ne|gt|ge|lt|le) ('(?:[^']|'')*'|-?\d+)|startswith\((\w+),('(?:[^']|'')*')\)/g;

/** Every comparison names a field and a literal of its type; what is left may only join comparisons. */
function checkFilter(
  published: PublishedService,
  typeName: string,
  filter: string,
  findings: SentFindings,
): void {
  const rest = filter.replace(COMPARISON, (_whole, name = '', literal = '', begins = '', start = '') => {
    const type = fieldType(published, typeName, name || begins);
    if (type === null || !isLiteral(published, type, literal || start))
      findings.wrong.push(`${typeName}: the filter compares ${name || begins} with ${literal || start}`);
    return '';
  });
  if (!/^[\s()]*(?:(?:and|or)[\s()]*)*$/.test(rest)) findings.wrong.push(`a filter says ${filter}`);
}

function isLiteral(published: PublishedService, type: string, literal: string): boolean {
  if (!literal.startsWith("'")) return type === 'Int32' || type === 'Double';
  const value = literal.slice(1, -1).replaceAll("''", "'");
  return type !== 'Int32' && type !== 'Double' && isOfType(published, type, value);
}
