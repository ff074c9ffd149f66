import { Stop } from '../../domain/outcomes.ts';
import type { Read } from '../../domain/writes.ts';
import type { CheckFinding } from '../connector.ts';
import { readJson } from './client.ts';
import type { DemoErpConfig } from './config.ts';
import { pulls } from './pull.ts';
import { company } from './wire.ts';

/** Reaches Ledgerline, compares the company and reads each list that postings need. */
export async function* check(read: Read, config: DemoErpConfig): AsyncGenerator<CheckFinding> {
  const reached = await attempt('company', async () => {
    const { id, name } = await readJson(read, '/company', company);
    if (id !== config.company)
      throw new Error(`the key opens company ${id} (${name}), not ${config.company}`);
    return `${name} (${id})`;
  });
  yield reached;
  if (!reached.ok) return;
  for (const [object, pull] of Object.entries(pulls(read)))
    if (pull)
      yield await attempt(object, async () => `${(await pull(null)).records.length} on the first page`);
}

async function attempt(subject: string, read: () => Promise<string>): Promise<CheckFinding> {
  try {
    return { subject, ok: true, message: await read() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const remedy = (error instanceof Stop ? error.remedy : undefined) ?? 'Check the company and the key.';
    return { subject, ok: false, message, remedy };
  }
}
