import { expect, test } from 'vitest';
import { connectors } from '../connectors/registry.ts';
import { procore } from '../procore/index.ts';
import { configOf, formFields, valuesOf } from './form-fields.ts';

const fieldsOf = ({ config, secrets }: Pick<typeof procore, 'config' | 'secrets'>) =>
  formFields(config, secrets);
const named = (name: string) => fieldsOf(procore).find((field) => field.name === name);

test('every system that can be connected has a form in which each field can be typed and read again', () => {
  for (const system of [procore, ...connectors]) {
    const fields = formFields(system.config, system.secrets);
    expect(fields.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(system.secrets);
    expect(fields.every(({ help, secret }) => secret || help !== '')).toBe(true);
  }
  const config = { companyId: '7', projects: ['4', '5'], requestLifeMs: 1_500, ca: 'BEGIN\nEND' };
  expect(configOf(fieldsOf(procore), valuesOf(fieldsOf(procore), config))).toEqual(config);
});

test('a form knows what a field takes and what counts when it is empty', () => {
  expect(named('requestLifeMs')).toMatchObject({ kind: 'number', required: false, fallback: '' });
  expect(named('projects')).toMatchObject({ kind: 'list' });
  expect(named('ca')).toMatchObject({ kind: 'long-text' });
  expect(named('apiUrl')).toMatchObject({
    kind: 'text',
    required: false,
    fallback: 'https://api.procore.com',
  });
  expect(named('companyId')).toMatchObject({ label: 'Company ID', required: true });
});

test('shows nothing of a secret, and leaves what is no number for the schema to refuse', () => {
  expect(valuesOf(fieldsOf(procore), { clientSecret: 'hidden' }).clientSecret).toBe('');
  expect(configOf(fieldsOf(procore), { maxInFlight: '4.5', clientId: ' ' })).toEqual({ maxInFlight: '4.5' });
});
