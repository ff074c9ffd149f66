import { quarantineBody, type UnreadBody } from '../../store/quarantined-signal.ts';
import { lockSubject, openEvidence, openReview, type StoredReview } from '../../store/review.ts';
import type { Engine } from '../engine.ts';
import { step } from '../step.ts';

/**
 * Keeps a webhook body that cannot be read. It is acknowledged, because refusing it would pause the sender's whole
 * queue; so an engineer is asked instead, once a day for each hook, with how many came.
 */
export async function keepUnread(
  engine: Pick<Engine, 'pools' | 'clock' | 'newId'>,
  { tenant, ...unread }: UnreadBody & { readonly tenant: string },
): Promise<void> {
  const { connection, hook, reason } = unread;
  const subject = unreadSubject({ connection, hook, receivedAt: engine.clock.now() });
  await step(engine, tenant, async (tx) => {
    await lockSubject(tx, subject);
    if (!(await quarantineBody(tx, unread))) return;
    const asked = await openEvidence(tx, 'quarantined', subject);
    const count = Number(asked?.count ?? 0) + 1;
    await openReview(tx, {
      id: engine.newId(),
      kind: 'quarantined',
      subject,
      document: null,
      title: count === 1 ? 'A webhook could not be read' : `${count} webhooks could not be read`,
      question: `They came under the hook ${hook} and are kept; nothing was done because of them. The last one: ${reason} Once a version is installed that reads them, try again; the regular looks find what they were about meanwhile.`,
      evidence: { connection, hook, count, reason },
      role: 'engineer',
    });
  });
}

const UNREAD = 'unread:';

export function isAboutUnread({ kind, subject }: Pick<StoredReview, 'kind' | 'subject'>): boolean {
  return kind === 'quarantined' && subject.startsWith(UNREAD);
}

/** One question for each hook and day. */
export function unreadSubject(row: {
  readonly connection: string;
  readonly hook: string;
  readonly receivedAt: Date;
}): string {
  return `${UNREAD}${row.connection}:${row.hook}:${row.receivedAt.toISOString().slice(0, 10)}`;
}
