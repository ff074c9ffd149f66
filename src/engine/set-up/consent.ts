import { mayHandle } from '../../domain/approval/may-decide.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { type By, type Declined, declined } from '../decisions/person.ts';
import type { Engine } from '../engine.ts';
import { planSetUp, type SetUpPlan, type SetUpWish } from './plan.ts';
import { runSetUp, type SetUpDone } from './run.ts';

/** A plan as people read it. */
export type ShownPlan = {
  readonly address: string;
  readonly digest: string;
  readonly steps: { readonly kind: string; readonly what: string }[];
  readonly notes: string[];
  readonly metadata: string;
};

export async function showSetUp(
  engine: Engine,
  { tenant, ...wish }: { readonly tenant: string } & SetUpWish,
): Promise<{ readonly ok: true; readonly plan: ShownPlan } | Declined> {
  const planned = await asked(engine, tenant, wish);
  return planned.ok ? { ok: true, plan: shown(planned.plan) } : planned;
}

/** Does what was shown, and nothing else: where the company has changed since, it is shown again. */
export async function consentToSetUp(
  engine: Engine,
  { tenant, user, digest, ...wish }: By & SetUpWish & { readonly digest: string },
): Promise<{ readonly ok: true; readonly results: SetUpDone[] } | Declined> {
  if (!mayHandle(user, 'engineer'))
    return declined(403, 'You may not set systems up', 'This needs the role engineer.');
  const planned = await asked(engine, tenant, wish);
  if (!planned.ok) return planned;
  if (planned.plan.digest !== digest)
    return declined(
      409,
      'The company changed while you were looking',
      'Other steps are needed now. Nothing was written: read them, then consent again.',
    );
  return { ok: true, results: [...(await runSetUp(engine, planned.plan, user.email))] };
}

/** A company that cannot be asked is an answer to the person who asked, and no fault of ours. */
async function asked(
  engine: Engine,
  tenant: string,
  wish: SetUpWish,
): Promise<{ readonly ok: true; readonly plan: SetUpPlan } | Declined> {
  try {
    return await planSetUp(engine, tenant, wish);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return declined(409, 'Procore cannot be asked', `${error.message}. ${error.remedy ?? ''}`.trim());
  }
}

function shown({ address, digest, steps, notes, metadata }: SetUpPlan): ShownPlan {
  return {
    address,
    digest,
    steps: steps.map(({ kind, what }) => ({ kind, what })),
    notes: [...notes],
    metadata: JSON.stringify(metadata.document, null, 2),
  };
}
