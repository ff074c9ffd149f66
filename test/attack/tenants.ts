import { people } from '../scenarios/seeds.ts';

type Person = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
};

/** A tenant of the attacked service: who works there, and the word that stands in every text of theirs and nowhere else. */
export type Party = {
  readonly tenant: string;
  readonly canary: string;
  readonly hook: string;
  readonly people: Readonly<Record<'accountant' | 'controller' | 'peter' | 'engineer', Person>>;
};

/** The tenant that is attacked, and one beside it whose systems give out the same ids. */
export const OURS: Party = party('harbor', 'halyard', 'hook-1', '');
export const THEIRS: Party = party('neighbour', 'marlin', 'hook-2', 'marlin-');

function party(tenant: string, canary: string, hook: string, prefix: string): Party {
  const named = ({ id, email, name, roles }: Person): Person => {
    return { id: `${prefix}${id}`, email: `${prefix}${email}`, name: `${canary} ${name}`, roles };
  };
  const { accountant, controller, peter, engineer } = people;
  return {
    ...{ tenant, canary, hook },
    people: {
      accountant: named(accountant),
      controller: named(controller),
      peter: named(peter),
      engineer: named(engineer),
    },
  };
}

// What people name in their systems; other rows of a seed define fields and settings, whose names are no text.
const NAMED = new Set([
  'company',
  'users',
  'vendors',
  'customers',
  'projects',
  'accounts',
  'cost_codes',
  'prime_contracts',
]);
const WORDED = new Set(['name', 'title', 'description']);

/** The same seed with the word of a tenant in every text that people write; codes and ids stay the same on purpose. */
export function marked<Seed extends object>(seed: Seed, { canary }: Party): Seed {
  const rows = Object.entries(seed).map(([kind, of]) => [kind, NAMED.has(kind) ? withWord(of, canary) : of]);
  return Object.fromEntries(rows) as Seed;
}

function withWord(rows: unknown, canary: string): unknown {
  return JSON.parse(JSON.stringify(rows), (key, value: unknown) =>
    WORDED.has(key) && typeof value === 'string' ? `${canary} ${value}` : value,
  );
}
