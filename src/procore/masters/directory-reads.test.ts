import { describe, expect, it } from 'vitest';
import { parseJson } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { procoreConfig } from '../config.ts';
import { parsed, vendorRow } from '../wire.ts';
import { userEmail } from './directory-reads.ts';
import { vendorRecord } from './vendors.ts';

const config = procoreConfig.parse({ companyId: '7', clientId: 'a', clientSecret: 'b' });

describe('the e-mail of a user', () => {
  const asked: string[] = [];
  const reading = (answer: object | null): Reading => ({
    config,
    now: () => new Date(0),
    client: {
      find: async (path) => {
        asked.push(path);
        return answer === null ? null : { value: parseJson(JSON.stringify(answer)), raw: '' };
      },
      read: () => Promise.reject(new Error('not expected')),
      file: () => Promise.reject(new Error('not expected')),
    },
  });

  it('is asked of the company directory', async () => {
    expect(await userEmail(reading({ id: 5, email_address: 'anna@harbor.example' }), '5')).toBe(
      'anna@harbor.example',
    );
    expect(asked.at(-1)).toBe('/rest/v1.3/companies/7/users/5');
  });

  it('falls back to a login that is an address, and to nothing', async () => {
    expect(await userEmail(reading({ id: 5, email_address: null, login: 'anna@harbor.example' }), '5')).toBe(
      'anna@harbor.example',
    );
    expect(await userEmail(reading({ id: 5, email_address: '', login: 'anna' }), '5')).toBeNull();
    expect(await userEmail(reading(null), '5')).toBeNull();
  });
});

describe('a vendor of Procore', () => {
  const record = (row: object) =>
    vendorRecord(parsed(vendorRow, parseJson(JSON.stringify({ id: 1, name: 'A', ...row })), 'x'));

  it('has the tax id of the business register, else the business id', () => {
    expect(record({ business_register: { identifier: '12-345' }, business_id: 'B' }).taxId).toBe('12-345');
    expect(record({ business_register: null, business_id: 'B' }).taxId).toBe('B');
    expect(record({}).taxId).toBeNull();
  });

  it('is active unless Procore says otherwise', () => {
    expect(record({}).active).toBe(true);
    expect(record({ is_active: false }).active).toBe(false);
  });

  it('has the mobile number where there is no other', () => {
    expect(record({ business_phone: '', mobile_phone: '555' }).phone).toBe('555');
  });
});
