import { contentHash } from '../../domain/canonical.ts';
import type { Operation, PostedBase } from '../../domain/documents.ts';
import type { Outcome } from '../../domain/outcomes.ts';
import type { WireResponse, Write } from '../../domain/writes.ts';
import { classifyFailure, type LineKeyAt } from './errors.ts';
import { formHash, formOfBody } from './order-form.ts';
import { findByReference, standingOf, targetHashOfUpdate } from './order-probe.ts';
import { encodeCreate, encodeUpdate } from './purchase-order.ts';
import { encodeUserField, probeUserField, USER_FIELDS, userFieldId } from './user-fields.ts';
import { bodyOf, readCreated } from './wire.ts';

/** The requests that do an operation; none for what SAP Business One is not asked to do. */
export function writesFor(operation: Operation): readonly Write[] {
  switch (operation.kind) {
    case 'create-order': {
      const { body } = operation;
      return [
        {
          name: 'create-purchase-order',
          kind: 'create',
          object: 'purchase-order',
          reference: body.reference,
          targetHash: formHash(formOfBody(body)),
          encode: () => encodeCreate(body),
          probe: (read) => findByReference(read, body),
          classify: (response) => createOutcome(response, (place) => body.lines[place - 1]?.key),
        },
      ];
    }
    case 'update-order': {
      const { body, base } = operation;
      return [
        {
          name: 'update-purchase-order',
          kind: 'set',
          object: 'purchase-order',
          reference: body.reference,
          targetHash: targetHashOfUpdate(body, base),
          encode: ({ guard }) => encodeUpdate(body, base, guard),
          probe: (read) => standingOf(read, body, base),
          classify: (response) =>
            response.status === 204 || response.status === 200
              ? { kind: 'posted', id: base.id }
              : classifyFailure(response, (place) => keyOfRow(base, place)),
        },
      ];
    }
    case 'prepare-target':
      return USER_FIELDS.map((field) => ({
        name: `user-field-${field.name}`,
        kind: 'set',
        object: 'user-field',
        reference: userFieldId(field),
        targetHash: contentHash(field),
        encode: () => encodeUserField(field),
        probe: (read) => probeUserField(read, field),
        classify: (response) =>
          response.status === 201 ? { kind: 'posted', id: userFieldId(field) } : classifyFailure(response),
      }));
    case 'create-invoice':
    case 'link-vendor':
    case 'confirm-invoice':
    case 'record-payment':
    case 'confirm-order':
    case 'close-request':
      return [];
  }
}

/** A 201 may still be a draft only, where an approval procedure applies: the read-back tells. */
function createOutcome(response: WireResponse, keyAt: LineKeyAt): Outcome {
  if (response.status !== 201) return classifyFailure(response, keyAt);
  try {
    return { kind: 'posted', id: readCreated(bodyOf(response)).DocEntry };
  } catch {
    return { kind: 'unknown', why: 'the answer to a created order broke off' };
  }
}

/** Rows are never deleted, so the row at place n has the number n - 1; rows that the update adds are not known. */
function keyOfRow(base: PostedBase, place: number): string | undefined {
  return Object.entries(base.lineKeys).find(([, number]) => Number(number) === place - 1)?.[0];
}
