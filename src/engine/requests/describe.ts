import { failRequest, succeedRequest } from '../post/confirm.ts';
import { planSetUp } from '../set-up/plan.ts';
import { runSetUp } from '../set-up/run.ts';
import { step } from '../step.ts';
import type { Work } from './work-item.ts';

/** Somebody asks for the ERP's present limits: they are told again where they changed, and nothing else is set up. */
export async function describe({ engine, at, item }: Work): Promise<void> {
  const failed = (why: string) => step(engine, at.tenant, (tx) => failRequest(engine, tx, at, item, [why]));
  const planned = await planSetUp(engine, at.tenant, {});
  if (!planned.ok) return failed(`${planned.detail} Run \`tiebeam set-up procore\`.`);
  const { plan } = planned;
  if (plan.steps.some(({ kind }) => kind === 'erp-connection'))
    return failed('The company was not set up from here yet. Run `tiebeam set-up procore`.');
  const steps = plan.steps.filter(({ kind }) => kind === 'metadata');
  const results = await runSetUp(engine, { ...plan, steps }, item.requester ?? 'procore');
  const undone = results.find(({ outcome }) => outcome !== 'done');
  if (undone !== undefined) return failed(undone.message);
  const message = steps.length === 0 ? 'The limits were up to date.' : 'The limits were told again.';
  await step(engine, at.tenant, (tx) => succeedRequest(engine, tx, at, item, [message]));
}
