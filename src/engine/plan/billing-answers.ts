import type { OpeningBilling } from '../../domain/billing/sub-invoice-sequence.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { type BilledContract, billingDecisions } from '../../store/documents/billing-decision.ts';

/** What people decided about applications of a contract that could not be billed in their turn. */
export async function billingAnswers(
  tx: Tx,
  contract: BilledContract,
): Promise<{ readonly left: readonly string[]; readonly opening: OpeningBilling | null }> {
  const decisions = await billingDecisions(tx, contract);
  const left = decisions.filter(({ verdict }) => verdict === 'next').map(({ recordId }) => recordId);
  const [opening = null] = decisions.flatMap(({ application, moves }) =>
    moves === null ? [] : [{ application, moves }],
  );
  return { left, opening };
}

/** What is answered to an export of what is not posted because somebody decided it. */
export const DECIDED = {
  'before-opening':
    'The invoice was taken over as billed before this integration started: it is not posted again.',
  'passed-over':
    'A person left what this invoice bills to the next application, which bills it with its own.',
} as const;
