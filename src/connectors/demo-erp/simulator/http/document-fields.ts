import { z } from 'zod';
import type { ImportDocument } from '../billing/group-form.ts';
import type { LineError, World } from '../company/state.ts';
import { fault } from './line-error.ts';

/** Fields that a company has its documents bear besides Ledgerline's own: people make them, no import does. */
export const documentFieldSeed = {
  document_fields: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
        documents: z.array(z.enum(['order', 'invoice', 'sales-invoice', 'contract'])).min(1),
        type: z.enum(['text', 'date']),
        max_length: z.number().int().min(1).max(500),
      }),
    )
    .max(100)
    .default([]),
};

type Bearer = 'order' | 'invoice' | 'sales-invoice' | 'contract';

/** What bears them, under the name of what it becomes: a change is of its order, a bill is an invoice. */
const BEARERS: Readonly<Record<string, Bearer>> = {
  order: 'order',
  'order-change': 'order',
  requisition: 'order',
  invoice: 'invoice',
  'retainage-release': 'invoice',
  bill: 'invoice',
  'credit-memo': 'invoice',
  'sales-invoice': 'sales-invoice',
  'sales-release': 'sales-invoice',
  'contract-change': 'contract',
};

export function checkFields(world: World, document: ImportDocument): LineError[] {
  if (!('fields' in document)) return [];
  return Object.entries(document.fields ?? {}).flatMap(([name, value]): LineError[] => {
    const at = `fields.${name}`;
    const field = world.documentFields.find((each) => each.name === name);
    if (field === undefined || !field.documents.includes(BEARERS[document.type]!))
      return [fault(document, null, at, 'unknown', `${document.type} has no field ${name}`)];
    if ([...value].length > field.max_length)
      return [fault(document, null, at, 'too-long', `longer than ${field.max_length} characters`)];
    if (field.type === 'date' && !isDay(value))
      return [fault(document, null, at, 'not-a-date', `${value} is no date`)];
    return [];
  });
}

function isDay(value: string): boolean {
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === value;
}
