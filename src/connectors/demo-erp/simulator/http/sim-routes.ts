import { z } from 'zod';
import { act, perform } from '../act.ts';
import { ledgerlineSeed } from '../company/seed.ts';
import { dayOf, emptyWorld, seededWorld, type World } from '../company/state.ts';
import { type Faults, faultPlan } from '../faults.ts';
import { stateView } from './views.ts';

export type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Stage = {
  world: World;
  readonly faults: Faults;
  readonly nowMs: () => number;
};

const settings = z.strictObject({
  jobStepMs: z.number().int().min(0).max(60_000).optional(),
  requestLifeMs: z.number().int().min(0).max(600_000).optional(),
  searchLagMs: z.number().int().min(0).optional(),
  sameReference: z.enum(['taken', 'warned', 'refused']).optional(),
});

/** The control plane of tests and demos: not part of Ledgerline, open to whoever can reach the port. */
export function answerControl(stage: Stage, method: string, path: string, body: unknown): Answer {
  try {
    return route(stage, `${method} ${path}`, body);
  } catch (error) {
    if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
    throw error;
  }
}

function route(stage: Stage, what: string, body: unknown): Answer {
  const done: Answer = { status: 200, body: { ok: true } };
  switch (what) {
    case 'POST /_sim/reset':
      stage.world = emptyWorld();
      stage.faults.plan({ seed: 1, rules: [] });
      return done;
    case 'POST /_sim/seed': {
      const { settings: kept, clockOffsetMs } = stage.world;
      stage.world = seededWorld(ledgerlineSeed.parse(body), dayOf(stage.nowMs()));
      stage.world.settings = kept;
      stage.world.clockOffsetMs = clockOffsetMs;
      return done;
    }
    case 'GET /_sim/state':
      return { status: 200, body: stateView(stage.world) };
    case 'POST /_sim/clock':
      stage.world.clockOffsetMs += z
        .strictObject({ advance_ms: z.number().int().min(0) })
        .parse(body).advance_ms;
      return done;
    case 'POST /_sim/settings': {
      // Keys that were not sent are not there at all, so that the others keep their value.
      Object.assign(stage.world.settings, settings.parse(body));
      return done;
    }
    case 'POST /_sim/act': {
      const trouble = perform(stage.world, act.parse(body), dayOf(stage.nowMs()));
      return trouble === null ? done : { status: 400, body: { error: trouble } };
    }
    case 'POST /_sim/faults':
      stage.faults.plan(faultPlan.parse(body));
      return done;
    case 'GET /_sim/faults':
      return { status: 200, body: stage.faults.counts() };
    default:
      return { status: 404, body: { error: `no control ${what}` } };
  }
}
