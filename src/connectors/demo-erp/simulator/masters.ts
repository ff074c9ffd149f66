import type { ImportDocument } from './group-form.ts';
import { fault } from './line-error.ts';
import { type LineError, type RecordList, takeId, type World } from './state.ts';

/** A vendor or a project of an import: a record that callers follow from then on like any other. */
export type NewMaster = ImportDocument & { readonly type: 'vendor' | 'project' };

const LISTS = { vendor: 'vendors', project: 'projects' } as const satisfies Record<string, RecordList>;

export function isMaster(document: ImportDocument): document is NewMaster {
  return document.type === 'vendor' || document.type === 'project';
}

export function checkMaster(world: World, document: NewMaster): LineError[] {
  const { type, code, name } = document;
  const errors: LineError[] = [];
  if (name.trim() === '') errors.push(fault(document, null, 'name', 'missing', `a ${type} needs a name`));
  if (code !== undefined && world.records[LISTS[type]].has(code))
    errors.push(fault(document, null, 'code', 'code-taken', `there is a ${type} ${code} already`));
  return errors;
}

/** A vendor without a code gets one of Ledgerline's own. */
export function bookMaster(world: World, document: NewMaster) {
  const { type, revision: _, note: __, code: typed, ...said } = document;
  const code = typed ?? takeId(world, 'LV');
  const blank = type === 'vendor' ? { tax_id: null, email: null, phone: null, zip: null } : {};
  world.changeCount += 1;
  world.records[LISTS[type]].set(code, {
    ...blank,
    ...said,
    code,
    active: true,
    change: world.changeCount,
  });
  return { id: code, order_id: code };
}
