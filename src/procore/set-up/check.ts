import type { CheckFinding } from '../../connectors/connector.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { parseJson } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { projectAllowed } from '../config.ts';
import { contextOf } from '../context/context-objects.ts';
import { asTree, PROCORE, stopFor, textOf } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import { seenCompany } from '../identity.ts';
import { type Levels, levelsIn } from './check-levels.ts';
import { companyNeeds, contextNeeds, LEVELS, type Need, projectNeeds } from './check-needs.ts';
import { checkPayments } from './check-payments.ts';

const MAX_PROJECTS_NAMED = 20;
// Some calls for each: a company of thousands would use up the hour.
const MAX_PROJECTS_TRIED = 50;

type SeenProject = { readonly id: string; readonly name: string };

type Probe = { readonly subject: string; readonly permission: string; readonly run: () => Promise<string> };

/**
 * Proves by reading what the connection needs: sign-in, company, each tool in the company and in every project. The
 * first finding that nothing can work without ends the list, so that one cause is not reported eight times.
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
  const projects: SeenProject[] = [];
  const projectList = await finding({
    subject: 'projects',
    permission: 'Permit the projects to the service account in App Management.',
    run: () => collectProjects(reading, projects),
  });
  yield projectList;
  if (!projectList.ok) return;
  yield* missingProjects(reading, projects);
  yield* companyTools(reading);
  const served = projects.filter((project) => projectAllowed(reading.config, project.id));
  for (const project of served.slice(0, MAX_PROJECTS_TRIED)) yield* projectTools(reading, project);
  yield* payments(reading, served);
  if (served.length > MAX_PROJECTS_TRIED)
    yield {
      subject: 'more projects',
      ok: true,
      unproven: true,
      message: `The tools of the first ${MAX_PROJECTS_TRIED} of ${served.length} projects were tried.`,
    };
}

/** A project whose applications cannot be read was told of above. */
async function* payments(reading: Reading, projects: readonly SeenProject[]): AsyncGenerator<CheckFinding> {
  try {
    yield await checkPayments(reading, projects);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
}

async function* companyTools(reading: Reading): AsyncGenerator<CheckFinding> {
  const levels = await levelsIn(reading, null);
  const { companyId, context = [] } = reading.config;
  const evidence = contextNeeds(contextOf(context, 'company'), { companyId, projectId: '' });
  for (const need of [...companyNeeds(companyId), ...evidence]) yield* tried(reading, need, levels, null);
  yield await finding({
    subject: 'external data',
    permission: 'Give the service account Admin on the company level ERP Integrations tool.',
    run: () => readsExternalData(reading),
  });
}

async function* projectTools(reading: Reading, project: SeenProject): AsyncGenerator<CheckFinding> {
  const levels = await levelsIn(reading, project.id);
  const { companyId, context = [] } = reading.config;
  const evidence = contextNeeds(contextOf(context, 'project'), { companyId, projectId: project.id });
  for (const need of [...projectNeeds(project.id), ...evidence]) yield* tried(reading, need, levels, project);
}

/** One tool: every route that is used of it, then its level, then what only a write would show. */
async function* tried(
  reading: Reading,
  need: Need,
  levels: Levels,
  project: SeenProject | null,
): AsyncGenerator<CheckFinding> {
  const where = project === null ? 'the company' : `project ${project.id} ${project.name}`.trim();
  const subject = `${need.tool} on ${where}`;
  const missing = `${need.tool}: ${need.level} on ${where} is missing, needed ${need.why}`;
  const remedy = `Give the service account ${need.level} on ${need.tool} (in the app's manifest, then install it again and permit its projects again)${project === null ? '' : ', and switch the tool on in the project'}.`;
  const level = levels(need.tool);
  const refusal = await firstRefusal(reading, need);
  if (refusal !== null && refusal.kind !== 'unauthorised')
    return yield { subject, ok: false, message: refusal.message, remedy: refusal.remedy ?? remedy };
  const isLow = level !== null && LEVELS.indexOf(level) < LEVELS.indexOf(need.level);
  if (refusal !== null || isLow) {
    const why = refusal === null ? `it has ${level}` : refusal.message;
    if (need.onlyTo === undefined) yield { subject, ok: false, message: `${missing}; ${why}.`, remedy };
    else yield { subject, ok: true, message: `Not open, and needed only to ${need.onlyTo}: ${why}.` };
    return;
  }
  const read = `${need.reads.map(({ what }) => what).join(', ')} can be read`;
  yield { subject, ok: true, message: level === null ? read : `${read}; the level is ${level}` };
  if (need.writes !== undefined && level === null)
    yield {
      subject,
      ok: true,
      unproven: true,
      message: `Whether it may ${need.writes} shows at the first write: Procore does not say which level it has.`,
    };
}

async function firstRefusal(reading: Reading, { reads }: Need): Promise<Stop | null> {
  for (const { path } of reads) {
    try {
      await readsList(reading, path);
    } catch (error) {
      if (error instanceof Stop) return error;
      throw error;
    }
  }
  return null;
}

async function finding({ subject, permission, run }: Probe): Promise<CheckFinding> {
  try {
    return { subject, ok: true, message: await run() };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { subject, ok: false, message: error.message, remedy: error.remedy ?? permission };
  }
}

async function collectProjects(reading: Reading, into: SeenProject[]): Promise<string> {
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

async function readsList({ client, now }: Reading, path: string): Promise<void> {
  const response = await client.read({ method: 'GET', path });
  if (response.status === 404) throw stopFor(response, `GET ${path.split('?')[0]}`, now());
  const body = parseJson(response.body);
  if (!Array.isArray(body) && !Array.isArray(asTree(body)?.data))
    throw new Stop('bug', PROCORE, `${path.split('?')[0]} was answered with something that is not a list`);
}

/** Asks about one vendor that exists; an object without external data may answer 404, which is fine. */
async function readsExternalData({ client, config }: Reading): Promise<string> {
  const vendors = await client.find(`/rest/v1.0/vendors?company_id=${config.companyId}&per_page=1`);
  const first = Array.isArray(vendors?.value) ? asTree(vendors.value[0]) : null;
  const id = textOf(first?.id) ?? '1';
  const path = `/rest/v1.0/companies/${config.companyId}/external_data?item_type=vendor&item_id=${id}`;
  await client.read({ method: 'GET', path });
  return 'external data can be read';
}
