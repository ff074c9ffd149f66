import type { PurchaseOrderLine } from '../documents.ts';
import type { Findings } from '../planning/plan-findings.ts';
import { waitKeys } from '../reasons.ts';
import type { CommitmentLine, ProjectRecord } from '../records.ts';
import type { StandingCode } from './code-sync.ts';
import type { AssignedCode, CostCodeRecord } from './job-cost-masters.ts';

/**
 * Which side says what cost codes a project works with. The source owns them until somebody chooses, and then nothing
 * is written to either side.
 */
export const PROJECT_CODE_RULES = ['off', 'to-erp', 'from-erp'] as const;
export type ProjectCodeRule = (typeof PROJECT_CODE_RULES)[number];

/** The cost codes of a project in the ERP, and whether its orders may name no other. */
export type ProjectCodes = { readonly assigned: readonly AssignedCode[]; readonly restricted: boolean };

export type AssignmentInput = {
  /** What the source has. */
  readonly wanted: readonly AssignedCode[];
  /** What the project has in the ERP. */
  readonly standing: readonly AssignedCode[];
  /** What the ERP has open at all. */
  readonly isCode: (code: string) => boolean;
  readonly isType: (costType: string) => boolean;
};

export type AssignmentPlan = {
  /** What is added, each code with the types that it lacks. */
  readonly codes: readonly AssignedCode[];
  /** What nobody can assign, because the ERP does not have it. */
  readonly unknown: { readonly codes: readonly string[]; readonly types: readonly string[] };
};

/** What a project of the ERP lacks of the source's cost codes. Nothing is ever taken off there. */
export function planAssignment({ wanted, standing, isCode, isType }: AssignmentInput): AssignmentPlan {
  const there = new Map(standing.map(({ code, costTypes }) => [code, costTypes]));
  const [known, others] = [
    wanted.filter(({ code }) => isCode(code)),
    wanted.filter(({ code }) => !isCode(code)),
  ];
  const types = new Set(wanted.flatMap(({ costTypes }) => costTypes));
  return {
    codes: known.flatMap(({ code, costTypes }) => {
      const lacking = costTypes.filter((type) => isType(type) && !there.get(code)?.includes(type));
      return there.has(code) && lacking.length === 0 ? [] : [{ code, costTypes: lacking }];
    }),
    unknown: {
      codes: others.map(({ code }) => code),
      types: [...types].filter((type) => !isType(type)),
    },
  };
}

/** Whether everything that was to be assigned stands. */
export function isAssigned(wanted: readonly AssignedCode[], standing: readonly AssignedCode[]): boolean {
  const [any, all] = [() => true, { wanted, standing }];
  return planAssignment({ ...all, isCode: any, isType: any }).codes.length === 0;
}

/** Codes of a project with those that they stand below: the source keeps them as a tree. */
export function codesAbove(
  { assigned }: ProjectCodes,
  all: readonly CostCodeRecord[],
): readonly CostCodeRecord[] {
  const byId = new Map(all.map((record) => [record.id, record]));
  const wanted = new Set<string>();
  for (const { code } of assigned)
    for (let at: string | null = code; at !== null && !wanted.has(at); at = byId.get(at)?.parentId ?? null)
      wanted.add(at);
  return all.filter(({ id }) => wanted.has(id));
}

export type LackingType = { readonly costCodeId: string; readonly lineItemTypeId: string };

/** Types of cost that codes of a project have in the ERP and not in the source, where the source knows both. */
export function lackingTypes(
  { assigned }: ProjectCodes,
  there: { readonly standing: readonly StandingCode[]; readonly costTypes: ReadonlyMap<string, string> },
): readonly LackingType[] {
  const byOrigin = new Map(there.standing.map((code) => [code.originId, code]));
  return assigned.flatMap(({ code, costTypes }) => {
    const shown = byOrigin.get(code);
    if (shown === undefined) return [];
    return costTypes.flatMap((type) => {
      const id = there.costTypes.get(type);
      const isLacking = id !== undefined && shown.costTypes?.includes(id) !== true;
      return isLacking ? [{ costCodeId: shown.id, lineItemTypeId: id }] : [];
    });
  });
}

export type CodeRestriction = ProjectCodes & { readonly projectCode: string };

/** Null for a project that is not known, or whose ERP keeps no cost codes by project. */
export function restrictionOf(project: ProjectRecord | null): CodeRestriction | null {
  return project?.costCodes === undefined ? null : { projectCode: project.id, ...project.costCodes };
}

/**
 * The cost code that the ERP wants on a line: undefined where its project takes any, null where it takes others only.
 * What was ordered before the project restricted its codes stays as it stands.
 */
export function restrictedCode(
  line: Pick<CommitmentLine, 'position' | 'costCode'>,
  restriction: CodeRestriction | null | undefined,
  standing: PurchaseOrderLine | undefined,
  found: Findings,
): string | undefined | null {
  if (standing !== undefined) return standing.assignedCode;
  if (restriction?.restricted !== true) return undefined;
  const { projectCode, assigned } = restriction;
  const code = line.costCode?.code ?? '';
  if (assigned.some((each) => each.code === code)) return code;
  found.wait('record', waitKeys.record('project', projectCode), {
    code: 'target-refuses',
    owner: 'accountant',
    field: `line ${line.position}`,
    message: `Project ${projectCode} of the ERP takes only cost codes that are assigned to it, and ${code === '' ? 'the line bears none' : `${code} is not`}.`,
    remedy: 'Assign the code to the project in the ERP, or code the line to another; it follows by itself.',
  });
  return null;
}
