import { z } from 'zod';
import type { Cast, CastCommitment } from './cast.ts';
import { amountText } from './cents.ts';
import { procoreUsers } from './people.ts';
import { scheduleRow } from './procore-company.ts';
import type { ScheduleLine } from './schedule.ts';
import { CallRefused, type Hands } from './simulator-calls.ts';

/** Project managers send their commitments to the ERP. */
export async function send({ inProcore }: Hands, commitments: readonly CastCommitment[]): Promise<void> {
  for (const [manager, own] of Map.groupBy(commitments, (row) => row.manager)) {
    await inProcore({ as: manager, action: 'send_to_erp', contract_ids: own.map(({ id }) => id) });
  }
}

/**
 * A commitment that Procore may refuse to send: whoever reads why, shortens the number and sends it again. Answers what
 * Procore said, or null where it took the number as it was.
 */
export async function sendShortened(hands: Hands, commitment: CastCommitment): Promise<string | null> {
  try {
    await send(hands, [commitment]);
    return null;
  } catch (error) {
    const said = aboutNumber(error);
    if (said === null) throw error;
    const { id, manager, number } = commitment;
    const fields = { number: shortened(number) };
    await hands.inProcore({ as: manager, action: 'edit_commitment', contract_id: id, fields });
    await send(hands, [commitment]);
    return said;
  }
}

const refusedNumber = z.object({ errors: z.object({ number: z.array(z.string()).min(1) }) });

function aboutNumber(error: unknown): string | null {
  const refused = error instanceof CallRefused ? refusedNumber.safeParse(error.body) : null;
  return refused?.success ? refused.data.errors.number.join(' ') : null;
}

/** What people call it by: the number without the words behind it. */
const shortened = (number: string) => number.slice(0, number.indexOf(' '));

/** The accounting approver exports them, with an ERP code and mostly with an accounting date. */
export async function exportAll({ inProcore }: Hands, commitments: readonly CastCommitment[]): Promise<void> {
  for (const [date, own] of Map.groupBy(commitments, (row) => row.accountingDate)) {
    await inProcore({
      as: procoreUsers.approver.id,
      action: 'approve_export',
      contract_ids: own.map(({ id }) => id),
      code: Object.fromEntries(own.map(({ id, number }) => [String(id), number.slice(0, 20)])),
      ...(date === null ? {} : { accounting_date: date }),
    });
  }
}

export type Edit = {
  readonly commitment: CastCommitment;
  /** Added to the last line, which is never bought by the unit. */
  readonly moreCents: bigint;
  /** A line that was not there before; null changes amounts only. */
  readonly newLine: { readonly id: number; readonly cents: bigint } | null;
};

/** A manager changes the schedule of values. The figures are final, so that doing it twice changes nothing. */
export async function editSchedule({ inProcore }: Hands, cast: Cast, edit: Edit): Promise<void> {
  const { commitment, moreCents, newLine } = edit;
  const last = commitment.lines.at(-1);
  if (last === undefined) throw new Error(`${commitment.number} has no lines`);
  const added: ScheduleLine | null =
    newLine === null
      ? null
      : { id: newLine.id, cents: newLine.cents, coding: last.coding, description: 'Added scope', unit: null };
  await inProcore({
    as: commitment.manager,
    action: 'edit_commitment',
    contract_id: commitment.id,
    line_items: [
      { id: last.id, amount: amountText(last.cents + moreCents) },
      ...(added === null ? [] : [scheduleRow(cast, commitment.projectId, added)]),
    ],
  });
}
