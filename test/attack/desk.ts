import { setTimeout as pause } from 'node:timers/promises';
import type { Hands } from './hands.ts';
import type { History } from './histories.ts';
import type { World } from './world.ts';

type Open = {
  readonly id: string;
  readonly document: string;
  readonly number: string;
  readonly hash: string;
};

/**
 * The people in front of the review queue, who decide as their history says while everything around them breaks.
 * A decision whose answer is lost is simply made again.
 */
export function startDesk(world: World, hands: Hands, byNumber: ReadonlyMap<string, History>) {
  const stopping = new AbortController();
  const work = run(async () => {
    await Promise.all([world, world.neighbour].map(({ erp }) => erp.approveDrafts()));
    await decideAll(world, hands, byNumber);
  }, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await work;
    },
  };
}

async function run(decide: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await decide();
    } catch {
      // The database is away, or cut off: whoever sits here waits a moment and looks again.
    }
    await pause(250);
  }
}

async function decideAll(
  { read, party: { tenant } }: World,
  hands: Hands,
  byNumber: ReadonlyMap<string, History>,
): Promise<void> {
  const approvals = await read<Open>(
    `select r.id, r.document, d.number, coalesce(r.evidence ->> 'payloadHash', '') as hash
     from review_item r join document d on d.tenant = r.tenant and d.id = r.document
     where r.tenant = $1 and r.kind = 'approval' and r.state = 'open' order by r.opened_at`,
    [tenant],
  );
  for (const { id, document, number, hash } of approvals) {
    const decision = byNumber.get(number)?.approver ?? 'approves';
    if (decision === 'approves') await hands.approve(id, hash);
    else if (decision === 'rejects') await hands.reject(id);
    else await hands.withdraw(document);
  }
  const [unmapped] = await read<{ id: string }>(
    `select id from review_item where tenant = $1 and kind = 'unmapped' and subject = 'mapping:cost:09-900|S' and state = 'open'
       and opened_at < now() - interval '1 second'`,
    [tenant],
  );
  if (unmapped !== undefined) await hands.mapPaint(unmapped.id);
}
