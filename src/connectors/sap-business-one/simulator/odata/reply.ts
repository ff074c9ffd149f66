import type { ServerResponse } from 'node:http';
import type { Answer } from '../service.ts';

/** Sends a reply of the service itself. */
export function send(res: ServerResponse, answer: Pick<Answer, 'status' | 'headers' | 'body'>): void {
  const payload = payloadOf(answer);
  res.writeHead(answer.status, headersOf(answer, payload.length));
  res.end(payload);
}

/** Sends a reply whose body ends too early; false when there was no body to cut. */
export function sendCut(res: ServerResponse, answer: Answer, cut: 'json' | 'connection'): boolean {
  const payload = payloadOf(answer);
  const half = payload.subarray(0, Math.floor(payload.length / 2));
  if (half.length === 0) {
    send(res, answer);
    return false;
  }
  res.writeHead(answer.status, headersOf(answer, cut === 'json' ? half.length : payload.length));
  if (cut === 'json') res.end(half);
  else res.write(half, () => res.destroy());
  return true;
}

/** Sends what the balancer in front of the service says, which is a page and not JSON. */
export function sendPage(
  res: ServerResponse,
  status: number,
  title: string,
  headers: Record<string, string> = {},
): void {
  const page = `<!DOCTYPE HTML><html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`;
  res.writeHead(status, { 'content-type': 'text/html; charset=iso-8859-1', ...headers });
  res.end(page);
}

export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  send(res, { status, headers: {}, body });
}

function payloadOf(answer: Pick<Answer, 'body' | 'headers'>): Buffer {
  if (answer.body === undefined) return Buffer.alloc(0);
  if (answer.body instanceof Buffer) return answer.body;
  if (answer.headers['content-type'] === 'text/plain') return Buffer.from(String(answer.body));
  return Buffer.from(JSON.stringify(answer.body));
}

function headersOf(answer: Pick<Answer, 'status' | 'headers'>, length: number) {
  if (answer.status === 204) return answer.headers;
  return { 'content-type': 'application/json;charset=utf-8', ...answer.headers, 'content-length': length };
}
