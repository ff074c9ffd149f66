import type { AuditEvidence, Intent, IntentOutcome } from '../checker/evidence.ts';
import type { World } from './world.ts';

type Row = {
  readonly seq: string;
  readonly entry: string;
  readonly previous: string;
  readonly hash: string;
};
type Entry = {
  readonly at: string;
  readonly kind: string;
  readonly reference?: string;
  readonly event?: string;
  readonly state?: string;
};

/** The whole chain as it is exported, held against its head, and what it says of intents. */
export async function auditEvidence(
  { read, party: { tenant } }: World,
  exported: readonly string[],
): Promise<AuditEvidence> {
  const links = exported.map((line) => JSON.parse(line) as Row);
  const [head = null] = await read<{ seq: string; hash: string }>(
    'select seq, hash from audit_head where tenant = $1',
    [tenant],
  );
  const chain = { tenant, domain: 'tiebeam.audit.v1', start: '0'.repeat(64), links, head };
  return { ...intentsIn(links), chains: [chain] };
}

/** An outcome belongs to the last intent of its reference before it: the chain has an order of its own. */
function intentsIn(links: readonly Row[]): { intents: Intent[]; outcomes: IntentOutcome[] } {
  const intents: Intent[] = [];
  const outcomes: IntentOutcome[] = [];
  const last = new Map<string, string>();
  for (const { seq, entry: text } of links) {
    const { kind, reference = '', at, event = '', state = '' } = JSON.parse(text) as Entry;
    if (kind === 'intent') {
      last.set(reference, seq);
      intents.push({ id: seq, reference, committed: Date.parse(at) });
    }
    if (kind !== 'outcome') continue;
    const result = resultOf(event, state);
    outcomes.push({ intent: last.get(reference) ?? null, reference, at: Date.parse(at), result });
  }
  return { intents, outcomes };
}

function resultOf(event: string, state: string): IntentOutcome['result'] {
  switch (state) {
    case 'posted':
      return 'ok';
    case 'adopted':
      return 'found';
    case 'refused':
      return 'rejected';
    case 'accepted':
      return 'accepted';
    case 'exception':
      return 'exception';
    case 'unknown':
    case 'settling':
      return 'unknown';
    default:
      return event === 'probed' ? 'absent' : 'not-sent';
  }
}
