import type { DocumentState, ReviewRow } from '../api/types.ts';
import { reviewWords, stateWords, type Tone } from './words.ts';

/** A state: the word first, a shape second, the colour last. */
export function StateMark({ state }: { state: DocumentState }) {
  const { word, tone } = stateWords[state];
  return <Mark word={word} tone={tone} />;
}

/** What kind of question a review item asks. */
export function ReviewMark({ kind }: { kind: ReviewRow['kind'] }) {
  const { word, tone } = reviewWords[kind];
  return <Mark word={word} tone={tone} />;
}

/** Any word with a tone. */
export function Mark({ word, tone }: { word: string; tone: Tone }) {
  return (
    <span className={`state tone-${tone}`}>
      <svg viewBox="0 0 10 10" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.6">
        {shapes[tone]}
      </svg>
      {word}
    </span>
  );
}

// Shapes differ as well as colours, so the tones stay apart for the colour-blind.
const shapes = {
  waiting: <circle cx="5" cy="5" r="3.6" />,
  needs: <path d="M5 .8 9.2 9H.8Z" fill="currentColor" stroke="none" />,
  bad: <path d="m1.5 1.5 7 7m0-7-7 7" />,
  good: <path d="m1 5.4 2.8 2.8L9 2" />,
  flight: <path d="M1 5h7.5M5.4 1.8 8.6 5 5.4 8.2" />,
} as const satisfies Record<Tone, unknown>;
