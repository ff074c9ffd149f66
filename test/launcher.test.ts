import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// A copy of bin/ beside a stand-in for src/cli.ts, started by a Node that claims to be old.
let folder: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tiebeam-launcher-'));
  await cp('bin', join(folder, 'bin'), { recursive: true });
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(folder, 'pretend-old.cjs'),
    `if (process.env.TIEBEAM_LAUNCHED === undefined)
       Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });`,
  );
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const withNodeInstalled = () => symlink(resolve('node_modules'), join(folder, 'node_modules'));
const cli = (text: string) => writeFile(join(folder, 'src', 'cli.ts'), text);

function tiebeam(...args: string[]): ChildProcess {
  const preload = ['--require', join(folder, 'pretend-old.cjs')];
  const child = spawn(process.execPath, [...preload, join(folder, 'bin', 'tiebeam'), ...args]);
  started.push(child);
  return child;
}

async function outcome(
  child: ChildProcess,
): Promise<{ out: string; err: string; code: number | string | null }> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (part) => {
    out += part;
  });
  child.stderr?.on('data', (part) => {
    err += part;
  });
  const [code, signal] = await once(child, 'close');
  return { out, err, code: signal ?? code };
}

async function fileText(name: string): Promise<string> {
  for (let round = 0; round < 500; round++) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (text !== '') return text;
    await pause(20);
  }
  throw new Error(`${name} was not written within 10 s.`);
}

// Writes its process id when ready and leaves with code 7 on the signal it was told to expect.
const waiting = (signal: string) =>
  cli(`
  import { writeFileSync } from 'node:fs';
  const timer: NodeJS.Timeout = setInterval(() => {}, 1000);
  process.on('${signal}', () => { writeFileSync('${folder}/heard', '${signal}'); process.exit(7); });
  writeFileSync('${folder}/ready', String(process.pid));`);

describe('bin/tiebeam', () => {
  it('runs the TypeScript with the installed Node when started by an old one', async () => {
    await withNodeInstalled();
    await cli(`const args: string[] = process.argv.slice(2);
      console.log(process.versions.node.split('.')[0], args.join(), process.env.TIEBEAM_LAUNCHED ?? 'clean');
      process.exitCode = 2;`);
    const result = await outcome(tiebeam('plan', '--json'));
    expect(result).toEqual({ out: '24 plan,--json clean\n', err: '', code: 2 });
  });

  it('says what to do when no such Node is installed', async () => {
    await cli('');
    const result = await outcome(tiebeam('plan'));
    expect(result.code).toBe(3);
    expect(result.err).toContain('Run `npm ci`');
  });

  it('passes a signal on and returns the exit code of the service', async () => {
    await withNodeInstalled();
    await waiting('SIGTERM');
    const child = tiebeam('start');
    const ended = outcome(child);
    await fileText('ready');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(7);
  });

  it('ends by the same signal as the service', async () => {
    await withNodeInstalled();
    await waiting('SIGTERM');
    const ended = outcome(tiebeam('start'));
    process.kill(Number(await fileText('ready')), 'SIGKILL');
    expect((await ended).code).toBe('SIGKILL');
  });

  it('asks the service to stop when the launcher was killed without a word', async () => {
    await withNodeInstalled();
    await waiting('SIGTERM');
    const child = tiebeam('start');
    await fileText('ready');
    child.kill('SIGKILL');
    expect(await fileText('heard')).toBe('SIGTERM');
  });

  it('lets a finished command end although its launcher still waits', async () => {
    await withNodeInstalled();
    await cli(`console.log('done');`);
    expect(await outcome(tiebeam('check'))).toEqual({ out: 'done\n', err: '', code: 0 });
  });
});
