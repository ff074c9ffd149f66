import type { Operation } from '../documents.ts';
import type { FieldError } from '../posting/outcomes.ts';
import type { ProjectRecord } from '../records.ts';

/** A project to be created in the ERP. Its code is what orders and cost name it by, and never changes. */
export type NewProjectBody = {
  readonly kind: 'project';
  readonly reference: string;
  readonly revision: number;
  readonly code: string;
  readonly name: string;
};

export type NewProjectInput = {
  readonly record: ProjectRecord;
  /** What the approver typed; else the project's number is its code. */
  readonly typedCode: string | null;
  /** The project of the ERP under a code, closed or not. */
  readonly target: (code: string) => ProjectRecord | null;
  readonly reference: string;
  readonly revision: number;
  readonly preflight: (operation: Operation) => readonly FieldError[];
};

export type NewProjectPlan =
  /** The code is taken: a person says whether that is this project. */
  | { readonly kind: 'ask'; readonly standing: ProjectRecord }
  | { readonly kind: 'refuse'; readonly errors: readonly FieldError[] }
  | { readonly kind: 'create'; readonly operation: Extract<Operation, { kind: 'create-project' }> };

export function projectCode({ record, typedCode }: Pick<NewProjectInput, 'record' | 'typedCode'>): string {
  return (typedCode ?? record.number ?? '').trim();
}

/** What an exported project becomes. A code stands for one project for ever: a taken one is asked about. */
export function planNewProject(input: NewProjectInput): NewProjectPlan {
  const { record, target, reference, revision, preflight } = input;
  const code = projectCode(input);
  const standing = code === '' ? null : target(code);
  if (standing !== null) return { kind: 'ask', standing };
  const body: NewProjectBody = { kind: 'project', reference, revision, code, name: record.name.trim() };
  const operation = { kind: 'create-project', body } as const;
  const errors = preflight(operation);
  return errors.length > 0 ? { kind: 'refuse', errors } : { kind: 'create', operation };
}
