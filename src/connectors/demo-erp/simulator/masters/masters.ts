import type { ImportDocument } from '../billing/group-form.ts';
import { type LineError, type RecordList, takeId, type World } from '../company/state.ts';
import { checkJobCost, type JobCostMaster, subJobId } from '../costs/job-cost.ts';
import { fault } from '../http/line-error.ts';

/** A master record of an import: callers follow it from then on like any other. */
export type NewMaster = JobCostMaster | (ImportDocument & { readonly type: 'vendor' | 'project' });

const LISTS = {
  vendor: 'vendors',
  project: 'projects',
  'cost-code': 'cost-codes',
  'sub-job': 'sub-jobs',
} as const satisfies Record<NewMaster['type'], RecordList>;

export function isMaster(document: ImportDocument): document is NewMaster {
  return Object.hasOwn(LISTS, document.type);
}

export function checkMaster(world: World, document: NewMaster): LineError[] {
  const { type, code, name } = document;
  const errors: LineError[] = [];
  if (name.trim() === '') errors.push(fault(document, null, 'name', 'missing', `a ${type} needs a name`));
  if (code !== undefined && world.records[LISTS[type]].has(keyOf(document, code)))
    errors.push(fault(document, null, 'code', 'code-taken', `there is a ${type} ${code} already`));
  return document.type === 'cost-code' || document.type === 'sub-job'
    ? [...errors, ...checkJobCost(world, document)]
    : errors;
}

/** A vendor without a code gets one of Ledgerline's own. */
export function bookMaster(world: World, document: NewMaster) {
  const { type, revision: _, note: __, code: typed, ...said } = document;
  const code = typed ?? takeId(world, 'LV');
  const id = keyOf(document, code);
  world.changeCount += 1;
  world.records[LISTS[type]].set(id, {
    ...BLANK[type],
    ...said,
    ...(type === 'sub-job' ? { id } : {}),
    code,
    active: true,
    change: world.changeCount,
  });
  return { id, order_id: id };
}

/** Fields that are shown although an import left them out. */
const BLANK: Readonly<Record<NewMaster['type'], object>> = {
  vendor: { tax_id: null, email: null, phone: null, zip: null },
  project: { cost_codes: [], restricts_cost_codes: false },
  'cost-code': { parent: null },
  'sub-job': {},
};

function keyOf(document: NewMaster, code: string): string {
  return document.type === 'sub-job' ? subJobId(document) : code;
}
