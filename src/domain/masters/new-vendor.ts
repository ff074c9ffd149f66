import type { Operation } from '../documents.ts';
import type { FieldError } from '../posting/outcomes.ts';
import type { PostalAddress, VendorRecord } from '../records.ts';
import { matchVendor, type VendorCandidate } from './vendor-match.ts';

/** A vendor to be created in the ERP. Bank data is never carried: it has no field here. */
export type NewVendorBody = {
  readonly kind: 'vendor';
  readonly reference: string;
  readonly revision: number;
  /** What the approver typed; null leaves the code to the ERP. */
  readonly code: string | null;
  readonly name: string;
  readonly taxId: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly address: PostalAddress | null;
};

export type NewVendorInput = {
  readonly record: VendorRecord;
  readonly typedCode: string | null;
  /** Vendors of the ERP that share a key with it, or bear the typed code; blocked ones as well. */
  readonly targets: readonly VendorRecord[];
  /** Codes of which a person said that they are other companies. */
  readonly declined: ReadonlySet<string>;
  readonly reference: string;
  readonly revision: number;
  readonly preflight: (operation: Operation) => readonly FieldError[];
};

export type NewVendorPlan =
  /** It may stand there already: a person looks first. */
  | { readonly kind: 'ask'; readonly candidates: readonly VendorCandidate[] }
  | { readonly kind: 'refuse'; readonly errors: readonly FieldError[] }
  | { readonly kind: 'create'; readonly operation: Extract<Operation, { kind: 'create-vendor' }> };

/** What an exported vendor becomes. Nothing is created while the ERP may have it, under whatever code. */
export function planNewVendor(input: NewVendorInput): NewVendorPlan {
  const { typedCode, targets, declined, preflight } = input;
  const candidates = standingAs(input).filter(({ vendor }) => !declined.has(vendor.id));
  if (candidates.length > 0) return { kind: 'ask', candidates };
  const taken = typedCode === null ? undefined : targets.find(({ id }) => id === typedCode);
  const operation = { kind: 'create-vendor', body: bodyOf(input) } as const;
  const errors = [
    ...(taken === undefined
      ? []
      : [
          {
            field: 'code',
            message: `The code ${typedCode} belongs to ${taken.name}: type another one.`,
            code: 'taken',
          },
        ]),
    ...preflight(operation),
  ];
  return errors.length > 0 ? { kind: 'refuse', errors } : { kind: 'create', operation };
}

/** Vendors that it may be. One that is blocked is one all the same: it wants to be opened again, not doubled. */
function standingAs({ record, typedCode, targets }: NewVendorInput): VendorCandidate[] {
  const blocked = new Set(targets.filter(({ active }) => !active).map(({ id }) => id));
  const matched = matchVendor(
    record,
    targets.map((target) => ({ ...target, active: true })),
  ).map((candidate) =>
    blocked.has(candidate.vendor.id)
      ? { ...candidate, certain: false, evidence: [...candidate.evidence, 'blocked in the ERP'] }
      : candidate,
  );
  const isMatched = matched.some(({ vendor }) => vendor.id === typedCode);
  const coded = isMatched ? undefined : targets.find(({ id }) => id === typedCode);
  return coded === undefined
    ? matched
    : [...matched, { vendor: coded, certain: false, evidence: ['the code that was typed'] }];
}

function bodyOf({ record, typedCode, reference, revision }: NewVendorInput): NewVendorBody {
  const { name, taxId, email, phone, zip, address } = record;
  return {
    kind: 'vendor',
    reference,
    revision,
    code: typedCode,
    name: name.trim(),
    taxId,
    email,
    phone,
    address: address ?? (zip === null ? null : { street: null, city: null, state: null, zip, country: null }),
  };
}
