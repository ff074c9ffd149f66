import type pg from 'pg';
import type { Clock } from '../lib/clock.ts';
import { findHook, type Hook } from '../store/intake/hook-door.ts';
import { provenHook } from './auth/hook-secret.ts';

// What is remembered only spares the question. Whoever is disabled meanwhile is refused where the delivery is
// written, which looks at the hook itself.
const LIFE_MS = 10_000;
// A new secret works after this time at most, and guessing costs one question of the database in it.
const DOUBT_MS = 1_000;
const MOST_HOOKS = 10_000;

type Known = { readonly atMs: number; readonly hook: Promise<Hook | null>; found: Hook | null };

/** The hooks that delivered lately, so that a storm of deliveries does not ask for its hook each time. */
export class RememberedHooks {
  private readonly door: pg.Pool;
  private readonly clock: Clock;
  private readonly known = new Map<string, Known>();

  constructor(door: pg.Pool, clock: Clock) {
    this.door = door;
    this.clock = clock;
  }

  /** The hook if it is remembered and its secret came along: most deliveries wait for nothing. */
  remembered(id: string, authorization: string | undefined): Hook | null {
    const found = this.isFresh(id, LIFE_MS) ? this.known.get(id)!.found : null;
    return found && provenHook(found, authorization);
  }

  /** The hook if its secret came along; what is remembered says yes at once and no only after asking again. */
  async prove(id: string, authorization: string | undefined): Promise<Hook | null> {
    const proven = provenHook(await this.find(id, LIFE_MS), authorization);
    if (proven !== null || this.isFresh(id, DOUBT_MS)) return proven;
    return provenHook(await this.find(id, DOUBT_MS), authorization);
  }

  forget(id: string): void {
    this.known.delete(id);
  }

  private find(id: string, withinMs: number): Promise<Hook | null> {
    if (this.isFresh(id, withinMs)) return this.known.get(id)!.hook;
    this.known.delete(id);
    if (this.known.size >= MOST_HOOKS) this.known.delete(this.known.keys().next().value!);
    const asked: Known = { atMs: this.clock.now().getTime(), hook: findHook(this.door, id), found: null };
    this.known.set(id, asked);
    // An address that nobody has would fill the memory, and one that is made now must work at once.
    const drop = () => {
      if (this.known.get(id) === asked) this.known.delete(id);
    };
    asked.hook.then((hook) => {
      asked.found = hook;
      if (hook === null) drop();
    }, drop);
    return asked.hook;
  }

  private isFresh(id: string, withinMs: number): boolean {
    const known = this.known.get(id);
    return known !== undefined && this.clock.now().getTime() - known.atMs < withinMs;
  }
}
