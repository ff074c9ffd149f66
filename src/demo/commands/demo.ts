import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, exit, UsageError } from '../../cli/shell.ts';
import { holds } from '../judge.ts';
import { runOnce } from '../once.ts';
import { openDemo } from './open-demo.ts';
import { seedFrom } from './seed.ts';

export const demo: Command = {
  usage: 'tiebeam demo --once [--seed N] [--json]',
  summary:
    'Play the whole story headless under random faults and judge it from the simulators. 0 only if all holds.',
  flags: {
    once: { type: 'boolean', help: 'play it once and end' },
    seed: { type: 'string', help: 'which story (default: a random one, printed)' },
  },
  async run(shell) {
    if (shell.flags.once !== true)
      throw new UsageError('say --once, or run `tiebeam start --demo` to look around');
    const seed = seedFrom(shell.flags.seed, Math.floor(Math.random() * 1_000_000));
    const dataDir = await mkdtemp(join(tmpdir(), 'tiebeam-once-'));
    // The database runs as another user than root and has to reach its own folder below this one.
    await chmod(dataDir, 0o755);
    try {
      const opened = await openDemo({
        seed,
        dataDir,
        port: 0,
        logLevel: process.env.TIEBEAM_LOG ?? 'silent',
        say: shell.say,
      });
      try {
        const tokens = {
          accountant: await opened.token('accountant'),
          controller: await opened.token('controller'),
          secondController: await opened.token('secondController'),
          projectManager: await opened.token('projectManager'),
          engineer: await opened.token('engineer'),
        };
        const result = await runOnce({
          baseUrl: opened.serving.url,
          tokens,
          seed,
          world: opened.world,
          simulators: opened.simulators,
          onProgress: shell.say,
        });
        shell.print(JSON.stringify(result, null, shell.json ? undefined : 2));
        const reasons = holds(result);
        for (const reason of reasons) process.stderr.write(`does not hold: ${reason}\n`);
        return reasons.length === 0 ? exit.ok : exit.found;
      } finally {
        await opened.stop();
      }
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};
