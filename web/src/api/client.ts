import type { Problem } from './types.ts';

/** The service answered with an error, or could not be reached at all (status 0). */
export class ApiFailure extends Error {
  readonly status: number;
  readonly problem: Problem | null;

  constructor(status: number, problem: Problem | null) {
    super(problem?.title ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

type Query = Record<string, string | undefined>;

/** Reads one address of the API. An undefined parameter is left out. */
export async function read<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const search = pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : '';
  return send<T>(`${path}${search}`, signal ? { signal } : {});
}

/** Asks the service to do something. The same key on a repeat means the same request, so it happens once. */
export async function act<T>(
  path: string,
  body: unknown,
  key: string,
  method: 'POST' | 'PUT' = 'POST',
): Promise<T> {
  return send<T>(path, {
    method,
    headers: { 'Content-Type': 'application/json', 'X-Tiebeam-Request': '1', 'Idempotency-Key': key },
    body: JSON.stringify(body),
  });
}

/** 128 random bits. `randomUUID` is missing when the page is served over plain HTTP on a local network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Has a file made that only this answer holds: a repeat makes another one, which does no harm. */
export async function makeFile(path: string, body: unknown): Promise<Blob> {
  const response = await answered(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Tiebeam-Request': '1' },
    body: JSON.stringify(body),
  });
  return response.blob();
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const text = await (await answered(path, init)).text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function answered(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiFailure(0, null);
  }
  if (response.ok) return response;
  throw new ApiFailure(response.status, problemOf(await response.text()));
}

export function problemOf(text: string): Problem | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'title' in value ? (value as Problem) : null;
  } catch {
    return null;
  }
}
