/** Seeds that broke something once, with what was wrong. Each is played again by the tests. */
export const regressions: readonly { readonly seed: number; readonly was: string }[] = [
  {
    seed: 88,
    was: 'After a backup was put back, an order that it had forgotten was planned anew and sent without a look.',
  },
];
