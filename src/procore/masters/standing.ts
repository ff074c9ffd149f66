import { z } from 'zod';
import type { JsonValue } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { projectAllowed } from '../config.ts';
import { asTree, isNotShown, textOf } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import { parsed } from '../wire.ts';

/** A record that some integration has marked as its own already. */
export type SeenOrigin = {
  /** Our word for its kind. */
  readonly object:
    | 'vendor'
    | 'user'
    | 'project'
    | 'cost-code'
    | 'commitment'
    | 'change-order'
    | 'sub-invoice'
    | 'prime-contract'
    | 'owner-invoice'
    | 'direct-cost';
  readonly id: string;
  readonly name: string;
  readonly originId: string;
};

/** What was not looked at, and why: nothing is claimed of it. */
export type Unseen = { readonly object: 'unseen'; readonly what: string; readonly why: string };

// Eight lists for each and its prime contracts one by one, of the 3,600 calls that an hour may have.
const MAX_PROJECTS = 100;
const MAX_PRIME_CONTRACTS = 50;

/** Procore's clock, from the header of an answer; null where the answer bears none. */
export async function procoreClock({ client }: Reading): Promise<Date | null> {
  const { headers } = await client.read({ method: 'GET', path: '/rest/v1.0/company_base_url' });
  const at = new Date(headers.date ?? '');
  return Number.isNaN(at.getTime()) ? null : at;
}

const accountant = z.object({
  name: z.string().nullish(),
  is_active: z.boolean().nullish(),
  erp_integrated_accountant: z.boolean().nullish(),
});

/** Who may export to an ERP: the checkbox "Can Push to Accounting" in the directory, of those who may sign in. */
export async function accountingApprovers({ client, config }: Reading): Promise<readonly string[]> {
  const users = await readList(client.read, {
    path: `/rest/v1.3/companies/${config.companyId}/users`,
    query: { view: 'extended' },
    pageSize: config.pageSize,
  });
  return users
    .map((row) => parsed(accountant, row, 'a user'))
    .filter((user) => user.erp_integrated_accountant === true && user.is_active !== false)
    .map(({ name }) => name ?? '');
}

/** Every record with an origin id, of the company and of its projects, and each list that was not looked at. */
export async function* originIds(reading: Reading): AsyncGenerator<SeenOrigin | Unseen> {
  const { config } = reading;
  const ofCompany = { company_id: config.companyId };
  const users = `/rest/v1.3/companies/${config.companyId}/users`;
  yield* marked(reading, { object: 'vendor', path: '/rest/v1.0/vendors', query: ofCompany });
  yield* marked(reading, { object: 'project', path: '/rest/v1.1/projects', query: ofCompany });
  yield* permitted('users of the company', marked(reading, { object: 'user', path: users, query: {} }));
  const projects = (await rows(reading, '/rest/v1.1/projects', ofCompany)).flatMap((row) => {
    const [id, name] = [textOf(asTree(row)?.id), textOf(asTree(row)?.name)];
    return id !== null && projectAllowed(config, id) ? [{ id, name: `${id} ${name ?? ''}`.trim() }] : [];
  });
  for (const { id, name } of projects.slice(0, MAX_PROJECTS)) {
    for (const list of listsOf(id)) yield* permitted(`${list.words} of ${name}`, marked(reading, list));
    yield* permitted(`prime contracts of ${name}`, primeContracts(reading, id, name));
  }
  const why = `only ${MAX_PROJECTS} projects are looked at, to spare the calls of the hour`;
  for (const { name } of projects.slice(MAX_PROJECTS)) yield { object: 'unseen', what: name, why };
}

type Place = {
  readonly object: SeenOrigin['object'];
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
};

function listsOf(project_id: string): readonly (Place & { readonly words: string })[] {
  const of = (words: string, object: SeenOrigin['object'], path: string) => {
    return { words, object, path, query: { project_id } };
  };
  const directCosts = `/rest/v1.1/projects/${project_id}/direct_costs`;
  return [
    of('subcontracts', 'commitment', '/rest/v1.0/work_order_contracts'),
    of('purchase orders', 'commitment', '/rest/v1.0/purchase_order_contracts'),
    of('change orders', 'change-order', '/rest/v1.0/change_order_packages'),
    of('pay applications', 'sub-invoice', '/rest/v1.1/requisitions'),
    of('owner invoices', 'owner-invoice', '/rest/v1.0/payment_applications'),
    { words: 'direct costs', object: 'direct-cost', path: directCosts, query: {} },
    of('cost codes', 'cost-code', '/rest/v1.0/cost_codes'),
  ];
}

/** A tool that the service account may not see is named, and ends nothing. */
async function* permitted(
  what: string,
  seen: AsyncIterable<SeenOrigin | Unseen>,
): AsyncGenerator<SeenOrigin | Unseen> {
  try {
    yield* seen;
  } catch (error) {
    if (!isNotShown(error)) throw error;
    yield { object: 'unseen', what, why: 'the service account may not see them' };
  }
}

/** Their list tells nothing but ids. */
async function* primeContracts(
  reading: Reading,
  projectId: string,
  project: string,
): AsyncGenerator<SeenOrigin | Unseen> {
  const query = { project_id: projectId };
  const listed = (await rows(reading, '/rest/v1.0/prime_contracts', query)).flatMap(
    (row) => textOf(asTree(row)?.id) ?? [],
  );
  for (const id of listed.slice(0, MAX_PRIME_CONTRACTS)) {
    const path = `/rest/v1.0/prime_contract/${encodeURIComponent(id)}?${new URLSearchParams(query)}`;
    const seen = originIn('prime-contract', (await reading.client.find(path))?.value);
    if (seen !== null) yield seen;
  }
  const more = listed.length - MAX_PRIME_CONTRACTS;
  if (more > 0)
    yield {
      object: 'unseen',
      what: `${more} prime contracts of ${project}`,
      why: `only ${MAX_PRIME_CONTRACTS} of a project are looked at`,
    };
}

async function* marked(reading: Reading, { object, path, query }: Place): AsyncGenerator<SeenOrigin> {
  for (const row of await rows(reading, path, query)) {
    const seen = originIn(object, row);
    if (seen !== null) yield seen;
  }
}

function originIn(object: SeenOrigin['object'], row: JsonValue | undefined): SeenOrigin | null {
  const tree = asTree(row) ?? {};
  const [id, originId] = [textOf(tree.id), textOf(tree.origin_id)];
  if (id === null || originId === null) return null;
  const name = textOf(tree.number) ?? textOf(tree.full_code) ?? textOf(tree.name) ?? textOf(tree.title) ?? id;
  return { object, id, name, originId };
}

function rows({ client, config }: Reading, path: string, query: Readonly<Record<string, string>>) {
  return readList(client.read, { path, query, pageSize: config.pageSize });
}
