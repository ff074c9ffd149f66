import { createHash, randomBytes } from 'node:crypto';
import type { Phase } from '../../domain/states.ts';
import { hashHookSecret } from '../../procore/events/webhooks.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { insertLoginLink } from '../../store/people/login-links.ts';
import type { Vault } from '../../store/people/secrets.ts';
import { insertUser, listUsers } from '../../store/people/users.ts';
import {
  listConnections,
  type StoredConnection,
  saveConnection,
  saveHook,
  setConnectionPhase,
} from '../../store/settings/connection.ts';
import { keepProjects } from '../../store/settings/mapping.ts';
import type { Engine } from '../engine.ts';
import { step } from '../step.ts';
import { HUB } from '../systems.ts';

export type NewUser = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
};

/** A connection as somebody configured it, already parsed by its system's schema. */
export type NewConnection = {
  readonly id: string;
  readonly system: string;
  readonly name: string;
  readonly code: string;
  readonly account: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
};

export async function ensureTenant(engine: Engine, tenant: string, name: string): Promise<void> {
  await step(engine, tenant, (tx) =>
    tx.query(
      'insert into tenant (tenant, name) values (current_tenant(), $1) on conflict (tenant) do nothing',
      [name],
    ),
  );
}

/** Adds the users that are not there yet, by e-mail. */
export async function ensureUsers(engine: Engine, tenant: string, users: readonly NewUser[]): Promise<void> {
  await step(engine, tenant, async (tx) => {
    const known = new Set((await listUsers(tx)).map((user) => user.email.toLowerCase()));
    const fresh = users.filter((user) => !known.has(user.email.toLowerCase()));
    for (const user of fresh) await insertUser(tx, tenant, { ...user, roles: [...user.roles] });
    await appendAudit(
      tx,
      fresh.map((user) => ({
        kind: 'user-added',
        actor: 'setup',
        at: engine.clock.now(),
        body: { email: user.email, roles: user.roles },
      })),
    );
  });
}

/** Saves a connection with its credentials sealed. A new one starts read-only: nothing is written before somebody decides. */
export async function connect(
  engine: Engine,
  vault: Pick<Vault, 'seal'>,
  tenant: string,
  connection: NewConnection,
  by: string,
): Promise<void> {
  const { secrets, ...rest } = connection;
  await step(engine, tenant, async (tx) => {
    const known = await listConnections(tx);
    await saveConnection(tx, { ...rest, secrets: vault.seal(tenant, connection.id, secrets) });
    await appendAudit(tx, [
      {
        kind: 'connection-saved',
        actor: by,
        at: engine.clock.now(),
        body: { connection: connection.id, system: connection.system, account: connection.account },
      },
    ]);
    await placeProjects(engine, tx, known, connection, by);
  });
}

/** With the second ERP company begins the question to which of them a project belongs: what runs stays where it is. */
async function placeProjects(
  engine: Engine,
  tx: Tx,
  known: readonly StoredConnection[],
  { id, system }: NewConnection,
  by: string,
): Promise<void> {
  const [home, ...others] = known.filter((connection) => connection.system !== HUB);
  if (system === HUB || home === undefined || others.length > 0 || home.id === id) return;
  const projects = await keepProjects(tx, home.id, by);
  const body = { company: home.id, projects: String(projects) };
  await appendAudit(tx, [{ kind: 'projects-placed', actor: by, at: engine.clock.now(), body }]);
}

export async function setFirstPhase(
  engine: Engine,
  tenant: string,
  connection: string,
  phase: Phase,
  by: string,
): Promise<void> {
  await step(engine, tenant, async (tx) => {
    await setConnectionPhase(tx, connection, phase);
    await appendAudit(tx, [
      { kind: 'phase-set', actor: by, at: engine.clock.now(), body: { connection, phase } },
    ]);
  });
}

export async function addHook(
  engine: Engine,
  tenant: string,
  hook: {
    readonly id: string;
    readonly connection: string;
    readonly secret: string;
    readonly companyId: string;
  },
): Promise<void> {
  await step(engine, tenant, (tx) =>
    saveHook(tx, {
      id: hook.id,
      connection: hook.connection,
      companyId: hook.companyId,
      secretHash: Buffer.from(hashHookSecret(hook.secret), 'hex'),
    }),
  );
}

/** Makes a link that signs one user in once; null when nobody has this e-mail. */
export async function signInToken(
  engine: Engine,
  tenant: string,
  email: string,
  lifeMs: number,
): Promise<string | null> {
  const token = randomBytes(32).toString('base64url');
  return step(engine, tenant, async (tx) => {
    const user = (await listUsers(tx)).find(
      (candidate) => candidate.email.toLowerCase() === email.toLowerCase(),
    );
    if (user === undefined) return null;
    const tokenHash = createHash('sha256').update(token).digest();
    await insertLoginLink(tx, tenant, {
      tokenHash,
      userId: user.id,
      expiresAt: new Date(engine.clock.now().getTime() + lifeMs),
    });
    return token;
  });
}
