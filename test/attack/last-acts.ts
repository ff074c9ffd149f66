import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../../src/lib/decimal-json.ts';
import type { PhaseSpan, Replay } from '../checker/evidence.ts';
import { HOOK_SECRET } from './move-in.ts';
import { edit, live } from './people-at-work.ts';
import { settle } from './settling.ts';
import { sideBySide } from './side-by-side.ts';
import type { World } from './world.ts';

/** What is done to a world that has come to rest, before it is judged. */
export type LastActs = {
  readonly replays: readonly Replay[];
  readonly phases: readonly PhaseSpan[];
  /** What still moved afterwards. */
  readonly moving: readonly string[];
};

/**
 * Everything that was ever announced is announced once more, and nothing outside may change by it. Then the ERP is
 * read-only, people go on working, and nothing may be written there.
 */
export async function lastActs(world: World, limitMs: number): Promise<LastActs> {
  const before = await outside(world);
  const deliveries = await deliverAgain(world);
  const moving = await settle(world, limitMs);
  const after = await outside(world);
  const changed = Object.keys(after).filter((place) => after[place] !== before[place]);
  const replay = { deliveries, before: told(before, changed), after: told(after, changed) };
  const phases = [await workReadOnly(world, limitMs, moving)];
  return { replays: [replay], phases, moving };
}

const SENDERS = 8;
const deliveries = z.object({ deliveries: z.array(z.object({ event: z.record(z.string(), z.unknown()) })) });

/** As it was, and once more as something that was never heard of: only then everything is looked at again. */
async function deliverAgain({ simulators: { procore }, servicePort, party }: World): Promise<number> {
  const told = deliveries.parse(JSON.parse(await procore.truth())).deliveries;
  const events = [...new Map(told.map(({ event }) => [String(event.ulid), event])).values()];
  const fresh = events.map((event, index) => ({ ...event, ulid: `again-${index}`, id: `again-${index}` }));
  const url = `http://127.0.0.1:${servicePort}/webhooks/procore/${party.hook}`;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${HOOK_SECRET}` };
  const all = [...events, ...fresh];
  const next = all.values();
  await sideBySide(SENDERS, async () => {
    for (const event of next) {
      const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(event) });
      if (status >= 300) throw new Error(`an event that came again was answered ${status}`);
    }
  });
  return all.length;
}

// The clocks, what was delivered, and who is signed in change by themselves; writes are counted apart.
const PASSING = ['clock', 'now', 'deliveries', 'sessions', 'writes', 'pendingCommits'];

/** Both systems, place by place, each as text that is equal exactly when it is. */
async function outside({ simulators: { procore }, erp }: World): Promise<Record<string, string>> {
  const { sent } = await erp.books();
  return {
    ...stateOf('Procore', await procore.truth()),
    ...stateOf('ERP', await erp.simulator.truth()),
    'requests to the ERP': String(sent.writes),
  };
}

/** The places in which two states differ; those of equal ones are none. */
function told(state: Record<string, string>, places: readonly string[]): string {
  return places.map((place) => `${place} ${state[place]}`).join(', ');
}

function stateOf(system: string, truth: string): Record<string, string> {
  const parts = Object.entries(parseJson(truth) as object).filter(([part]) => !PASSING.includes(part));
  return Object.fromEntries(
    parts.map(([part, rows]) => {
      const hash = createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 12);
      return [`${system} ${part}`, hash];
    }),
  );
}

// So many standing orders are changed in Procore while the ERP is read-only.
const CHANGED = 2;

async function workReadOnly(world: World, limitMs: number, moving: string[]): Promise<PhaseSpan> {
  const { party, erp, service } = world;
  const { id: connection } = erp.connection;
  const wish = { tenant: party.tenant, user: party.people.controller, connectionId: connection };
  const done = await service.setPhase({ ...wish, phase: 'read-only' });
  if (!done.ok) throw new Error(`the phase was not set: ${done.detail}`);
  const from = Date.now();
  const { sent: before } = await erp.books();
  await change(world);
  const lines = [{ amount: '12.34', code: 41 }] as const;
  const fresh = {
    number: 'LATE-1',
    side: 'steel',
    lines,
    exportAfterMs: 0,
    acts: [],
    approver: 'approves',
  } as const;
  await live(world, fresh, AbortSignal.abort());
  moving.push(...(await settle(world, limitMs)));
  const { sent: after } = await erp.books();
  const egress = { writes: after.writes - before.writes, exempt: after.exempt - before.exempt };
  return { connection, phase: 'read-only', from, until: Date.now(), egress };
}

async function change(world: World): Promise<void> {
  const { contracts } = await world.looks.procore();
  const standing = contracts.filter(({ id, originId }) => originId !== null && world.witness.totals.has(id));
  for (const { id } of standing.slice(0, CHANGED)) {
    const [line] = world.witness.amounts(Number(id)).keys();
    world.witness.wrote(Number(id), [[line!, '77.01']]);
    await edit(world, Number(id), [{ id: line!, amount: '77.01' }]);
  }
}
