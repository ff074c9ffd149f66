import { expect, it } from 'vitest';
import { CONTEXT } from './context-objects.ts';

it('shows a bill that was entered on a project, and that no ledger is named for it', () => {
  const row = {
    ...{ id: '17', direct_cost_type: 'invoice', status: 'approved', invoice_number: 'SS-17' },
    ...{ grand_total: '100.10', vendor_id: '3', vendor_name: 'Steel & Sons', origin_id: null },
    ...{ direct_cost_date: '2026-08-03', updated_at: '2026-08-03T08:00:00Z' },
  };
  const { record, at } = CONTEXT['direct-cost'].read(row, '1');
  expect(record).toMatchObject({
    object: 'direct-cost',
    projectId: '1',
    number: 'SS-17',
    status: 'approved',
    facts: { type: 'invoice', total: '100.10', vendor: 'Steel & Sons' },
    about: [{ object: 'vendor', id: '3' }],
  });
  expect(record.facts).not.toHaveProperty('in the ERP as');
  expect(at).toBe('2026-08-03T08:00:00Z');
});
