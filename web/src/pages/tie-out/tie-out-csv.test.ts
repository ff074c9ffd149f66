import { expect, it } from 'vitest';
import type { ProjectTieOut } from '../../api/types.ts';
import { tieOutCsv } from './tie-out-csv.ts';

it('writes totals, parts and lines to the cent, and no name as a formula', () => {
  const tieOut: ProjectTieOut = {
    project: { id: '1', name: '=School, east', number: null, erpCode: 'J-1' },
    currency: 'USD',
    source: '1000.00',
    target: '849.99',
    difference: '150.01',
    explained: '150.01',
    residual: '0.00',
    items: [
      {
        ...{ documentId: null, number: '05-100 S', title: '', cause: 'not-sent', explanation: 'Not sent.' },
        ...{ amount: '150.01', owner: null },
      },
    ],
    lines: [{ name: '05-100 S', source: '1000.00', carried: '849.99', difference: '150.01' }],
    asOf: '2026-08-31T00:00:00Z',
  };
  expect(tieOutCsv([tieOut]).split('\r\n')).toEqual([
    'project,erp project,currency,what,cause,procore,erp,difference',
    '"\'=School, east",J-1,USD,total,,1000.00,849.99,150.01',
    '"\'=School, east",J-1,USD,05-100 S,Not sent yet,,,150.01',
    '"\'=School, east",J-1,USD,line 05-100 S,,1000.00,849.99,150.01',
    '',
  ]);
});
