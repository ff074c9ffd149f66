import type { VendorRecord } from '../records.ts';

/** One ERP vendor that may be the same company, and why. */
export type VendorCandidate = {
  readonly vendor: VendorRecord;
  readonly evidence: readonly string[];
  readonly certain: boolean;
};

// Legal forms say nothing about identity: "Star Framing" and "Star Framing, LLC" are one vendor (and often two rows).
const LEGAL_FORMS = new Set([
  'inc',
  'incorporated',
  'llc',
  'llp',
  'lp',
  'ltd',
  'limited',
  'co',
  'company',
  'corp',
  'corporation',
  'gmbh',
  'ag',
  'plc',
  'sa',
  'the',
  'and',
]);

export function normaliseName(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/&/g, ' and ');
  // "L.L.C." is one word, not three.
  const joined = plain.replace(/(?<!\p{L})(?:\p{L}\.)+\p{L}(?!\p{L})/gu, (word) => word.replaceAll('.', ''));
  const words = joined.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '' && !LEGAL_FORMS.has(word));
  return words.join(' ');
}

export function normaliseTaxId(taxId: string): string {
  return taxId.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

// What people type when a form demands a tax id; equal characters throughout are recognised by themselves.
const PLACEHOLDERS = new Set(['123456789', '987654321']);

/** The tax id, unless it is absent or a placeholder: those would match strangers and contradict friends. */
function tellingTaxId(vendor: VendorRecord): string | null {
  const taxId = vendor.taxId === null ? '' : normaliseTaxId(vendor.taxId);
  return taxId.length < 5 || /^(.)\1*$/.test(taxId) || PLACEHOLDERS.has(taxId) ? null : taxId;
}

/** Keys under which two systems' spellings of one vendor meet: stored and indexed with each vendor record. */
export function vendorKeys(vendor: VendorRecord): string[] {
  const keys: string[] = [];
  const taxId = tellingTaxId(vendor);
  if (taxId !== null) keys.push(`tax:${taxId}`);
  const name = normaliseName(vendor.name);
  if (name !== '') keys.push(`name:${name}`);
  return keys;
}

/**
 * Ranks the ERP vendors that share a key with a source vendor. A match is certain only with the same tax id, or
 * with the same name and a second agreeing fact, and never when two candidates would be: then a person decides.
 */
export function matchVendor(source: VendorRecord, targets: readonly VendorRecord[]): VendorCandidate[] {
  const keys = new Set(vendorKeys(source));
  const candidates = targets
    .filter((target) => target.active && vendorKeys(target).some((key) => keys.has(key)))
    .map((vendor) => ({ vendor, ...evidenceFor(source, vendor) }))
    .sort((a, b) => b.evidence.length - a.evidence.length || (a.vendor.id < b.vendor.id ? -1 : 1));
  const certain = candidates.filter((candidate) => candidate.certain);
  return certain.length === 1
    ? candidates
    : candidates.map((candidate) => ({ ...candidate, certain: false }));
}

function evidenceFor(source: VendorRecord, target: VendorRecord): { evidence: string[]; certain: boolean } {
  const evidence: string[] = [];
  const [ours, theirs] = [tellingTaxId(source), tellingTaxId(target)];
  const bothTax = ours !== null && theirs !== null;
  const sameTax = bothTax && ours === theirs;
  const name = normaliseName(source.name);
  const sameName = name !== '' && name === normaliseName(target.name);
  if (sameTax) evidence.push('same tax id');
  if (sameName) evidence.push('same name');
  if (same(source.email, target.email)) evidence.push('same e-mail');
  if (same(digits(source.phone), digits(target.phone))) evidence.push('same phone');
  if (same(source.zip, target.zip)) evidence.push('same postcode');
  // A different tax id is a different company, whatever the name says.
  const contradicted = bothTax && !sameTax;
  return { evidence, certain: !contradicted && (sameTax || (sameName && evidence.length >= 2)) };
}

function same(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== '' && a.trim().toLowerCase() === b.trim().toLowerCase();
}

function digits(phone: string | null): string | null {
  return phone === null ? null : phone.replace(/\D/g, '').slice(-10);
}
