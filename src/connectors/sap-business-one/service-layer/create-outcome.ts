import type { Outcome } from '../../../domain/posting/outcomes.ts';
import type { WireResponse } from '../../../domain/posting/writes.ts';
import { classifyFailure, type DocumentName, type LinePathAt } from './errors.ts';
import { bodyOf, readCreated } from './wire.ts';

/** A 201 may still be a draft only, where an approval procedure applies: the read-back tells. */
export function createOutcome(response: WireResponse, document: DocumentName, pathAt: LinePathAt): Outcome {
  if (response.status !== 201) return classifyFailure(response, pathAt, document);
  try {
    return { kind: 'posted', id: readCreated(bodyOf(response)).DocEntry };
  } catch {
    return { kind: 'unknown', why: `the answer to a created ${document} broke off` };
  }
}
