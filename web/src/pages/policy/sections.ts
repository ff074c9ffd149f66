import type { Policy, PolicyChoice } from '../../api/types.ts';

interface Section {
  section: PolicyChoice['section'];
  title: string;
  note?: string;
}

/** The parts of a policy in which something is chosen from a list. */
export const sections: readonly Section[] = [
  { section: 'newRecords', title: 'What has no amount' },
  {
    section: 'acceptance',
    title: 'What counts as an approval',
    note: 'Never where one person wrote, changed or mapped what the same person exports.',
  },
  { section: 'invoices', title: 'How invoices are billed' },
  {
    section: 'holds',
    title: 'What keeps a payment back',
    note: 'An invoice whose payment is kept back is posted all the same, blocked for payment.',
  },
];

export type Chosen = string | boolean | null;

export function chosenOf(policy: Policy, { section, name }: PolicyChoice): Chosen {
  return (policy[section] as Readonly<Record<string, Chosen>>)[name] ?? null;
}
