import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { expect, it } from 'vitest';

it('says where it listens, and ends when its parent is gone', async () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const simulator = spawn(process.execPath, [main, '--port', '0', '--exit-with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(createInterface({ input: simulator.stdout }), 'line');
    const { listening } = JSON.parse(String(line)) as { listening: string };
    expect(listening).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await request(`${listening}/_sim/state`)).statusCode).toBe(200);
    const ended = once(simulator, 'exit');
    simulator.stdin.end();
    expect(await ended).toEqual([0, null]);
  } finally {
    simulator.kill('SIGKILL');
  }
});
