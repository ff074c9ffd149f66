import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

/**
 * Stands between the engine and the Procore simulator and changes what it shows. For contracts that the simulator
 * cannot make (sums it would not state, lines it would not lose) and for requests that Procore would never send.
 */
export async function startAlteredAnswers(upstream: string) {
  let change: (contract: Json) => Json = (contract) => contract;
  let changeRequest: (request: Json) => unknown = (request) => request;
  let hidden: number | null = null;
  let refused: readonly string[] = [];
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' && refused.some((part) => request.url?.includes(part))) {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end('{"errors":"You do not have permission"}');
      return;
    }
    if (hidden !== null && request.url?.includes(`_contracts/${hidden}?`)) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end('{"error":"Record not found"}');
      return;
    }
    const answer = await fetch(`${upstream}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headersOf(request),
      ...(request.method === 'GET' ? {} : { body: await textOf(request) }),
    });
    const text = await answer.text();
    const isContract = /\/(work_order|purchase_order)_contracts(\/\d+)?\?/.test(request.url ?? '');
    const isRequest = /\/erp_requests\/\d+$/.test(request.url ?? '');
    const isRead = answer.ok && request.method === 'GET';
    const body =
      isContract && isRead
        ? altered(text, hidden, change)
        : isRequest && isRead
          ? JSON.stringify(changeRequest(JSON.parse(text) as Json))
          : text;
    const kept = [...answer.headers].filter(([name]) => !['content-length', 'connection'].includes(name));
    response.writeHead(answer.status, Object.fromEntries(kept));
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    change(next: (contract: Json) => Json) {
      change = next;
    },
    /** What a request of the ERP tool is shown as; what is changed may be anything. */
    changeRequest(next: (request: Json) => unknown) {
      changeRequest = next;
    },
    /** A contract that Procore announced and does not show yet; null shows all. */
    hide(contract: number | null) {
      hidden = contract;
    },
    /** Writes whose address contains one of these are refused, as where a permission was taken away. */
    refuse(...parts: readonly string[]) {
      refused = parts;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type AlteredAnswers = Awaited<ReturnType<typeof startAlteredAnswers>>;

function altered(text: string, hidden: number | null, change: (contract: Json) => Json): string {
  const body = JSON.parse(text) as Json | Json[];
  return JSON.stringify(
    Array.isArray(body) ? body.filter(({ id }) => id !== hidden).map(change) : change(body),
  );
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const dropped = ['host', 'connection', 'content-length', 'transfer-encoding'];
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !dropped.includes(name) ? [[name, value]] : [],
    ),
  );
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}
