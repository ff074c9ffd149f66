import { expect, test } from 'vitest';
import { constraints as businessOne } from '../../connectors/sap-business-one/constraints.ts';
import type { OperationKind } from '../../domain/documents.ts';
import { type MetadataFacts, metadataDocument } from './metadata.ts';

const facts: MetadataFacts = {
  name: 'SAP Business One',
  constraints: businessOne,
  supports: new Set<OperationKind>(['create-order', 'update-order', 'create-invoice', 'create-ar-invoice']),
  pulls: new Set(['vendor', 'payment', 'journal']),
  carries: (object) => object !== 'owner-invoice',
};

type Entity = {
  enabled: boolean;
  configs: Record<string, unknown>;
  rules?: { export: { fields: Record<string, unknown> } };
};
const entities = (change: Partial<MetadataFacts> = {}) => {
  const { settings } = metadataDocument({ ...facts, ...change }) as unknown as {
    settings: { entities: Record<string, Entity> };
  };
  return settings.entities;
};

test('carries each limit of the ERP that a person can meet, in words that name the ERP', () => {
  const { commitments, commitment_items } = entities();
  expect(commitments!.rules!.export.fields.number).toEqual({
    enabled: true,
    validation: {
      max_length: {
        enabled: true,
        length: 100,
        message:
          'SAP Business One holds at most %{length} characters of the number of a commitment: shorten it.',
      },
      present: {
        enabled: true,
        message: 'SAP Business One takes nothing without the number of a commitment.',
      },
    },
  });
  expect(commitment_items!.rules!.export.fields.amount).toMatchObject({
    validation: { max_length_decimal: { length: 2 } },
  });
});

test('asks nobody for the number of an invoice that is made up where there is none', () => {
  const { invoice_number } = entities().requisitions!.rules!.export.fields;
  expect(invoice_number).toMatchObject({ validation: { max_length: { length: 100 } } });
  expect(invoice_number).not.toHaveProperty('validation.present');
});

test('a limit that moves in the table moves in the document', () => {
  const moved = businessOne.map((each) =>
    each.field === 'number' && 'limit' in each ? { ...each, limit: 40 } : each,
  );
  expect(entities({ constraints: moved }).commitments!.rules!.export.fields.number).toMatchObject({
    validation: { max_length: { length: 40 } },
  });
});

test('offers only what is carried here and what the ERP can be sent, and names all other entities as off', () => {
  const small = entities({ supports: new Set(['create-order']), pulls: new Set() });
  expect(small.commitments).toMatchObject({
    enabled: true,
    configs: { export: { create: true, update: false } },
  });
  expect([small.requisitions!.enabled, small.vendors!.enabled]).toEqual([false, false]);
  const on = Object.entries(entities()).flatMap(([name, { enabled }]) => (enabled ? [name] : []));
  expect(on).toEqual([
    'vendors',
    'commitments',
    'commitment_items',
    'commitment_change_orders',
    'commitment_change_order_items',
    'requisitions',
    'contract_payments',
    'job_costs',
  ]);
});

test('asks the approver for what the connection names, of the records that it names it for', () => {
  const asked = [
    { key: 'cost_center', label: 'Cost center', of: 'commitment', maxLength: 8 },
    { key: 'voucher', label: 'Voucher', of: 'owner-invoice', maxLength: 20 },
  ] as const;
  const { commitments, requisitions } = entities({ asked });
  const fieldsOf = (entity: Entity | undefined) =>
    (entity!.configs.export as { custom_fields: readonly object[] }).custom_fields;
  expect(fieldsOf(commitments)).toMatchObject([
    { key: 'cost_center', label: 'Cost center', type: 'string', rules: { max_length: { length: 8 } } },
  ]);
  expect(fieldsOf(requisitions)).toEqual([]);
});

test('vendors of the ERP are offered for import where nothing can be exported to it', () => {
  expect(entities().vendors).toMatchObject({
    configs: { export: { enabled: false }, staged_records: { enabled: true } },
  });
});

test('orders and what is added to them are offered for import where they begin in the ERP, and not elsewhere', () => {
  const staged = (change: Partial<MetadataFacts> = {}) => {
    const { commitments, commitment_change_orders } = entities(change);
    return [commitments, commitment_change_orders].map((entity) => entity!.configs.staged_records);
  };
  expect(staged()).toEqual([{ enabled: false }, { enabled: false }]);
  const pulls = new Set([...facts.pulls, 'commitment', 'change-order']);
  expect(staged({ pulls })).toEqual([{ enabled: true }, { enabled: true }]);
});
