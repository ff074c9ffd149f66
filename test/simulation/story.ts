import type { Replay } from '../checker/evidence.ts';
import { People } from './people.ts';
import { ask } from './planner.ts';
import { Trouble } from './wire.ts';
import type { Workers } from './workers.ts';
import { sourceLane, type World } from './world.ts';

const MINUTE_MS = 60_000;
const PEOPLE = ['pm@a.example', 'pm@a.example', 'carla@a.example', 'accountant@a.example'];

/** What happens from outside in one history: what people enter and decide, what events bring, what breaks. */
export class Story {
  private readonly world: World;
  private readonly workers: Workers;
  private readonly people: People;
  private readonly lengthMs: number;
  private readonly delivered: { readonly event: string; readonly source: string }[] = [];
  private deliveries = 0;
  private exports = 0;

  constructor(world: World, workers: Workers) {
    this.world = world;
    this.workers = workers;
    this.people = new People(world);
    this.lengthMs = (2 + world.random.below(40)) * MINUTE_MS;
    world.hub.onOwnChange = (source) => this.echo(source);
  }

  /** Puts everything on the agenda, and returns when the faults are to stop. */
  tell(): number {
    this.enterCommitments();
    this.planPeople();
    this.planSystems();
    for (let at = 5 * MINUTE_MS; at < this.lengthMs; at += 10 * MINUTE_MS)
      this.world.agenda.after(at, () => this.sweep());
    return this.world.now + this.lengthMs;
  }

  /** Everything stands still again: one person has put right what only a person can. */
  heal(): void {
    const { world, people } = this;
    world.faults.isOver = true;
    world.erp.isBlind = false;
    world.erp.periodIsOpen = true;
    people.setPeriod(true);
    people.setPhase('one-way');
    for (const commitment of world.hub.commitments.values()) {
      commitment.visibleAt = Math.min(commitment.visibleAt, world.now);
      commitment.hiddenUntil = 0;
    }
    for (const item of world.hub.items) item.visibleAt = Math.min(item.visibleAt, world.now);
    this.sweep();
  }

  lookOnceMore(): void {
    this.sweep();
  }

  /** Every delivery once more, and a sweep: nothing outside may change by it. */
  replay(drain: () => void): Replay {
    const before = this.outside();
    for (const { event, source } of this.delivered) this.deliver(event, source);
    this.sweep();
    drain();
    return { deliveries: this.delivered.length, before, after: this.outside() };
  }

  /** A digest of both outside systems. */
  private outside(): string {
    const { erp, hub } = this.world;
    const orders = erp.documents.map(({ id, hash, state, version }) => `${id} ${hash} ${state} ${version}`);
    const items = hub.items.map(
      ({ key, closings }) => `${key} ${closings.map(({ result }) => result).join()}`,
    );
    const origins = [...hub.commitments.values()].map(({ source, originId }) => `${source} ${originId}`);
    return [...orders, ...items, ...origins].join('; ');
  }

  private enterCommitments(): void {
    const { world } = this;
    const { random, hub, erp } = world;
    const count = 1 + random.below(4);
    const inGroup = erp.kind.groups && random.chance(0.7);
    for (let n = 0; n < count; n += 1) {
      const source = `c${n}`;
      const first = hub.commitments.get('c0');
      const isChange = !inGroup && n > 0 && world.faults.applies('E24', 0.8);
      const joins = inGroup || isChange;
      const splits = world.faults.applies('H4', 0.5);
      const amountMinor = splits
        ? 3_000_000 + random.below(1_900_000)
        : random.chance(0.7)
          ? 10_000 + random.below(2_000_000)
          : 4_900_000 + random.below(4_000_000);
      hub.commitments.set(source, {
        source,
        root: joins && first !== undefined ? first.root : `r${n}`,
        vendor: splits ? 'v1' : `v${random.below(3)}`,
        parent: isChange ? 'c0' : null,
        group: inGroup ? 'g1' : null,
        version: 1,
        amountMinor,
        amounts: [amountMinor],
        gone: false,
        visibleAt: world.now,
        hiddenUntil: 0,
        originId: null,
      });
      // A change order may be announced before its order.
      const at = inGroup ? random.below(200) : random.below(this.lengthMs / 2);
      world.agenda.after(at, () => this.export(source));
      if (world.faults.applies('P9', 0.6))
        world.agenda.after(at + random.below(MINUTE_MS), () => {
          hub.commitments.get(source)!.originId ??= 'OTHER-77';
        });
      for (let edits = random.below(3); edits > 0; edits -= 1)
        world.agenda.after(at + random.below(this.lengthMs / 2), () => this.edit(source));
      if (random.chance(0.15))
        world.agenda.after(at + random.below(this.lengthMs / 2), () => this.export(source));
      if (world.faults.applies('P6', 0.6))
        world.agenda.after(random.below(this.lengthMs), () => {
          hub.commitments.get(source)!.hiddenUntil = world.now + random.below(10 * MINUTE_MS);
          this.announce(source);
        });
    }
  }

  private export(source: string): void {
    const { world } = this;
    const commitment = world.hub.commitments.get(source)!;
    this.exports += 1;
    const hidden = world.faults.strikes('W10') ? world.random.below(2 * MINUTE_MS) : 0;
    if (hidden > 0 && this.exports === 1) commitment.visibleAt = world.now + hidden;
    world.hub.items.push({
      key: `i${String(this.exports).padStart(3, '0')}`,
      source,
      requester: PEOPLE[world.random.below(PEOPLE.length)]!,
      visibleAt: world.now + hidden,
      closings: [],
    });
    world.note(() => `${source} is exported`);
    this.announce(source);
  }

  private edit(source: string): void {
    const { world } = this;
    const commitment = world.hub.commitments.get(source)!;
    commitment.version += 1;
    commitment.amountMinor += world.random.below(400_000) - 100_000;
    if (commitment.amountMinor < 1_000) commitment.amountMinor = 1_000;
    commitment.amounts.push(commitment.amountMinor);
    if (this.waitsForApproval(source)) world.faults.strikes('P7');
    world.note(() => `${source} is edited to v${commitment.version}`);
    this.announce(source);
  }

  private waitsForApproval(source: string): boolean {
    for (const document of this.world.db.documents.rows.values())
      if (document.source === source && document.state === 'awaiting-approval') return true;
    return false;
  }

  /** A webhook: once, many times, late, or never. */
  private announce(source: string): void {
    const { world } = this;
    const { faults, random } = world;
    if (faults.strikes('W3')) return;
    this.deliveries += 1;
    const event = `e${this.deliveries}`;
    this.delivered.push({ event, source });
    const delay = faults.strikes('W2') ? random.below(20 * MINUTE_MS) : 1 + random.below(500);
    if (delay > MINUTE_MS) faults.reached('W2');
    world.agenda.after(delay, () => this.deliver(event, source));
    if (faults.strikes('W1'))
      for (let times = 1 + random.below(3); times > 0; times -= 1)
        world.agenda.after(delay + random.below(30_000), () => this.deliver(event, source));
  }

  /** Acknowledged only after its commit; what was not acknowledged is delivered again. */
  private deliver(event: string, source: string): void {
    const { world } = this;
    const { db, faults, random } = world;
    try {
      if (faults.strikes('W9')) {
        faults.reached('W9');
        throw new Trouble('the database is away');
      }
      world.commit(() => {
        if (db.signals.get(event) !== undefined) {
          faults.reached('W1');
          return;
        }
        db.signals.put(event, 'received');
        world.wake('hub', sourceLane(source));
      });
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (!faults.isOver)
        world.agenda.after(1_000 + random.below(MINUTE_MS), () => this.deliver(event, source));
    }
  }

  /** Our own write comes back as an event. One that says whose it is, is dropped; any other is looked at like a change. */
  private echo(source: string): void {
    const { world } = this;
    if (!world.faults.strikes('W8') || world.now % 2 === 0) return;
    this.deliveries += 1;
    const event = `e${this.deliveries}`;
    this.delivered.push({ event, source });
    world.agenda.after(1 + (world.now % 500), () => {
      world.faults.reached('W8');
      world.note(() => `an echo of ${source} arrives`);
      this.deliver(event, source);
    });
  }

  /** Looks at the lists of the source, and at what stands in the target under our references. */
  private sweep(): void {
    const { world } = this;
    const { db, hub, faults } = world;
    try {
      const sources = hub.sweep();
      world.commit(() => {
        for (const source of sources) {
          const known = db.records.get(source);
          const { version, hiddenUntil } = hub.commitments.get(source)!;
          if (hiddenUntil > world.now) continue;
          const knowsItems = hub.items.every(
            (item) =>
              item.source !== source || item.visibleAt > world.now || db.items.get(item.key) !== undefined,
          );
          if (known?.version === version && !known.gone && knowsItems) continue;
          faults.reached('W3');
          world.wake('hub', sourceLane(source));
        }
      });
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
    }
  }

  private planPeople(): void {
    const { world, people } = this;
    const { random, faults } = world;
    const sometime = (act: () => void) => world.agenda.after(random.below(this.lengthMs), act);
    for (let times = random.below(6); times > 0; times -= 1) {
      const by = random.chance(0.6)
        ? 'carla@a.example'
        : random.chance(0.8)
          ? 'chris@a.example'
          : 'agent@a.example';
      sometime(() => people.approve(by));
    }
    if (faults.applies('H1', 0.6)) sometime(() => people.approveTogether());
    if (faults.applies('H2', 0.6)) sometime(() => people.approveOwn());
    for (const _ of [1, 2, 3])
      if (faults.applies('Q6', 0.6))
        sometime(() =>
          random.chance(0.7) ? people.lookAgain(random.below(8)) : people.replan(random.below(8)),
        );
    for (const _ of [1, 2]) if (faults.applies('H5', 0.5)) sometime(() => people.withdraw(random.below(8)));
    if (faults.applies('H3', 0.6)) sometime(() => people.setPolicy(2_000_000 + random.below(6_000_000)));
    if (faults.applies('C1', 0.6))
      sometime(() => people.setMapping(random.chance(0.5) ? 'carla@a.example' : 'setup@a.example'));
    if (faults.applies('H7', 0.6))
      sometime(() => people.leave(random.chance(0.5) ? 'carla@a.example' : 'chris@a.example'));
    if (faults.applies('H6', 0.6)) sometime(() => this.export('c0'));
    if (faults.applies('C5', 0.6)) {
      const at = random.below(this.lengthMs);
      world.agenda.after(at, () => people.setPhase('read-only'));
      world.agenda.after(at + random.below(20 * MINUTE_MS), () => people.setPhase('one-way'));
    }
  }

  private planSystems(): void {
    const { world, people, workers } = this;
    const { random, faults, erp } = world;
    const sometime = (act: () => void) => world.agenda.after(random.below(this.lengthMs), act);
    if (faults.applies('E7', 0.6)) {
      const at = random.below(this.lengthMs);
      world.agenda.after(at, () => {
        erp.periodIsOpen = false;
      });
      // Our list of periods is read a little later, also when it opens again.
      world.agenda.after(at + random.below(5 * MINUTE_MS), () => people.setPeriod(erp.periodIsOpen));
    }
    for (const _ of [1, 2, 3])
      if (faults.applies('E18', 0.4))
        sometime(() => {
          const how = random.chance(0.4) ? 'edit' : random.chance(0.5) ? 'cancel' : 'decide-draft';
          if (erp.touch(how, random.below(8))) faults.reached('E18');
        });
    if (faults.applies('E19', 0.6)) {
      const back = random.below(10 * MINUTE_MS);
      sometime(() => {
        if (erp.restore(world.now - back) > 0) faults.reached('E19');
      });
    }
    if (faults.applies('E22', 0.6)) sometime(() => this.blind());
    if (faults.has('D2')) {
      faults.applies('D2', 1);
      sometime(() => {
        if (!world.restore()) return;
        world.note(() => 'our database is restored');
        faults.reached('D2');
        workers.restart();
      });
    }
  }

  /** The look-up loses its permission; before the first document stands, a self-test would have seen that. */
  private blind(): void {
    const { world } = this;
    for (const { operation, state } of world.db.postings.rows.values())
      if (operation.kind === 'create' && (state === 'posted' || state === 'adopted'))
        world.erp.isBlind = true;
    world.agenda.after(world.random.below(30 * MINUTE_MS), () => {
      world.erp.isBlind = false;
    });
  }

  /** The daily look at everything that stands under our references, against what we say of it. */
  compareTarget(): void {
    const { world } = this;
    const { db, erp } = world;
    world.commit(() => {
      for (const { operation, state, targetId, reference, document } of db.postings.rows.values()) {
        if (operation.kind !== 'create' || (state !== 'posted' && state !== 'adopted')) continue;
        const found = erp.documents.filter((one) => one.reference === reference && one.state !== 'gone');
        const newest = this.newestPosted(document!);
        const why =
          found.length === 0
            ? 'it is gone from the target'
            : found.length > 1
              ? 'it stands there more than once'
              : found[0]!.state === 'cancelled'
                ? 'it was cancelled in the target'
                : found[0]!.id !== targetId || found[0]!.hash !== newest
                  ? 'it was changed in the target'
                  : null;
        if (why === null) continue;
        ask(world, { subject: `drift:${reference}`, document, kind: 'vanished', role: 'accountant', why });
      }
      for (const { reference, state } of erp.documents) {
        if (reference === null || state === 'gone' || this.isKnown(reference)) continue;
        const why = 'it carries a reference of ours that no document of ours claims';
        ask(world, {
          subject: `drift:${reference}`,
          document: null,
          kind: 'vanished',
          role: 'engineer',
          why,
        });
      }
    });
  }

  private isKnown(reference: string): boolean {
    for (const { operation, state, reference: own } of this.world.db.postings.rows.values())
      if (operation.kind === 'create' && own === reference && (state === 'posted' || state === 'adopted'))
        return true;
    return false;
  }

  private newestPosted(document: string): string {
    const { db } = this.world;
    const { source } = db.documents.get(document)!;
    let newest = '';
    let revision = 0;
    for (const other of db.documents.rows.values())
      if (other.source === source && other.targetId !== null && other.revision > revision) {
        newest = other.payloadHash;
        revision = other.revision;
      }
    return newest;
  }
}
