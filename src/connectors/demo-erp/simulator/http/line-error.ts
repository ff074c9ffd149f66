import type { ImportDocument } from '../billing/group-form.ts';
import type { LineError } from '../company/state.ts';

export function fault(
  { reference }: ImportDocument,
  line: number | null,
  field: string,
  code: string,
  message: string,
): LineError {
  return { reference, line, field, code, message };
}
