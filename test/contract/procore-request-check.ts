import { erpToolRoutes } from './erp-tool-schemas.ts';
import { compare, type Findings, type PublishedSchema } from './procore-schema-check.ts';
import {
  countFields,
  type SentFindings,
  type SentRequest,
  splitPath,
  templatePattern,
} from './sent-requests.ts';

type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema?: PublishedSchema;
};
type PublishedOperation = {
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema?: PublishedSchema }> };
};
export type Catalogue = { readonly paths: Record<string, Record<string, PublishedOperation>> };

/** Checks a request against the published catalogue, or against the guides where the route is not public. */
export function checkProcoreRequest(
  catalogue: Catalogue | null,
  request: SentRequest,
  findings: SentFindings,
): void {
  const { route, query } = splitPath(request.path);
  const tool = erpToolRoutes.find(
    ({ method, path }) => method === request.method && templatePattern(path).test(route),
  );
  if (tool) {
    const name = `${request.method} ${tool.path}`;
    findings.fromGuides.add(name);
    findings.parameters += query.size;
    collect(tool.query.safeParse(Object.fromEntries(query)), `${name} query`, findings);
    if (tool.body) collect(tool.body.safeParse(bodyOf(request)), name, findings);
    else if (request.body !== undefined) findings.wrong.push(`${name}: takes no body`);
    count(request, findings);
    return;
  }
  if (catalogue !== null) checkPublished(catalogue, request, { route, query }, findings);
}

function checkPublished(
  catalogue: Catalogue,
  request: SentRequest,
  { route, query }: { readonly route: string; readonly query: URLSearchParams },
  findings: SentFindings,
): void {
  const template = templateOf(catalogue, request.method.toLowerCase(), route);
  const operation = catalogue.paths[template ?? '']?.[request.method.toLowerCase()];
  if (template === null || operation === undefined) {
    findings.wrong.push(`${request.method} ${route} is not in the catalogue`);
    return;
  }
  const name = `${request.method} ${template}`;
  findings.published.add(name);
  checkPlaces(operation.parameters, template, route, findings);
  checkQuery(operation.parameters, query, name, findings);
  checkBody(operation, request, name, findings);
  count(request, findings);
}

/** `/vendors/sync` is a path of its own although `/vendors/{id}` matches it as well: fewer braces win. */
function templateOf(catalogue: Catalogue, method: string, route: string): string | null {
  const matching = Object.entries(catalogue.paths)
    .filter(([template, methods]) => method in methods && templatePattern(template).test(route))
    .map(([template]) => template);
  return matching.sort((a, b) => a.split('{').length - b.split('{').length)[0] ?? null;
}

/** What stands in the braces of the path must have the type of its parameter. */
function checkPlaces(
  parameters: readonly Parameter[],
  template: string,
  route: string,
  findings: SentFindings,
): void {
  const segments = route.split('/');
  for (const [place, segment] of template.split('/').entries()) {
    const parameter = parameters.find((entry) => entry.in === 'path' && segment === `{${entry.name}}`);
    const value = segments[place] ?? '';
    if (parameter && !fitsText(parameter.schema ?? {}, value))
      findings.wrong.push(`${template}: ${segment} does not take ${value}`);
  }
}

function checkQuery(
  parameters: readonly Parameter[],
  query: URLSearchParams,
  name: string,
  findings: SentFindings,
): void {
  const known = new Map(
    parameters.filter((entry) => entry.in === 'query').map((entry) => [entry.name, entry]),
  );
  for (const [key, value] of query) {
    findings.parameters += 1;
    const parameter = known.get(key);
    if (parameter === undefined) findings.wrong.push(`${name}: no query parameter ${key}`);
    else if (!fitsText(parameter.schema ?? {}, value))
      findings.wrong.push(`${name}: query parameter ${key} does not take ${value}`);
  }
  for (const { name: key, required } of known.values())
    if (required && !query.has(key) && !isOtherOwner(name, key, query))
      findings.wrong.push(`${name}: query parameter ${key} is missing`);
}

/** The catalogue demands both owners of a hook, of which the guides have one: a company or a project. */
function isOtherOwner(name: string, key: string, query: URLSearchParams): boolean {
  return name.includes('/webhooks/hooks') && key === 'project_id' && query.has('company_id');
}

function fitsText(schema: PublishedSchema, value: string): boolean {
  if (schema.enum && !schema.enum.includes(value)) return false;
  if (schema.type === 'integer') return /^-?\d+$/.test(value);
  return schema.type === 'boolean' ? value === 'true' || value === 'false' : true;
}

function checkBody(
  operation: PublishedOperation,
  request: SentRequest,
  name: string,
  findings: SentFindings,
): void {
  const body = bodyOf(request);
  // The catalogue gives some lists a body, which is no thing to send with a GET.
  if (request.method === 'GET' && body === undefined) return;
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (schema === undefined || body === undefined) {
    if ((schema === undefined) !== (body === undefined))
      findings.wrong.push(`${name}: a body is ${body === undefined ? 'missing' : 'not taken'}`);
    return;
  }
  const seen: Findings = { wrong: [], undeclared: [], silentNulls: 0, checked: 0 };
  compare(schema, body, name, seen);
  findings.wrong.push(...seen.wrong, ...seen.undeclared.map((field) => `${field} is not a field`));
  if (seen.silentNulls > 0) findings.wrong.push(`${name}: sends null where none is taken`);
}

/** A token request is a form, whose fields the catalogue lists as those of an object. */
function bodyOf({ body, headers }: SentRequest): unknown {
  if (body === undefined) return undefined;
  const form = headers?.['content-type'] === 'application/x-www-form-urlencoded';
  return form ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body);
}

function count(request: SentRequest, findings: SentFindings): void {
  if (request.body === undefined) return;
  findings.bodies += 1;
  findings.fields += countFields(bodyOf(request));
}

function collect(
  read: {
    readonly error?: { readonly issues: readonly { path: PropertyKey[]; message: string }[] } | undefined;
  },
  name: string,
  findings: SentFindings,
): void {
  for (const { path, message } of read.error?.issues ?? [])
    findings.wrong.push(`${name} ${path.join('.')}: ${message}`);
}
