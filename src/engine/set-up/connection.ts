import { mayHandle } from '../../domain/approval/may-decide.ts';
import { configOf, type FormField, type FormValues, valuesOf } from '../../lib/form-fields.ts';
import type { Vault } from '../../store/people/secrets.ts';
import { listConnections, type StoredConnection } from '../../store/settings/connection.ts';
import { type By, type Decided, declined, gone } from '../decisions/person.ts';
import type { Engine } from '../engine.ts';
import { step } from '../step.ts';
import { startSweeps } from '../watch/sweep.ts';
import { connect } from './tenant.ts';

/** A system that can be connected, and the form that its own configuration makes. */
export type SystemForm = {
  readonly id: string;
  readonly title: string;
  readonly side: 'procore' | 'erp';
  readonly fields: readonly FormField[];
};

type FieldFault = { readonly field: string; readonly message: string };

/** What a main gives, because only it knows the systems: their forms, and how a configuration is read and sealed. */
export type Connectable = {
  readonly systems: readonly SystemForm[];
  readonly describe: (
    system: string,
    config: Readonly<Record<string, unknown>>,
  ) =>
    | {
        readonly account: string;
        readonly config: Record<string, unknown>;
        readonly secrets: Record<string, string>;
      }
    | { readonly faults: readonly FieldFault[] };
  readonly vault: Pick<Vault, 'seal' | 'open'>;
};

export const nothingConnectable: Connectable = {
  systems: [],
  describe: () => ({ faults: [{ field: 'system', message: 'cannot be connected by this process' }] }),
  vault: { seal: () => Buffer.alloc(0), open: () => ({}) },
};

/** A connection as its form shows it. */
export type ConnectionForm = Pick<StoredConnection, 'id' | 'system' | 'name' | 'code'> & {
  readonly values: FormValues;
};

export async function connectionForm(
  engine: Engine,
  { systems }: Connectable,
  { tenant, id }: { readonly tenant: string; readonly id: string },
): Promise<({ readonly ok: true } & ConnectionForm) | typeof gone> {
  const stored = (await step(engine, tenant, listConnections)).find((row) => row.id === id);
  const form = systems.find((system) => system.id === stored?.system);
  if (stored === undefined || form === undefined) return gone;
  const { system, name, code, config } = stored;
  return { ok: true, id, system, name, code, values: valuesOf(form.fields, config) };
}

type Wish = By & {
  readonly id: string;
  readonly name: string;
  readonly values: FormValues;
  /** Only of a new connection: neither can be changed afterwards. */
  readonly fresh?: { readonly system: string; readonly code: string };
};

/** Saves a connection as it was typed. A new one starts read-only; a secret that was left empty stays as it is. */
export async function saveTyped(
  engine: Engine,
  connectable: Connectable,
  { tenant, user, id, name, values, fresh }: Wish,
): Promise<Decided> {
  if (!mayHandle(user, 'engineer'))
    return declined(403, 'You may not connect systems', 'This needs the role engineer.');
  const all = await step(engine, tenant, listConnections);
  const stored = all.find((row) => row.id === id);
  if (stored === undefined && fresh === undefined) return gone;
  const { system, code } = stored ?? fresh ?? { system: '', code: '' };
  const form = connectable.systems.find((each) => each.id === system);
  if (form === undefined)
    return declined(422, 'No such system', `There is no system "${system}" to connect.`);
  if (fresh !== undefined) {
    const objection = objectionTo(all, connectable, { id, code, form });
    if (objection !== null) return objection;
  }
  const kept = stored === undefined ? {} : connectable.vault.open(tenant, id, stored.secrets);
  const described = connectable.describe(system, { ...kept, ...configOf(form.fields, values) });
  if ('faults' in described) return notValid(described.faults);
  if (stored !== undefined && leadsElsewhere(stored, described)) {
    const untyped = form.fields.filter(({ name: field, secret }) => secret && !values[field]);
    if (untyped.length > 0)
      return notValid(
        untyped.map(({ name: field }) => ({
          field,
          message: 'type it again, because it would be sent to another place or login',
        })),
      );
  }
  await connect(engine, connectable.vault, tenant, { id, system, name, code, ...described }, user.email);
  engine.systems.reopen(tenant, id);
  await startSweeps(engine, tenant, [id]);
  return { ok: true };
}

function notValid(fields: readonly FieldFault[]): Decided {
  return {
    ...declined(422, 'Not valid', 'One or more fields are not valid. Nothing was saved.'),
    fields,
  };
}

/** A secret that nobody can read must not be sent anywhere else by whoever may edit the address. */
function leadsElsewhere(
  stored: StoredConnection,
  next: { readonly account: string; readonly config: Readonly<Record<string, unknown>> },
): boolean {
  const places = (config: Readonly<Record<string, unknown>>) =>
    Object.entries(config)
      .filter(([name, value]) => name === 'ca' || /^https?:/.test(String(value)))
      .map((each) => each.join('='))
      .sort()
      .join('\n');
  return stored.account !== next.account || places(stored.config) !== places(next.config);
}

function objectionTo(
  all: readonly StoredConnection[],
  { systems }: Connectable,
  { id, code, form }: { readonly id: string; readonly code: string; readonly form: SystemForm },
): Decided | null {
  if (all.some((row) => row.id === id))
    return notValid([{ field: 'id', message: 'is the id of another connection' }]);
  if (all.some((row) => row.code === code))
    return notValid([{ field: 'code', message: 'is the code of another connection' }]);
  const same = all.find((row) => systems.find(({ id }) => id === row.system)?.side === 'procore');
  if (form.side === 'erp' || same === undefined) return null;
  return declined(
    409,
    'There is one Procore company already',
    `${same.name} is connected, and work cannot be shared between two of them yet. Nothing was saved.`,
  );
}
