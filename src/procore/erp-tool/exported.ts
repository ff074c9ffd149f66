import { Stop, Unreadable } from '../../domain/posting/outcomes.ts';
import { PROCORE } from '../http/errors.ts';

/** Reads what a request carries. It is shown nowhere else and never changes: what cannot be read of it, no retry will. */
export function ofExport<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (error instanceof Stop && error.kind === 'bug') throw new Unreadable(PROCORE, error.message);
    throw error;
  }
}
