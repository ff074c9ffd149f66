import type { Outcome } from '../../src/domain/posting/outcomes.ts';
import type { Phase } from '../../src/domain/states.ts';
import type { Random } from '../../src/domain/testing/random.ts';
import type { Agenda } from './agenda.ts';
import type { FaultId, Faults } from './faults.ts';

/**
 * What stops the work for now: the lane comes back later and goes on from what is stored. It is everyday here and
 * nobody reads where it was thrown, so it is no Error, which would look at the stack each time.
 */
export class Trouble {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** Which fault of the model each way of failing counts as: the source has its own numbers. */
export type WireFaults = {
  readonly busy: FaultId;
  readonly session: FaultId;
  readonly read: FaultId;
};

/** One write that left us, for the books of the checker. */
export type SentRequest = {
  readonly system: 'erp' | 'hub';
  readonly connection: string;
  readonly kind: 'create' | 'set';
  readonly reference: string;
  key: string | null;
  readonly intent: string;
  at: number;
  /** The phase of the last look before it left. */
  readonly phase?: Phase;
  committed: number | null;
  changed: boolean;
  overwrote: {
    readonly editedAt: number;
    readonly readAt: number | null;
    readonly guardOffered: boolean;
  } | null;
};

export const erpWire: WireFaults = { busy: 'E9', session: 'E5', read: 'E4' };
export const hubWire: WireFaults = { busy: 'P1', session: 'P3', read: 'P2' };

/** The network between us and one system: it loses, delays and cuts, but it never invents an effect. */
export class Wire {
  /** Every write that left, whatever became of it. */
  readonly sent: SentRequest[] = [];
  private readonly agenda: Agenda;
  private readonly random: Random;
  private readonly faults: Faults;
  private readonly as: WireFaults;
  /** How long a request may still take effect after its last byte. */
  private readonly lifeMs: number;

  constructor(agenda: Agenda, random: Random, faults: Faults, as: WireFaults, lifeMs: number) {
    this.agenda = agenda;
    this.random = random;
    this.faults = faults;
    this.as = as;
    this.lifeMs = lifeMs;
  }

  /**
   * One request that changes something. `commit` runs at the moment of its effect, at most once, perhaps long
   * after the caller got its answer; `answer` runs when the caller knows, or believes to know.
   */
  write(
    untilMs: number,
    requests: readonly SentRequest[],
    commit: () => Outcome,
    answer: (outcome: Outcome) => void,
  ): void {
    const { agenda, random, faults } = this;
    // The door lets nothing out after the time that whoever takes over counts with.
    if (untilMs <= agenda.now) {
      answer({ kind: 'not-sent', why: 'its time to leave has passed' });
      return;
    }
    const early = this.turnedAway();
    if (early !== null) {
      agenda.after(1 + random.below(50), () => answer(early));
      return;
    }
    for (const request of requests) {
      request.at = agenda.now;
      this.sent.push(request);
    }
    const arrives = 1 + random.below(80);
    if (faults.strikes('E2')) {
      this.commitLate(untilMs, commit, answer);
      return;
    }
    if (faults.strikes('E4')) {
      const executes = random.chance(0.5);
      const done = agenda.now + arrives;
      if (executes) agenda.at(done, () => commit());
      faults.reached('E4');
      agenda.at(done + random.below(500), () => answer(lost('a gateway answered 502')));
      return;
    }
    agenda.after(arrives, () => {
      const outcome = commit();
      const back = 1 + random.below(80);
      if (outcome.kind === 'refused' || outcome.kind === 'not-sent') {
        agenda.after(back, () => answer(outcome));
        return;
      }
      if (faults.strikes('E1')) {
        faults.reached('E1');
        const waits = random.chance(0.5) ? back : Math.max(back, untilMs - agenda.now);
        agenda.after(waits, () => answer(lost('the reply was lost')));
        return;
      }
      if (faults.strikes('E12')) {
        faults.reached('E12');
        agenda.after(back, () => answer(lost('the answer was cut off')));
        return;
      }
      agenda.after(back, () => answer(outcome));
    });
  }

  /** A read either answers or stops the work. Returns how long it takes. */
  read(): number {
    if (this.faults.strikes(this.as.read)) {
      this.faults.reached(this.as.read);
      throw new Trouble('the read was answered with 503');
    }
    if (this.faults.strikes(this.as.session)) {
      this.faults.reached(this.as.session);
      throw new Trouble('the session has ended');
    }
    return 1 + this.random.below(60);
  }

  private turnedAway(): Outcome | null {
    const { faults, as } = this;
    if (faults.strikes('E3')) {
      faults.reached('E3');
      return { kind: 'not-sent', why: 'connection refused' };
    }
    if (faults.strikes(as.busy)) {
      faults.reached(as.busy);
      return { kind: 'not-sent', why: 'too many requests', retryAfterMs: 1_000 };
    }
    if (faults.strikes(as.session)) {
      faults.reached(as.session);
      return { kind: 'not-sent', why: 'the sign-in was refused' };
    }
    return null;
  }

  /** The caller gives up first; the request lives on for at most its life, counted from its last byte. */
  private commitLate(untilMs: number, commit: () => Outcome, answer: (outcome: Outcome) => void): void {
    const { agenda, random, faults, lifeMs } = this;
    const left = untilMs - agenda.now;
    const waits = random.chance(0.5) ? Math.min(left, 1 + random.below(200)) : left;
    // A third of them at the very end, where a wait that is a little too short shows.
    const late = random.chance(0.3) ? lifeMs : 1 + random.below(lifeMs);
    agenda.after(waits + late, () => {
      faults.reached('E2');
      commit();
    });
    agenda.after(waits, () => answer(lost('timed out')));
  }
}

function lost(why: string): Outcome {
  return { kind: 'unknown', why };
}
