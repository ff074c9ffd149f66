import { expect, it } from 'vitest';
import { calendarDate } from '../../../domain/values/calendar-date.ts';
import { parseJson } from '../../../lib/decimal-json.ts';
import { readTaxCode, readVatGroup } from '../service-layer/wire.ts';
import { taxCodeRecord, vatGroupRecord } from './tax-codes.ts';

const TODAY = calendarDate('2026-11-20');
const group = (lines: string, inactive = 'tNO') =>
  vatGroupRecord(
    readVatGroup(
      parseJson(`{"Code":"V1","Name":"Input ","Inactive":"${inactive}","VatGroups_Lines":[${lines}]}`),
    ),
    TODAY,
  );
const line = (from: string, rate: string) => `{"Effectivefrom":"${from}T00:00:00Z","Rate":${rate}}`;

it('takes the rate of a tax code with the digits it came with', () => {
  const entity = readTaxCode(parseJson('{"Code":"TX","Name":null,"Rate":8.875000,"Inactive":"tNO"}'));
  expect(taxCodeRecord(entity)).toEqual({
    ...{ object: 'tax-code', id: 'TX', name: 'TX', rate: '8.875000', active: true },
  });
});

it('takes the rate of a tax group that holds on the day, in whatever order its lines come', () => {
  const lines = [line('2026-11-21', '21'), line('2020-01-01', '19'), line('2026-11-20', '20.5')];
  expect(group(lines.join())).toMatchObject({ name: 'Input', rate: '20.5', active: true });
  expect(group(line('2026-11-21', '21'))).toMatchObject({ active: false });
  expect(group('')).toMatchObject({ active: false });
  expect(group(line('2020-01-01', '19'), 'tYES')).toMatchObject({ rate: '19', active: false });
});
