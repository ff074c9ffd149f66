import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { canonicalOf, canonicalText } from '../domain/values/canonical.ts';
import { sayCompany } from '../engine/decisions/mappings.ts';
import { addHook, connect, ensureTenant, ensureUsers } from '../engine/set-up/tenant.ts';
import { inTenant, type Tx } from '../store/database/transaction.ts';
import { listUsers } from '../store/people/users.ts';
import { listConnections } from '../store/settings/connection.ts';
import { companiesOf } from '../store/settings/mapping.ts';
import { type Command, exit, type House, type Shell, UsageError } from './shell.ts';

const id = z.string().regex(/^[a-z0-9-]{1,40}$/, 'takes a-z, 0-9 and dashes, at most 40 characters');
const roles = z.array(z.enum(['accountant', 'controller', 'project-manager', 'engineer', 'admin'])).min(1);

/** The file an engineer writes: who works here and what is connected. Credentials may name an environment variable. */
const Plan = z.strictObject({
  tenant: z.strictObject({ id, name: z.string().min(1).max(200) }),
  users: z.array(z.strictObject({ email: z.email(), name: z.string().min(1), roles })).max(1_000),
  connections: z
    .array(
      z.strictObject({
        id,
        system: z.string(),
        name: z.string().min(1),
        code: z.string().regex(/^[A-Z0-9]{2}$/, 'is two of A-Z 0-9'),
        config: z.record(z.string(), z.unknown()),
      }),
    )
    .max(20),
  hooks: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[A-Za-z0-9_-]{8,80}$/),
        connection: id,
        companyId: z.string(),
        secret: z.string().min(16),
      }),
    )
    .default([]),
  /** Where several ERP companies are connected: to which of them a project of Procore belongs. */
  projects: z
    .array(
      z.strictObject({
        id: z.string().regex(/^\d{1,20}$/, "takes Procore's id of the project"),
        connection: id,
      }),
    )
    .max(10_000)
    .default([]),
});
type Plan = z.infer<typeof Plan>;

export const connectCommand: Command = {
  usage: 'tiebeam connect FILE.json [--apply] [--json]',
  words: 1,
  summary:
    'Show what a connection file would change; with --apply, save it. New connections start read-only.',
  flags: { apply: { type: 'boolean', help: 'save it; without this nothing is changed' } },
  async run(shell) {
    const [file] = shell.words;
    if (file === undefined) throw new UsageError('name the connection file: see docs/connect.md');
    const plan = parsePlan(await readPlan(file));
    const house = await shell.open();
    try {
      const changes = await difference(house, shell, plan);
      shell.print(
        shell.json
          ? JSON.stringify(changes)
          : changes.length === 0
            ? 'Nothing would change.'
            : changes.join('\n'),
      );
      if (shell.flags.apply !== true || changes.length === 0) return exit.ok;
      await apply(house, shell, plan);
      shell.say('Saved. Next: tiebeam check');
      return exit.ok;
    } finally {
      await house.close();
    }
  },
};

async function readPlan(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : ''}`);
  }
}

/** The connection as its system reads it; what it does not accept is named by the field of the file. */
function described(
  shell: Shell,
  { id, system, config }: Pick<Plan['connections'][number], 'id' | 'system' | 'config'>,
): ReturnType<Shell['describe']> {
  try {
    return shell.describe(system, config);
  } catch (error) {
    if (error instanceof z.ZodError)
      throw new UsageError(
        error.issues.map((issue) => `connection ${id}, ${issue.path.join('.')}: ${issue.message}`).join('\n'),
      );
    throw new UsageError(`connection ${id}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parsePlan(text: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text, (_key, entry: unknown) =>
      typeof entry === 'string' ? fromEnvironment(entry) : entry,
    );
  } catch (error) {
    throw error instanceof UsageError
      ? error
      : new UsageError(`the file is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  const parsed = Plan.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
  );
}

/** `$NAME` stands for an environment variable, so that no secret has to be in a file. */
function fromEnvironment(text: string): string {
  if (!/^\$[A-Z][A-Z0-9_]*$/.test(text)) return text;
  const value = process.env[text.slice(1)];
  if (value === undefined) throw new UsageError(`the environment variable ${text.slice(1)} is not set`);
  return value;
}

async function difference(house: House, shell: Shell, plan: Plan): Promise<string[]> {
  const { engine } = house;
  const exists = (await engine.systems.tenants()).includes(plan.tenant.id);
  const known = exists ? await inTenant(engine.pools.app, plan.tenant.id, listConnections) : [];
  const users = exists ? await inTenant(engine.pools.app, plan.tenant.id, listUsers) : [];
  const changes = exists ? [] : [`+ tenant ${plan.tenant.id} (${plan.tenant.name})`];
  for (const user of plan.users) {
    if (!users.some(({ email }) => email.toLowerCase() === user.email.toLowerCase()))
      changes.push(`+ user ${user.email} as ${user.roles.join(', ')}`);
  }
  for (const connection of plan.connections) {
    const { config } = described(shell, connection);
    const before = known.find((row) => row.id === connection.id);
    if (before === undefined)
      changes.push(`+ connection ${connection.id} to ${connection.system}, read-only`);
    else if (canonicalText(canonicalOf(before.config)) !== canonicalText(canonicalOf(config)))
      changes.push(
        `~ connection ${connection.id}: ${canonicalText(canonicalOf(before.config))} -> ${canonicalText(canonicalOf(config))}`,
      );
    else changes.push(`~ connection ${connection.id}: credentials are saved again`);
  }
  const placed = exists ? await inTenant(engine.pools.app, plan.tenant.id, placedProjects(plan)) : new Map();
  for (const { id, connection } of plan.projects)
    if (placed.get(id) !== connection) changes.push(`+ project ${id} belongs to ${connection}`);
  for (const hook of plan.hooks)
    changes.push(`+ webhook /webhooks/procore/${hook.id} for ${hook.connection}`);
  return changes;
}

function placedProjects({ projects }: Plan): (tx: Tx) => Promise<Map<string, string>> {
  const ids = projects.map(({ id }) => id);
  return (tx) => companiesOf(tx, ids);
}

async function apply(house: House, shell: Shell, plan: Plan): Promise<void> {
  const { engine, vault } = house;
  const tenant = plan.tenant.id;
  await ensureTenant(engine, tenant, plan.tenant.name);
  await ensureUsers(
    engine,
    tenant,
    plan.users.map((user) => ({ ...user, id: engine.newId() })),
  );
  for (const { config, ...connection } of plan.connections) {
    await connect(
      engine,
      vault,
      tenant,
      { ...connection, ...described(shell, { ...connection, config }) },
      'connect',
    );
    engine.systems.reopen(tenant, connection.id);
  }
  for (const { id: projectId, connection: company } of plan.projects) {
    const said = await sayCompany(engine, { tenant, by: 'connect', projectId, company });
    if (!said.ok) throw new UsageError(`project ${projectId}: ${said.detail}`);
  }
  for (const hook of plan.hooks) await addHook(engine, tenant, hook);
}
