import type { NewProjectBody } from '../../../domain/masters/new-project.ts';
import type { Match, Read, Write } from '../../../domain/posting/writes.ts';
import { contentHash } from '../../../domain/values/canonical.ts';
import { REFERENCE_FIELD, tidy } from '../orders/order-form.ts';
import { allRows, quoted } from '../service-layer/odata.ts';
import { NEW_PROJECT_FIELDS, readNewProject } from '../service-layer/wire.ts';
import { createdMaster } from './created-master.ts';

/** Creates a financial project: flat, and its code is the key that nothing changes any more. */
export function createProject(body: NewProjectBody): Write {
  const { reference, code } = body;
  const name = tidy(body.name);
  return {
    name: 'create-project',
    kind: 'create',
    object: 'project',
    reference,
    targetHash: contentHash({ reference, code, name }),
    encode: () => ({
      method: 'POST',
      path: '/Projects',
      body: JSON.stringify({ Code: code, Name: name, Active: 'tYES', [REFERENCE_FIELD]: reference }),
    }),
    probe: async (read) => ({ kind: 'found', matches: await standingAs(read, body) }),
    classify: (response) => createdMaster(response, 'project', 'Code'),
  };
}

/** By our reference, and whoever has the code: a foreign project under it never looks like ours. */
async function standingAs(read: Read, { reference, code }: NewProjectBody): Promise<Match[]> {
  const filter = `${REFERENCE_FIELD} eq ${quoted(reference)} or Code eq ${quoted(code)}`;
  const key = { name: 'Code', kind: 'text' } as const;
  const matches: Match[] = [];
  for await (const row of allRows(read, { set: 'Projects', filter, select: NEW_PROJECT_FIELDS, key })) {
    const entity = readNewProject(row.fields);
    const said = { reference: entity.U_TiebeamRef, code: entity.Code, name: tidy(entity.Name) };
    matches.push({ id: entity.Code, state: 'posted', hash: contentHash(said) });
  }
  return matches;
}
