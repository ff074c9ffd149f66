import { NotServed, Stop } from '../domain/posting/outcomes.ts';
import type { WireRequest } from '../domain/posting/writes.ts';
import { type JsonValue, parseJson } from '../lib/decimal-json.ts';
import { type ProcoreConfig, projectAllowed } from './config.ts';
import { asTree, PROCORE } from './http/errors.ts';

// The metadata of the ERP tool nests eleven deep.
const MAX_DEPTH = 16;

/**
 * Refuses a call that names another company or a project outside the configuration, before a byte of it
 * leaves: one app serves many companies, and the vendor would obey the wrong id as readily as the right one.
 */
export function assertInScope(request: WireRequest, config: ProcoreConfig): void {
  const url = new URL(request.path, config.apiUrl);
  // A host or a climbing path here would send the token to somebody else's route.
  if (!request.path.startsWith('/rest/v') || !url.pathname.startsWith('/rest/v'))
    throw new Stop('bug', PROCORE, `${request.path.slice(0, 80)} is not a route of the REST interface`);
  const segments = url.pathname.split('/');
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next === undefined || !/^\d+$/.test(next)) continue;
    if (segment === 'companies') assertCompany(next, config);
    if (segment === 'projects') assertProject(next, config);
  }
  for (const company of url.searchParams.getAll('company_id')) assertCompany(company, config);
  for (const project of url.searchParams.getAll('project_id')) assertProject(project, config);
  if (request.body !== undefined) assertBody(bodyOf(request.body), config, 0);
}

function bodyOf(body: string): JsonValue {
  try {
    return parseJson(body);
  } catch (cause) {
    throw new Stop('bug', PROCORE, 'a request body is not JSON', { cause });
  }
}

function assertBody(value: JsonValue, config: ProcoreConfig, depth: number): void {
  if (depth > MAX_DEPTH) throw new Stop('bug', PROCORE, `a request body is nested deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) {
    for (const entry of value) assertBody(entry, config, depth + 1);
    return;
  }
  for (const [name, entry] of Object.entries(asTree(value) ?? {})) {
    if (name === 'company_id' && typeof entry === 'string') assertCompany(entry, config);
    else if (name === 'project_id' && typeof entry === 'string') assertProject(entry, config);
    else assertBody(entry, config, depth + 1);
  }
}

function assertCompany(companyId: string, config: ProcoreConfig): void {
  if (companyId === config.companyId) return;
  throw new Stop(
    'bug',
    PROCORE,
    `a call names company ${companyId}, this connection serves ${config.companyId}`,
    {
      remedy: 'Nothing was sent. Check which connection the record came from.',
    },
  );
}

function assertProject(projectId: string, config: ProcoreConfig): void {
  if (!projectAllowed(config, projectId)) throw new NotServed(PROCORE, projectId);
}
