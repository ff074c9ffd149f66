import type { Mutant } from './mutant.ts';

/** Faults at the borders: between tenants, before the first write, and of what comes a second time. */
export const boundaryMutants: readonly Mutant[] = [
  {
    id: 'rows-of-all-tenants',
    says: 'one table shows its rows to every tenant',
    file: 'migrations/0003-lanes-and-lists.sql',
    find: 'alter table document force row level security;',
    replace: 'alter table document disable row level security;',
    killedBy: { by: 'kills', runs: 4 },
  },
  {
    id: 'read-only-erp-written',
    says: 'the phase of the ERP is asked by nobody: gate, intent, release and door take it for open',
    file: 'src/store/settings/connection.ts',
    find: `target: row.target ?? 'read-only',`,
    replace: `target: 'one-way',`,
    // The last look before the wire asks in its own words.
    and: [
      {
        file: 'src/store/settings/connection.ts',
        find: `id = any($1) and phase = 'read-only')`,
        replace: `id = any($1) and phase = 'none')`,
      },
    ],
    killedBy: { by: 'kills', runs: 4 },
  },
  {
    id: 'what-comes-again-is-new',
    says: 'a commitment that is announced again without a change makes a new revision of its order',
    file: 'src/domain/orders/plan-order.ts',
    find: 'if (body !== null && base !== null && sameContent(body, base.body))',
    replace: 'if (body !== null && base !== null && input.exported === null && sameContent(body, base.body))',
    killedBy: { by: 'kills', runs: 4 },
  },
];
