import { amountText } from '../../src/demo/cents.ts';
import { APPROVER, PETER } from '../scenarios/seeds.ts';
import type { Billing, History } from './histories.ts';
import { patiently } from './patience.ts';
import type { OwnerContract } from './simulators.ts';
import type { Billed } from './witness.ts';
import type { World } from './world.ts';

/** What was billed on the lines of one contract so far, in cents. */
export class Ledger {
  private readonly lines = new Map<number, { billed: bigint; held: bigint }>();
  /** The application that came last. */
  last: Billed | null = null;

  /** What the next application says on each line that has something left; empty when nothing is. */
  next(amounts: ReadonlyMap<number, bigint>, billing: Billing): Line[] {
    return [...amounts].flatMap(([line, amount]) => {
      const { billed, held } = this.lines.get(line) ?? { billed: 0n, held: 0n };
      const work = wholeDimes(((amount - billed) * BigInt(billing.percent)) / 100n, billing);
      const withheld = (work * BigInt(billing.retainedPercent)) / 100n;
      const released = billing.releases ? held / 2n : 0n;
      return work > 0n ? [{ line, work, withheld, released }] : [];
    });
  }

  keep(application: Billed, lines: readonly Line[]): void {
    this.last = application;
    for (const { line, work, withheld, released } of lines) {
      const { billed, held } = this.lines.get(line) ?? { billed: 0n, held: 0n };
      this.lines.set(line, { billed: billed + work, held: held + withheld - released });
    }
  }
}

type Line = {
  readonly line: number;
  readonly work: bigint;
  readonly withheld: bigint;
  readonly released: bigint;
};

/** Procore counts retainage of the owner by percent: of such amounts it is whole cents, whoever rounds. */
function wholeDimes(cents: bigint, { retainedPercent }: Billing): bigint {
  return retainedPercent === 0 ? cents : cents - (cents % 100n);
}

const TODAY = () => new Date().toISOString().slice(0, 10);

/** A subcontractor's application, approved and exported as Procore lets it happen. */
export async function billCommitment(
  { simulators: { procore }, witness }: World,
  contract: number,
  ledger: Ledger,
  billing: Billing,
): Promise<void> {
  const lines = ledger.next(witness.amounts(contract), billing);
  if (lines.length === 0) return;
  const act = async <Made>(body: object) => (await procore.post('act', { as: PETER, ...body })) as Made;
  const { requisition_id } = await act<{ requisition_id: number }>({
    action: 'submit_application',
    contract_id: contract,
    requisition_start: TODAY(),
    requisition_end: TODAY(),
    billing_date: TODAY(),
    attach_pdf: false,
    lines: lines.map(({ line, work, withheld, released }) => ({
      line_item_id: line,
      work_completed_this_period: amountText(work),
      work_completed_retainage_retained_this_period: amountText(withheld),
      work_completed_retainage_released_this_period: amountText(released),
    })),
  });
  await act({ action: 'review_application', requisition_id, decision: 'approve' });
  const id = String(requisition_id);
  const application = billedBy('sub-invoice', id, String(contract), lines, ledger.last);
  witness.bill(application);
  ledger.keep(application, lines);
  await act({ action: 'send_applications_to_erp', requisition_ids: [requisition_id] });
  await act({ as: APPROVER, action: 'approve_application_export', requisition_ids: [requisition_id] });
}

/** Bills the owner as often as it was drawn; somebody names the customer of the contract first. */
export async function billOwner(world: World, history: History): Promise<void> {
  const contract = world.simulators.ownerContracts.next();
  // All have an owner of their own, and no more were signed.
  if (contract === null) return;
  await nameCustomer(world, contract);
  const ledger = new Ledger();
  for (const act of history.acts) if (act.kind === 'bill') await billOnce(world, contract, ledger, act);
}

async function nameCustomer(
  { service, party: { tenant, people } }: World,
  { id }: OwnerContract,
): Promise<void> {
  const value = { kind: 'customer', code: 'C2000' } as const;
  const mapping = { kind: 'customer', scope: '', key: String(id), value } as const;
  await patiently(`the customer of ${id} is named`, 60_000, async () => {
    // The database may be away, or the customer not be read yet: whoever sits here tries again.
    const done = await service.setMapping({ tenant, user: people.accountant, mapping }).catch(() => null);
    return done?.ok === true;
  });
}

async function billOnce(
  { simulators: { procore }, witness }: World,
  contract: OwnerContract,
  ledger: Ledger,
  billing: Billing,
): Promise<void> {
  const lines = ledger.next(new Map([[contract.line, contract.cents]]), billing);
  if (lines.length === 0) return;
  const { payment_application_id } = (await procore.post('act', {
    as: PETER,
    action: 'bill_owner',
    prime_contract_id: contract.id,
    billing_date: TODAY(),
    period_start: TODAY(),
    period_end: TODAY(),
    status: 'approved',
    lines: lines.map(({ line, work, released }) => ({
      source_id: line,
      work_completed_this_period: amountText(work),
      work_completed_retainage_percent: `${billing.retainedPercent}.0`,
      work_completed_retainage_released: amountText(released),
    })),
  })) as { payment_application_id: number };
  const application = billedBy('owner-invoice', String(payment_application_id), null, lines, ledger.last);
  witness.bill(application);
  ledger.keep(application, lines);
  const of = { kind: 'payment_application', ids: [payment_application_id] };
  await procore.post('act', { ...of, as: PETER, action: 'send_object_to_erp' });
  await procore.post('act', { ...of, as: APPROVER, action: 'approve_object_export' });
}

function billedBy(
  object: Billed['object'],
  id: string,
  commitment: string | null,
  lines: readonly Line[],
  previous: Billed | null,
): Billed {
  let [progress, released] = [0n, 0n];
  for (const line of lines) {
    progress += line.work - line.withheld;
    released += line.released;
  }
  const parts = new Map<'progress' | 'retainage-release', bigint>([['progress', progress]]);
  if (released > 0n) parts.set('retainage-release', released);
  return { object, id, commitment, previous, parts };
}
