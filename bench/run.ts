import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

// Runs one bench by its name: every file beside this one is a bench, so a new one needs no entry anywhere.

const [name, ...rest] = process.argv.slice(2);
const benches = (await readdir(import.meta.dirname))
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const usage = `Usage: npm run bench -- NAME [options of that bench]\n\nBenches (bench/README.md says what each measures):\n${benches.map((bench) => `  ${bench}\n`).join('')}`;

if (name === '--help' || name === '-h') process.stdout.write(usage);
else if (name === undefined || !benches.includes(name)) {
  process.stderr.write(name === undefined ? usage : `There is no bench ${name}.\n\n${usage}`);
  process.exitCode = 2;
} else {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`), ...rest], {
    stdio: 'inherit',
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
