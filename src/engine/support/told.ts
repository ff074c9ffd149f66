import { clipped, plainWords } from '../../domain/support/plain-words.ts';

/** How much a bundle tells: without names a sentence keeps plain words only, and what names somebody is left out. */
export type Telling = {
  readonly words: (text: string | null | undefined) => string | null;
  readonly named: <Value>(value: Value) => Value | undefined;
};

export function telling(withNames: boolean): Telling {
  return {
    words: (text) => (text ? (withNames ? clipped(text) : plainWords(text)) : null),
    named: (value) => (withNames ? value : undefined),
  };
}
