import { describe, expect, it } from 'vitest';
import { groupOutcomes } from './group.ts';
import type { Outcome } from './outcomes.ts';

const references = ['A', 'B', 'C'];
const posted = (id: string): Outcome => ({ kind: 'posted', id });
const refused: Outcome = {
  kind: 'refused',
  errors: [{ field: 'account', message: 'account 4000 is locked' }],
};

function kinds(answers: Readonly<Record<string, Outcome>>, isAtomic: boolean): Record<string, string> {
  const list = Object.entries(answers).map(([reference, outcome]) => ({ reference, outcome }));
  const outcomes = groupOutcomes(references, { kind: 'members', answers: list }, isAtomic);
  return Object.fromEntries([...outcomes].map(([reference, { kind }]) => [reference, kind]));
}

describe('the answer to one request for several postings', () => {
  it('gives every member its own outcome', () => {
    const answers = { A: posted('1'), B: refused, C: posted('3') };
    expect(kinds(answers, false)).toEqual({ A: 'posted', B: 'refused', C: 'posted' });
  });

  it.each([true, false])(
    'leaves a member unknown that the answer does not speak of (atomic: %s)',
    (isAtomic) => {
      const answers = { A: posted('1'), C: posted('3') };
      expect(kinds(answers, isAtomic)).toEqual({ A: 'posted', B: 'unknown', C: 'posted' });
    },
  );

  it('gives all members the fate of a request that was lost as a whole', () => {
    const lost = { kind: 'whole', outcome: { kind: 'unknown', why: 'timed out' } } as const;
    const outcomes = groupOutcomes(references, lost, true);
    expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('ignores what it says of a document that was not sent with it', () => {
    expect(kinds({ A: posted('1'), B: posted('2'), C: posted('3'), X: refused }, true)).toEqual({
      A: 'posted',
      B: 'posted',
      C: 'posted',
    });
  });

  it('believes nothing of a member of which it speaks twice', () => {
    const twice = {
      kind: 'members',
      answers: [
        { reference: 'A', outcome: posted('1') },
        { reference: 'A', outcome: refused },
      ],
    } as const;
    expect(groupOutcomes(['A'], twice, false).get('A')).toMatchObject({ kind: 'unknown' });
  });
});

describe('a group that stands or falls together', () => {
  it('returns the others untouched when one member is refused, with the reason, and loses none', () => {
    expect(kinds({ B: refused }, true)).toEqual({ A: 'not-sent', B: 'refused', C: 'not-sent' });
    const answers = [{ reference: 'B', outcome: refused }];
    const outcomes = groupOutcomes(references, { kind: 'members', answers }, true);
    expect(outcomes.get('A')).toMatchObject({ why: expect.stringContaining('account 4000 is locked') });
  });

  it('is not believed when one member is refused and another one posted', () => {
    expect(kinds({ A: posted('1'), B: refused }, true)).toEqual({
      A: 'posted',
      B: 'unknown',
      C: 'unknown',
    });
  });
});
