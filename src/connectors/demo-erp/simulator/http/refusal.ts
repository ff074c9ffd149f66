import type { Answer } from './sim-routes.ts';

export function refusal(status: number, code: string, message: string, details: unknown[] = []): Answer {
  return { status, body: { error: { code, message, details } } };
}
