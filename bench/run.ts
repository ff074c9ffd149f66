import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Finding } from './measure/ratio.ts';

// Every file beside this one is a bench, so a new one needs no entry anywhere. Those that print a finding stand in the
// table, named by the part of the file before the first hyphen; `line` and `sweep` print reports of their own.

const REPORTS = new Set(['line', 'sweep']);
const USAGE = `Usage: npm run bench [-- --quick] [--only NAME[,NAME]] [--json]
       npm run bench -- NAME [options of that bench]

Without a name all findings are measured and shown as a table. --quick takes few repeats: a smoke test.
bench/README.md says what each measures.

`;

const files = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts' && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en', { numeric: true }));
const usage = `${USAGE}${files.map((file) => `  ${REPORTS.has(file) ? file : nameOf(file)}\n`).join('')}`;
const [first] = process.argv.slice(2);

if (first !== undefined && REPORTS.has(first)) process.exitCode = await report(first, process.argv.slice(3));
else process.exitCode = await table();

async function table(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      json: { type: 'boolean' },
      quick: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const wanted = [...positionals, ...(values.only?.split(',') ?? [])].map((name) => name.toLowerCase());
  const known = files.filter((file) => !REPORTS.has(file));
  const unknown = wanted.find((name) => !known.some((file) => nameOf(file).toLowerCase() === name));
  if (unknown !== undefined) {
    process.stderr.write(`There is no bench ${unknown}.\n\n${usage}`);
    return 2;
  }
  const chosen = known.filter((file) => wanted.length === 0 || wanted.includes(nameOf(file).toLowerCase()));
  let missed = 0;
  for (const file of chosen) {
    const finding = await measured(file, values.quick === true);
    if (finding === null || !finding.met) missed += 1;
    if (values.json)
      process.stdout.write(`${JSON.stringify(finding ?? { name: nameOf(file), ratio: null })}\n`);
    else process.stdout.write(`${finding === null ? `${nameOf(file)}  did not run` : line(finding)}\n`);
  }
  return missed === 0 ? 0 : 1;
}

function nameOf(file: string): string {
  const [name = file] = file.split('-');
  return /^b\d+$/.test(name) ? name.toUpperCase() : name;
}

function line({ name, ratio, interval, target, met, title }: Finding): string {
  const found = `${ratio} (${interval.join(' to ')})`;
  return `${name.padEnd(7)} ${found.padEnd(24)} ${met ? 'met   ' : 'missed'} ${target.padEnd(38)} ${title}`;
}

/** Each in a process of its own, one after the other: none is measured while another one runs. */
async function measured(file: string, quick: boolean): Promise<Finding | null> {
  const args = [join(import.meta.dirname, `${file}.ts`), '--json', ...(quick ? ['--quick'] : [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8');
  for await (const part of child.stdout) said += part;
  const last = said.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(last) as Finding;
  } catch {
    return null;
  }
}

function report(name: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...args], {
    stdio: 'inherit',
  });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}
