import { type Command, exit, UsageError } from '../../cli/shell.ts';
import { startChild } from '../child-simulator.ts';
import { access } from '../people.ts';
import { demand } from '../simulator-calls.ts';
import { makeWorld } from '../world.ts';
import { seedFrom } from './seed.ts';

const systems: Readonly<Record<string, string>> = {
  procore: 'procore/simulator/main.ts',
  'sap-business-one': 'connectors/sap-business-one/simulator/main.ts',
  'demo-erp': 'connectors/demo-erp/simulator/main.ts',
};

export const simulate: Command = {
  usage: 'tiebeam simulate SYSTEM [--port N] [--seed N] [--json]',
  words: 1,
  summary: `Run one simulator, Procore and SAP Business One with the demo's contractor in them. SYSTEM is one of ${Object.keys(systems).join(', ')}.`,
  flags: {
    port: { type: 'string', help: 'port on loopback (default: any free one)' },
    seed: { type: 'string', help: 'which contractor (default 1)' },
  },
  async run(shell) {
    const [system = ''] = shell.words;
    const entry = systems[system];
    if (entry === undefined)
      throw new UsageError(
        system === ''
          ? 'say which system to simulate'
          : `there is no simulator of "${system}"; there are: ${Object.keys(systems).join(', ')}`,
      );
    const port = Number(shell.flags.port ?? 0);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new UsageError('--port takes a number from 0 to 65535');
    const world = makeWorld(seedFrom(shell.flags.seed, 1), new Date().toISOString().slice(0, 10));
    const child = await startChild(entry, port);
    try {
      if (system === 'procore') await demand('POST', `${child.url}/_sim/seed`, { body: world.procore });
      if (system === 'sap-business-one')
        await demand('POST', `${child.url}/_sim/seed`, { body: world.businessOne });
      const note = credentialsOf(system);
      shell.print(
        shell.json
          ? JSON.stringify({ system, url: child.url, ...note })
          : `${system} simulated at ${child.url}\n${Object.entries(note)
              .map(([name, value]) => `  ${name}: ${value}\n`)
              .join('')}Control plane: ${child.url}/_sim/state. Ctrl-C ends it.`,
      );
      await shell.until();
      return exit.ok;
    } finally {
      await child.stop();
    }
  },
};

/** What a connection file needs to reach it. Ledgerline starts empty: its seed says which key opens it. */
function credentialsOf(system: string): Readonly<Record<string, string>> {
  const { companyId, clientId, clientSecret, companyDb, userName, password } = access;
  if (system === 'procore') return { companyId: String(companyId), clientId, clientSecret };
  return system === 'sap-business-one' ? { companyDb, userName, password } : {};
}
