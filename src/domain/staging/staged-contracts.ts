import type { PrimeContractRecord } from '../owner/prime-contract.ts';
import { type StagedRow, type StagingPlan, type StandingRow, stands } from './staged.ts';
import { withoutLostLines } from './staged-orders.ts';

export type ContractSides = {
  readonly erp: readonly PrimeContractRecord[];
  readonly source: readonly PrimeContractRecord[];
};

/**
 * Brings what the source may import in line with the owner contracts of the ERP. A contract that was imported may be
 * imported again once it says something else; one that the source has without that is its own and never offered.
 */
export function planStagedContracts(
  { erp, source }: ContractSides,
  standing: readonly StandingRow[],
): StagingPlan {
  const there = new Map(standing.map((row) => [row.originId, row]));
  const shown = new Set(source.map(({ originId }) => originId));
  const numbers = new Set(source.filter(({ originId }) => originId === null).map(({ number }) => number));
  const rows: StagedRow[] = [];
  const counted = { staged: 0, changed: 0, archived: 0, known: 0, doubtful: 0 };
  for (const contract of erp) {
    const row = rowOf(contract);
    const before = there.get(contract.id) ?? null;
    const isImported = before?.status === 'imported';
    const isKnown = isImported || shown.has(contract.id);
    const isDoubtful = !isKnown && numbers.has(contract.number);
    counted.known += isKnown ? 1 : 0;
    counted.doubtful += isDoubtful ? 1 : 0;
    const isOffered = contract.open && (isImported || (!isKnown && !isDoubtful));
    if (!isOffered) {
      if (before?.status !== 'staged' && before?.status !== 'invalid') continue;
      rows.push({ ...row, status: 'archived' });
      counted.archived += 1;
      continue;
    }
    const whole = withoutLostLines(row, before);
    if (before !== null && stands(isImported ? asImported(whole) : whole, before)) continue;
    rows.push(whole);
    counted[before?.status === 'staged' || isImported ? 'changed' : 'staged'] += 1;
  }
  return { rows, figures: { read: erp.length, ...counted } };
}

function rowOf(contract: PrimeContractRecord): StagedRow {
  const { id, number, title, projectId, retainagePercent, lines } = contract;
  return {
    type: 'prime-contract',
    ...{ originId: id, originCode: id, status: 'staged' },
    data: { number, title, status: 'Approved', accounting_method: 'amount', project_origin_id: projectId },
    ...(retainagePercent === null ? {} : { numbers: { retainage_percent: retainagePercent } }),
    lines: lines.map(({ id: line, position, description, amount, costCode, costType }) => ({
      type: 'line',
      ...{ originId: `${id}/${line}`, originCode: line, status: 'staged' },
      data: {
        description,
        ...(costCode === null ? {} : { cost_code_origin_id: costCode.code }),
        ...(costType === null ? {} : { line_item_type_origin_id: costType.code }),
      },
      numbers: { amount, position: String(position) },
    })),
  };
}

/** What the import left of a row and its lines says what was imported. */
function asImported({ lines = [], ...row }: StagedRow): Parameters<typeof stands>[0] {
  return {
    ...{ ...row, status: 'imported' },
    lines: lines.map((line) => (line.status === 'staged' ? { ...line, status: 'imported' } : line)),
  };
}
