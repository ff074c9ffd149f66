import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { inTenant } from '../store/database/transaction.ts';
import type { DocumentDetail, DocumentPage, Evidence } from './schemas/documents.ts';
import type { Overview } from './schemas/overview.ts';
import type { ReviewItem } from './schemas/review.ts';
import { startTestService, type TestService } from './testing/test-server.ts';

let service: TestService;
let as: Record<'controller' | 'accountant' | 'engineer' | 'project-manager', string>;

const DAY_MS = 24 * 60 * 60_000;
// Beside the seeded document, which waits for approval with 1250.50 since two hours.
const MORE = [
  ['posted', 'SC-2', '100_000% steel', 10_000_00n, 0.1],
  ['posted', 'SC-3', 'Rebar', 1n, 0.2],
  ['blocked', 'SC-4', 'Doors', -250_05n, 2],
  ['ready', 'SC-5', 'Windows', 9_007_199_254_740_993_00n, 9],
  ['refused', 'SC-6', 'Roof', 5_00n, 9],
] as const;

beforeAll(async () => {
  service = await startTestService();
  as = {
    controller: await service.signIn('controller'),
    accountant: await service.signIn('accountant'),
    engineer: await service.signIn('engineer'),
    'project-manager': await service.signIn('project-manager'),
  };
  const now = service.clock.now().getTime();
  await inTenant(service.database.pools.app, 'ours', async (tx) => {
    for (const [state, number, title, minor, ageDays] of MORE) {
      const planned = new Date(now - ageDays * DAY_MS);
      await tx.query(
        `insert into document (tenant, id, source_connection, source_object, source_id, target_connection, kind,
           revision, root, state, project_id, number, title, amount_minor, currency, record_version, record_hash,
           reasons, planned_at, posted_at)
         values ('ours', $1, 'hub', 'commitment', $2, 'erp', 'purchase-order', 1, $2, $3, 'p2', $2, $4, $5, 'USD',
           1, 'h', $6, $7, $8)`,
        [
          randomUUID(),
          number,
          state,
          title,
          minor,
          JSON.stringify(
            state === 'blocked' ? [{ code: 'unmapped', message: 'No account.', owner: 'engineer' }] : [],
          ),
          planned,
          state === 'posted' ? new Date(now - 5 * 60_000) : null,
        ],
      );
    }
    await tx.query(`insert into waits_for (tenant, document, kind, key)
      select 'ours', id, 'mapping', 'cost:03-100' from document where number in ('SC-4', 'SC-6')`);
    const insertReview = `insert into review_item (tenant, id, kind, subject, title, question, evidence, role)
      select 'ours', $1, $2, $3, $4, 'Which one?', $5::jsonb || jsonb_build_object('document', id), 'accountant'
      from document where number = 'SC-4'`;
    await tx.query(insertReview, [
      UNMAPPED,
      'unmapped',
      'mapping:cost:03-100',
      'Cost code 03-100',
      JSON.stringify({
        asks: [{ kind: 'cost', key: '03-100', label: '03-100 Concrete', scopeId: 'p1' }],
        number: 'SC-4',
      }),
    ]);
    await tx.query(insertReview, [
      MATCH,
      'vendor-match',
      'vendor:77',
      'Acme',
      JSON.stringify({
        asks: [{ kind: 'vendor', key: '77', label: 'Acme', scopeId: '' }],
        suggestions: [{ code: 'V100', name: 'ACME Inc', why: 'same tax id' }],
      }),
    ]);
  });
});
afterAll(() => service.close());

const UNMAPPED = '11111111-1111-4111-8111-111111111111';
const MATCH = '22222222-2222-4222-8222-222222222222';
const get = async <Body>(path: string, cookie = as.controller): Promise<Body> => {
  const answer = await service.send({ url: `/api/v1${path}`, as: cookie });
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`);
  return answer.json();
};
const numbers = (page: z.infer<typeof DocumentPage>) => page.rows.map((row) => row.number);

describe('documents', () => {
  test('come newest first, with every amount exact to the cent', async () => {
    const page = await get<z.infer<typeof DocumentPage>>('/documents');
    expect(page.rows.map((row) => [row.number, row.amount])).toEqual([
      ['SC-6', '5.00'],
      ['SC-5', '9007199254740993.00'],
      ['SC-4', '-250.05'],
      ['SC-3', '0.01'],
      ['SC-2', '10000.00'],
      ['SC-1', '1250.50'],
    ]);
    expect(page).toMatchObject({ total: 6, next: null });
  });

  test('say where they are, what they wait for and who can move them', async () => {
    const page = await get<z.infer<typeof DocumentPage>>('/documents?q=SC-1');
    expect(page.rows).toMatchObject([
      {
        state: 'awaiting-approval',
        project: { id: 'p1', name: `Bridge ${service.ours.canary}` },
        accountingDate: '2026-08-31',
        source: { system: 'procore', object: 'commitment', id: 'c1', url: 'https://example.test' },
        target: { system: 'demo-erp', id: null, url: null },
        waitsFor: `Needs the controller, ${service.ours.canary}.`,
        owner: 'controller',
      },
    ]);
  });

  test('page by cursor without losing or repeating one', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; page < 5 && cursor !== null; page += 1) {
      const found: z.infer<typeof DocumentPage> = await get(`/documents?limit=2&cursor=${cursor}`);
      seen.push(...numbers(found));
      expect(found.total).toBe(6);
      cursor = found.next;
    }
    expect(seen).toEqual(['SC-6', 'SC-5', 'SC-4', 'SC-3', 'SC-2', 'SC-1']);
  });

  test.each([
    ['state=posted', ['SC-3', 'SC-2']],
    ['state=posted,ready', ['SC-5', 'SC-3', 'SC-2']],
    ['project=p1', ['SC-1']],
    ['kind=vendor-link', []],
    ['owner=engineer', ['SC-4']],
    ['q=sc-4', ['SC-4']],
    ['q=100_000%25', ['SC-2']],
    ['q=%25', ['SC-2']],
    ["q=';drop table document;--", []],
    ['state=&project=&q=', ['SC-6', 'SC-5', 'SC-4', 'SC-3', 'SC-2', 'SC-1']],
  ])('filtered by %s are %j', async (query, expected) => {
    const page = await get<z.infer<typeof DocumentPage>>(`/documents?${query}`);
    expect(numbers(page)).toEqual(expected);
    expect(page.total).toBe(expected.length);
  });

  test.each(['state=nonsense', 'limit=0', 'limit=201', 'cursor=nonsense'])('refuse %s', async (query) => {
    expect((await service.send({ url: `/api/v1/documents?${query}`, as: as.controller })).statusCode).toBe(
      400,
    );
  });
});

describe('the page of a document', () => {
  const page = (cookie?: string) =>
    get<z.infer<typeof DocumentDetail>>(`/documents/${service.ours.documentId}`, cookie);

  test('shows both sides, the trail and the postings', async () => {
    const detail = await page();
    expect(detail.fields).toContainEqual({
      field: 'Total',
      source: '1250.50',
      target: '1250.50',
      same: true,
    });
    expect(detail.fields.at(-1)).toEqual({
      field: 'Typed at export: cost center',
      source: `K-7 ${service.ours.canary}`,
      target: null,
      same: null,
    });
    expect(detail.lines).toMatchObject([{ key: 'l1', coding: 'account 5010', sourceAmount: '1250.50' }]);
    expect(detail.mappings).toMatchObject([{ value: 'account 5010', setBy: 'engineer@ours.test' }]);
    expect(detail.postings).toMatchObject([{ state: 'exception', system: 'demo-erp' }]);
    expect(detail.timeline.map((entry) => entry.kind)).toEqual(['planned', 'document.planned']);
    expect(detail.timeline.at(-1)?.sentence).toBe(`Planned ${service.ours.canary}`);
    expect(detail.payloadHash).toBe('v1:payload');
    expect(detail.sourcePayload).toBe('{"id": 1, "total": 1250.5}');
  });

  test('offers to each person what that person can do', async () => {
    const actionsOf = async (cookie: string) => (await page(cookie)).actions;
    expect(await actionsOf(as.controller)).toEqual(['approve', 'reject', 'withdraw', 'replan']);
    expect(await actionsOf(as.accountant)).toEqual(['withdraw', 'replan']);
    expect(await actionsOf(as.engineer)).toEqual(['probe-again']);
    expect(await actionsOf(as['project-manager'])).toEqual([]);
  });
});

describe('review', () => {
  test('tells each person whether they may decide and if not, why', async () => {
    const verdicts = async (cookie: string) => {
      const { rows } = await get<{ rows: z.infer<typeof ReviewItem>[] }>('/review', cookie);
      return rows.map((row) => [row.kind, row.whyNot]);
    };
    expect(await verdicts(as.controller)).toEqual([
      ['approval', null],
      ['unmapped', null],
      ['vendor-match', null],
    ]);
    expect(await verdicts(as.accountant)).toEqual([
      ['approval', 'This needs the role controller.'],
      ['unmapped', null],
      ['vendor-match', null],
    ]);
    expect((await verdicts(as.engineer)).map(([, whyNot]) => whyNot)).not.toContain(null);
  });

  test('shows to the approver the summary that the server made, with its hash', async () => {
    const item = await get<z.infer<typeof ReviewItem>>(`/review/${service.ours.reviewId}`);
    expect(item.payloadHash).toBe('v1:payload');
    expect(item.evidence).toContainEqual({ label: 'Total', value: '1250.50 USD' });
    expect(item.evidence).toContainEqual({ label: 'Requested by', value: 'requester@ours.test' });
    expect(item.evidence).toContainEqual({
      label: 'Why',
      value: `Above the threshold, ${service.ours.canary}`,
    });
    expect(item.alsoReleases).toBe(0);
  });

  test('asks for the missing mapping and counts the other documents it would release', async () => {
    const item = await get<z.infer<typeof ReviewItem>>(`/review/${UNMAPPED}`, as.accountant);
    expect(item.asks).toEqual([
      {
        kind: 'cost',
        key: '03-100',
        label: '03-100 Concrete',
        scope: { id: 'p1', name: `Bridge ${service.ours.canary}` },
        suggestions: [],
      },
    ]);
    expect(item.evidence).toEqual([{ label: 'Number', value: 'SC-4' }]);
    expect(item.amount).toBe('-250.05');
    expect(item.alsoReleases).toBe(1);
  });

  test('offers the vendors that may be the same company, with the reason', async () => {
    const item = await get<z.infer<typeof ReviewItem>>(`/review/${MATCH}`, as.accountant);
    expect(item.asks).toMatchObject([
      { kind: 'vendor', scope: null, suggestions: [{ code: 'V100', name: 'ACME Inc', why: 'same tax id' }] },
    ]);
  });

  test('stands on the page of every document that waits for the same answer', async () => {
    const { rows } = await get<z.infer<typeof DocumentPage>>('/documents?q=SC-6');
    const detail = await get<z.infer<typeof DocumentDetail>>(`/documents/${rows[0]?.id}`, as.accountant);
    expect(detail.review.map((item) => item.id)).toEqual([UNMAPPED]);
    expect(detail.actions).toEqual(['reject', 'answer', 'withdraw', 'replan']);
  });

  test('keeps decided items apart from open ones', async () => {
    expect(await get('/review?state=approved')).toEqual({ rows: [] });
  });
});

describe('overview', () => {
  test('shows the figures that the documents give', async () => {
    const overview = await get<z.infer<typeof Overview>>('/overview');
    expect(overview.currency).toBe('USD');
    const states = Object.fromEntries(overview.states.map((row) => [row.state, [row.count, row.amount]]));
    expect(states).toEqual({
      posted: [2, '10000.01'],
      blocked: [1, '-250.05'],
      ready: [1, '9007199254740993.00'],
      refused: [1, '5.00'],
      'awaiting-approval': [1, '1250.50'],
    });
    expect(overview.waitingByAge).toEqual([
      { age: 'under 1 day', count: 1, amount: '1250.50' },
      { age: '1 to 3 days', count: 1, amount: '-250.05' },
      { age: '3 to 7 days', count: 0, amount: '0.00' },
      { age: 'over 7 days', count: 1, amount: '5.00' },
    ]);
    expect(overview.waitingByOwner.map((row) => [row.owner, row.count]).sort()).toEqual([
      ['controller', 1],
      ['engineer', 1],
      ['nobody named', 1],
    ]);
    expect(overview.flow).toMatchObject([
      { system: expect.stringContaining('demo-erp'), received: 0, posted: 2, inFlight: 1 },
      { system: expect.stringContaining('procore'), received: 3, posted: 0, inFlight: 0 },
    ]);
    expect(overview.postedPerMinute).toHaveLength(60);
    expect(overview.postedPerMinute.filter((row) => row.count > 0)).toEqual([
      { minute: '2026-09-14T09:55:00.000Z', count: 2 },
    ]);
    expect(overview.health).toMatchObject([
      { system: 'demo-erp' },
      { system: 'procore', ok: true, phase: 'read-only' },
    ]);
    expect(overview.auditEntries).toBe(1);
  });

  test('puts before each person only what that person may decide', async () => {
    const kinds = async (cookie: string) =>
      (await get<z.infer<typeof Overview>>('/overview', cookie)).needsMe.map((row) => row.kind);
    expect(await kinds(as.controller)).toEqual(['approval', 'unmapped', 'vendor-match']);
    expect(await kinds(as.accountant)).toEqual(['unmapped', 'vendor-match']);
    expect(await kinds(as['project-manager'])).toEqual([]);
  });
});

test('choices for a correction leave out accounts that nothing may be posted to', async () => {
  const { rows } = await get<{ rows: { code: string }[] }>('/targets?kind=account');
  expect(rows.map((row) => row.code)).toEqual(['5010']);
  expect(await get('/targets?kind=account&q=nothing')).toEqual({ rows: [] });
});

test('the audit pages by cursor and is filtered by document', async () => {
  const all = await get<{ rows: { seq: number; entry: string }[]; next: string | null }>('/audit?limit=1');
  expect(all.rows.map((row) => row.seq)).toEqual([1]);
  expect(all.next).toBeNull();
  expect(await get(`/audit?document=${randomUUID()}`)).toEqual({ rows: [], next: null });
  expect(await get('/audit/verify')).toMatchObject({ verified: true });
});

test('a posted revision that a later posted one replaced counts once, and can still be listed', async () => {
  const move = (revision: number, state: string) =>
    inTenant(service.database.pools.app, 'ours', (tx) =>
      tx.query(
        `insert into document (tenant, id, source_connection, source_object, source_id, target_connection, kind,
           revision, root, state, number, title, amount_minor, currency, record_version, record_hash)
         values ('ours', $1, 'hub', 'commitment', 'twice', 'erp', 'purchase-order', $2, 'twice', $3, 'TWICE', 'x', 100,
           'EUR', 1, 'h')`,
        [randomUUID(), revision, state],
      ),
    );
  const revisions = async (query: string) =>
    (await get<z.infer<typeof DocumentPage>>(`/documents?q=TWICE${query}`)).rows.map((row) => row.revision);
  const confirmed = async () => {
    const { states } = await get<z.infer<typeof Overview>>('/overview');
    return states.find((row) => row.state === 'confirmed')?.count;
  };
  await move(1, 'confirmed');
  await move(2, 'ready');
  expect(await revisions('')).toEqual([2, 1]);
  await move(3, 'confirmed');
  expect(await revisions('')).toEqual([3, 2]);
  expect(await revisions('&revisions=all')).toEqual([3, 2, 1]);
  expect(await confirmed()).toBe(1);
});

test('a document names its ERP company once there are several, and those of other tenants are none of them', async () => {
  const companies = async () =>
    (await get<z.infer<typeof DocumentPage>>('/documents')).rows.map(({ target }) => target.company);
  const connect = (tenant: string) =>
    inTenant(service.database.pools.app, tenant, (tx) =>
      tx.query(
        `insert into connection (tenant, id, system, name, code, config, secrets, account)
         values ($1, 'second', 'demo-erp', 'Second', 'D2', '{}', $2, 'second')`,
        [tenant, Buffer.from('never shown')],
      ),
    );
  await connect('theirs');
  expect(new Set(await companies())).toEqual(new Set([null]));
  await connect('ours');
  expect(new Set(await companies())).toEqual(new Set([`demo-erp ${service.ours.canary}`]));
});

test('the evidence of a document is that of its project, what names it first, and nothing that is gone', async () => {
  const record = (object: string, id: string, project: string, about: object[], gone = false) =>
    inTenant(service.database.pools.app, 'ours', (tx) =>
      tx.query(
        `insert into record (tenant, connection, object, native_id, version, hash, body, raw_hash, gone)
         values ('ours', 'hub', $1, $2, 1, 'h', $3, 'r', $4)`,
        [
          object,
          id,
          JSON.stringify({
            ...{ object, id, projectId: project, number: id, title: `Title ${id}`, status: 'open' },
            ...{ facts: { due: '2026-08-01' }, about },
          }),
          gone,
        ],
      ),
    );
  await record('submittal', 'S-1', 'p2', []);
  await record('rfi', 'R-1', 'p2', [{ object: 'commitment', id: 'SC-2' }]);
  await record('rfi', 'R-2', 'p1', [{ object: 'commitment', id: 'SC-2' }]);
  await record('rfi', 'R-3', 'p2', [], true);
  await record('unit', 'U-1', 'p2', []);
  const page = await service.send({ url: '/api/v1/documents?q=SC-2', as: as.controller });
  const [row] = (page.json() as z.infer<typeof DocumentPage>).rows;
  const answer = await service.send({ url: `/api/v1/documents/${row!.id}/evidence`, as: as.controller });
  const { rows, more } = answer.json() as z.infer<typeof Evidence>;
  expect(more).toBe(false);
  expect(rows.map(({ id, named }) => [id, named])).toEqual([
    ['R-1', true],
    ['S-1', false],
  ]);
  expect(rows[0]!.facts).toEqual([{ name: 'due', value: '2026-08-01' }]);
});

test('the project of a payment that the ERP made is named as in Procore', async () => {
  await inTenant(service.database.pools.app, 'ours', (tx) =>
    tx.query(
      `insert into document (tenant, id, source_connection, source_object, source_id, target_connection, kind, revision,
         root, state, project_id, number, title, record_version, record_hash)
       values ('ours', $1, 'erp', 'payment', '46001', 'hub', 'payment', 1, 'payment:46001', 'confirmed', 'p1', 'PAY-1',
         'Paid', 1, 'h')`,
      [randomUUID()],
    ),
  );
  const { rows } = await get<z.infer<typeof DocumentPage>>('/documents?q=PAY-1');
  expect(rows).toMatchObject([{ project: { id: 'p1', name: `Bridge ${service.ours.canary}` } }]);
});
