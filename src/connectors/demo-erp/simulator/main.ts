import { parseArgs } from 'node:util';
import { startDemoErpSimulator } from './http/server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'exit-with-parent': { type: 'boolean', default: false },
  },
});

const simulator = await startDemoErpSimulator({ port: Number(values.port) });
process.stdout.write(`${JSON.stringify({ listening: simulator.url })}\n`);

async function stop(): Promise<void> {
  await simulator.stop();
  process.exit(0);
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (values['exit-with-parent']) {
  // The pipe closes however the parent dies, also by kill -9.
  process.stdin.on('end', stop).on('error', stop).resume();
}
