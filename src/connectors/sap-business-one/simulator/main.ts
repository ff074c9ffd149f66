import { parseArgs } from 'node:util';
import { startBusinessOneSimulator } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'exit-with-parent': { type: 'boolean', default: false },
  },
});

if (!/^\d{1,5}$/.test(values.port)) {
  process.stderr.write(`--port has to be a number, not '${values.port}'\n`);
  process.exit(2);
}

const simulator = await startBusinessOneSimulator({ port: Number.parseInt(values.port, 10) });
process.stdout.write(`${JSON.stringify({ listening: simulator.url })}\n`);

function leave(): void {
  void simulator.stop().then(() => process.exit(0));
}

process.once('SIGTERM', leave);
process.once('SIGINT', leave);
if (values['exit-with-parent']) {
  // The parent holds the other end of this pipe; when it dies, however it dies, the pipe ends.
  process.stdin.resume();
  process.stdin.once('end', leave);
}
