import { adoptionMutants } from './adoption-mutants.ts';
import { boundaryMutants } from './boundary-mutants.ts';
import { engineMutants } from './engine-mutants.ts';
import type { Mutant } from './mutant.ts';
import { protocolMutants } from './protocol-mutants.ts';
import { ruleMutants } from './rule-mutants.ts';

export const catalogue: readonly Mutant[] = [
  ...protocolMutants,
  ...ruleMutants,
  ...engineMutants,
  ...adoptionMutants,
  ...boundaryMutants,
];
