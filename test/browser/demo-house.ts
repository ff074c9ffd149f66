import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenDemo, openDemo } from '../../src/demo/commands/open-demo.ts';
import { keepTelling } from '../../src/demo/live.ts';
import { buildWeb } from './built-web.ts';

const SEED = 1;

export interface DemoHouse {
  demo: OpenDemo;
  url: string;
  stop(): Promise<void>;
}

export interface DemoHouseOptions {
  /** New commitments after the first wave; none leaves the house to the one who looks at it. */
  maxDocuments: number;
  everyMs?: number;
  say?: (text: string) => void;
}

/** The whole demo in this process: database, simulators, service, today's web app, and the first wave sent. */
export async function openDemoHouse({
  say = () => undefined,
  ...live
}: DemoHouseOptions): Promise<DemoHouse> {
  await buildWeb(say);
  const dataDir = await mkdtemp(join(tmpdir(), 'tiebeam-browser-'));
  // The database runs as another user than root and has to reach its own folder below this one.
  await chmod(dataDir, 0o755);
  const remove = () => rm(dataDir, { recursive: true, force: true });
  try {
    const demo = await openDemo({ seed: SEED, dataDir, port: 0, logLevel: 'silent', say });
    const { world, simulators, serving } = demo;
    const telling = keepTelling({
      ...live,
      baseUrl: serving.url,
      world,
      simulators,
      seed: SEED,
      onProgress: say,
    });
    const stop = async () => {
      await telling.stop();
      await demo.stop();
      await remove();
    };
    return { demo, url: serving.url, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}
