import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { actualsCommand } from './cli/actuals.ts';
import { adopt } from './cli/adopt.ts';
import { audit } from './cli/audit.ts';
import { check } from './cli/check.ts';
import { codesCommand } from './cli/codes.ts';
import { connectCommand } from './cli/connect.ts';
import { eventsCommand } from './cli/events.ts';
import { plan } from './cli/plan.ts';
import { recoverCommand } from './cli/recover.ts';
import { replay } from './cli/replay.ts';
import { review } from './cli/review.ts';
import { setUp } from './cli/set-up.ts';
import { type Command, exit, type Shell, UsageError } from './cli/shell.ts';
import { signInLink } from './cli/sign-in-link.ts';
import { supportBundleCommand } from './cli/support-bundle.ts';
import { sweepCommand } from './cli/sweep.ts';
import { sync } from './cli/sync.ts';
import { tieOutCommand } from './cli/tie-out.ts';
import { demo } from './demo/commands/demo.ts';
import { simulate } from './demo/commands/simulate.ts';
import { start } from './demo/commands/start.ts';
import { Stop } from './domain/posting/outcomes.ts';
import { systemClock } from './lib/clock.ts';
import { failPointFrom } from './lib/fail-point.ts';
import { openLog } from './lib/log.ts';
import { mailFrom } from './lib/mail.ts';
import { describeConnection, openHouse, systemForms } from './main.ts';

const commands: Readonly<Record<string, Command>> = {
  start,
  demo,
  connect: connectCommand,
  'set-up': setUp,
  check,
  plan,
  adopt,
  sync,
  sweep: sweepCommand,
  review,
  replay,
  'tie-out': tieOutCommand,
  actuals: actualsCommand,
  codes: codesCommand,
  events: eventsCommand,
  audit,
  recover: recoverCommand,
  'support-bundle': supportBundleCommand,
  simulate,
  'sign-in-link': signInLink,
};

const root = resolve(import.meta.dirname, '..');
const dataDir =
  process.env.TIEBEAM_DATA_DIR ??
  join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'tiebeam');

// Whoever reads only the first lines (`tiebeam plan | head`) has seen enough; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exit.ok);
  throw error;
});
process.exitCode = await run(process.argv.slice(2));
// Anything that still keeps the process alive has nothing left to do.
process.exit();

async function run(argv: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = argv;
  if (name === '--help' || name === '-h' || name === 'help') return help();
  const command = commands[name];
  if (command === undefined) {
    process.stderr.write(`There is no command "${name}".\n`);
    help(process.stderr);
    return exit.usage;
  }
  try {
    const { values, positionals } = parse(command, rest);
    if (values.help === true) return commandHelp(command);
    const surplus = positionals[command.words ?? 0];
    if (surplus !== undefined) throw new UsageError(`"${surplus}" is one word too many`);
    return await command.run(shellFor(values, positionals));
  } catch (error) {
    return explain(error, command);
  }
}

function parse(command: Command, argv: readonly string[]) {
  const flags = Object.fromEntries(Object.entries(command.flags).map(([name, { type }]) => [name, { type }]));
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      strict: true,
      options: { ...flags, help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node goes on with advice on positional arguments, which has nothing to do with ours.
    throw new UsageError(message.split('. ', 1)[0] ?? message);
  }
}

function shellFor(values: Shell['flags'], positionals: readonly string[]): Shell {
  const json = values.json === true;
  const isTerminal = process.stderr.isTTY === true && !json;
  return {
    words: positionals,
    flags: values,
    json,
    isTerminal,
    print: (text) => void process.stdout.write(`${text}\n`),
    say: (text) => {
      if (!json) process.stderr.write(`${text}\n`);
    },
    open: (options) => {
      const mail = mailFrom(process.env);
      return openHouse({
        join: options?.alone !== true,
        asItStands: options?.asItStands === true,
        ...(mail === null ? {} : { mail }),
        ...(process.env.DATABASE_URL ? { databaseUrl: process.env.DATABASE_URL } : {}),
        ...(process.env.TIEBEAM_SECRET_KEY ? { secretKey: process.env.TIEBEAM_SECRET_KEY } : {}),
        dataDir,
        anchors: {
          ...(process.env.TIEBEAM_ANCHORS ? { folder: process.env.TIEBEAM_ANCHORS } : {}),
          ...(process.env.TIEBEAM_ANCHOR_KEY ? { keyFile: process.env.TIEBEAM_ANCHOR_KEY } : {}),
          ...(process.env.TIEBEAM_ANCHOR_TRUST ? { trustFile: process.env.TIEBEAM_ANCHOR_TRUST } : {}),
        },
        clock: systemClock,
        log: openLog(process.env.TIEBEAM_LOG ?? 'warn'),
        pace: { pullEveryMs: 300_000, sweepEveryMs: 60_000 },
        failPoint: failPointFrom(process.env.TIEBEAM_FAIL_AT, () => process.kill(process.pid, 'SIGKILL')),
      });
    },
    describe: describeConnection,
    systems: systemForms(),
    root,
    dataDir,
    until: () =>
      new Promise((done) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
      }),
  };
}

function help(out: NodeJS.WriteStream = process.stdout): number {
  const lines = Object.values(commands).map(({ usage, summary }) => `  ${usage}\n      ${summary}`);
  out.write(
    `Tiebeam keeps Procore and the ERP tied out to the cent.\n\n${lines.join('\n')}\n\nExit codes: 0 ok, 1 found differences, 2 usage, 3 could not run.\n`,
  );
  return exit.ok;
}

function commandHelp({ usage, summary, flags }: Command): number {
  const lines = Object.entries(flags).map(
    ([name, flag]) => `  --${name}${flag.type === 'string' ? ' VALUE' : ''}\n      ${flag.help}`,
  );
  process.stdout.write(
    `${usage}\n\n${summary}\n\n${lines.join('\n')}\n  --json\n      print one JSON value instead of words\n`,
  );
  return exit.ok;
}

/** What happened, in one sentence, and what to do about it. */
function explain(error: unknown, command: Command): number {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UsageError) {
    process.stderr.write(`${message}\nUsage: ${command.usage}\n`);
    return exit.usage;
  }
  process.stderr.write(`Could not run: ${message}\n`);
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    process.stderr.write('What to do: choose another port with --port or TIEBEAM_PORT.\n');
  if (error instanceof Stop && error.remedy !== undefined)
    process.stderr.write(`What to do: ${error.remedy}\n`);
  if (process.env.TIEBEAM_LOG === 'debug' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exit.couldNotRun;
}
