import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { encoded, readBody, send } from './http/http-io.ts';
import { newStage, type Stage, simAnswer } from './sim-routes.ts';
import { simClock } from './state.ts';

export type SimulatorOptions = {
  /** 0 takes any free port. */
  port: number;
  /** Milliseconds since 1970; /_sim/clock pushes it forward. */
  clock?: () => number;
};

export type RunningSimulator = { url: string; stop(): Promise<void> };

/** Starts an empty Procore zone on the loopback address. */
export async function startProcoreSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const stage = newStage(simClock(options.clock ?? Date.now));
  const server = createServer((request, response) => {
    serve(stage, request, response).catch((error: unknown) => {
      process.stderr.write(`procore simulator: ${error instanceof Error ? error.stack : String(error)}\n`);
      if (!response.headersSent) send(response, encoded({ status: 500, body: { error: 'simulator bug' } }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        stage.exchange.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  if (path.startsWith('/_sim/')) {
    const body = await readBody(request);
    const answer =
      body === null
        ? { status: 413, body: { error: 'too large' } }
        : simAnswer(stage, request.method ?? 'GET', path, body.toString('utf8'));
    send(response, encoded(answer));
    return;
  }
  await stage.exchange.handle(request, response, path, mark === -1 ? '' : target.slice(mark + 1));
}
