import { request } from 'undici';
import { openControl } from '../http/control.ts';
import { startDemoErpSimulator } from '../http/server.ts';
import type { LedgerlineSeed } from './seed.ts';

export type Answer = {
  readonly status: number;
  readonly body: Record<string, unknown> & { error?: { code: string; details: unknown[] } };
};

export const SEED: LedgerlineSeed = {
  company: { id: 'LL-1', name: 'Harbor Point Builders', currency: 'USD' },
  keys: [{ key: 'k', user: 'tiebeam' }],
  vendors: [{ code: 'V1', name: 'Acme' }],
  customers: [{ code: 'C1', name: 'Port Authority' }],
  projects: [{ code: 'P1', name: 'Tower' }],
  contracts: [
    {
      code: 'OC-1',
      number: 'PC-1',
      title: 'Tower',
      customer: 'C1',
      project: 'P1',
      currency: 'USD',
      lines: [{ description: 'Tower', cost_code: '05-100', cost_type: 'S', amount: '1000.00' }],
    },
  ],
  accounts: [
    { code: '5000', name: 'Cost', postable: false },
    { code: '5100', name: 'Concrete' },
    { code: '2050', name: 'Retainage payable' },
    { code: '4000', name: 'Revenue' },
    { code: '1250', name: 'Retainage receivable' },
  ],
  periods: [{ code: 'Q1', name: 'First quarter', from: '2026-01-01', to: '2026-03-31' }],
};

/** A simulator of a small company, called as any program would call it. */
export async function startTestCompany() {
  const simulator = await startDemoErpSimulator({ port: 0 });
  const control = openControl(simulator.url);
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown, key = 'k'): Promise<Answer> => {
    const answer = await request(simulator.url + path, {
      method,
      headers: { 'x-ledgerline-key': key },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    return {
      status: answer.statusCode,
      body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Answer['body'],
    };
  };
  const send = (...documents: object[]) =>
    call('POST', '/import-groups', { group_reference: 'g', documents });
  return {
    url: simulator.url,
    control,
    call,
    send,
    /** Sends a group and polls its job to the end. */
    async run(...documents: object[]): Promise<Answer['body']> {
      const { body } = await send(...documents);
      await call('GET', `/jobs/${body.job}`);
      return (await call('GET', `/jobs/${body.job}`)).body;
    },
    async reset() {
      await control.post('reset', {});
      await control.post('settings', { jobStepMs: 60_000, requestLifeMs: 1_500 });
      await control.post('seed', SEED);
    },
    stop: simulator.stop,
  };
}

export const line = { key: 'a', description: 'Walls', account: '5100', amount: '100.00' };

export const order = (reference: string, more: object = {}) => ({
  type: 'order',
  reference,
  revision: 1,
  number: 'N1',
  title: 'Walls',
  date: '2026-02-01',
  vendor: 'V1',
  project: 'P1',
  currency: 'USD',
  lines: [line],
  ...more,
});
