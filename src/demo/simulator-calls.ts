import type { ActInput } from '../connectors/sap-business-one/simulator/act.ts';
import type { FaultsInput } from '../connectors/sap-business-one/simulator/faults.ts';
import type { ProcoreAct } from '../procore/simulator/act.ts';
import type { FaultPlan } from '../procore/simulator/faults.ts';

const CALL_DEADLINE_MS = 10_000;

export class CallRefused extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(what: string, status: number, body: unknown) {
    super(`${what} answered ${status}: ${JSON.stringify(body)}`.slice(0, 600));
    this.status = status;
    this.body = body;
  }
}

/** A refusal, a cut connection or a late answer: under faults none of them is final. Anything else is our mistake. */
export function mayPass(error: unknown): error is Error {
  const isCut = error instanceof TypeError && error.message === 'fetch failed';
  const isLate = error instanceof DOMException && error.name === 'TimeoutError';
  return error instanceof CallRefused || isCut || isLate;
}

export type JsonAnswer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** One JSON call with a deadline; the caller judges the status. */
export async function callJson(
  method: string,
  url: string,
  options: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<JsonAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    signal: AbortSignal.timeout(CALL_DEADLINE_MS),
  });
  const text = await response.text();
  let body: unknown = text;
  try {
    body = text === '' ? null : JSON.parse(text);
  } catch {
    // Pages of a gateway are not JSON; whoever asked sees the text.
  }
  return { status: response.status, headers: response.headers, body };
}

/** A call that has to succeed. */
export async function demand(
  method: string,
  url: string,
  options: Parameters<typeof callJson>[2] = {},
): Promise<unknown> {
  const answer = await callJson(method, url, options);
  if (answer.status >= 300) throw new CallRefused(`${method} ${url}`, answer.status, answer.body);
  return answer.body;
}

/** What people do in Procore and in SAP Business One, through the control planes. */
export type Hands = {
  readonly inProcore: (act: ProcoreAct) => Promise<unknown>;
  readonly inBusinessOne: (act: ActInput) => Promise<unknown>;
};

export function hands(procoreUrl: string, businessOneUrl: string): Hands {
  return {
    inProcore: (act) => demand('POST', `${procoreUrl}/_sim/act`, { body: act }),
    inBusinessOne: (act) => demand('POST', `${businessOneUrl}/_sim/act`, { body: act }),
  };
}

export async function setFaults(
  urls: { readonly procore: string; readonly businessOne: string },
  plans: { readonly procore: FaultPlan; readonly businessOne: FaultsInput },
): Promise<void> {
  await demand('POST', `${urls.procore}/_sim/faults`, { body: plans.procore });
  await demand('POST', `${urls.businessOne}/_sim/faults`, { body: plans.businessOne });
}
