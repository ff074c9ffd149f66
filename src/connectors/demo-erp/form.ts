import { contentHash } from '../../domain/values/canonical.ts';
import { formatMoney, type Money } from '../../domain/values/money.ts';

/** What a document says, fact by fact in words. Two documents are the same when their facts are. */
export type Form = Readonly<Record<string, string>>;

/** A line in it: its amount, what it is booked on, and its text. */
export type FormLine = {
  readonly key: string;
  readonly amount: Money;
  readonly on: string;
  readonly description: string;
};

const LINE = 'line ';

/** Lines of zero are left out: a change document cannot delete a line, it can only empty it. */
export function lineFacts(lines: readonly FormLine[]): Form {
  const facts: Record<string, string> = {};
  for (const { key, amount, on, description } of lines) {
    if (amount.minor === 0n) continue;
    const [name, fact] = [`${LINE}${key}`, `${formatMoney(amount)} on ${on}: ${description}`];
    // Two lines under one key are the work of a person, and must not look like one.
    facts[name] = name in facts ? `${facts[name]} and ${fact}` : fact;
  }
  return facts;
}

/** Of a form whose lines are told by what they say: how they are named is between us and what was read. */
export function namelessHash(form: Form): string {
  const [lines, header] = [[] as string[], {} as Record<string, string>];
  for (const [name, fact] of Object.entries(form)) {
    if (name.startsWith(LINE)) lines.push(fact);
    else header[name] = fact;
  }
  return contentHash({ ...header, lines: lines.sort() });
}

export function formHash(form: Form): string {
  return contentHash(form);
}

/** Where what stands differs from what was expected, for the person who has to look at it. */
export function differenceWords(expected: Form, found: Form): string[] {
  const shown = (fact: string | undefined) => (fact === undefined ? 'missing' : `"${fact}"`);
  return Object.keys({ ...expected, ...found })
    .filter((name) => expected[name] !== found[name])
    .map((name) => `${name} is ${shown(found[name])}, expected ${shown(expected[name])}`);
}
