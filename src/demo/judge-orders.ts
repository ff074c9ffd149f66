import { toExport } from './cast.ts';
import type { Coding } from './trades.ts';
import { accountOf } from './trades.ts';
import type { TrueContract, TrueOrder, Truth } from './truth.ts';
import type { World } from './world.ts';

/** What an order of a commitment has to look like, known from the cast and not from the product. */
export type Expected = {
  readonly cardCodeOf: ReadonlyMap<string, string>;
  readonly erpProjectOf: ReadonlyMap<string, string>;
  readonly accountOf: (coding: string) => string;
  /** Commitments that people mean to be in the ERP, with the numbers that they first gave them. */
  readonly firstNumberOf: ReadonlyMap<string, string>;
};

export function expectedOf({ cast }: Pick<World, 'cast'>): Expected {
  return {
    cardCodeOf: new Map(
      cast.vendors.flatMap(({ id, cardCode }) =>
        cardCode === null ? [] : [[String(id), cardCode] as const],
      ),
    ),
    erpProjectOf: new Map(cast.projects.map(({ id, erpCode }) => [String(id), erpCode])),
    accountOf: (coding) => {
      const [code = '', type = 'O'] = coding.split('|');
      return accountOf({ code, type: type as Coding['type'] });
    },
    firstNumberOf: new Map(toExport(cast).map(({ id, number }) => [String(id), number])),
  };
}

type Right = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Whether exactly what the commitment says stands in the ERP: vendor, project, every line to the cent. */
export function isRight({ procore, businessOne }: Truth, expected: Expected, contractId: string): Right {
  const contract = procore.contracts.find(({ id }) => id === contractId);
  if (contract === undefined) return { ok: false, why: 'the commitment is not in Procore' };
  const order = businessOne.orders.find(
    (candidate) => candidate.contractId === contractId && candidate.reference !== null,
  );
  if (order === undefined) return { ok: false, why: 'no order stands for it' };
  const wrong = differences(contract, order, expected);
  return wrong.length === 0 ? { ok: true } : { ok: false, why: `order ${order.entry}: ${wrong.join('; ')}` };
}

function differences(contract: TrueContract, order: TrueOrder, expected: Expected): string[] {
  const found: string[] = [];
  const vendor = expected.cardCodeOf.get(contract.vendorId ?? '');
  if (order.vendor !== vendor) found.push(`vendor ${order.vendor} instead of ${vendor}`);
  const project = expected.erpProjectOf.get(contract.projectId);
  if (order.project !== project) found.push(`project ${order.project} instead of ${project}`);
  if (order.vendorReference !== contract.number)
    found.push(`reference ${order.vendorReference} instead of ${contract.number}`);
  const wanted = sortedForms(
    contract.lines.map(({ cents, coding }) => ({ cents, account: expected.accountOf(coding) })),
  );
  const stand = sortedForms(order.lines);
  if (wanted.join() !== stand.join()) found.push(`lines ${stand.join()} instead of ${wanted.join()}`);
  const total = contract.lines.reduce((sum, { cents }) => sum + cents, 0n);
  if (order.totalCents !== total) found.push(`total ${order.totalCents} instead of ${total}`);
  return found;
}

/** Commitments that got another number in Procore before it let them out, and are right in the ERP under that one. */
export function corrected(truth: Truth, expected: Expected): TrueContract[] {
  return truth.procore.contracts.filter(({ id, number }) => {
    const first = expected.firstNumberOf.get(id);
    return first !== undefined && first !== number && isRight(truth, expected, id).ok;
  });
}

/** Commitments that were to be exported and of which nobody was ever asked. */
export function findUnsent({ procore }: Truth, { firstNumberOf }: Expected): string[] {
  const asked = new Set(procore.requests.map(({ contractId }) => contractId));
  return [...firstNumberOf]
    .filter(([id]) => !asked.has(id))
    .map(([, number]) => `${number} was never exported`);
}

/** Lines as comparable texts. A line of zero binds nobody and may stay behind when its source line went away. */
function sortedForms(lines: readonly { readonly cents: bigint; readonly account: string }[]): string[] {
  return lines
    .filter(({ cents }) => cents !== 0n)
    .map(({ cents, account }) => `${account}:${cents}`)
    .sort();
}
