import { INVARIANTS } from '../checker/tally.ts';
import { catalogue } from '../simulation/faults.ts';
import type { Kept, Printed } from './kept.ts';
import { otherFaults } from './other-faults.ts';

/** The tables of docs/what-we-promise.md, each made from the results alone. */
export const tables: Readonly<Record<string, (kept: ReadonlyMap<string, Kept>) => string>> = {
  runs: (kept) => {
    const rows = ['simulate', 'postgres', 'kills'].flatMap((name) => {
      const one = kept.get(name);
      return one === undefined ? [] : [runRow(name, one)];
    });
    const head = ['run', 'how many', 'violations', 'at most, with 95 %', 'when, on what'];
    return [table(head, rows), invariants(kept)].filter((part) => part !== '').join('\n\n');
  },
  faults: (kept) => {
    const simulated = kept.get('simulate')?.result.faults ?? {};
    const real = kept.get('postgres')?.result.faults ?? {};
    const killed = kept.get('kills')?.result.kills ?? {};
    return [
      `In the simulation, by the ids of our fault model:\n\n${table(
        ['fault', 'what happens', 'injected', 'reached'],
        rowsOf(simulated, (id) => [id, words(id)]),
      )}`,
      `On real PostgreSQL and real processes:\n\n${table(
        ['fault', 'injected', 'reached'],
        rowsOf(real, (id) => [id]),
      )}`,
      `Killed with \`kill -9\`:\n\n${table(
        ['where', 'armed', 'killed there'],
        rowsOf(killed, (id) => [id]),
      )}`,
      `What no attack draws. Each row names the tests that hold it, or says what is absent:\n\n${table(
        ['fault', 'what happens', 'held by'],
        otherFaults.map(({ id, says, tests = [], absent }) => [
          id,
          says,
          [
            ...tests.map((test) => `[${test.split('/').at(-1)}](../${test})`),
            ...(absent === undefined ? [] : [`absent: ${absent}`]),
          ].join(', '),
        ]),
      )}`,
    ].join('\n\n');
  },
  mutants: (kept) => {
    const mutants = kept.get('mutants')?.result.mutants ?? [];
    const head = ['fault put into the product', 'killed by', 'after'];
    const rows = mutants.map(({ says, killed, killedBy, histories, seconds }) => [
      says,
      killed ? killedBy : '**survived**',
      histories == null ? `${Math.round(seconds ?? 0)} s` : `${grouped(histories)} histories`,
    ]);
    if (rows.length === 0) return table(head, rows);
    const dead = mutants.filter(({ killed }) => killed).length;
    return `${dead} of ${mutants.length} were killed.${stamp(kept.get('mutants'))}\n\n${table(head, rows)}`;
  },
  bench: (kept) => {
    const rows = (kept.get('bench')?.result.benches ?? []).map(
      ({ name, title, ratio, interval, target, met }) => [
        name,
        title,
        `**${ratio}**`,
        interval.join(' to '),
        `${target}: ${met ? 'met' : '**missed**'}`,
      ],
    );
    const head = ['bench', 'what is compared', 'ratio', '95 % interval', 'wanted'];
    return `${table(head, rows)}${stamp(kept.get('bench'), '\n\n')}`;
  },
};

function runRow(name: string, { result, commit, date, machine, seconds, command }: Kept): string[] {
  const n = result.histories ?? result.runs ?? 0;
  const violations = count(result.violations);
  const bound = violations === 0 && n > 0 ? `${(3 / n).toExponential(0)} a history` : 'see the findings';
  const { cores, cpu, node } = machine;
  const where = `${date}, commit ${commit}, ${cores} cores (${cpu}), Node ${node.slice(1)}, ${minutes(seconds)}`;
  return [`${name}: \`${command}\``, grouped(n), grouped(violations), bound, where];
}

/** How often each invariant was judged, over the runs together; one that was never judged is absent. */
function invariants(kept: ReadonlyMap<string, Kept>): string {
  if (![...kept.values()].some(({ result }) => result.invariants)) return '';
  const cell = (run: string, name: string) => {
    const one = kept.get(run)?.result.invariants?.[name];
    if (one === undefined || one.judged === 0) return 'absent';
    return one.violated === 0 ? grouped(one.judged) : `**${one.violated} violated** of ${one.judged}`;
  };
  const runs = ['simulate', 'postgres', 'kills'].filter((run) => kept.get(run)?.result.invariants);
  return `How often each invariant was judged:\n\n${table(
    ['invariant', ...runs],
    INVARIANTS.map((name) => [name, ...runs.map((run) => cell(run, name))]),
  )}`;
}

function rowsOf(counts: NonNullable<Printed['faults']>, head: (id: string) => string[]): string[][] {
  return Object.entries(counts).map(([id, { injected, reached }]) => [
    ...head(id),
    grouped(injected),
    grouped(reached),
  ]);
}

function words(id: string): string {
  return (catalogue as Readonly<Record<string, string>>)[id] ?? '';
}

function stamp(kept: Kept | undefined, before = ' '): string {
  if (kept === undefined) return '';
  const { commit, date, machine, seconds } = kept;
  return `${before}Commit ${commit}, ${date}, ${machine.cores} cores (${machine.cpu}), ${minutes(seconds)}.`;
}

function minutes(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function count(violations: Printed['violations']): number {
  return typeof violations === 'number' ? violations : (violations?.length ?? 0);
}

function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '_Not run yet._';
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
