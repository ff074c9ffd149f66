import type { z } from 'zod';
import { TieOut } from '../../src/http/schemas/tie-out.ts';
import { projects } from './stub-documents.ts';
import type { World } from './stub-world.ts';

/** Budgets of two projects, one of which moved on since it was exported. */
export function budgetTieOutOf({ asOf, keepsBudgets }: World): z.infer<typeof TieOut> {
  const same = (name: string, amount: string) => ({
    ...{ name, source: amount, carried: amount, difference: '0.00' },
  });
  const [riverside, harbour] = projects;
  const moved = { source: '1250000.10', carried: '1200000.00', difference: '50000.10' };
  const rows = [
    {
      ...{ project: riverside, source: '812000.00', target: '812000.00' },
      ...{ difference: '0.00', explained: '0.00', items: [], lines: [same('05-120 S', '812000.00')] },
    },
    {
      ...{ project: harbour, source: '2000000.10', target: '1950000.00' },
      ...{ difference: '50000.10', explained: '50000.10' },
      items: [
        {
          ...{ documentId: null, number: '03-300 S', title: '', cause: 'change-not-posted' },
          ...{ explanation: 'Changed in Procore since the budget was exported last.' },
          ...{ amount: '50000.10', owner: 'project-manager' },
        },
      ],
      lines: [{ name: '03-300 S', ...moved }, same('Budget change 7', '0.00'), same('05-120 S', '750000.00')],
    },
  ].map((row) => ({ ...row, currency: 'USD', residual: '0.00', asOf }));
  return TieOut.parse({ projects: keepsBudgets ? rows : [], asOf, problem: null });
}

/** Bills on one project, of which the ledger of the ERP has all but one. */
export function directCostTieOutOf({ asOf }: World): z.infer<typeof TieOut> {
  const [riverside] = projects;
  const item = {
    ...{ documentId: null, number: 'INV-88', title: 'Rental', cause: 'not-sent', amount: '200.00' },
    ...{ explanation: 'No bill with this number is booked in the ERP.', owner: 'accountant' },
  };
  const row = {
    ...{ project: riverside, currency: 'USD', source: '1200.00', target: '1000.00', difference: '200.00' },
    ...{ explained: '200.00', residual: '0.00', items: [item], asOf },
  };
  return TieOut.parse({ projects: [row], asOf, problem: null });
}
