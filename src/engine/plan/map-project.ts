import type { MappingRow } from '../../domain/mapping.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { mappedProjects, setMapping } from '../../store/settings/mapping.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { wakeExports, wakeMapping } from './wake.ts';

/** Which project of the ERP a project of Procore is mapped to. */
export async function mappedTo(tx: Tx, projectId: string): Promise<MappingRow | null> {
  return (await mappedProjects(tx)).find(({ key }) => key === projectId) ?? null;
}

/** Says of a project without a person to which ERP company it belongs: because only one of them has what Procore shows. */
export async function placeProject(
  engine: Engine,
  tx: Tx,
  { tenant, id: code, name }: OpenConnection,
  id: string,
): Promise<void> {
  const row = { kind: 'company', scope: '', key: id, value: { kind: 'company', code } } as const;
  const saved = await setMapping(tx, { ...row, setBy: 'tiebeam' });
  if (saved === null) return;
  await wakeMapping(engine, tx, tenant, 'company', id);
  await wakeExports(engine, tx, tenant, id);
  await expireSubject(tx, 'unmapped', `mapping:company:${id}`);
  const why = `only ${name} has the project that Procore shows`;
  const body = { mapping: 'company', scope: '', key: id, code, version: String(saved.version), why };
  await appendAudit(tx, [{ kind: 'mapping-set', actor: 'tiebeam', at: engine.clock.now(), body }]);
}

/** Maps a project without a person: because both systems say so. Whatever waited for it is released. */
export async function mapProject(
  engine: Engine,
  tx: Tx,
  tenant: string,
  { id, code, why }: { readonly id: string; readonly code: string; readonly why: string },
): Promise<void> {
  const row = { kind: 'project', scope: '', key: id, value: { kind: 'project', code } } as const;
  const saved = await setMapping(tx, { ...row, setBy: 'tiebeam' });
  if (saved === null) return;
  await wakeMapping(engine, tx, tenant, 'project', id);
  await expireSubject(tx, 'unmapped', `mapping:project:${id}`);
  await appendAudit(tx, [
    {
      kind: 'mapping-set',
      actor: 'tiebeam',
      at: engine.clock.now(),
      body: { mapping: 'project', scope: '', key: id, code, version: String(saved.version), why },
    },
  ]);
}
