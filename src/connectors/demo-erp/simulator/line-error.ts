import type { ImportDocument } from './group-form.ts';
import type { LineError } from './state.ts';

export function fault(
  { reference }: ImportDocument,
  line: number | null,
  field: string,
  code: string,
  message: string,
): LineError {
  return { reference, line, field, code, message };
}
