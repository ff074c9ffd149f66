import { parseArgs } from 'node:util';

export type Flags = {
  readonly count: number;
  readonly seed: number;
  readonly json: boolean;
  /** How many attacks run side by side, each with a server and simulators of its own. */
  readonly atOnce: number;
};

/** `--histories 10000 --seed 7 --at-once 2 --json`, for commands that attack so and so often. */
export function flagsOf(counted: 'histories' | 'runs', argv: readonly string[], usual: number): Flags {
  const usage = `Options: --${counted} N (usually ${usual}), --seed S, --at-once N (usually 1), --json\nExit code 0: nothing was broken, 1: something was, 2: usage.\n`;
  const values = parsed(counted, argv, usage);
  if (values.help === true) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const count = wholeNumber(counted, String(values[counted] ?? usual), 1_000_000);
  // A run that names no seed draws one and says it, so that it can be told again.
  const seed =
    values.seed === undefined
      ? Math.floor(Math.random() * 2 ** 31)
      : wholeNumber('seed', String(values.seed), 2 ** 32 - 1);
  const atOnce = wholeNumber('at-once', String(values['at-once'] ?? 1), 16);
  return { count, seed, json: values.json === true, atOnce: Math.max(1, atOnce) };
}

function parsed(counted: string, argv: readonly string[], usage: string) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        [counted]: { type: 'string' },
        seed: { type: 'string' },
        'at-once': { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exit(2);
  }
}

function wholeNumber(name: string, text: string, atMost: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= atMost) return value;
  process.stderr.write(`--${name} has to be a whole number up to ${atMost}, not "${text}"\n`);
  process.exit(2);
}

/** Progress for people who watch; never where the object of `--json` goes. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The one object of `--json`: how many violations, and what they are. */
export function printed(seed: number, result: { readonly violations: readonly string[] }): string {
  const { violations, ...rest } = result;
  return JSON.stringify({ seed, ...rest, violations: violations.length, findings: violations });
}
