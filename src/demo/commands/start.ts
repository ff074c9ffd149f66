import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rememberServedAt } from '../../cli/served-at.ts';
import { type Command, exit, type Shell, UsageError } from '../../cli/shell.ts';
import { serve } from '../../main.ts';
import { keepTelling } from '../live.ts';
import { people } from '../people.ts';
import { builtWeb } from './built-web.ts';
import { DEMO_TENANT, type OpenDemo, openDemo } from './open-demo.ts';
import { seedFrom } from './seed.ts';

const DEFAULT_PORT = 4310;

export const start: Command = {
  usage: 'tiebeam start [--demo] [--port N] [--host ADDRESS] [--role web|worker] [--seed N] [--json]',
  summary:
    'Run the service and the web app; with --demo also the simulators, with a contractor at work in them.',
  flags: {
    demo: { type: 'boolean', help: 'simulators and an empty database of its own: nothing real is touched' },
    port: { type: 'string', help: `port of the web app (default ${DEFAULT_PORT})` },
    host: {
      type: 'string',
      help: 'address to listen on (default 127.0.0.1; put a TLS proxy before anything else)',
    },
    role: { type: 'string', help: 'only this role, to split the service over processes' },
    seed: { type: 'string', help: 'which contractor the demo shows (default 1)' },
  },
  async run(shell) {
    const port = Number(shell.flags.port ?? process.env.TIEBEAM_PORT ?? DEFAULT_PORT);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new UsageError('--port takes a number from 0 to 65535');
    await builtWeb(shell.root, shell.say);
    return shell.flags.demo === true ? startDemo(shell, port) : startService(shell, port);
  },
};

async function startService(shell: Shell, port: number): Promise<number> {
  const role = shell.flags.role;
  if (role !== undefined && role !== 'web' && role !== 'worker')
    throw new UsageError('--role is web or worker');
  const anchorMinutes = Number(process.env.TIEBEAM_ANCHOR_MINUTES ?? 5);
  if (!(anchorMinutes > 0 && anchorMinutes <= 1_440))
    throw new UsageError('TIEBEAM_ANCHOR_MINUTES is a number of minutes, at most a day');
  const house = await shell.open({ alone: true });
  const host = String(shell.flags.host ?? '127.0.0.1');
  const https = process.env.TIEBEAM_HTTPS === '1';
  const serving = await serve(house, {
    host,
    port,
    https,
    simulated: [],
    anchorEveryMs: anchorMinutes * 60_000,
    roles: role === undefined ? ['web', 'worker'] : [role],
  });
  const tenants = await house.engine.systems.tenants();
  if (serving.url !== '') await rememberServedAt(shell.dataDir, { url: serving.url, host, https });
  shell.print(
    shell.json ? JSON.stringify({ url: serving.url || null, tenants }) : running(serving.url, tenants),
  );
  await shell.until();
  shell.say('Stopping ...');
  await serving.stop();
  await house.close();
  return exit.ok;
}

function running(url: string, tenants: readonly string[]): string {
  const next =
    tenants.length === 0
      ? 'Nothing is connected yet: see docs/connect.md.'
      : `Tenants: ${tenants.join(', ')}. Sign in with: tiebeam sign-in-link EMAIL`;
  return `Tiebeam runs${url === '' ? '' : ` at ${url}`}.\n${next}`;
}

async function startDemo(shell: Shell, port: number): Promise<number> {
  const seed = seedFrom(shell.flags.seed, 1);
  const dataDir = process.env.TIEBEAM_DATA_DIR ?? join(shell.root, '.tiebeam', 'demo');
  await mkdir(dataDir, { recursive: true });
  const demo = await openOnFreePort(shell, {
    seed,
    dataDir,
    port,
    logLevel: process.env.TIEBEAM_LOG ?? 'silent',
    say: shell.say,
  });
  const links = await linksOf(demo);
  shell.print(
    shell.json ? JSON.stringify({ url: demo.serving.url, tenant: DEMO_TENANT, links }) : banner(demo, links),
  );
  const telling = keepTelling({
    baseUrl: demo.serving.url,
    world: demo.world,
    simulators: demo.simulators,
    seed,
    onProgress: shell.say,
  });
  await shell.until();
  shell.say('Stopping ...');
  await telling.stop();
  await demo.stop();
  return exit.ok;
}

/** Somebody may run something else on the usual port; the demo then takes any free one and says so. */
async function openOnFreePort(shell: Shell, options: Parameters<typeof openDemo>[0]): Promise<OpenDemo> {
  try {
    return await openDemo(options);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    shell.say(`Port ${options.port} is taken: using a free one.`);
    return openDemo({ ...options, port: 0 });
  }
}

async function linksOf(demo: OpenDemo) {
  const link = async (part: keyof typeof people) =>
    `${demo.serving.url}/sign-in?token=${await demo.token(part)}`;
  return {
    controller: await link('controller'),
    accountant: await link('accountant'),
    projectManager: await link('projectManager'),
    engineer: await link('engineer'),
  };
}

function banner(demo: OpenDemo, links: Awaited<ReturnType<typeof linksOf>>): string {
  const line = (part: keyof typeof links, does: string) =>
    `    ${people[part].name.padEnd(14)} ${does.padEnd(37)} ${links[part]}`;
  return [
    '',
    `  Tiebeam    ${demo.serving.url}`,
    '',
    '  Sign in once with one of these links (each works one time):',
    line('controller', 'controller: approves, ties out'),
    line('accountant', 'project accountant: coding, matches'),
    line('projectManager', 'project manager: sees where it is'),
    line('engineer', 'integration engineer: health, audit'),
    '',
    `  Simulated: Procore (${demo.simulators.procore.url}) and SAP Business One (${demo.simulators.businessOne.url}).`,
    `  Larkspur Builders is invented; nothing leaves this machine. Tenant: ${DEMO_TENANT}. Ctrl-C ends everything.`,
    '',
  ].join('\n');
}
