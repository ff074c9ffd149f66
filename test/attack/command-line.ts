import { parseArgs } from 'node:util';

export type Flags = { readonly count: number; readonly seed: number; readonly json: boolean };

/** `--histories 10000 --seed 7 --json`, for commands that attack so and so often. */
export function flagsOf(counted: 'histories' | 'runs', argv: readonly string[], usual: number): Flags {
  const { values } = parseArgs({
    args: [...argv],
    strict: true,
    options: {
      [counted]: { type: 'string', default: String(usual) },
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const count = wholeNumber(counted, String(values[counted]), 1_000_000);
  // A run that names no seed draws one and says it, so that it can be told again.
  const seed =
    values.seed === undefined
      ? Math.floor(Math.random() * 2 ** 31)
      : wholeNumber('seed', String(values.seed), 2 ** 32 - 1);
  return { count, seed, json: values.json === true };
}

function wholeNumber(name: string, text: string, atMost: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= atMost) return value;
  process.stderr.write(`--${name} has to be a whole number up to ${atMost}, not "${text}"\n`);
  process.exit(2);
}

/** Progress for people who watch; none into a pipe that reads JSON. */
export function progress(json: boolean): (line: string) => void {
  return (line) => {
    if (!json) process.stderr.write(`${line}\n`);
  };
}

/** The one object of `--json`: how many violations, and what they are. */
export function printed(seed: number, result: { readonly violations: readonly string[] }): string {
  const { violations, ...rest } = result;
  return JSON.stringify({ seed, ...rest, violations: violations.length, findings: violations });
}
