import type { DecimalText } from '../records.ts';

/** A code that an ERP keeps cost by, complete as people know it: `05-120` stands below `05`. */
export type CostCodeRecord = {
  readonly object: 'cost-code';
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly active: boolean;
};

/** A type of cost of an ERP, such as labor or material; some call it a category. */
export type CostTypeRecord = {
  readonly object: 'cost-type';
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
};

export type TaxCodeRecord = {
  readonly object: 'tax-code';
  readonly id: string;
  readonly name: string;
  /** In percent. */
  readonly rate: DecimalText;
  readonly active: boolean;
};

/** A part of a job with cost codes of its own, on either side. */
export type SubJobRecord = {
  readonly object: 'sub-job';
  readonly id: string;
  /** The project that it is a part of, as its own side names it. */
  readonly projectId: string;
  readonly code: string;
  readonly name: string;
  readonly originId: string | null;
  readonly active: boolean;
};

/** A code of the list that projects of the source take their cost codes from. */
export type StandardCostCodeRecord = {
  readonly object: 'standard-cost-code';
  readonly id: string;
  readonly listId: string;
  readonly parentId: string | null;
  /** Its own part of the full code. */
  readonly code: string;
  readonly fullCode: string;
  readonly name: string;
  readonly originId: string | null;
};

export type JobCostRecord =
  | CostCodeRecord
  | CostTypeRecord
  | TaxCodeRecord
  | SubJobRecord
  | StandardCostCodeRecord
  | ProjectCodesRecord;

/** A cost code that a project works with, and the types of cost that it has there. */
export type AssignedCode = { readonly code: string; readonly costTypes: readonly string[] };

/** The cost codes of a project of the source, those of its sub jobs included; its id is the project's. */
export type ProjectCodesRecord = {
  readonly object: 'project-codes';
  readonly id: string;
  readonly projectId: string;
  readonly codes: readonly AssignedCode[];
};

/** What a sub job is found by from the other side: its project there and its code. */
export function subJobKey(projectId: string, code: string): string {
  return `${code} of ${projectId}`;
}

/** People write one name in several ways; what differs beyond that is for a person to judge. */
export function isSameName(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

function plain(name: string): string {
  return name.trim().replaceAll(/\s+/g, ' ').toLowerCase();
}
