import type { Part } from './people.ts';
import { CallRefused, callJson, type JsonAnswer } from './simulator-calls.ts';

/** One-time sign-in tokens, by the part a person plays. */
export type Tokens = Readonly<Partial<Record<Part, string>>>;

/** A signed-in person at the HTTP API. */
export type Session = {
  /** Any status; the caller judges it. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<JsonAnswer>;
  /** A call that has to succeed. */
  readonly demand: (method: string, path: string, body?: unknown) => Promise<unknown>;
};

/** Signs in with a one-time link, as the person would who clicks it. */
export async function signIn(baseUrl: string, token: string): Promise<Session> {
  const api = `${baseUrl.replace(/\/$/, '')}/api/v1`;
  const mark = { 'x-tiebeam-request': '1' };
  const entered = await callJson('POST', `${api}/sign-in/link`, { body: { token }, headers: mark });
  if (entered.status >= 300) throw new CallRefused('the sign-in by link', entered.status, entered.body);
  const cookie = entered.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
  const headers = { ...mark, cookie };
  const call: Session['call'] = (method, path, body) =>
    callJson(method, `${api}${path}`, body === undefined ? { headers } : { headers, body });
  return {
    call,
    demand: async (method, path, body) => {
      const answer = await call(method, path, body);
      if (answer.status >= 300) throw new CallRefused(`${method} ${path}`, answer.status, answer.body);
      return answer.body;
    },
  };
}

/** The session of a part; the story cannot be told without it. */
export async function signInAs(baseUrl: string, tokens: Tokens, part: Part): Promise<Session> {
  const token = tokens[part];
  if (token === undefined) throw new Error(`no sign-in token for the ${part}`);
  return signIn(baseUrl, token);
}
