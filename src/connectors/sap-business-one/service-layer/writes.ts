import type { Operation, PostedBase, PurchaseOrderLine } from '../../../domain/documents.ts';
import type { Write } from '../../../domain/posting/writes.ts';
import { contentHash } from '../../../domain/values/canonical.ts';
import type { NewVendorCode, PaymentBlocking, PaymentSetting, RetainageTax } from '../config.ts';
import { attachFiles } from '../files/attach-files.ts';
import { createInvoice } from '../invoices/invoice-writes.ts';
import { setPaymentHold } from '../invoices/payment-block.ts';
import { createProject } from '../masters/new-project.ts';
import { createVendor } from '../masters/new-vendor.ts';
import { formHash, formOfBody } from '../orders/order-form.ts';
import { findByReference, standingOf, targetHashOfUpdate } from '../orders/order-probe.ts';
import { encodeCreate, encodeUpdate } from '../orders/purchase-order.ts';
import { createRequisition } from '../orders/purchase-request.ts';
import { createVendorPayment } from '../payments/vendor-payments.ts';
import { createOutcome } from './create-outcome.ts';
import { classifyFailure, type LinePathAt } from './errors.ts';
import {
  encodeUserField,
  probeUserField,
  userFieldId,
  userFieldsFor,
  userFieldWrite,
} from './user-fields.ts';

/** The requests that do an operation; none for what SAP Business One is not asked to do. */
export function writesFor(
  operation: Operation,
  config: RetainageTax & NewVendorCode & PaymentSetting & PaymentBlocking,
): readonly Write[] {
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
          classify: (response) => createOutcome(response, 'order', pathsOf(body.lines)),
        },
      ];
    }
    case 'create-requisition': {
      const { body, requiredDate } = operation;
      return [createRequisition(body, requiredDate, pathsOf(body.lines))];
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
              : classifyFailure(response, (place) => pathOfRow(base, place)),
        },
      ];
    }
    case 'prepare-target':
      return userFieldsFor(config).map((field) => ({
        name: userFieldWrite(field),
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
    case 'create-direct-invoice':
    case 'create-vendor-credit':
    case 'create-ar-invoice':
      return [createInvoice(operation.body, config)];
    case 'create-vendor-payment':
      return [createVendorPayment(operation.body, config)];
    case 'create-vendor':
      return [createVendor(operation.body, config)];
    case 'create-project':
      return [createProject(operation.body)];
    case 'attach-files':
      return attachFiles(operation);
    case 'set-payment-hold':
      return [setPaymentHold(operation, config)];
    default:
      return [];
  }
}

function pathsOf(lines: readonly PurchaseOrderLine[]): LinePathAt {
  const paths = lines.map(({ key }) => `lines[${key}]`);
  return (place) => paths[place - 1];
}

/** Rows are never deleted, so the row at place n has the number n - 1; rows that the update adds are not known. */
function pathOfRow(base: PostedBase, place: number): string | undefined {
  const key = Object.entries(base.lineKeys).find(([, number]) => Number(number) === place - 1)?.[0];
  return key === undefined ? undefined : `lines[${key}]`;
}
