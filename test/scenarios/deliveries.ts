import { procoreState } from './looking.ts';
import type { World } from './world.ts';

export type Event = Readonly<Record<string, unknown>> & {
  readonly resource_name: string;
  readonly ulid: string;
  readonly metadata: { readonly source_application_id: string | null };
};

/** What Procore told nobody: events of which the delivery was lost. */
export async function lostEvents(world: World): Promise<Event[]> {
  const { deliveries } = (await procoreState(world)) as unknown as {
    readonly deliveries: readonly { readonly outcome: string; readonly event: Event }[];
  };
  return deliveries.filter(({ outcome }) => outcome === 'discarded').map(({ event }) => event);
}

/** From now on Procore's webhooks are lost on their way. */
export async function loseWebhooks(world: World): Promise<void> {
  await world.sim('POST', 'faults', { seed: 1, rules: [{ kind: 'lost-webhook' }] });
}

/** Delivers an event as Procore does, or as somebody pretends to; answers the status. */
export async function deliver(
  world: World,
  event: unknown,
  authorization: string | null = 'Bearer hook-secret',
  query = '',
): Promise<number> {
  const response = await fetch(`${world.url}/webhooks/procore/hook-1${query}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(authorization === null ? {} : { authorization }),
    },
    body: JSON.stringify(event),
  });
  await response.arrayBuffer();
  return response.status;
}

const TRIES = 5;

/**
 * Delivers an event until it is taken, as Procore does: what the service could not write down in time, on a machine
 * that has too much to do, it answers 503, and the same event comes again a second later.
 */
export async function deliverAgain(world: World, event: Event): Promise<number> {
  for (let tried = 1; ; tried += 1) {
    const status = await deliver(world, event);
    if (status !== 503 || tried === TRIES) return status;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
