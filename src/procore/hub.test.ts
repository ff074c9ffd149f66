import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ANNA,
  COMPANY,
  type Company,
  contractor,
  LINES,
  ORDER,
  OTHER_PROJECT,
  PROJECT,
  SUBCONTRACT,
  startCompany,
  VENDOR,
} from '../../test/procore/company.ts';
import type { CheckFinding, Pulled } from '../connectors/connector.ts';
import { procore } from './index.ts';

let company: Company;
beforeEach(async () => {
  company = await startCompany();
});
afterEach(() => company.stop());

const subcontract = { id: String(SUBCONTRACT), projectId: String(PROJECT), type: 'subcontract' } as const;

async function collected<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

async function exported(): Promise<{ requestId: string; detailId: string }> {
  await company.act({ as: ANNA, action: 'send_to_erp', contract_ids: [SUBCONTRACT] });
  const made = await company.act({
    as: ANNA,
    action: 'approve_export',
    contract_ids: [SUBCONTRACT],
    code: 'PO-17',
    accounting_date: '2026-08-31',
  });
  const first = (ids: unknown) => String((ids as readonly number[])[0]);
  return { requestId: first(made.erp_request_ids), detailId: first(made.request_detail_ids) };
}

/** One cycle: an empty page ends it. */
async function drained(
  pull: (cursor: string | null) => Promise<{ records: readonly Pulled[]; cursor: string }>,
  from: string | null = null,
) {
  const seen: Pulled[] = [];
  let cursor = from;
  for (let turn = 0; turn < 50; turn += 1) {
    const page: { records: readonly Pulled[]; cursor: string } = await pull(cursor);
    cursor = page.cursor;
    if (page.records.length === 0) return { seen, cursor };
    seen.push(...page.records);
  }
  throw new Error('the cycle never ended');
}

describe('a commitment', () => {
  it('is fetched with lines, codes and exact amounts, and the payload it came from', async () => {
    const pulled = await company.hub.fetchCommitment(subcontract);
    expect(pulled?.record).toMatchObject({
      object: 'commitment',
      number: 'SC-001',
      approved: true,
      vendorId: String(VENDOR),
      vendorName: 'Steel & Sons',
      currency: 'USD',
      total: '1000.30',
      retainagePercent: '10',
      contractDate: '2026-08-01',
      lines: [
        {
          id: String(LINES[0]),
          amount: '1000.10',
          costCode: { code: '05-100', name: 'Structural Steel' },
          costType: { code: 'S' },
        },
        { id: String(LINES[1]), amount: '0.20' },
      ],
    });
    expect(pulled?.raw).toContain('"grand_total"');
  });

  it('that Procore does not show is null', async () => {
    expect(await company.hub.fetchCommitment({ ...subcontract, id: '1' })).toBeNull();
    expect(await company.hub.fetchCommitment({ ...subcontract, type: 'purchase-order' })).toBeNull();
  });

  it('of either kind is swept by change time and seen again once it changes', async () => {
    const sweep = (cursor: string | null) => company.hub.listCommitments(String(PROJECT), cursor);
    company.sleepFor(3_600_000);
    const { seen, cursor } = await drained(sweep);
    expect(new Set(seen.map(({ record }) => record.id))).toEqual(
      new Set([String(SUBCONTRACT), String(ORDER)]),
    );
    company.sleepFor(600_000);
    await company.act({
      as: ANNA,
      action: 'edit_commitment',
      contract_id: ORDER,
      fields: { title: 'Long pipes' },
    });
    const next = await drained(sweep, cursor);
    expect(next.seen.map(({ record }) => record)).toMatchObject([{ id: String(ORDER), title: 'Long pipes' }]);
    company.sleepFor(3_600_000);
    const settled = await drained(sweep, next.cursor);
    expect((await drained(sweep, settled.cursor)).seen).toEqual([]);
  });

  it('counts as committed with its approved change orders, and only when approved', async () => {
    const committed = await collected(company.hub.committedIn(String(PROJECT)));
    expect(committed).toEqual([
      {
        type: 'subcontract',
        id: String(SUBCONTRACT),
        number: 'SC-001',
        reference: null,
        projectCode: String(PROJECT),
        vendorCode: String(VENDOR),
        currency: 'USD',
        amount: '1000.30',
        state: 'posted',
      },
    ]);
  });

  it('sweeps and adds up a project of several pages without missing or doubling one', async () => {
    const seed = contractor();
    const many = Array.from({ length: 130 }, (_, index) => ({
      kind: 'purchase_order_contract' as const,
      id: 562949954000001 + index,
      project_id: OTHER_PROJECT,
      number: `PO-${index}`,
      title: 'Bulk',
      status: 'Approved' as const,
      line_items: [{ amount: '0.10', description: 'x' }],
    }));
    await company.stop();
    company = await startCompany({ ...seed, contracts: [...(seed.contracts ?? []), ...many] });
    const hub = company.connect({ pageSize: 25 });
    const { seen } = await drained((cursor) => hub.listCommitments(String(OTHER_PROJECT), cursor));
    expect(new Set(seen.map(({ record }) => record.id)).size).toBe(130);
    const committed = await collected(hub.committedIn(String(OTHER_PROJECT)));
    expect(committed.map(({ amount }) => amount)).toEqual(Array.from({ length: 130 }, () => '0.10'));
  });
});

describe('an ERP request', () => {
  it('is fetched with what the approver typed', async () => {
    const { requestId, detailId } = await exported();
    expect(await company.hub.fetchRequest(requestId)).toMatchObject({
      id: requestId,
      name: 'create_commitment',
      items: [
        {
          key: `${requestId}/0`,
          subject: { object: 'commitment', ...subcontract },
          detailId,
          erpCode: 'PO-17',
          accountingDate: '2026-08-31',
        },
      ],
    });
  });

  it.each(['inside', 'beside', 'both', 'absent'])(
    'keeps its detail when the payload has it %s',
    async (placement) => {
      await company.sim('POST', 'config', { request_detail_id_placement: placement });
      const { requestId, detailId } = await exported();
      const request = await company.hub.fetchRequest(requestId);
      expect(request?.items.map((item) => item.detailId)).toEqual([detailId]);
    },
  );

  it('that is not visible yet is null', async () => {
    expect(await company.hub.fetchRequest('1')).toBeNull();
  });

  it('is found by listing when its webhook was lost', async () => {
    const start = await company.hub.listRequests(null);
    expect(start.ids).toEqual([]);
    const { requestId } = await exported();
    const next = await company.hub.listRequests(start.cursor);
    expect(next.ids).toEqual([requestId]);
    expect((await company.hub.listRequests(next.cursor)).ids).toEqual([]);
  });
});

describe('vendors and projects', () => {
  it('are pulled whole first, then by change', async () => {
    company.sleepFor(3_600_000);
    const first = await drained(company.hub.pull.vendor!);
    expect(first.seen.map(({ record }) => record)).toContainEqual({
      object: 'vendor',
      id: String(VENDOR),
      name: 'Steel & Sons',
      originId: null,
      code: null,
      taxId: null,
      email: 'office@steel.example',
      phone: null,
      zip: '10001',
      active: true,
    });
    company.sleepFor(600_000);
    await company.act({
      as: ANNA,
      action: 'edit_vendor',
      vendor_id: VENDOR,
      fields: { zip: '10002', is_active: false },
    });
    const next = await company.hub.pull.vendor!(first.cursor);
    expect(next.records.map(({ record }) => record)).toMatchObject([
      { id: String(VENDOR), zip: '10002', active: false },
    ]);
  });

  it('come with the number and origin id of each project', async () => {
    const { records } = await company.hub.pull.project!(null);
    expect(records.map(({ record }) => record)).toContainEqual({
      object: 'project',
      id: String(PROJECT),
      name: 'Pier 4',
      number: 'P-004',
      originId: 'JOB-4',
      active: true,
    });
  });

  it('leave out projects that the connection does not serve', async () => {
    const hub = company.connect({ projects: [String(PROJECT)] });
    expect((await hub.pull.project!(null)).records.map(({ record }) => record.id)).toEqual([String(PROJECT)]);
  });
});

describe('the fingerprint', () => {
  it('names the company and holds still', async () => {
    const fingerprint = await company.hub.fingerprint();
    expect(fingerprint).toContain(String(COMPANY));
    expect(await company.connect().fingerprint()).toBe(fingerprint);
  });

  it('of a company that the credentials do not see is none, with the ones they see in the remedy', async () => {
    await expect(company.connect({ companyId: '7' }).fingerprint()).rejects.toMatchObject({
      kind: 'unauthorised',
    });
  });
});

describe('the check', () => {
  const ofSome = (where: string) =>
    ['Direct Costs', 'Change Orders', 'Prime Contracts', 'Budget'].map((tool) => `${tool} on ${where}`);
  const findings = (hub = company.hub): Promise<CheckFinding[]> => collected(hub.check());

  it('proves every permission that the connection needs', async () => {
    const all = await findings();
    expect(all.filter(({ ok }) => !ok)).toEqual([]);
    expect([...new Set(all.map(({ subject }) => subject))]).toEqual([
      'sign-in and company',
      'projects',
      'Directory on the company',
      'ERP Integrations on the company',
      'Webhooks on the company',
      'external data',
      `Commitments on project ${PROJECT} Pier 4`,
      ...ofSome(`project ${PROJECT} Pier 4`),
      `Commitments on project ${OTHER_PROJECT} Depot`,
      ...ofSome(`project ${OTHER_PROJECT} Depot`),
      'what holds payments',
    ]);
  });

  it.each([
    ['a wrong secret', { clientSecret: 'wrong' }, /client id and secret/],
    ['another company', { companyId: '7' }, /company id|install/],
    ['a host that is not there', { apiUrl: 'http://127.0.0.1:1' }, /DNS/],
  ])('ends at %s with one finding and its remedy', async (_what, change, remedy) => {
    const all = await findings(company.connect(change));
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ ok: false, remedy: expect.stringMatching(remedy) });
  });

  it('says that the app is not connected', async () => {
    await company.sim('POST', 'connection', { client_id: 'tiebeam', company_id: COMPANY, connected: false });
    const all = await findings();
    expect(all).toHaveLength(1);
    expect(all[0]?.remedy).toMatch(/install/);
  });

  it('names a configured project that is not permitted', async () => {
    await company.sim('POST', 'connection', {
      client_id: 'tiebeam',
      company_id: COMPANY,
      project_ids: [PROJECT],
    });
    const all = await findings(company.connect({ projects: [String(PROJECT), String(OTHER_PROJECT)] }));
    expect(all.filter(({ ok }) => !ok)).toMatchObject([{ subject: `project ${OTHER_PROJECT}` }]);
  });

  it('tells that no project was permitted at all', async () => {
    await company.sim('POST', 'connection', { client_id: 'tiebeam', company_id: COMPANY, project_ids: [] });
    const all = await findings();
    expect(all.at(-1)).toMatchObject({
      subject: 'projects',
      ok: false,
      remedy: expect.stringContaining('Permit'),
    });
  });
});

describe('Procore as a system', () => {
  it('keeps the secret out of what is shown and names app and host as its account', () => {
    expect(procore.secrets).toEqual(['clientSecret']);
    expect(procore.account(company.config)).toBe(`${company.url} tiebeam`);
  });

  it('allows one POST for reading, at the sign-in host alone', () => {
    expect(procore.doorOptions(company.config).readPosts).toEqual([]);
    const { readPosts } = procore.authDoorOptions(company.config);
    expect(readPosts.some((path) => path.test('/oauth/token'))).toBe(true);
    expect(readPosts.some((path) => path.test('/oauth/revoke'))).toBe(false);
  });

  it('fills in production hosts and careful defaults', () => {
    expect(procore.config.parse({ companyId: '7', clientId: 'a', clientSecret: 'b' })).toMatchObject({
      authUrl: 'https://login.procore.com',
      apiUrl: 'https://api.procore.com',
      requestLifeMs: null,
      maxInFlight: 4,
      pageSize: 100,
    });
    expect(() => procore.config.parse({ companyId: 'seven', clientId: 'a', clientSecret: 'b' })).toThrow();
  });
});
