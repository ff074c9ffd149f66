import type { Me } from '../api/types.ts';
import { humanWord } from './words.ts';

export type PointOfView = Me['tenant']['pointOfView'];

/** Procore's default words. A word that all three share, such as commitment, needs no entry. */
const generalContractor = {
  subcontract: 'subcontract',
  subcontractor: 'subcontractor',
  subcontractorSchedule: 'subcontractor schedule of values',
  invoicing: 'invoicing',
  application: 'application',
  primeContract: 'prime contract',
  primeContractChange: 'prime contract change order',
  owner: 'owner',
  ownerInvoice: 'owner invoice',
  client: 'owner/client',
  revenue: 'revenue',
};

export type Words = Readonly<Record<keyof typeof generalContractor, string>>;

/**
 * Procore's point-of-view dictionaries for US English, as a word stands within a sentence. Procore's table has no row
 * for applications and owner invoices: they follow the words for invoicing and for the owner.
 */
export const dictionaries: Readonly<Record<PointOfView, Words>> = {
  'general-contractor': generalContractor,
  owner: {
    ...generalContractor,
    subcontract: 'contract',
    subcontractor: 'contractor',
    subcontractorSchedule: 'contractor schedule of values',
    primeContract: 'funding',
    primeContractChange: 'funding change order',
    owner: 'funding',
    ownerInvoice: 'funding invoice',
    revenue: 'funding',
  },
  'specialty-contractor': {
    ...generalContractor,
    invoicing: 'progress billings',
    application: 'progress billing',
    primeContract: 'client contract',
    primeContractChange: 'client contract change order',
    client: 'GC/client',
  },
};

/** What a dictionary says for which of Procore's default words. */
export function renamed(view: PointOfView): { from: string; to: string }[] {
  const words = Object.entries(dictionaries[view]) as [keyof Words, string][];
  return words
    .map(([term, to]) => ({ from: generalContractor[term], to }))
    .filter(({ from, to }) => from !== to);
}

/** The kind of a document. What it is called in the ERP is no matter of the point of view. */
export function kindWord(kind: string, words: Words): string {
  return humanWord(kind === 'contract-change' ? words.primeContractChange : kind);
}
