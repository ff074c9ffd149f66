import type { CastCommitment } from './cast.ts';
import { procoreUsers } from './people.ts';
import type { Hands } from './simulator-calls.ts';
import type { Step, View } from './steps.ts';
import { isSynced } from './steps.ts';
import type { TrueApplication, Truth } from './truth.ts';

// Work done by the end of each month, in percent of every line.
const MONTHS = ['30', '65'] as const;

/** The months of a subcontractor: the work is billed, reviewed, exported and at last paid, each in its turn. */
export function billingSteps(hands: Hands, commitments: readonly CastCommitment[]): Step[] {
  return commitments.flatMap((commitment) => [
    ...MONTHS.flatMap((percent, index) => month(hands, commitment, index + 1, percent)),
    payment(hands, commitment),
  ]);
}

function month(hands: Hands, commitment: CastCommitment, number: number, percent: string): Step[] {
  const { id, manager } = commitment;
  const application = (view: View) => applicationOf(view, commitment, number);
  return [
    {
      told: `application ${number} on ${commitment.number} bills ${percent} % of the work`,
      ready: (view) =>
        number === 1 ? isSynced(view, id) : isPosted(view, applicationOf(view, commitment, number - 1)),
      act: async (view) => {
        // A turn that broke off is taken again: what it did stands.
        if (application(view) !== undefined) return;
        const percent_to_date = `${percent}.0`;
        await hands.inProcore({
          as: manager,
          action: 'submit_application',
          contract_id: id,
          percent_to_date,
        });
      },
    },
    {
      told: `application ${number} on ${commitment.number} is approved and exported`,
      ready: (view) => application(view) !== undefined,
      act: async (view) => {
        const { id: requisition_id, approved, exported } = application(view)!;
        if (exported) return;
        const requisition_ids = [Number(requisition_id)];
        if (!approved)
          await hands.inProcore({
            as: manager,
            action: 'review_application',
            requisition_id: Number(requisition_id),
            decision: 'approve',
          });
        await hands.inProcore({ as: manager, action: 'send_applications_to_erp', requisition_ids });
        const as = procoreUsers.approver.id;
        await hands.inProcore({ as, action: 'approve_application_export', requisition_ids });
      },
    },
  ];
}

/** The first month is paid by check in the ERP. */
function payment(hands: Hands, commitment: CastCommitment): Step {
  const first = (view: Truth) => invoicesOf(view, applicationOf(view, commitment, 1))[0];
  return {
    told: `application 1 on ${commitment.number} is paid in SAP Business One`,
    ready: (view) => first(view) !== undefined,
    act: async (view) => {
      await hands.inBusinessOne({
        action: 'pay_invoice',
        docEntry: Number(first(view)!.entry),
        method: 'check',
        number: String(commitment.id % 10_000),
      });
    },
  };
}

function applicationOf(
  { procore }: Truth,
  { id }: CastCommitment,
  number: number,
): TrueApplication | undefined {
  return procore.applications.find((row) => row.contractId === String(id) && row.number === number);
}

/** Told by the address of the application, which stands in the remarks of its invoice. */
export function invoicesOf({ businessOne }: Truth, application: TrueApplication | undefined) {
  return businessOne.invoices.filter(({ applicationId }) => applicationId === application?.id);
}

function isPosted(view: Truth, application: TrueApplication | undefined): boolean {
  return (
    application !== undefined && application.originId !== null && invoicesOf(view, application).length > 0
  );
}
