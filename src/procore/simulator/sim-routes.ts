import { z } from 'zod';
import { actSchema, perform } from './act.ts';
import { faultPlan } from './faults.ts';
import { groundTruth } from './ground-truth.ts';
import { idField, parsedBody } from './http/body.ts';
import { ApiError, accessError, fieldErrors, notFound } from './http/errors.ts';
import { Exchange } from './http/exchange.ts';
import type { Answer } from './http/router.ts';
import { seedSchema } from './seed.ts';
import { applySeed } from './seed-apply.ts';
import { mergedSettings, settingsPatch } from './settings.ts';
import { type SimClock, World } from './state.ts';

const clockBody = z.strictObject({
  advance_ms: z
    .int()
    .min(0)
    .max(400 * 86_400_000),
});
const connectionBody = z.strictObject({
  client_id: z.string(),
  company_id: idField,
  connected: z.boolean().optional(),
  project_ids: z.array(idField).nullable().optional(),
});

/** The world in play; a reset replaces it whole, so nothing of an earlier story can leak into the next. */
export type Stage = { exchange: Exchange; clock: SimClock };

export function newStage(clock: SimClock): Stage {
  return { exchange: new Exchange(new World(clock)), clock };
}

/** The control plane: JSON in, JSON out, no identity. */
export function simAnswer(stage: Stage, method: string, path: string, text: string): Answer {
  try {
    return route(stage, `${method} ${path}`, text);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function route(stage: Stage, asked: string, text: string): Answer {
  const { exchange } = stage;
  const { world } = exchange;
  switch (asked) {
    case 'POST /_sim/reset':
      exchange.stop();
      stage.exchange = new Exchange(new World(stage.clock));
      return { status: 200, body: {} };
    case 'POST /_sim/seed':
      return seed(stage, text);
    case 'GET /_sim/state':
      return { status: 200, body: groundTruth(world, exchange.webhooks) };
    case 'POST /_sim/clock':
      return advance(stage, parsedSim(clockBody, text).advance_ms);
    case 'POST /_sim/act':
      return { status: 200, body: perform(world, parsedSim(actSchema, text)) };
    case 'POST /_sim/faults':
      exchange.faults.replace(parsedSim(faultPlan, text));
      return { status: 200, body: exchange.faults.report() };
    case 'GET /_sim/faults':
      return { status: 200, body: exchange.faults.report() };
    case 'GET /_sim/config':
      return { status: 200, body: world.settings };
    case 'POST /_sim/config':
      world.settings = mergedSettings(world.settings, parsedSim(settingsPatch, text));
      exchange.webhooks.setPace(world.settings.webhooks.time_scale);
      return { status: 200, body: world.settings };
    case 'POST /_sim/connection':
      return changeConnection(world, parsedSim(connectionBody, text));
    default:
      throw notFound();
  }
}

/** A refused first seed leaves an empty world and not the half that was read before the mistake. */
function seed(stage: Stage, text: string): Answer {
  const { world } = stage.exchange;
  const parsed = parsedSim(seedSchema, text);
  const first = world.companies.size === 0;
  try {
    return { status: 200, body: applySeed(world, parsed) };
  } catch (error) {
    if (first) stage.exchange = new Exchange(new World(stage.clock));
    throw error;
  }
}

function advance(stage: Stage, advanceMs: number): Answer {
  stage.clock.advance(advanceMs);
  stage.exchange.webhooks.advance(advanceMs);
  return { status: 200, body: { now: new Date(stage.clock.now()).toISOString() } };
}

/** Disconnects or reconnects an app, or changes which projects its service account may see. */
function changeConnection(world: World, wanted: z.output<typeof connectionBody>): Answer {
  const app = world.apps.get(wanted.client_id);
  const connection = app?.connections.get(wanted.company_id) ?? app?.former.get(wanted.company_id);
  if (!app || !connection) {
    throw fieldErrors(422, { client_id: ['is not connected to the company'] });
  }
  if (wanted.connected === false) {
    app.connections.delete(wanted.company_id);
    app.former.set(wanted.company_id, connection);
  }
  if (wanted.connected === true) app.connections.set(wanted.company_id, connection);
  if (wanted.project_ids !== undefined) {
    connection.project_ids = wanted.project_ids === null ? null : new Set(wanted.project_ids);
  }
  return { status: 200, body: {} };
}

function parsedSim<S extends z.ZodType>(schema: S, text: string): z.output<S> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw accessError(400, 'The body is not JSON.');
  }
  return parsedBody(schema, body);
}
