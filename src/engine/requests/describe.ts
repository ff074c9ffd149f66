import { failRequest } from '../post/confirm.ts';
import { step } from '../step.ts';
import type { Work } from './work-item.ts';

/** The tool asks what it may offer. */
export async function describe({ engine, at, item }: Work): Promise<void> {
  await step(engine, at.tenant, (tx) =>
    failRequest(engine, tx, at, item, ['Run `tiebeam set-up procore` to bring the settings up to date.']),
  );
}
