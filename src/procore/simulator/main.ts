import { parseArgs } from 'node:util';
import { startProcoreSimulator } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'exit-with-parent': { type: 'boolean', default: false },
  },
});

const simulator = await startProcoreSimulator({ port: Number(values.port) });
process.stdout.write(`${JSON.stringify({ listening: simulator.url })}\n`);

const leave = () => {
  void simulator.stop().then(() => process.exit(0));
};
process.once('SIGTERM', leave);
process.once('SIGINT', leave);
if (values['exit-with-parent']) {
  process.stdin.once('end', leave);
  process.stdin.once('close', leave);
  process.stdin.resume();
}
