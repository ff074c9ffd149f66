import type { Operation } from '../documents.ts';
import type { FieldError } from '../posting/outcomes.ts';
import {
  type CostCodeRecord,
  isSameName,
  type StandardCostCodeRecord,
  type SubJobRecord,
} from './job-cost-masters.ts';

/** A cost code to be created in the ERP, complete with what it stands below. */
export type NewCostCodeBody = {
  readonly kind: 'cost-code';
  readonly reference: string;
  readonly revision: number;
  readonly code: string;
  readonly parent: string | null;
  readonly name: string;
};

/** A part of a job to be created in the ERP. */
export type NewSubJobBody = {
  readonly kind: 'sub-job';
  readonly reference: string;
  readonly revision: number;
  readonly projectCode: string;
  readonly code: string;
  readonly name: string;
};

export type CreateJobCost = Extract<Operation, { kind: 'create-cost-code' | 'create-sub-job' }>;

/** The record of the ERP that stands where the new one would. */
export type StandingMaster = Pick<CostCodeRecord | SubJobRecord, 'id' | 'name' | 'active'>;

export type NewJobCostPlan =
  /** The ERP has it under this very name: it is linked, and nothing is created. */
  | { readonly kind: 'same'; readonly id: string }
  /** The code is taken by what may be something else: a person says. */
  | { readonly kind: 'ask'; readonly standing: StandingMaster }
  | { readonly kind: 'refuse'; readonly errors: readonly FieldError[] }
  | { readonly kind: 'create'; readonly operation: CreateJobCost };

type Target<Standing> = {
  /** What stands in the ERP under its code, or under the id that the source shows. */
  readonly standing: Standing | null;
  readonly reference: string;
  readonly revision: number;
  readonly preflight: (operation: Operation) => readonly FieldError[];
};

export type NewCostCodeInput = Target<CostCodeRecord> & {
  readonly record: StandardCostCodeRecord;
  /** What its parent is called in the ERP; null at the top. */
  readonly parent: string | null;
};

/** What an exported standard cost code becomes: the code of the source is the code of the ERP. */
export function planNewCostCode({ record, parent, ...target }: NewCostCodeInput): NewJobCostPlan {
  const { reference, revision } = target;
  const body: NewCostCodeBody = {
    kind: 'cost-code',
    reference,
    revision,
    code: record.fullCode,
    parent,
    name: record.name.trim(),
  };
  return planned(record, { kind: 'create-cost-code', body }, target);
}

export type NewSubJobInput = Target<SubJobRecord> & {
  readonly record: SubJobRecord;
  readonly projectCode: string;
};

export function planNewSubJob({ record, projectCode, ...target }: NewSubJobInput): NewJobCostPlan {
  const { reference, revision } = target;
  const body: NewSubJobBody = {
    kind: 'sub-job',
    reference,
    revision,
    projectCode,
    code: record.code.trim(),
    name: record.name.trim(),
  };
  return planned(record, { kind: 'create-sub-job', body }, target);
}

/** An id that the source shows already is believed only where the ERP has it. */
function planned(
  { name, originId }: Pick<StandardCostCodeRecord | SubJobRecord, 'name' | 'originId'>,
  operation: CreateJobCost,
  { standing, preflight }: Pick<Target<StandingMaster>, 'standing' | 'preflight'>,
): NewJobCostPlan {
  if (originId !== null && standing?.id === originId) return { kind: 'same', id: originId };
  if (originId !== null)
    return {
      kind: 'refuse',
      errors: [
        {
          field: 'code',
          message: `It already shows the id "${originId}", which the ERP does not have. Unlink it first if that is stale.`,
          code: 'foreign-origin',
        },
      ],
    };
  if (standing !== null)
    return standing.active && isSameName(name, standing.name)
      ? { kind: 'same', id: standing.id }
      : { kind: 'ask', standing };
  const errors = preflight(operation);
  return errors.length > 0 ? { kind: 'refuse', errors } : { kind: 'create', operation };
}
