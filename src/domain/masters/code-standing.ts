/** A code of a project's budget in the source, by the cost code and the cost type that it is made of. */
export type BudgetCode = { readonly costCode: string; readonly costType: string };

/** What the ERP has for a code: its own of the same name, an account that it is mapped to, or nothing that takes cost. */
export type CodeStanding =
  | { readonly kind: 'own' }
  | { readonly kind: 'mapped'; readonly to: string }
  | { readonly kind: 'closed'; readonly to: string }
  | { readonly kind: 'unknown' };

export type CodeFacts = {
  /** What a person mapped a cost code and a cost type to; null where nobody did. */
  readonly mapping: (code: BudgetCode) => { readonly code: string; readonly takesCost: boolean } | null;
  /** Whether the ERP keeps cost by these codes itself, and takes new amounts on both. */
  readonly isKept: (code: BudgetCode) => boolean;
};

/** Where a line that bears a code would stand in the ERP today, in the order in which a budget looks for it. */
export function codeStanding(code: BudgetCode, { mapping, isKept }: CodeFacts): CodeStanding {
  if (isKept(code)) return { kind: 'own' };
  const mapped = mapping(code);
  if (mapped === null) return { kind: 'unknown' };
  return { kind: mapped.takesCost ? 'mapped' : 'closed', to: mapped.code };
}
