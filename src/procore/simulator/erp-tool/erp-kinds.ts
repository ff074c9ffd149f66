import { type Errors, fieldErrors } from '../http/errors.ts';
import type { Actor, ErpRequest } from '../records.ts';
import type { World } from '../state.ts';
import { assertReady, type Exportable, markReady, rejectAll, SENDABLE, SENDABLE_AGAIN } from './erp-flow.ts';
import { assertRules, type Ruled } from './erp-rules.ts';

/** What the approver types when exporting. */
export type Choices = {
  code?: string | undefined;
  accounting_date?: string | undefined;
  erp_custom_fields?: Record<string, unknown> | undefined;
};

type Rules<T extends { company_id: number }> = {
  find: (world: World, id: number) => T | undefined;
  /** Why it cannot be sent, if it cannot. */
  refusal: (world: World, thing: T, choices: Choices) => Errors | null;
  /** What the rules of the ERP metadata look at before it goes out. */
  ruled: (world: World, thing: T, choices: Choices) => Ruled;
  /** The ERP tool exports it again after it was synced: the event creates and updates. */
  again?: true;
  request: (world: World, things: readonly T[], choices: Choices, actor: Actor) => ErpRequest[];
  unlink?: (world: World, thing: T, actor: Actor) => ErpRequest;
  /** By the vendor's own staff, who also take the origin fields away. */
  reset?: (world: World, thing: T, actor: Actor, override: boolean) => ErpRequest;
};

/** One kind of thing that people send to the ERP: a project user first, then the accounting approver. */
export type ErpKind = {
  send: (world: World, ids: readonly number[]) => void;
  export: (world: World, ids: readonly number[], choices: Choices, actor: Actor) => ErpRequest[];
  reject: (world: World, ids: readonly number[]) => number[];
  unlink: (world: World, id: number, actor: Actor) => ErpRequest;
  reset: (world: World, id: number, actor: Actor, override: boolean) => ErpRequest;
};

export function erpKind<T extends Exportable & { company_id: number; origin_id: string | null }>(
  rules: Rules<T>,
): ErpKind {
  const all = (world: World, ids: readonly number[]): T[] =>
    ids.map((id) => {
      const thing = rules.find(world, id);
      if (!thing) throw fieldErrors(422, { ids: [`${id} is nothing of this kind`] });
      return thing;
    });
  const sendable = (world: World, ids: readonly number[], choices: Choices): T[] => {
    const things = all(world, ids);
    for (const thing of things) {
      const errors = rules.refusal(world, thing, choices);
      if (errors) throw fieldErrors(422, errors);
      assertRules(world, thing.company_id, rules.ruled(world, thing, choices));
    }
    return things;
  };
  const synced = (world: World, id: number): T => {
    const [thing] = all(world, [id]);
    if (!thing || thing.origin_id === null) throw fieldErrors(422, { base: ['is not synced with ERP'] });
    return thing;
  };
  return {
    send: (world, ids) => markReady(sendable(world, ids, {}), rules.again ? SENDABLE_AGAIN : SENDABLE),
    export(world, ids, choices, actor) {
      const things = sendable(world, ids, choices);
      assertReady(things);
      for (const thing of things) thing.erp_status = 'exportging';
      return rules.request(world, things, choices, actor);
    },
    reject: (world, ids) => rejectAll(all(world, ids)),
    unlink: (world, id, actor) => taken(rules.unlink)(world, synced(world, id), actor),
    reset: (world, id, actor, override) => taken(rules.reset)(world, synced(world, id), actor, override),
  };
}

/** The ERP tool has no such event for every kind. */
function taken<F>(way: F | undefined): F {
  if (way === undefined) throw fieldErrors(422, { kind: ['has no such event'] });
  return way;
}

/** For what belongs to a project: it has to be in the ERP before. */
export function projectRefusal(world: World, projectId: number): Errors | null {
  return world.projects.get(projectId)?.origin_id === null ? { project: ['is not synced with ERP'] } : null;
}
