import { expect, it } from 'vitest';
import type { InsuranceRow } from '../../domain/masters/insurance.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Read } from '../../domain/posting/writes.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { procoreConfig } from '../config.ts';
import { insuranceWrites, shownInsurances } from './insurances.ts';

const config = procoreConfig.parse({ companyId: '5', clientId: 'a', clientSecret: 'b' });
const row = (place: number, more: Partial<InsuranceRow> = {}): InsuranceRow => ({
  id: null,
  originId: `LL-LN-${place}`,
  type: 'General liability',
  policyNumber: `GL-${place}`,
  insurer: null,
  limit: '1000000.00',
  effective: null,
  expires: calendarDate('2026-12-31'),
  ...more,
});
const writesOf = (...rows: InsuranceRow[]) =>
  insuranceWrites({ kind: 'sync-insurances', vendorId: '9', rows }, config);
const answer = (body: unknown, status = 200) => ({ status, headers: {}, body: JSON.stringify(body) });
const showing =
  (...rows: object[]): Read =>
  async () =>
    answer(rows);

it('writes what the ERP says and nothing else, at most 1,000 certificates a call', () => {
  const writes = writesOf(row(0, { id: '70' }), ...Array.from({ length: 1_000 }, (_, at) => row(at + 1)));
  const bodies = writes.map((write) => write.encode({ earlierIds: {} }));
  expect(bodies.map(({ body }) => JSON.parse(body ?? '').updates.length)).toEqual([1_000, 1]);
  expect(bodies[0]?.path).toBe('/rest/v1.0/companies/5/vendors/9/insurances/sync');
  expect(JSON.parse(bodies[0]?.body ?? '').updates[0]).toEqual({
    id: 70,
    origin_id: 'LL-LN-0',
    insurance_type: 'General liability',
    policy_number: 'GL-0',
    limit: '1000000.00',
    expiration_date: '2026-12-31',
  });
  expect(new Set(writes.map(({ reference }) => reference)).size).toBe(2);
});

it('names each certificate that was refused, and takes a silent row for an unknown fate', () => {
  const [write] = writesOf(row(1), row(2));
  const stands = { id: 71, origin_id: 'LL-LN-1' };
  const refused = { origin_id: 'LL-LN-2', errors: { origin_id: ['has already been taken'] } };
  expect(write?.classify(answer({ entities: [stands], errors: [refused] }))).toMatchObject({
    kind: 'refused',
    errors: [{ field: 'LL-LN-2', message: 'origin_id: has already been taken' }],
  });
  expect(write?.classify(answer({ entities: [stands], errors: [] }))).toMatchObject({ kind: 'unknown' });
});

it('sees its rows where they stand, and shows nothing where Procore shows nothing', async () => {
  const [write] = writesOf(row(1));
  const shown = {
    ...{ id: 71, origin_id: 'LL-LN-1', insurance_type: 'General liability', policy_number: 'GL-1' },
    ...{ limit: '$1,000,000', effective_date: null, expiration_date: '2026-12-31' },
  };
  const standing = async (read: Read) => write?.probe(read, { earlierIds: {} });
  expect(await standing(showing(shown))).toMatchObject({ standing: 'at-target' });
  expect(await standing(showing({ ...shown, policy_number: 'GL-2' }))).toMatchObject({ standing: 'at-base' });
  const forbidden: Read = async () => {
    throw new Stop('unauthorised', 'procore', 'no');
  };
  for (const read of [forbidden, async () => answer({}, 404)])
    expect(await shownInsurances(read, '9', config)).toBeNull();
});
