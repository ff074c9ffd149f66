import { clipped, plainWords } from '../../domain/support/plain-words.ts';

/** How much a bundle tells: without names a sentence keeps plain words only, and what names somebody is left out. */
export type Telling = {
  readonly words: (text: string | null | undefined) => string | null;
  readonly named: <Value>(value: Value) => Value | undefined;
  /** An id that Procore or we gave away. What people chose as one, like the code of a vendor, may be a name. */
  readonly id: (text: string | null) => string | null;
};

export function telling(withNames: boolean): Telling {
  return {
    words: (text) => (text ? (withNames ? clipped(text) : plainWords(text)) : null),
    named: (value) => (withNames ? value : undefined),
    id: (text) => (text === null || withNames || /^\d*$/.test(text) ? text : plainWords(text)),
  };
}
