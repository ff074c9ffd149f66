import type { SelfTestFinding } from '../../store/settings/self-test.ts';
import type { SelfTestPlan } from './self-test-plan.ts';

/** What one self-test saw. */
export type Seen = {
  readonly outcomes: readonly string[];
  /** What the ERP said where it did not simply post. */
  readonly said: readonly string[];
  readonly uniquenessEnforced: boolean | null;
  readonly standing: number;
  readonly searchLagMs: number | null;
  readonly readable: boolean;
  /** Null where nothing could be read. */
  readonly sameContent: boolean | null;
  readonly isListed: boolean | null;
  readonly drafts: readonly string[];
  /** Orders that could not be taken back. */
  readonly left: readonly string[];
};

/** In words for the person who ran it: what was seen, and what has to be done by hand. */
export function findingsOf(seen: Seen, { at, order }: SelfTestPlan): SelfTestFinding[] {
  const said = seen.said.length === 0 ? '' : ` It said: "${seen.said.at(-1)}"`;
  const sent = seen.outcomes.length;
  const lag = `${seen.searchLagMs ?? 0} ms after the answer`;
  return [
    uniqueness(seen, `${sent} orders under ${order.reference} (${seen.outcomes.join(', ')})`, said),
    finding(
      'read back',
      seen.readable,
      seen.readable
        ? `What is created can be found again, ${lag}.`
        : 'What is created cannot be found again: a lost answer could never be settled. Nothing is posted here.',
      `Give the user of the connection the right to read purchase orders in ${at.name}.`,
    ),
    ...(seen.sameContent === null
      ? []
      : [
          finding(
            'content',
            seen.sameContent,
            seen.sameContent
              ? 'Amounts, texts and coding come back as they were sent.'
              : 'What comes back is not what was sent: every order would end in front of a person.',
            `Compare an order in ${at.name} with the one that was sent: decimals, rounding, texts that are cut.`,
          ),
        ]),
    ...(seen.isListed === null
      ? []
      : [
          finding(
            'list by reference',
            seen.isListed || !seen.readable,
            seen.isListed ? 'The daily sweep sees it.' : 'The daily sweep does not see it.',
            `See whether the user of the connection may list purchase orders in ${at.name}.`,
          ),
        ]),
    finding(
      'taken back',
      seen.left.length === 0 && seen.drafts.length === 0,
      seen.left.length === 0 && seen.drafts.length === 0
        ? 'Every test order was taken back; nothing was deleted.'
        : `Still there: ${[...seen.left, ...seen.drafts].join(', ')}.`,
      `Cancel or reject them in ${at.name}; they are marked as a self-test.`,
    ),
  ];
}

function uniqueness(seen: Seen, what: string, said: string): SelfTestFinding {
  const verdict = {
    true: `A second order under one reference is refused: ${what}, one stands.${said}`,
    false: `A second order under one reference is taken: ${what}, ${seen.standing} stand. Lost answers are waited out.`,
    null: `Not seen whether a second order under one reference is refused: ${what}. Lost answers are waited out.${said}`,
  };
  return finding('uniqueness', true, verdict[`${seen.uniquenessEnforced}`]);
}

function finding(subject: string, ok: boolean, message: string, remedy?: string): SelfTestFinding {
  return { subject: `self-test: ${subject}`, ok, message, ...(ok || remedy === undefined ? {} : { remedy }) };
}
