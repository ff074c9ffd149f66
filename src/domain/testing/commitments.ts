import type { CommitmentLine, CommitmentRecord } from '../records.ts';
import { calendarDate } from '../values/calendar-date.ts';

/** A line of 03-100 S, as most are. */
export const commitmentLine = (
  id: string,
  amount: string,
  more: Partial<CommitmentLine> = {},
): CommitmentLine => ({
  id,
  position: Number(id),
  description: `Line ${id}`,
  costCode: { code: '03-100', name: 'Concrete' },
  costType: { code: 'S', name: 'Subcontract' },
  amount,
  quantity: null,
  unitPrice: null,
  unit: null,
  ...more,
});

/** An approved subcontract of two lines. */
export const sampleCommitment: CommitmentRecord = {
  object: 'commitment',
  id: '4711',
  type: 'subcontract',
  number: 'SC-001',
  title: 'Foundations',
  status: 'Approved',
  approved: true,
  deleted: false,
  projectId: 'P1',
  vendorId: 'v1',
  vendorName: 'Star Framing',
  currency: 'USD',
  total: '150.00',
  retainagePercent: null,
  contractDate: calendarDate('2026-08-10'),
  createdByUserId: null,
  originId: null,
  lines: [commitmentLine('1', '100.00'), commitmentLine('2', '50.00')],
  url: 'https://procore.test/4711',
};
