import type { NewProjectBody } from '../../../domain/masters/new-project.ts';
import type { NewVendorBody } from '../../../domain/masters/new-vendor.ts';
import type { FieldError } from '../../../domain/posting/outcomes.ts';
import type { Constraint } from '../../connector.ts';
import type { NewVendorCode } from '../config.ts';
import { lengthErrorsOf } from '../constraints.ts';
import { tidy } from '../orders/order-form.ts';

const COLUMN = 'inferred: width of the column as commonly known; the vendor metadata carries no lengths';
const OWN = 'our own user field, made by prepare-target';

/** What SAP Business One would refuse of vendors and projects, as data. */
export const masterConstraints = [
  { object: 'vendor', field: 'code', rule: 'max-length', limit: 15, source: COLUMN },
  { object: 'vendor', field: 'name', rule: 'max-length', limit: 100, source: COLUMN },
  { object: 'vendor', field: 'name', rule: 'required', source: 'our rule: people find the vendor by it' },
  { object: 'vendor', field: 'taxId', rule: 'max-length', limit: 32, source: COLUMN },
  { object: 'vendor', field: 'email', rule: 'max-length', limit: 100, source: COLUMN },
  { object: 'vendor', field: 'phone', rule: 'max-length', limit: 20, source: COLUMN },
  { object: 'vendor', field: 'address.street', rule: 'max-length', limit: 100, source: COLUMN },
  { object: 'vendor', field: 'address.city', rule: 'max-length', limit: 100, source: COLUMN },
  { object: 'vendor', field: 'address.zip', rule: 'max-length', limit: 20, source: COLUMN },
  { object: 'vendor', field: 'reference', rule: 'max-length', limit: 16, source: OWN },
  { object: 'project', field: 'code', rule: 'max-length', limit: 20, source: COLUMN },
  { object: 'project', field: 'code', rule: 'required', source: 'inferred: the key of the entity' },
  { object: 'project', field: 'name', rule: 'max-length', limit: 100, source: COLUMN },
  { object: 'project', field: 'name', rule: 'required', source: 'inferred: the form demands it' },
  { object: 'project', field: 'reference', rule: 'max-length', limit: 16, source: OWN },
] as const satisfies readonly Constraint[];

const vendorLengths = lengthErrorsOf('vendor', masterConstraints);
const projectLengths = lengthErrorsOf('project', masterConstraints);

export function vendorErrors(body: NewVendorBody, { vendorSeries }: NewVendorCode): FieldError[] {
  const { code, name, taxId, email, phone, address, reference } = body;
  const check = (field: string, value: string | null | undefined, said: string) =>
    vendorLengths(field, value ?? '', field, said);
  return [
    ...(code === null && vendorSeries === undefined ? [UNNUMBERED] : check('code', code, 'The vendor code')),
    ...check('name', tidy(name), 'The name'),
    ...check('taxId', taxId, 'The tax id'),
    ...check('email', email, 'The e-mail address'),
    ...check('phone', phone, 'The telephone number'),
    ...check('address.street', address?.street, 'The street'),
    ...check('address.city', address?.city, 'The city'),
    ...check('address.zip', address?.zip, 'The postcode'),
    ...check('reference', reference, 'Our reference'),
  ];
}

const UNNUMBERED: FieldError = {
  field: 'code',
  message:
    'No code was typed and no numbering series of vendors is named in the connection: type a code, or have one named.',
  code: 'required',
};

export function projectErrors({ code, name, reference }: NewProjectBody): FieldError[] {
  return [
    ...projectLengths('code', code, 'code', 'The project code'),
    ...projectLengths('name', tidy(name), 'name', 'The name'),
    ...projectLengths('reference', reference, 'reference', 'Our reference'),
  ];
}
