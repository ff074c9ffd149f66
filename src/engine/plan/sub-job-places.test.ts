import { expect, test } from 'vitest';
import { businessOneConfig } from '../../connectors/sap-business-one/config.ts';
import { sapBusinessOne } from '../../connectors/sap-business-one/index.ts';
import type { Door } from '../../lib/door.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { OpenConnection } from '../engine.ts';
import { subJobPlacesFor } from './sub-job-places.ts';

const hub = { id: 'hub' } as OpenConnection;
const lines = [{ subJob: { id: '77', name: 'East pier' } }];
const place = async (erp: object, targetId?: string) => {
  const row = { source_line: '', target_line: '', target_id: targetId };
  const tx = { query: async () => ({ rows: targetId === undefined ? [] : [row] }) } as unknown as Tx;
  return (await subJobPlacesFor(tx, hub, { id: 'erp', connection: erp } as OpenConnection, lines))('77');
};

test('where the ERP keeps sub jobs a line goes to the one that is linked', async () => {
  const erp = { supports: new Set(['create-sub-job']) };
  expect(await place(erp, 'JOB-4/E')).toEqual({ kind: 'part', code: 'JOB-4/E' });
  expect(await place(erp)).toEqual({ kind: 'unlinked' });
});

test('Business One keeps none: somebody is asked, unless the connection says that the project bears it', async () => {
  const settings = { baseUrl: 'https://b1.example:50000', companyDb: 'SBO', userName: 'u', password: 'p' };
  const deps = { door: {} as Door, now: () => new Date(0), sleep: async () => {} };
  const connected = (more: object) =>
    sapBusinessOne.connect(businessOneConfig.parse({ ...settings, ...more }), deps);
  expect(await place(connected({}))).toEqual({ kind: 'undecided' });
  expect(await place(connected({ subJobs: 'to-their-job' }))).toEqual({ kind: 'job' });
});
