import { setTimeout as pause } from 'node:timers/promises';
import { people } from '../scenarios/seeds.ts';
import type { History } from './histories.ts';
import { TENANT, type World } from './world.ts';

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
export function startDesk(world: World, byNumber: ReadonlyMap<string, History>, withDrafts: boolean) {
  const stopping = new AbortController();
  const work = run(async () => {
    if (withDrafts) await approveDrafts(world);
    await decideAll(world, byNumber);
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

/** In a company with an approval procedure each order is a draft until somebody there approves it. */
async function approveDrafts({ simulators: { businessOne } }: World): Promise<void> {
  const { drafts } = JSON.parse(await businessOne.truth()) as { drafts: { docEntry: number }[] };
  for (const { docEntry } of drafts) await businessOne.post('act', { action: 'approve_draft', docEntry });
}

async function decideAll({ read, service }: World, byNumber: ReadonlyMap<string, History>): Promise<void> {
  const approvals = await read<Open>(
    `select r.id, r.document, d.number, coalesce(r.evidence ->> 'payloadHash', '') as hash
     from review_item r join document d on d.tenant = r.tenant and d.id = r.document
     where r.kind = 'approval' and r.state = 'open' order by r.opened_at`,
  );
  for (const { id, document, number, hash } of approvals) {
    const by = { tenant: TENANT, user: people.controller };
    const decision = byNumber.get(number)?.approver ?? 'approves';
    if (decision === 'approves') await service.approve({ ...by, reviewId: id, payloadHash: hash });
    else if (decision === 'rejects')
      await service.reject({ ...by, reviewId: id, reason: 'Not in this budget.' });
    else
      await service.withdraw({
        tenant: TENANT,
        user: people.accountant,
        documentId: document,
        reason: 'Taken back.',
      });
  }
  const [unmapped] = await read<{ id: string }>(
    `select id from review_item where kind = 'unmapped' and subject = 'mapping:cost:09-900|S' and state = 'open'
       and opened_at < now() - interval '1 second'`,
  );
  if (unmapped === undefined) return;
  await service.answer({
    tenant: TENANT,
    user: people.accountant,
    reviewId: unmapped.id,
    answers: [{ kind: 'cost', scope: '', key: '09-900|S', value: { kind: 'account', code: '5100' } }],
  });
}
