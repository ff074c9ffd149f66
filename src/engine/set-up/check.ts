import type { CheckFinding } from '../../connectors/connector.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Hub } from '../../procore/hub.ts';
import { missingTriggers } from '../../procore/set-up/set-up.ts';
import { listUsers } from '../../store/people/users.ts';
import { openHooks, toldLimits } from '../../store/requests/company-set-up.ts';
import { currentPolicy } from '../../store/settings/policy.ts';
import { latestSelfTest } from '../../store/settings/self-test.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';
import { foreign } from './check-origins.ts';
import { metadataFor } from './metadata.ts';
import { isActive, isStrange, ownHook, triggerWords } from './plan.ts';

const REMEDY =
  'Run `tiebeam set-up procore`, or open Connections in the web app: both say first what they would do.';
// Tokens live 90 minutes and changes are asked for by time: a minute hides neither.
const MAX_SKEW_MS = 60_000;

/** Everything that is known to be needed of a connection, finding by finding as it is tried. Writes nothing. */
export async function* checkConnection(
  engine: Engine,
  tenant: string,
  id: string,
): AsyncGenerator<CheckFinding> {
  try {
    const at = await engine.systems.get(tenant, id);
    let isReached: boolean | null = null;
    for await (const finding of at.connection.check()) {
      isReached ??= finding.ok;
      yield finding;
    }
    if (at.connection.selfTest !== undefined) yield* lastSelfTest(engine, at);
    // Without a sign-in each of these would only say so again.
    if (at.hub !== null && isReached === true) yield* checkCompany(engine, at, at.hub);
  } catch (error) {
    yield failedBy(error, 'connection');
  }
}

/** What the last self-test saw, with its day: settings of a company change. */
async function* lastSelfTest(engine: Engine, { tenant, id }: OpenConnection): AsyncGenerator<CheckFinding> {
  const last = await step(engine, tenant, (tx) => latestSelfTest(tx, id));
  if (last === null) {
    const message = 'Never run here: nothing is taken for unique, and look-ups stay on the careful side.';
    return yield { subject: 'self-test', ok: true, message };
  }
  const day = last.startedAt.toISOString().slice(0, 10);
  for (const finding of last.findings) yield { ...finding, subject: `${finding.subject} (${day})` };
}

type Look = (engine: Engine, at: OpenConnection, hub: Hub) => Promise<CheckFinding | readonly CheckFinding[]>;

const LOOKS: Readonly<Record<string, Look>> = {
  clock,
  webhook,
  'limits of the ERP': limits,
  'approvers in Procore': approversThere,
  'approvers in Tiebeam': approversHere,
  'origin ids': foreign,
};

async function* checkCompany(engine: Engine, at: OpenConnection, hub: Hub): AsyncGenerator<CheckFinding> {
  for (const [subject, look] of Object.entries(LOOKS)) {
    try {
      yield* [await look(engine, at, hub)].flat();
    } catch (error) {
      yield failedBy(error, subject);
    }
  }
}

function failedBy(error: unknown, subject: string): CheckFinding {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof Stop ? error.remedy : undefined;
  return { subject, ok: false, message, ...(remedy === undefined ? {} : { remedy }) };
}

async function clock(engine: Engine, _at: OpenConnection, hub: Hub): Promise<CheckFinding> {
  const there = await hub.setUp.clock();
  if (there === null) return { subject: 'clock', ok: true, message: 'Procore names no time.' };
  const skewMs = Math.abs(engine.clock.now().getTime() - there.getTime());
  const message = `This machine and Procore differ by ${Math.round(skewMs / 1_000)} s.`;
  if (skewMs <= MAX_SKEW_MS) return { subject: 'clock', ok: true, message };
  return { subject: 'clock', ok: false, message, remedy: 'Set the clock of this machine by NTP.' };
}

async function webhook(engine: Engine, at: OpenConnection, hub: Hub): Promise<CheckFinding> {
  const { setUp } = hub;
  const addresses = await step(engine, at.tenant, (tx) => openHooks(tx, at.id));
  const hook = ownHook(await setUp.hooks(), addresses);
  const found = (ok: boolean, message: string): CheckFinding => ({
    subject: 'webhook',
    ok,
    message,
    ...(ok ? {} : { remedy: REMEDY }),
  });
  if (hook === null)
    return addresses.length === 0
      ? found(true, `None: the lists are looked at regularly. ${REMEDY}`)
      : found(false, 'Procore lists no webhook to an address that is open here.');
  const to = `Webhook ${hook.seen.id} to ${hook.seen.destinationUrl}`;
  if (isStrange(hook.seen, hook.row)) return found(false, `${to} presents a secret that is not known here.`);
  if (!(await isActive(hub, hook.seen.id))) return found(false, `${to} is switched off in Procore.`);
  const missing = missingTriggers(hook.seen, setUp.triggers);
  if (missing.length > 0) return found(false, `${to} lacks the triggers ${triggerWords(missing)}.`);
  const deliveries = await setUp.deliveries(hook.seen.id, hook.row.createdAt);
  const last = deliveries.at(-1);
  if (last === undefined) return found(true, `${to} stands; nothing was delivered yet.`);
  if (last.outcome === 'delivered') return found(true, `${to} delivers.`);
  return {
    ...found(false, `${to} does not get through: ${last.why ?? last.outcome}.`),
    remedy: 'Let Procore reach that address by HTTPS; it repeats for 12 hours and then gives up what waited.',
  };
}

async function limits(engine: Engine, at: OpenConnection): Promise<CheckFinding> {
  const erp = await engine.systems.homeOf(at.tenant);
  const told = await step(engine, at.tenant, (tx) => toldLimits(tx, at.id));
  const subject = 'limits of the ERP';
  if (told === metadataFor(erp, at).hash)
    return { subject, ok: true, message: `The ERP tool knows the limits of ${erp.name}.` };
  if (told !== null)
    return { subject, ok: false, message: `The limits of ${erp.name} have changed since.`, remedy: REMEDY };
  const message = `The ERP tool was not told the limits of ${erp.name} from here: what is too long is refused after the export only. ${REMEDY}`;
  return { subject, ok: true, message };
}

const NAMED = 5;

async function approversThere(_engine: Engine, _at: OpenConnection, hub: Hub): Promise<CheckFinding> {
  const names = await hub.setUp.approvers();
  const subject = 'approvers in Procore';
  if (names.length > 0) {
    const first = names.slice(0, NAMED).join(', ');
    const more = names.length > NAMED ? ', ...' : '';
    return { subject, ok: true, message: `${names.length} may push to accounting: ${first}${more}.` };
  }
  return {
    subject,
    ok: false,
    message: 'No user may push to accounting: nobody can export.',
    remedy: 'Tick "Can Push to Accounting" for the accounting approvers in the company directory.',
  };
}

/** Somebody has to be there for every role that the policy calls for, beside whoever asked. */
async function approversHere(engine: Engine, at: OpenConnection): Promise<CheckFinding> {
  const { users, policy } = await step(engine, at.tenant, async (tx) => ({
    users: await listUsers(tx),
    policy: await currentPolicy(tx),
  }));
  const roles = [...new Set(policy.approvals.map(({ role }) => role))];
  const empty = roles.filter((role) => !users.some((user) => user.roles.includes(role)));
  const subject = 'approvers in Tiebeam';
  if (empty.length === 0 && users.length > 1)
    return { subject, ok: true, message: `Somebody is there as ${roles.join(' and as ') || 'approver'}.` };
  return {
    subject,
    ok: false,
    message:
      empty.length > 0
        ? `Nobody here is ${empty.join(' or ')}: what needs an approval waits for good.`
        : 'There is only one user: what they asked for themselves nobody can approve.',
    remedy: 'Add users with these roles: see docs/connect.md.',
  };
}
