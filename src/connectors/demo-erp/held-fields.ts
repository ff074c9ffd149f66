import type { DocumentField } from '../../domain/planning/document-fields.ts';
import type { Read } from '../../domain/posting/writes.ts';
import type { CheckFinding } from '../connector.ts';
import { readJson } from './client.ts';
import { documentFieldList } from './wire.ts';

/** What bears the field of a kind of record. */
const BEARERS: Readonly<Record<string, string>> = {
  commitment: 'order',
  'change-order': 'order',
  'sub-invoice': 'invoice',
  'company-direct-cost': 'invoice',
  'owner-invoice': 'sales-invoice',
  'prime-change-order': 'contract',
};

/** Whether the company has its documents bear a field, wide enough and of its type: people make them, no import does. */
export async function checkField(read: Read, field: DocumentField): Promise<CheckFinding> {
  const { of, key, name, holds, maxLength } = field;
  const subject = `field ${name} for ${of}:${key}`;
  const bearer = BEARERS[of] ?? of;
  const { fields } = await readJson(read, '/document-fields', documentFieldList);
  const found = fields.find((each) => each.name === name && each.documents.includes(bearer));
  const isFit = found?.type === holds && (holds === 'date' || found.max_length >= maxLength);
  if (isFit) return { subject, ok: true, message: `${name} can hold it.` };
  const wanted = holds === 'date' ? 'a date' : `a text of ${maxLength}`;
  return {
    subject,
    ok: false,
    message:
      found === undefined
        ? `Documents of the kind ${bearer} have no field ${name}.`
        : `${name} is a ${found.type} of ${found.max_length} characters, ${wanted} is needed.`,
    remedy: `Make or change ${name} in Ledgerline, or correct the setting documentFields.`,
  };
}
