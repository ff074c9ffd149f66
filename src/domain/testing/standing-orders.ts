import type { MatchSource } from '../orders/match-order.ts';
import type { StandingOrder, StandingOrderLine } from '../orders/standing-order.ts';
import type { CommitmentLine, CommitmentRecord } from '../records.ts';
import { calendarDate } from '../values/calendar-date.ts';

type Lines<Line> = { readonly lines?: readonly (Partial<Line> & { readonly amount: string })[] };

/** An approved commitment of 100.00 in one line, but for what is said. */
export function commitmentOf({
  lines = [{ amount: '100.00' }],
  ...more
}: Omit<Partial<CommitmentRecord>, 'lines'> & Lines<CommitmentLine>): CommitmentRecord {
  return {
    object: 'commitment',
    id: 'c',
    type: 'subcontract',
    number: 'SC-1',
    title: 'Work',
    status: 'Approved',
    approved: true,
    deleted: false,
    projectId: 'p',
    vendorId: 'v',
    vendorName: 'Steel & Sons',
    currency: 'USD',
    total: '100.00',
    retainagePercent: null,
    contractDate: null,
    createdByUserId: null,
    originId: null,
    url: 'https://procore.example/c',
    ...more,
    lines: lines.map((line, place) => ({
      id: `l${place}`,
      position: place + 1,
      description: 'Work',
      costCode: { code: '05-100', name: 'Steel' },
      costType: { code: 'S', name: 'Subcontract' },
      quantity: null,
      unitPrice: null,
      unit: null,
      ...line,
    })),
  };
}

export function sourceOf(
  commitment: Parameters<typeof commitmentOf>[0],
  vendorCode: string | null = 'V1',
): MatchSource {
  return { commitment: commitmentOf(commitment), vendorCode };
}

/** An order of V1 over 100.00 in one line, but for what is said. */
export function orderOf({
  lines = [{ amount: '100.00' }],
  ...more
}: Omit<Partial<StandingOrder>, 'lines'> & Lines<StandingOrderLine>): StandingOrder {
  return {
    id: '1',
    number: `9${more.id ?? '1'}`,
    vendorReference: '',
    reference: null,
    vendorCode: 'V1',
    projectCode: 'JOB-4',
    currency: 'USD',
    date: calendarDate('2026-01-15'),
    total: '100.00',
    closed: false,
    ...more,
    lines: lines.map((line, place) => ({
      key: String(place),
      description: 'Work',
      coding: { kind: 'account', code: '5100' },
      projectCode: 'JOB-4',
      invoiced: '0.00',
      closed: false,
      ...line,
    })),
  };
}
