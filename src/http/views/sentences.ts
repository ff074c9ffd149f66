import { z } from 'zod';

/** Members of an audit entry; only texts are worded. */
export const Facts = z.record(z.string(), z.unknown());
export type Facts = z.infer<typeof Facts>;

type Tell = (fact: (name: string) => string) => string;

const TELL: Readonly<Record<string, Tell>> = {
  intent: (fact) =>
    `Intends to write "${spaced(fact('write'))}" to ${fact('system')}, attempt ${fact('attempt')}.`,
  outcome: (fact) =>
    sentence(`"${spaced(fact('write'))}" in ${fact('system')} is ${fact('state')}`, fact('reason')),
  'document-posted': (fact) => `Stands in the target as ${fact('number') || fact('target')}.`,
  'document-confirmed': () => 'Confirmed in the source.',
  'document-refused': (fact) => sentence('Refused; nothing was posted', fact('reason')),
  'document-conflict': (fact) => sentence('Changed on both sides; nothing was overwritten', fact('reason')),
  'document-withdrawn': (fact) => sentence('Withdrawn', fact('reason')),
  'posting-exception': (fact) => sentence(`"${spaced(fact('write'))}" needs a person`, fact('reason')),
  approved: (fact) => `Approved as ${fact('role')}.`,
  accepted: (fact) => `Approved by its export in Procore, as ${fact('role')}.`,
  'approval-stale': () => 'The approval no longer holds: the document changed after it.',
  rejected: (fact) => sentence('Rejected', fact('reason')),
  withdrawn: (fact) => sentence('Withdrawn', fact('reason')),
  replanned: () => 'Planned again on request.',
  'probe-again': () => 'Asked to look for it in the target again.',
  redriven: () => 'Asked to try the work once more that was set aside.',
  'given-up': (fact) => sentence('Gave up a write that could not end by itself', fact('reason')),
  'source-not-told': () => 'It stays posted; the source was not told, as a person decided.',
  'requisition-bought': (fact) => `Order ${fact('order')} was made of requisition ${fact('requisition')}.`,
  'document-detached': () => 'What stood in the target was cancelled there; it is over.',
  'order-adopted': (fact) =>
    `Took over order ${fact('order')}, billed up to application ${fact('application')}; opening difference ${fact('openingDifference')}.`,
  'billing-next': (fact) =>
    `Left application ${fact('application')} to the next one, which bills what it moved.`,
  'billing-standing': (fact) =>
    `Linked application ${fact('application')} to invoice ${fact('invoice')}, which stood in the ERP; difference ${fact('difference')}.`,
  'billing-opening': (fact) =>
    `Billing begins after application ${fact('application')}, with ${fact('billedBefore')} billed before.`,
  'billing-itself': (fact) => `Application ${fact('application')} is billed by itself after all.`,
  'bill-linked': (fact) => `Linked again to invoice ${fact('invoice')}, which stands in the ERP.`,
  'vendor-linked': (fact) => `Vendor linked as ${fact('code')}.`,
};

/** One sentence for an audited event. A kind without words of its own is shown by its name. */
export function sentenceOf(kind: string, facts: Facts): string {
  const fact = (name: string) => {
    const value = facts[name];
    return typeof value === 'string' ? value : '';
  };
  if (fact('sentence') !== '') return fact('sentence');
  const tell = TELL[kind];
  if (tell) return tell(fact);
  const words = spaced(kind);
  return sentence(`${words.charAt(0).toUpperCase()}${words.slice(1)}`, fact('message'));
}

function spaced(code: string): string {
  return code.replaceAll(/[-._]/g, ' ');
}

function sentence(what: string, why: string): string {
  if (why === '') return `${what}.`;
  return /[.!?]$/.test(why) ? `${what}: ${why}` : `${what}: ${why}.`;
}
