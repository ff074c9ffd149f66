import { centsOf } from './cents.ts';
import type { Expected } from './judge-orders.ts';
import type { Seen } from './seen.ts';
import type { Truth } from './truth.ts';

type Project = Pick<Seen['tieOut']['projects'][number], 'source' | 'target' | 'residual' | 'items'>;
const NOT_SHOWN: Project = { source: '0.00', target: '0.00', residual: '0.00', items: [] };
type Residual = { readonly cents: bigint; readonly findings: readonly string[] };

/**
 * What no named document explains, over all projects. It is worked out twice: from the comparison that Tiebeam
 * shows, and again from what really stands in both systems, commitment by commitment; the larger one counts, and
 * so does every cent in which the two pictures disagree.
 */
export function residualCents(evidence: Truth & { readonly seen: Seen }, expected: Expected): Residual {
  const { tieOut } = evidence.seen;
  const findings: string[] = tieOut.problem === null ? [] : [`tie-out: ${tieOut.problem}`];
  let cents = 0n;
  for (const [projectId, erpCode] of expected.erpProjectOf) {
    // A project that is not shown explains nothing, so all that stands in it counts.
    const shown = tieOut.projects.find(({ project }) => project.id === projectId) ?? NOT_SHOWN;
    const own = projectResidual(evidence, shown, projectId, erpCode);
    const largest = own.parts.reduce((most, part) => (part.cents > most ? part.cents : most), 0n);
    cents += largest;
    findings.push(...own.parts.filter((part) => part.cents > 0n).map(({ what }) => `${erpCode}: ${what}`));
  }
  return { cents, findings };
}

type PartOf = { readonly what: string; readonly cents: bigint };

function projectResidual(
  { procore, businessOne, seen }: Truth & { readonly seen: Seen },
  shown: Project,
  projectId: string,
  erpCode: string,
): { parts: PartOf[] } {
  const contracts = procore.contracts.filter((row) => row.projectId === projectId && row.committed);
  const orders = businessOne.orders.filter(({ project }) => project === erpCode);
  const source = contracts.reduce((sum, { revisedCents }) => sum + revisedCents, 0n);
  const target = orders.reduce((sum, { totalCents }) => sum + totalCents, 0n);
  const unnamed = gapsBy(contracts, orders);
  const sourceOf = new Map(seen.documents.map((document) => [document.id, document.source.id]));
  const idByNumber = new Map(contracts.map(({ number, id }) => [number, id]));
  for (const item of shown.items) {
    const direct = item.cause === 'erp-only' || item.cause === 'closing-in-erp';
    // A change order is named after its contract, which is what the difference belongs to.
    const changed = item.number.includes(' CO ') ? idByNumber.get(item.number.split(' CO ')[0]!) : undefined;
    const named = item.documentId === null ? undefined : sourceOf.get(item.documentId);
    const contractId = changed ?? (direct ? undefined : (named ?? idByNumber.get(item.number)));
    const key = contractId ?? `order ${item.number}`;
    unnamed.set(key, (unnamed.get(key) ?? 0n) - centsOf(item.amount));
  }
  const left = [...unnamed].filter(([, cents]) => cents !== 0n);
  return {
    parts: [
      { what: 'residual shown by Tiebeam', cents: magnitude(centsOf(shown.residual)) },
      {
        what: `source ${shown.source} is not ${source} cents`,
        cents: magnitude(centsOf(shown.source) - source),
      },
      {
        what: `target ${shown.target} is not ${target} cents`,
        cents: magnitude(centsOf(shown.target) - target),
      },
      {
        what: `not named: ${left.map(([key, cents]) => `${key} ${cents}`).join(', ')}`,
        cents: left.reduce((sum, [, cents]) => sum + magnitude(cents), 0n),
      },
    ],
  };
}

/** Source less target per commitment, and per order that belongs to none. */
function gapsBy(
  contracts: Truth['procore']['contracts'],
  orders: Truth['businessOne']['orders'],
): Map<string, bigint> {
  const gaps = new Map(contracts.map(({ id, revisedCents }) => [id, revisedCents]));
  for (const { contractId, number, totalCents } of orders) {
    const key = contractId !== null && gaps.has(contractId) ? contractId : `order ${number}`;
    gaps.set(key, (gaps.get(key) ?? 0n) - totalCents);
  }
  return gaps;
}

function magnitude(cents: bigint): bigint {
  return cents < 0n ? -cents : cents;
}
