import { z } from 'zod';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { LEVELS, type Level } from './check-needs.ts';

const manifest = z.object({
  tools: z
    .array(
      z.object({
        name: z.string().nullish(),
        friendly_name: z.string().nullish(),
        user_access_level: z.object({ name: z.string().nullish() }).nullish(),
      }),
    )
    .max(1_000),
});

/** The level that the service account has on a tool; null where Procore does not say. */
export type Levels = (tool: string) => Level | null;

const nothingSaid: Levels = () => null;

/**
 * What Procore says of the account's own levels, for the company or for one project. Names of tools and levels are
 * published nowhere (inferred from those on the page): what is not recognised proves nothing, and nothing is refused
 * for it.
 */
export async function levelsIn({ client, config }: Reading, projectId: string | null): Promise<Levels> {
  const query = projectId === null ? `company_id=${config.companyId}` : `project_id=${projectId}`;
  try {
    const found = await client.find(`/rest/v1.0/settings/permissions?${query}`);
    const answer = manifest.safeParse(found?.value);
    return answer.success ? byTool(answer.data.tools) : nothingSaid;
  } catch (error) {
    if (error instanceof Stop) return nothingSaid;
    throw error;
  }
}

function byTool(tools: z.output<typeof manifest>['tools']): Levels {
  const levels = new Map<string, Level>();
  for (const { name, friendly_name, user_access_level } of tools) {
    const level = LEVELS.find((each) => plain(each) === plain(user_access_level?.name ?? ''));
    if (level === undefined) continue;
    for (const each of [name, friendly_name]) if (each) levels.set(plain(each), level);
  }
  return (tool) => levels.get(plain(tool)) ?? null;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}
