import type { CheckFinding } from '../connectors/connector.ts';
import { Stop } from '../domain/outcomes.ts';
import { type JsonValue, parseJson } from '../lib/decimal-json.ts';
import type { Reading } from './commitment-reads.ts';
import { CONTRACTS } from './commitments.ts';
import { projectAllowed } from './config.ts';
import { asTree, PROCORE, stopFor, textOf } from './errors.ts';
import { seenCompany } from './identity.ts';
import { readList } from './paging.ts';

const MAX_PROJECTS_NAMED = 20;

type Probe = { readonly subject: string; readonly permission: string; readonly run: () => Promise<string> };

/**
 * Proves by reading what the connection needs: sign-in, company, each tool permission. The first finding that
 * nothing can work without ends the list, so that one cause is not reported eight times.
 */
export async function* checkProcore(reading: Reading): AsyncGenerator<CheckFinding> {
  const company = await finding({
    subject: 'sign-in and company',
    permission: 'The app must be installed in the company.',
    run: async () => {
      const { id, name } = await seenCompany(reading);
      return `signed in; company ${id} ${name}`.trim();
    },
  });
  yield company;
  if (!company.ok) return;
  const projects: { id: string; name: string }[] = [];
  const projectList = await finding({
    subject: 'projects',
    permission: 'Permit the projects to the service account in App Management.',
    run: () => collectProjects(reading, projects),
  });
  yield projectList;
  if (!projectList.ok) return;
  yield* missingProjects(reading, projects);
  const served = projects.filter((project) => projectAllowed(reading.config, project.id));
  for (const probe of toolProbes(reading, served[0]?.id ?? null)) yield await finding(probe);
}

async function finding({ subject, permission, run }: Probe): Promise<CheckFinding> {
  try {
    return { subject, ok: true, message: await run() };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { subject, ok: false, message: error.message, remedy: error.remedy ?? permission };
  }
}

async function collectProjects(reading: Reading, into: { id: string; name: string }[]): Promise<string> {
  const { client, config } = reading;
  const rows = await readList(client.read, {
    path: '/rest/v1.1/projects',
    query: { company_id: config.companyId },
    pageSize: config.pageSize,
  });
  for (const row of rows) {
    const id = textOf(asTree(row)?.id);
    if (id !== null) into.push({ id, name: textOf(asTree(row)?.name) ?? '' });
  }
  if (into.length > 0) return `${into.length} projects are permitted`;
  throw new Stop('unauthorised', PROCORE, 'the service account sees no project', {
    remedy:
      'Permit projects to the service account in App Management; an update of the app clears the choice.',
  });
}

function* missingProjects(
  reading: Reading,
  seen: readonly { readonly id: string }[],
): Generator<CheckFinding> {
  const ids = new Set(seen.map((project) => project.id));
  const missing = (reading.config.projects ?? []).filter((id) => !ids.has(id));
  for (const id of missing.slice(0, MAX_PROJECTS_NAMED))
    yield {
      subject: `project ${id}`,
      ok: false,
      message: `project ${id} is configured but not visible`,
      remedy:
        'Permit the project to the service account in App Management, or take it out of the connection.',
    };
}

function toolProbes(reading: Reading, projectId: string | null): Probe[] {
  const { companyId } = reading.config;
  const company = `/rest/v1.0/companies/${companyId}`;
  const erp = 'Give the service account Admin on the company level ERP Integrations tool.';
  const probes: Probe[] = [
    {
      subject: 'vendors',
      permission: 'Give the service account Admin on the company level Directory tool.',
      run: () =>
        readsList(reading, `/rest/v1.0/vendors?company_id=${companyId}&per_page=1`, 'vendors can be read'),
    },
  ];
  if (projectId !== null) probes.push(...commitmentProbes(reading, projectId));
  return [
    ...probes,
    {
      subject: 'ERP requests',
      permission: erp,
      run: () => readsList(reading, `${company}/erp_requests?page=1&per_page=1`, 'ERP requests can be read'),
    },
    {
      subject: 'ERP request details',
      permission: erp,
      run: () =>
        readsList(
          reading,
          `${company}/erp_request_details?filters[item_id]=1`,
          'request details can be read',
        ),
    },
    { subject: 'external data', permission: erp, run: () => readsExternalData(reading, company) },
  ];
}

/** Invoices and payments are parts of the Commitments tool; a project may have it switched off. */
function commitmentProbes(reading: Reading, projectId: string): Probe[] {
  const contracts = Object.values(CONTRACTS).map(({ route }) => [
    route.replaceAll('_', ' '),
    `v1.0/${route}`,
  ]);
  return [...contracts, ['subcontractor invoices', 'v1.1/requisitions']].map(
    ([subject = '', route = '']) => ({
      subject,
      permission: 'Switch the Commitments tool on in the project and give the service account Admin on it.',
      run: () => readsList(reading, `/rest/${route}?project_id=${projectId}&per_page=1`, 'can be read'),
    }),
  );
}

async function readsList({ client, now }: Reading, path: string, message: string): Promise<string> {
  const response = await client.read({ method: 'GET', path });
  if (response.status === 404) throw stopFor(response, `GET ${path.split('?')[0]}`, now());
  const body: JsonValue = parseJson(response.body);
  if (Array.isArray(body)) return message;
  throw new Stop('bug', PROCORE, `${path.split('?')[0]} was answered with something that is not a list`);
}

/** Asks about one vendor that exists; an object without external data may answer 404, which is fine. */
async function readsExternalData({ client, config }: Reading, company: string): Promise<string> {
  const vendors = await client.find(`/rest/v1.0/vendors?company_id=${config.companyId}&per_page=1`);
  const first = Array.isArray(vendors?.value) ? asTree(vendors.value[0]) : null;
  const id = textOf(first?.id) ?? '1';
  await client.read({ method: 'GET', path: `${company}/external_data?item_type=vendor&item_id=${id}` });
  return 'external data can be read';
}
