import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './router.ts';

/** Larger than any allowed sync call of 1,000 rows. */
export const BODY_MAX_BYTES = 16 * 1_024 * 1_024;

export type SentAnswer = { status: number; headers: Record<string, string>; bytes: Buffer };

/** The whole body, or null when it is larger than the bound. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined) {
    return Buffer.alloc(0);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= BODY_MAX_BYTES) chunks.push(bytes);
  }
  return size > BODY_MAX_BYTES ? null : Buffer.concat(chunks);
}

/** Bytes leave as they are, a string as text, everything else as JSON; bigints leave as their decimal text. */
export function encoded(answer: Answer): SentAnswer {
  if (Buffer.isBuffer(answer.body)) {
    return { status: answer.status, headers: { ...answer.headers }, bytes: answer.body };
  }
  const plain = typeof answer.body === 'string';
  const text = typeof answer.body === 'string' ? answer.body : jsonText(answer.body ?? {});
  return {
    status: answer.status,
    headers: {
      'Content-Type': plain ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
      ...answer.headers,
    },
    bytes: Buffer.from(text, 'utf8'),
  };
}

export function send(response: ServerResponse, answer: SentAnswer): void {
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': answer.bytes.length });
  response.end(answer.bytes);
}

/** Status, headers and half of the body, then the connection is gone. */
export function sendHalf(response: ServerResponse, answer: SentAnswer): void {
  const { bytes } = answer;
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': bytes.length });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
}

/** Asking a function for each value takes most of the time, and few answers hold a bigint. */
function jsonText(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(body, jsonValue);
  }
}

function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
