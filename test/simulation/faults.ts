import type { Random } from '../../src/domain/testing/random.ts';

/** Every fault this layer can make, under its id in the fault model, with the state it aims at. */
export const catalogue = {
  W1: 'a webhook is delivered more than once',
  W2: 'webhooks overtake each other',
  W3: 'a webhook is lost and a sweep finds the change',
  W8: 'our own write comes back as an event',
  W9: 'the database is away at receipt, so the delivery is not acknowledged and comes again',
  W10: 'a record is announced before the source shows it',
  P1: 'the source turns a write-back away because of its rate limit',
  P2: 'a read of the source fails',
  P3: 'the token of the source has died',
  P5: 'a page shifts while it is read, so that a sweep misses a record',
  P6: 'a record is not shown for a moment although it exists',
  P7: 'a record is edited between plan and approval',
  P9: 'the origin id is already taken by another integration',
  E1: 'the reply is lost after the commit',
  E2: 'the request commits long after its caller gave up',
  E3: 'the connection never stood',
  E4: 'a gateway answers 5xx, before or after the commit',
  E5: 'the session ends between two requests',
  E6: 'the record is locked',
  E7: 'the period closes between plan and intent',
  E8: 'the target refuses the content',
  E9: 'the target turns a request away because of its limits',
  E10: 'a group answer lacks a member, or one member is refused',
  E12: 'the answer is cut off after the commit',
  E15: 'the reference or the vendor number already stands there',
  E16: 'the target rounds and stores other content than was sent',
  E17: 'an accepted job is lost or fails',
  E18: 'a person edits, cancels or decides about a document in the target',
  E19: 'the target is restored from a backup and forgets documents',
  E21: 'a search does not see yet what was committed',
  E22: 'the probe is blind',
  E24: 'a change order comes before its order stands',
  D1: 'a commit happened but its answer was lost',
  D2: 'our database is restored to an earlier commit',
  D3: 'a transaction is rolled back and runs again',
  D5: 'a worker is killed between two durable steps',
  D6: 'a worker sleeps past its lease and wakes',
  Q1: 'work on one record always fails',
  Q2: 'a worker is gone and its lease has to end',
  Q3: 'a lane is given to a second worker while the first still works',
  Q6: 'a person asks to look again, or to plan again',
  H1: 'two people decide at once',
  H2: 'somebody approves what is their own',
  H3: 'an approval is stale when it is used',
  H4: 'an amount is split to stay below the threshold',
  H5: 'a document is rejected or withdrawn while it is sent',
  H6: 'a commitment is exported again after it stands',
  H7: 'an approver leaves before the document is sent',
  C1: 'a mapping or the policy is changed in the middle',
  C5: 'the phase is set to read-only in the middle',
} as const;

export type FaultId = keyof typeof catalogue;
export const faultIds = Object.keys(catalogue) as FaultId[];

/** How often each fault was drawn and applied, and how often the state it aims at was really there. */
export type FaultCounts = Record<FaultId, { injected: number; reached: number }>;

export function noCounts(): FaultCounts {
  return Object.fromEntries(faultIds.map((id) => [id, { injected: 0, reached: 0 }])) as FaultCounts;
}

// About a third of all faults is on in one history: rare pairs meet, and most histories still get somewhere.
const SHARE_ON = 0.35;
const MOST = 0.3;

/** The swarm of one history: a random few of the faults, each with a random rate. */
export class Faults {
  isOver = false;
  private readonly rates: Float64Array;
  private readonly random: Random;
  private readonly counts: FaultCounts;

  constructor(random: Random, counts: FaultCounts) {
    this.random = random;
    this.counts = counts;
    this.rates = new Float64Array(faultIds.length);
    // Cubed: many histories with a few strikes, some with a storm.
    for (let at = 0; at < faultIds.length; at += 1)
      if (random.next() < SHARE_ON) this.rates[at] = MOST * random.next() ** 3 + 0.01;
  }

  has(id: FaultId): boolean {
    return this.rates[indexOf[id]]! > 0;
  }

  /** Whether the fault strikes now; the caller then applies it. */
  strikes(id: FaultId): boolean {
    const rate = this.rates[indexOf[id]]!;
    if (rate === 0 || this.isOver || this.random.next() >= rate) return false;
    this.counts[id].injected += 1;
    return true;
  }

  /** Applies a fault that is drawn by other means, where it is on. */
  applies(id: FaultId, share: number): boolean {
    if (this.rates[indexOf[id]] === 0 || this.isOver || this.random.next() >= share) return false;
    this.counts[id].injected += 1;
    return true;
  }

  reached(id: FaultId): void {
    this.counts[id].reached += 1;
  }
}

const indexOf = Object.fromEntries(faultIds.map((id, at) => [id, at])) as Record<FaultId, number>;
