import type { MappingAsk, MappingRow } from '../mapping.ts';
import type { FieldError } from '../posting/outcomes.ts';
import { type Reason, type Wait, waitKeys } from '../reasons.ts';

/** What a plan came upon: mapping rows it used, causes to wait, questions to ask. */
export type Found = {
  readonly mappings: readonly MappingRow[];
  readonly reasons: readonly Reason[];
  readonly waits: readonly Wait[];
  readonly asks: readonly MappingAsk[];
};

/** The same while the plan is at work. */
export type Findings = ReturnType<typeof openFindings>;

export function openFindings() {
  const reasons: Reason[] = [];
  const waits: Wait[] = [];
  const asks: MappingAsk[] = [];
  const mappings: MappingRow[] = [];
  return {
    reasons,
    all: (): Found => ({ mappings, reasons, waits, asks }),
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
    /** What the ERP would not take as it is waits until somebody corrects its source. */
    targetRefuses(recordId: string, errors: readonly FieldError[]) {
      for (const { field, message } of errors)
        this.wait('source', recordId, {
          code: 'target-refuses',
          owner: 'accountant',
          field,
          message,
          remedy: 'Correct it in Procore, or in the ERP and plan it again.',
        });
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
