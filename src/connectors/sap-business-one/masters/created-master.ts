import type { Outcome } from '../../../domain/posting/outcomes.ts';
import type { WireResponse } from '../../../domain/posting/writes.ts';
import { classifyFailure } from '../service-layer/errors.ts';
import { bodyOf, isFields } from '../service-layer/wire.ts';

/** Vendors and projects have no drafts: what was created is answered with its key. */
export function createdMaster(response: WireResponse, what: 'vendor' | 'project', key: string): Outcome {
  if (response.status !== 201) return classifyFailure(response, () => undefined, what);
  const broken: Outcome = { kind: 'unknown', why: `the answer to a created ${what} broke off` };
  try {
    const body = bodyOf(response);
    const id = isFields(body) ? body[key] : undefined;
    return typeof id === 'string' && id !== '' ? { kind: 'posted', id } : broken;
  } catch {
    return broken;
  }
}
