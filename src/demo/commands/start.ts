import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, exit, type Shell, UsageError } from '../../cli/shell.ts';
import { serve } from '../../main.ts';
import { keepTelling } from '../live.ts';
import { people } from '../people.ts';
import { builtWeb } from './built-web.ts';
import { DEMO_TENANT, type OpenDemo, openDemo } from './open-demo.ts';

const DEFAULT_PORT = 4310;

export const start: Command = {
  usage: 'tiebeam start [--demo] [--port N] [--host ADDRESS] [--role web|worker]',
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
  const house = await shell.open({ alone: true });
  const serving = await serve(house, {
    host: String(shell.flags.host ?? '127.0.0.1'),
    port,
    https: process.env.TIEBEAM_HTTPS === '1',
    simulated: [],
    roles: role === undefined ? ['web', 'worker'] : [role],
  });
  const tenants = await house.engine.systems.tenants();
  shell.print(`Tiebeam runs${serving.url === '' ? '' : ` at ${serving.url}`}.`);
  shell.print(
    tenants.length === 0
      ? 'Nothing is connected yet: see docs/connect.md.'
      : `Tenants: ${tenants.join(', ')}. Sign in with: tiebeam sign-in-link EMAIL`,
  );
  await shell.until();
  shell.say('Stopping ...');
  await serving.stop();
  await house.close();
  return exit.ok;
}

async function startDemo(shell: Shell, port: number): Promise<number> {
  const dataDir = process.env.TIEBEAM_DATA_DIR ?? join(shell.root, '.tiebeam', 'demo');
  await mkdir(dataDir, { recursive: true });
  const seed = Number(shell.flags.seed ?? 1);
  const demo = await openOnFreePort(shell, {
    seed,
    dataDir,
    port,
    logLevel: process.env.TIEBEAM_LOG ?? 'silent',
    say: shell.say,
  });
  shell.print(await banner(demo));
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

async function banner(demo: OpenDemo): Promise<string> {
  const line = async (part: keyof typeof people, does: string) =>
    `    ${people[part].name.padEnd(14)} ${does.padEnd(34)} ${demo.serving.url}/sign-in?token=${await demo.token(part)}`;
  return [
    '',
    `  Tiebeam    ${demo.serving.url}`,
    '',
    '  Sign in once with one of these links (each works one time):',
    await line('controller', 'controller: approves, ties out'),
    await line('accountant', 'project accountant: coding, matches'),
    await line('projectManager', 'project manager: sees where it is'),
    await line('engineer', 'integration engineer: health, audit'),
    '',
    `  Simulated: Procore (${demo.simulators.procore.url}) and SAP Business One (${demo.simulators.businessOne.url}).`,
    `  Larkspur Builders is invented; nothing leaves this machine. Tenant: ${DEMO_TENANT}. Ctrl-C ends everything.`,
    '',
  ].join('\n');
}
