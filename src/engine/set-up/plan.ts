import { contentHash } from '../../domain/values/canonical.ts';
import { verifyHookSecret } from '../../procore/events/webhooks.ts';
import type { Hub } from '../../procore/hub.ts';
import { missingTriggers, type SeenHook, type Trigger } from '../../procore/set-up/set-up.ts';
import { type HookAddress, openHooks, toldLimits } from '../../store/requests/company-set-up.ts';
import { type Declined, declined } from '../decisions/person.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';
import { type Metadata, metadataFor } from './metadata.ts';

/** What a person may ask for beyond what is missing. */
export type SetUpWish = {
  /** Where people and Procore reach this service; not needed where a hook of ours stands already. */
  readonly address?: string | undefined;
  /** Gives the hook another secret although nothing is wrong with the one it has. */
  readonly freshSecret?: boolean | undefined;
};

export type SetUpStep = { readonly what: string } & (
  | { readonly kind: 'erp-connection' | 'metadata' | 'create-hook' }
  | { readonly kind: 'redirect-hook' | 'enable-hook'; readonly hookId: string }
  | { readonly kind: 'triggers'; readonly triggers: readonly Trigger[] }
  | { readonly kind: 'close-addresses'; readonly addresses: readonly string[] }
);

/** What a set-up would do, for a person to consent to. Nothing was written. */
export type SetUpPlan = {
  readonly hub: OpenConnection & { readonly hub: Hub };
  readonly address: string;
  readonly metadata: Metadata;
  readonly steps: readonly SetUpStep[];
  /** What stands there and is left as it is. */
  readonly notes: readonly string[];
  /** Names exactly these steps: consent to one plan is none to another. */
  readonly digest: string;
};

const HOOK_PATH = '/webhooks/procore/';

/** The address of a hook: where it is reached, and the last part that names it. */
export const hookUrl = (address: string, id: string) => `${address}${HOOK_PATH}${id}`;

/** Reads how the company stands and says what is missing. */
export async function planSetUp(
  engine: Engine,
  tenant: string,
  wish: SetUpWish,
): Promise<{ readonly ok: true; readonly plan: SetUpPlan } | Declined> {
  const hub = await engine.systems.hubOf(tenant);
  const erp = await engine.systems.homeOf(tenant);
  const metadata = metadataFor(erp, hub);
  const seen = await hub.hub.setUp.hooks();
  const { told, addresses } = await step(engine, tenant, async (tx) => ({
    told: await toldLimits(tx, hub.id),
    addresses: await openHooks(tx, hub.id),
  }));
  const hook = ownHook(seen, addresses);
  const address = wish.address === undefined ? (hook?.base ?? null) : reachable(wish.address);
  if (address === null) return noAddress(wish.address);
  const steps = [
    ...erpSteps(erp, metadata, told),
    ...hookSteps(hook, address, wish, hub.hub.setUp.triggers),
    ...(hook === null ? [] : await enablings(hub.hub, hook)),
    ...(hook === null ? [] : await closings(hub, hook, addresses)),
  ];
  const notes = notesOn(seen, hook, addresses);
  const digest = contentHash([hub.id, address, metadata.hash, ...steps.map(({ what }) => what)]);
  return { ok: true, plan: { hub, address, metadata, steps, notes, digest } };
}

function erpSteps(erp: OpenConnection, { hash }: Metadata, told: string | null): SetUpStep[] {
  if (told === hash) return [];
  // No route tells whether a company has an ERP connection: a second one is refused, and then only its metadata is told.
  if (told === null)
    return [
      {
        kind: 'erp-connection',
        what: `Create the ERP connection with the metadata of ${erp.name}; where the company has one already, its metadata is replaced.`,
      },
    ];
  return [{ kind: 'metadata', what: `Tell the ERP tool the present limits of ${erp.name}.` }];
}

export type OwnHook = { readonly seen: SeenHook; readonly row: HookAddress; readonly base: string };

/** Our hook in the company: the one whose destination is an open address of ours, the newest first. */
export function ownHook(seen: readonly SeenHook[], addresses: readonly HookAddress[]): OwnHook | null {
  for (const row of addresses) {
    const end = `${HOOK_PATH}${row.id}`;
    const found = seen.find(({ destinationUrl }) => destinationUrl.endsWith(end));
    if (found !== undefined) return { seen: found, row, base: found.destinationUrl.slice(0, -end.length) };
  }
  return null;
}

function hookSteps(
  hook: OwnHook | null,
  address: string,
  wish: SetUpWish,
  triggers: readonly Trigger[],
): SetUpStep[] {
  if (hook === null) {
    const what = `Create a webhook to ${address}${HOOK_PATH}..., with a secret of its own.`;
    return [{ kind: 'create-hook', what }, triggerStep(triggers)];
  }
  const steps: SetUpStep[] = [];
  const why = whyRedirect(hook, address, wish);
  if (why !== null)
    steps.push({
      kind: 'redirect-hook',
      hookId: hook.seen.id,
      what: `Give webhook ${hook.seen.id} a new address at ${address} and a new secret, because ${why}. The former address stays open until Procore has delivered to the new one.`,
    });
  const missing = missingTriggers(hook.seen, triggers);
  return missing.length === 0 ? steps : [...steps, triggerStep(missing)];
}

function triggerStep(triggers: readonly Trigger[]): SetUpStep {
  return { kind: 'triggers', triggers, what: `Add the triggers ${triggerWords(triggers)}.` };
}

export function triggerWords(triggers: readonly Trigger[]): string {
  return triggers.map(({ resource, event }) => `${resource} ${event}`).join(', ');
}

function whyRedirect({ seen, row, base }: OwnHook, address: string, wish: SetUpWish): string | null {
  if (base !== address) return `it delivers to ${base}`;
  if (isStrange(seen, row)) return 'it presents a secret that is not known here';
  return wish.freshSecret === true ? 'a new secret was asked for' : null;
}

/** A header that is not shown proves nothing against the hook. */
export function isStrange({ authorization }: SeenHook, { secretHash }: HookAddress): boolean {
  return authorization !== null && !verifyHookSecret(authorization, secretHash.toString('hex'));
}

async function enablings(hub: Hub, { seen }: OwnHook): Promise<SetUpStep[]> {
  if (await isActive(hub, seen.id)) return [];
  return [{ kind: 'enable-hook', hookId: seen.id, what: `Switch webhook ${seen.id} on again.` }];
}

/** What Procore does not call switched off is on. */
export async function isActive({ deliveries }: Hub, hookId: string): Promise<boolean> {
  const { hooks } = await deliveries.hooks();
  return hooks.every((hook) => hook.id !== hookId || hook.isActive);
}

/** Addresses that were replaced, once Procore was seen at the new one. */
async function closings(
  { hub }: SetUpPlan['hub'],
  { seen, row }: OwnHook,
  addresses: readonly HookAddress[],
): Promise<SetUpStep[]> {
  const former = addresses.filter(({ id }) => id !== row.id);
  if (former.length === 0) return [];
  const deliveries = await hub.setUp.deliveries(seen.id, row.createdAt);
  if (!deliveries.some(({ outcome }) => outcome === 'delivered')) return [];
  const ids = former.map(({ id }) => id);
  const what = `Close the former address ${ids.join(', ')}: Procore has delivered to the new one.`;
  return [{ kind: 'close-addresses', addresses: ids, what }];
}

function notesOn(
  seen: readonly SeenHook[],
  own: OwnHook | null,
  addresses: readonly HookAddress[],
): string[] {
  const others = seen.filter(({ id }) => id !== own?.seen.id);
  return others.map(({ id, destinationUrl }) =>
    addresses.some((row) => destinationUrl.endsWith(`${HOOK_PATH}${row.id}`))
      ? `Webhook ${id} delivers here as well: each event comes twice, and counts once. It can be deleted in Procore.`
      : `Webhook ${id} of the same app delivers to ${destinationUrl}, which is no address of this Tiebeam. It is left as it is.`,
  );
}

/** The base address in one form; null where Procore would not be let in with a secret. */
function reachable(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, origin, pathname } = new URL(address);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) return null;
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

function noAddress(given: string | undefined): Declined {
  const title = 'The address of this service is needed';
  const why =
    given === undefined
      ? 'Procore has no webhook to this service yet.'
      : `"${given}" is no https address: the secret of the webhook would travel in clear.`;
  return declined(
    422,
    title,
    `${why} Name the address under which Procore reaches it, such as https://tiebeam.example.com.`,
  );
}
