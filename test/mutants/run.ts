import { parseArgs } from 'node:util';
import { catalogue } from './catalogue.ts';
import { type Hunted, hunt } from './hunt.ts';
import type { Mutant } from './mutant.ts';
import { sampleOf } from './sample.ts';

const USAGE = `npm run mutants -- [--only ID,ID] [--by simulation|tests] [--sample N --rotate N] [--histories N] [--json]
  Seeds faults into a copy of the source and says what noticed them. Exit 1 when one survived.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    by: { type: 'string' },
    sample: { type: 'string' },
    rotate: { type: 'string', default: '0' },
    histories: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

const wanted = values.only?.split(',');
const unknown = wanted?.filter((id) => !catalogue.some((mutant) => mutant.id === id)) ?? [];
if (unknown.length > 0) {
  process.stderr.write(`no such mutant: ${unknown.join(', ')}\n`);
  process.exit(2);
}
const named = catalogue.filter(
  ({ id, killedBy }) =>
    (wanted === undefined || wanted.includes(id)) && (values.by === undefined || killedBy.by === values.by),
);
const chosen =
  values.sample === undefined ? named : sampleOf(named, Number(values.sample), Number(values.rotate));

/** The same mutant, looked for in so many histories at most. */
function within(mutant: Mutant): Mutant {
  const { killedBy } = mutant;
  if (values.histories === undefined || killedBy.by !== 'simulation') return mutant;
  return { ...mutant, killedBy: { ...killedBy, histories: Number(values.histories) } };
}

const line = ({ id, killedBy, killed, histories, seconds, how }: Hunted) => {
  const took = histories === null ? `${seconds.toFixed(1)} s` : `${histories} histories`;
  return `${id.padEnd(34)} ${(killed ? killedBy : `SURVIVED ${killedBy}`).padEnd(34)} ${took.padEnd(18)} ${how.slice(0, 110)}`;
};
const results = await hunt(chosen.map(within), (hunted) => {
  if (!values.json) process.stdout.write(`${line(hunted)}\n`);
});
const survivors = results.filter(({ killed }) => !killed);
if (values.json)
  process.stdout.write(
    `${JSON.stringify({ killed: results.length - survivors.length, survived: survivors.length, mutants: results })}\n`,
  );
else process.stdout.write(`${results.length - survivors.length} of ${results.length} mutants killed\n`);
process.exit(survivors.length === 0 ? 0 : 1);
