import { setUpTenant } from '../scenarios/set-up-tenant.ts';
import { openTestEngine } from '../scenarios/test-engine.ts';
import type { TestDatabase } from './database.ts';

export const eli = { id: 'eli', email: 'eli@acme.example', name: 'Eli', roles: ['engineer'] };
export const ada = { id: 'ada', email: 'ada@acme.example', name: 'Ada', roles: ['accountant'] };

const nowhere = 'http://127.0.0.1:1';

/** A tenant whose systems nobody can reach: for what happens in the database alone. */
export async function setUpQuietTenant(db: TestDatabase, procoreUrl = nowhere) {
  const engine = openTestEngine(db.pools);
  await setUpTenant(engine, 'acme', {
    users: [eli, ada],
    procoreUrl,
    procoreApiUrl: procoreUrl,
    companyId: 7,
    lifeMs: 300,
    erp: {
      id: 'll',
      system: 'demo-erp',
      name: 'Ledgerline',
      code: 'LL',
      account: 'll',
      config: { baseUrl: nowhere, company: 'LL-1', requestLifeMs: 300 },
      secrets: { apiKey: 'key' },
    },
    phase: 'one-way',
  });
  return engine;
}
