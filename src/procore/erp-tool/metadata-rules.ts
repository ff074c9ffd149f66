import type { Constraint } from '../../connectors/connector.ts';
import type { MetadataDocument } from './metadata.ts';

type Field = {
  readonly entity: string;
  readonly field: string;
  readonly words: string;
  /** What people leave blank is made up from what else is known: nobody is asked for it. */
  readonly mayBeBlank?: true;
};

/**
 * Where a limit of the ERP meets what a person types in Procore. Fields that we fill ourselves (references, codes of
 * the ERP) are nobody's to shorten and stay out. The names of the fields are inferred from the guide's samples.
 */
const FIELDS: Readonly<Record<string, readonly Field[]>> = {
  'purchase-order number': [{ entity: 'commitments', field: 'number', words: 'number of a commitment' }],
  'purchase-order title': [{ entity: 'commitments', field: 'title', words: 'title of a commitment' }],
  'purchase-order lines.description': linesOf('description'),
  'purchase-order lines.amount': linesOf('amount'),
  'ap-invoice invoiceNumber': [
    {
      entity: 'requisitions',
      field: 'invoice_number',
      words: 'invoice number of a pay application',
      mayBeBlank: true,
    },
  ],
  'vendor name': ofVendor('name', 'name'),
  'vendor email': ofVendor('email_address', 'e-mail address'),
  'vendor phone': ofVendor('business_phone', 'phone number'),
  'vendor address.street': ofVendor('address', 'street'),
  'vendor address.city': ofVendor('city', 'city'),
  'vendor address.zip': ofVendor('zip', 'postal code'),
  'project name': [{ entity: 'jobs', field: 'name', words: 'name of a project' }],
  'cost-code name': [{ entity: 'standard_cost_codes', field: 'name', words: 'name of a cost code' }],
  'sub-job name': [{ entity: 'sub_jobs', field: 'name', words: 'name of a sub job' }],
  'sub-job code': [{ entity: 'sub_jobs', field: 'code', words: 'code of a sub job' }],
};

function linesOf(field: string): Field[] {
  const words = `${field} of a line`;
  return ['commitment_items', 'commitment_change_order_items'].map((entity) => ({ entity, field, words }));
}

function ofVendor(field: string, words: string): Field[] {
  return [{ entity: 'vendors', field, words: `${words} of a vendor` }];
}

/** The rules of each entity, field by field, with messages that name the ERP and the limit. */
export function rulesOf(erp: string, constraints: readonly Constraint[]): Map<string, MetadataDocument> {
  const rules = new Map<string, Record<string, MetadataDocument>>();
  for (const [key, own] of Map.groupBy(constraints, ({ object, field }) => `${object} ${field}`)) {
    for (const place of FIELDS[key] ?? []) {
      const fields = rules.get(place.entity) ?? {};
      const told = own.filter(({ rule }) => rule !== 'required' || place.mayBeBlank !== true);
      const validation = Object.fromEntries(told.map((constraint) => ruleOf(erp, place, constraint)));
      fields[place.field] = { enabled: true, validation };
      rules.set(place.entity, fields);
    }
  }
  return rules;
}

/** `%{length}` is filled in by the tool. */
function ruleOf(erp: string, { words }: Field, { rule, limit = 0 }: Constraint): [string, MetadataDocument] {
  switch (rule) {
    case 'required':
      return ['present', { enabled: true, message: `${erp} takes nothing without the ${words}.` }];
    case 'max-length':
      return [
        'max_length',
        limited(limit, `${erp} holds at most %{length} characters of the ${words}: shorten it.`),
      ];
    case 'max-decimals':
      return [
        'max_length_decimal',
        limited(limit, `${erp} takes at most %{length} decimals in the ${words}.`),
      ];
  }
}

function limited(limit: number, message: string): MetadataDocument {
  return { enabled: true, length: limit, message };
}
