/** One seeded fault: a small change of the product's source that breaks a promise, and what has to notice it. */
export type Mutant = Edit & {
  readonly id: string;
  readonly says: string;
  /** Further changes, where one alone would not be a fault. */
  readonly and?: readonly Edit[];
  readonly killedBy: Killer;
};

export type Edit = {
  readonly file: string;
  /** Stands exactly once in the file; otherwise the catalogue is out of date. */
  readonly find: string;
  readonly replace: string;
};

export type Killer =
  /** Seeded histories over the pure protocol, judged by the checker. */
  | { readonly by: 'simulation'; readonly histories: number }
  /** Named tests of the suite: for rules that no history can break, and for what is written in SQL. */
  | { readonly by: 'tests'; readonly file: string; readonly named?: string }
  /** The whole of it as processes, killed at fail-points and judged by the checker. */
  | { readonly by: 'kills'; readonly runs: number };
