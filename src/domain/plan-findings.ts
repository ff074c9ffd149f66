import type { MappingAsk, MappingRow } from './mapping.ts';
import { type Reason, type Wait, waitKeys } from './reasons.ts';

/** What a plan comes upon while it works: causes to wait, questions to ask, mapping rows it used. */
export type Findings = ReturnType<typeof openFindings>;

export function openFindings() {
  const reasons: Reason[] = [];
  const waits: Wait[] = [];
  const asks: MappingAsk[] = [];
  const mappings: MappingRow[] = [];
  return {
    reasons,
    waits,
    asks,
    mappings,
    reason: (reason: Reason) => void reasons.push(reason),
    wait(kind: Wait['kind'], key: string, reason: Reason) {
      reasons.push(reason);
      if (!waits.some((wait) => wait.kind === kind && wait.key === key)) waits.push({ kind, key });
    },
    ask(ask: MappingAsk, reason: Reason) {
      if (asks.some((other) => other.kind === ask.kind && other.key === ask.key)) return;
      asks.push(ask);
      this.wait('mapping', waitKeys.mapping(ask.kind, ask.key), reason);
    },
    used(row: MappingRow) {
      if (
        !mappings.some(
          (other) => other.kind === row.kind && other.scope === row.scope && other.key === row.key,
        )
      )
        mappings.push(row);
    },
    amountsHold: () => !reasons.some(({ code }) => code === 'amounts-disagree' || code === 'no-lines'),
  };
}
