import { z } from 'zod';
import type { Reading } from './commitment-reads.ts';
import { projectAllowed } from './config.ts';
import { asTree, textOf } from './errors.ts';
import { readList } from './paging.ts';
import { parsed } from './wire.ts';

/** A record that some integration has marked as its own already. */
export type SeenOrigin = {
  /** Our word for its kind. */
  readonly object: 'vendor' | 'project' | 'commitment' | 'sub-invoice';
  readonly id: string;
  readonly name: string;
  readonly originId: string;
};

// Three lists for each: enough to see whether another integration was at work.
const MAX_PROJECTS = 20;

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

/** Every record with an origin id, of the company and of its first projects. */
export async function* originIds(reading: Reading): AsyncGenerator<SeenOrigin> {
  const { config } = reading;
  const ofCompany = { company_id: config.companyId };
  yield* marked(reading, 'vendor', '/rest/v1.0/vendors', ofCompany);
  yield* marked(reading, 'project', '/rest/v1.1/projects', ofCompany);
  const projects = await rows(reading, '/rest/v1.1/projects', ofCompany);
  const ids = projects.flatMap((row) => textOf(asTree(row)?.id) ?? []);
  for (const project_id of ids.filter((id) => projectAllowed(config, id)).slice(0, MAX_PROJECTS)) {
    yield* marked(reading, 'commitment', '/rest/v1.0/work_order_contracts', { project_id });
    yield* marked(reading, 'commitment', '/rest/v1.0/purchase_order_contracts', { project_id });
    yield* marked(reading, 'sub-invoice', '/rest/v1.1/requisitions', { project_id });
  }
}

async function* marked(
  reading: Reading,
  object: SeenOrigin['object'],
  path: string,
  query: Readonly<Record<string, string>>,
): AsyncGenerator<SeenOrigin> {
  for (const row of await rows(reading, path, query)) {
    const tree = asTree(row) ?? {};
    const [id, originId] = [textOf(tree.id), textOf(tree.origin_id)];
    const name = textOf(tree.number) ?? textOf(tree.name) ?? textOf(tree.title) ?? id;
    if (id !== null && originId !== null) yield { object, id, name: name ?? id, originId };
  }
}

function rows({ client, config }: Reading, path: string, query: Readonly<Record<string, string>>) {
  return readList(client.read, { path, query, pageSize: config.pageSize });
}
