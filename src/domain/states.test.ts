import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  documentWaits,
  lowerPhase,
  machines,
  move,
  type Phase,
  postingDone,
  postingInFlight,
} from './states.ts';

const schema = readFileSync(new URL('../../migrations/0002-core.sql', import.meta.url), 'utf8');

/** The values that a check constraint of one column allows, as the migration writes them. */
function allowedBySchema(table: string, column: string): string[] {
  const body = new RegExp(`create table ${table} \\(([\\s\\S]*?)\\n\\);`).exec(schema)?.[1] ?? '';
  const check = new RegExp(`check \\(${column} in \\(([^)]*)\\)`).exec(body)?.[1] ?? '';
  return [...check.matchAll(/'([^']+)'/g)].map((match) => match[1]!).sort();
}

describe('the tables of moves', () => {
  it.each([
    ['document', 'document', 'state'],
    ['posting', 'posting', 'state'],
    ['signal', 'signal', 'state'],
    ['request-item', 'request_item', 'state'],
    ['review', 'review_item', 'state'],
    ['phase', 'connection', 'phase'],
    ['phase', 'project_phase', 'phase'],
  ] as const)('know the same states of a %s as the table %s', (machine, table, column) => {
    expect(allowedBySchema(table, column)).toEqual(Object.keys(machines[machine]).sort());
  });

  it.each(Object.entries(machines))('lead to states of a %s that exist', (_name, moves) => {
    const states = Object.keys(moves);
    for (const next of Object.values(moves).flat()) expect(states).toContain(next);
  });
});

describe('move', () => {
  const every = Object.entries(machines).flatMap(([machine, moves]) =>
    Object.entries(moves).flatMap(([from, allowed]: [string, readonly string[]]) =>
      Object.keys(moves).map((to) => ({ machine, from, to, ok: from === to || allowed.includes(to) })),
    ),
  );

  it('allows what the tables list and throws for everything else', () => {
    const differs = every.filter(({ machine, from, to, ok }) => {
      const go = () =>
        move<'posting', string & 'ready'>(machine as 'posting', from as 'ready', to as 'ready');
      try {
        return go() !== to || !ok;
      } catch {
        return ok;
      }
    });
    expect(differs).toEqual([]);
    expect(every.length).toBeGreaterThan(300);
  });

  it.each([
    ['posting', 'posted'],
    ['posting', 'adopted'],
    ['posting', 'cancelled'],
    ['document', 'detached'],
    ['review', 'approved'],
    ['review', 'rejected'],
    ['request-item', 'succeeded'],
    ['signal', 'taken'],
  ])('lets no %s out of %s: what is over stays over', (machine, terminal) => {
    const out = every.filter((one) => one.machine === machine && one.from === terminal && one.ok);
    expect(out.map(({ to }) => to)).toEqual([terminal]);
  });

  it('never goes straight to posted without a send', () => {
    const into = every.filter(
      ({ machine, from, to, ok }) => machine === 'posting' && to === 'posted' && from !== to && ok,
    );
    expect(into.map(({ from }) => from)).toEqual(['sent', 'accepted']);
  });

  it('names the machine and both states when it refuses', () => {
    expect(() => move('posting', 'posted', 'intended')).toThrow(
      'a posting cannot move from posted to intended',
    );
  });
});

describe('the sets', () => {
  it('call no posting both in flight and done', () => {
    for (const state of postingDone) expect(postingInFlight.has(state)).toBe(false);
  });

  it('hold every posting state in which an effect may exist or come into being', () => {
    const safe = Object.keys(machines.posting).filter((state) => !postingInFlight.has(state as 'ready'));
    expect(safe.sort()).toEqual(['adopted', 'cancelled', 'posted', 'ready', 'refused']);
  });

  it('let no document wait that is on its way or over', () => {
    for (const state of ['posting', 'posted', 'confirmed', 'withdrawn', 'detached'] as const)
      expect(documentWaits.has(state)).toBe(false);
  });
});

describe('lowerPhase', () => {
  it('is the more careful of both, whichever comes first', () => {
    const order: Phase[] = ['read-only', 'one-way', 'bidirectional'];
    for (const [i, a] of order.entries())
      for (const [j, b] of order.entries()) expect(lowerPhase(a, b)).toBe(order[Math.min(i, j)]);
  });
});
