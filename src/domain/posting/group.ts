import type { FieldError, Outcome } from './outcomes.ts';

/** One request that carries several postings, as its answer came: of the whole, or member by member. */
export type GroupAnswer =
  /** The whole request shares one fate: it never left, or nobody knows. */
  | {
      readonly kind: 'whole';
      readonly outcome: Extract<Outcome, { kind: 'not-sent' | 'unknown' }>;
    }
  /** What the answer says of each member that it mentions, in the order of the answer. */
  | { readonly kind: 'members'; readonly answers: readonly MemberAnswer[] };

export type MemberAnswer = { readonly reference: string; readonly outcome: Outcome };

/**
 * One outcome for each member of a group, whatever the answer left out. A member that is not mentioned is unknown,
 * never refused and never forgotten. In an atomic group all members stand or none: one proven refusal returns the
 * others as if they had never been sent, and an answer that contradicts this is not believed at all.
 */
export function groupOutcomes(
  references: readonly string[],
  answer: GroupAnswer,
  isAtomic: boolean,
): ReadonlyMap<string, Outcome> {
  if (answer.kind === 'whole') return new Map(references.map((reference) => [reference, answer.outcome]));
  const told = new Map<string, Outcome>();
  for (const { reference, outcome } of answer.answers) {
    const twice = told.has(reference);
    told.set(reference, twice ? unknown('the answer speaks of it twice') : outcome);
  }
  const refusals = references.filter((reference) => told.get(reference)?.kind === 'refused');
  const someTook = references.some((reference) => tookEffect(told.get(reference)));
  return new Map(
    references.map((reference) => {
      const own = told.get(reference);
      if (!isAtomic || refusals.length === 0)
        return [reference, own ?? unknown('the answer does not speak of it')];
      if (someTook) return [reference, tookEffect(own) ? own! : unknown(CONTRADICTION)];
      if (own?.kind === 'refused') return [reference, own];
      return [
        reference,
        { kind: 'not-sent', why: `the group was refused as a whole: ${wordsOf(told, refusals)}` },
      ];
    }),
  );
}

const CONTRADICTION =
  'the answer refuses one member of a group that stands or falls together, and posts another';

function tookEffect(outcome: Outcome | undefined): boolean {
  return outcome?.kind === 'posted' || outcome?.kind === 'accepted';
}

function wordsOf(told: ReadonlyMap<string, Outcome>, refusals: readonly string[]): string {
  return refusals
    .flatMap((reference) => errorsOf(told.get(reference)).map(({ message }) => message))
    .join('; ');
}

function errorsOf(outcome: Outcome | undefined): readonly FieldError[] {
  return outcome?.kind === 'refused' ? outcome.errors : [];
}

function unknown(why: string): Outcome {
  return { kind: 'unknown', why };
}
