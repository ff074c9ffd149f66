import type { CheckFinding } from '../../connectors/connector.ts';
import type { Hub } from '../../procore/hub.ts';
import type { SeenOrigin, Unseen } from '../../procore/masters/standing.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { foreignOrigins, objectsRead } from '../../store/requests/company-set-up.ts';
import { connectionPhase } from '../../store/settings/connection.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';

const SUBJECT = 'origin ids';
const MAX_EXAMPLES = 3;
const MAX_ORIGINS = 20_000;
const MAX_UNSEEN = 500;

const WORDS: Readonly<Record<SeenOrigin['object'], string>> = {
  vendor: 'vendor',
  user: 'user',
  project: 'project',
  'cost-code': 'cost code',
  commitment: 'commitment',
  'change-order': 'change order',
  'sub-invoice': 'pay application',
  'prime-contract': 'prime contract',
  'owner-invoice': 'owner invoice',
  'direct-cost': 'direct cost',
};

/** Before anything goes live: what another integration has marked as its own, by kind with examples. */
export async function foreign(engine: Engine, at: OpenConnection, hub: Hub): Promise<CheckFinding[]> {
  const all = await engine.systems.erpsOf(at.tenant);
  const erps = all.map(({ id }) => id);
  if (await step(engine, at.tenant, (tx) => isAnyLive(tx, erps))) return [];
  const { seen, unseen } = await lookForOrigins(hub, all);
  const { places, read } = await step(engine, at.tenant, async (tx) => ({
    places: await foreignOrigins(tx, { hub: at.id, erps }, seen),
    read: await objectsRead(tx, erps),
  }));
  const strange = Map.groupBy(
    seen.filter((_, place) => places.has(place)),
    ({ object }) => object,
  );
  const none = { subject: SUBJECT, ok: true, message: 'No record bears the id of another integration.' };
  const names = all.map(({ name }) => name).join(' or ');
  return [
    ...(strange.size === 0 ? [none] : []),
    ...[...strange].map(([object, found]) => foreignFinding(object, found, names, read)),
    ...[...Map.groupBy(unseen, ({ why }) => why)].map(([why, left]) => unseenFinding(why, left)),
  ];
}

async function isAnyLive(tx: Tx, erps: readonly string[]): Promise<boolean> {
  for (const id of erps) if ((await connectionPhase(tx, id)) !== 'read-only') return true;
  return false;
}

/** Posted cost that we show ourselves is nobody else's, though no link says so. */
async function lookForOrigins(hub: Hub, erps: readonly OpenConnection[]) {
  const seen: SeenOrigin[] = [];
  const unseen: Unseen[] = [];
  const isShown = ({ object, originId }: SeenOrigin) =>
    object === 'direct-cost' && erps.some(({ code }) => originId.startsWith(`${code}-`));
  for await (const one of hub.setUp.originIds()) {
    if (one.object === 'unseen') unseen.push(one);
    else if (!isShown(one)) seen.push(one);
    if (seen.length < MAX_ORIGINS) continue;
    const what = `what comes after ${MAX_ORIGINS} of them`;
    unseen.push({ object: 'unseen', what, why: 'there are too many' });
    break;
  }
  return { seen, unseen };
}

function foreignFinding(
  object: SeenOrigin['object'],
  all: readonly SeenOrigin[],
  erp: string,
  read: ReadonlySet<string>,
): CheckFinding {
  const many = all.length > 1;
  const whose = `The ERP id${many ? 's' : ''} of ${all.length} ${WORDS[object]}${many ? 's' : ''} ${many ? 'are' : 'is'}`;
  if (object === 'user') {
    const message = `${whose} not ours: ${examples(all)}. Nothing is written to users from here.`;
    return { subject: SUBJECT, ok: true, message };
  }
  const isOfErp = object === 'vendor' || object === 'project';
  if (isOfErp && !read.has(object))
    return {
      subject: SUBJECT,
      ok: true,
      unproven: true,
      message: `${whose} there already: ${examples(all)}. Whether ${erp} knows ${many ? 'them' : 'it'} shows once it was read.`,
    };
  return {
    subject: SUBJECT,
    ok: false,
    message: `${whose} ${isOfErp ? `neither ours nor known in ${erp}` : 'not ours'}: ${examples(all)}.`,
    remedy:
      'Find out which integration wrote them before going live. Orders that run already are taken over by `tiebeam adopt`.',
  };
}

function examples(all: readonly SeenOrigin[]): string {
  const named = all.slice(0, MAX_EXAMPLES).map(({ name, originId }) => `${name} (${originId})`);
  return all.length > MAX_EXAMPLES ? `${named.join(', ')} and more` : named.join(', ');
}

function unseenFinding(why: string, all: readonly Unseen[]): CheckFinding {
  const named = all.slice(0, MAX_UNSEEN).map(({ what }) => what);
  const more = all.length > MAX_UNSEEN ? ` and ${all.length - MAX_UNSEEN} more` : '';
  const message = `Not looked at, because ${why}: ${named.join(', ')}${more}.`;
  return { subject: SUBJECT, ok: true, unproven: true, message };
}
