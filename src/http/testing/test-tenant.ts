import { createHash } from 'node:crypto';
import type { Pools } from '../../store/database/pools.ts';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { insertUser } from '../../store/people/users.ts';
import { keepPayload } from '../../store/records/payload.ts';
import { hookSecretHash } from '../auth/hook-secret.ts';
import { roles } from '../schemas/people.ts';

/** A tenant with one row of everything the API shows. */
export interface TestTenant {
  tenant: string;
  /** Stands in every text that a page could show. */
  canary: string;
  documentId: string;
  reviewId: string;
  hookId: string;
  hookSecret: string;
  companyId: string;
}

/** One user per role, `<role>@<tenant>.test`, and documents whose every text carries the canary. */
export async function seedTenant(pools: Pools, tenant: string, now: Date): Promise<TestTenant> {
  const canary = `canary-of-${tenant}`;
  const seeded: TestTenant = {
    tenant,
    canary,
    documentId: uuidOf(`document ${tenant}`),
    reviewId: uuidOf(`review ${tenant}`),
    hookId: `hook-${tenant}`,
    hookSecret: `Bearer secret of ${tenant}`,
    companyId: `90071992547409${tenant.length}`,
  };
  await inTenant(pools.app, tenant, async (tx) => {
    await tx.query('insert into tenant (tenant, name) values ($1, $2)', [tenant, `Company ${canary}`]);
    await seedUsers(tx, tenant);
    await seedConnections(tx, seeded);
    await seedDocument(tx, seeded, now);
    await seedReview(tx, seeded);
    await seedTrail(tx, seeded, now);
  });
  return seeded;
}

async function seedUsers(tx: Tx, tenant: string): Promise<void> {
  for (const role of roles) {
    await insertUser(tx, tenant, {
      id: role,
      email: `${role}@${tenant}.test`,
      name: `The ${role}`,
      roles: [role],
    });
  }
}

async function seedConnections(tx: Tx, seeded: TestTenant): Promise<void> {
  const { tenant, canary } = seeded;
  for (const [id, system, code] of [
    ['hub', 'procore', 'PC'],
    ['erp', 'demo-erp', 'DE'],
  ]) {
    await tx.query(
      `insert into connection (tenant, id, system, name, code, config, secrets, account, health)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        tenant,
        id,
        system,
        `${system} ${canary}`,
        code,
        JSON.stringify({ baseUrl: 'https://never-shown.test' }),
        Buffer.from('never shown'),
        `${system}:${tenant}`,
        JSON.stringify({ ok: true, message: `Reads fine, ${canary}`, lastReadAt: null, lastWriteAt: null }),
      ],
    );
  }
  await tx.query(
    'insert into hook (id, tenant, connection, secret_hash, company_id) values ($1, $2, $3, $4, $5)',
    [seeded.hookId, tenant, 'hub', hookSecretHash(seeded.hookSecret), seeded.companyId],
  );
  const records = [
    ['hub', 'project', 'p1', { object: 'project', id: 'p1', name: `Bridge ${canary}` }],
    ['erp', 'account', '5010', { object: 'account', id: '5010', name: `Concrete ${canary}`, postable: true }],
    ['erp', 'account', '5000', { object: 'account', id: '5000', name: `Title ${canary}`, postable: false }],
  ] as const;
  for (const [connection, object, id, body] of records) {
    await tx.query(
      `insert into record (tenant, connection, object, native_id, version, hash, body, raw_hash)
       values ($1, $2, $3, $4, 1, 'h', $5, 'raw')`,
      [tenant, connection, object, id, JSON.stringify(body)],
    );
  }
  await tx.query(
    `insert into mapping (tenant, kind, key, value, version, set_by) values ($1, 'cost', $2, $3, 1, $4)`,
    [
      tenant,
      `03-100 ${canary}`,
      JSON.stringify({ kind: 'account', code: '5010' }),
      `engineer@${tenant}.test`,
    ],
  );
}

async function seedDocument(tx: Tx, seeded: TestTenant, now: Date): Promise<void> {
  const { tenant, canary, documentId } = seeded;
  const { source, body } = bothSides(canary);
  await tx.query(
    `insert into record_version (tenant, connection, object, native_id, version, hash, body, raw_hash)
     values ($1, 'hub', 'commitment', 'c1', 1, 'h', $2, $3)`,
    [tenant, JSON.stringify(source), await keepPayload(tx, '{"id": 1, "total": 1250.5}', 'record')],
  );
  await tx.query(
    `insert into document (tenant, id, source_connection, source_object, source_id, target_connection, kind, revision,
       root, state, project_id, vendor_name, number, title, amount_minor, currency, accounting_date, record_version,
       record_hash, body, payload_hash, mappings, reasons, requester, planned_at)
     values ($1, $2, 'hub', 'commitment', 'c1', 'erp', 'purchase-order', 1, 'c1', 'awaiting-approval', 'p1', $3, 'SC-1',
       $4, 125050, 'USD', '2026-08-31', 1, 'h', $5, 'v1:payload', $6, $7, $8, $9)`,
    [
      tenant,
      documentId,
      `Vendor ${canary}`,
      `Concrete ${canary}`,
      JSON.stringify(body),
      JSON.stringify([
        {
          kind: 'cost',
          key: '03-100',
          value: { kind: 'account', code: '5010' },
          version: 1,
          setBy: `engineer@${tenant}.test`,
        },
      ]),
      JSON.stringify([
        {
          code: 'needs-approval',
          message: `Needs the controller, ${canary}.`,
          waitsFor: 'x',
          owner: 'controller',
        },
      ]),
      `requester@${tenant}.test`,
      new Date(now.getTime() - 2 * 60 * 60_000),
    ],
  );
  await tx.query(
    `insert into request_item (tenant, connection, key, request_id, event, object, native_id, content, state)
     values ($1, 'hub', '9/0', '9', 'create_commitment', 'commitment', 'c1', $2, 'succeeded')`,
    [tenant, JSON.stringify({ typed: { cost_center: `K-7 ${canary}` } })],
  );
  await tx.query("update document set request_key = '9/0' where id = $1", [documentId]);
}

async function seedReview(tx: Tx, seeded: TestTenant): Promise<void> {
  const { tenant, canary, documentId, reviewId } = seeded;
  await tx.query(
    `insert into review_item (tenant, id, kind, subject, document, title, question, evidence, role)
     values ($1, $2, 'approval', $3, $4, $5, $6, $7, 'controller')`,
    [
      tenant,
      reviewId,
      `approval:${documentId}`,
      documentId,
      `Approve ${canary}`,
      `May it be posted? ${canary}`,
      JSON.stringify({ facts: [{ label: 'Why', value: `Above the threshold, ${canary}` }] }),
    ],
  );
}

async function seedTrail(tx: Tx, seeded: TestTenant, now: Date): Promise<void> {
  const { tenant, canary, documentId } = seeded;
  await tx.query(
    `insert into posting (tenant, id, document, connection, root, operation, write_name, write_kind, object, reference,
       target_hash, state, reason)
     values ($1, $2, $3, 'erp', 'c1', '{}', 'create order', 'create', 'order', $4, 'h', 'exception', $5)`,
    [tenant, uuidOf(`posting ${tenant}`), documentId, `TDE${tenant}`.slice(0, 16), `Gave up, ${canary}`],
  );
  await tx.query('insert into audit_head (tenant, seq, hash) values ($1, 1, $2)', [tenant, 'hash-1']);
  await tx.query(
    `insert into audit (tenant, seq, at, kind, actor, document, entry, previous, hash)
     values ($1, 1, $2, 'document.planned', 'Tiebeam', $3, $4, '', 'hash-1')`,
    [tenant, now, documentId, JSON.stringify({ sentence: `Planned ${canary}` })],
  );
}

function bothSides(canary: string): { source: object; body: object } {
  const line = { description: `Pour ${canary}`, amount: '1250.50' };
  const source = {
    object: 'commitment',
    id: 'c1',
    number: 'SC-1',
    title: `Concrete ${canary}`,
    status: 'approved',
    vendorName: `Vendor ${canary}`,
    projectId: 'p1',
    currency: 'USD',
    total: '1250.50',
    contractDate: '2026-08-31',
    lines: [
      {
        id: 'l1',
        ...line,
        costCode: { code: '03-100', name: 'Concrete' },
        costType: { code: 'S', name: 'Sub' },
      },
    ],
  };
  const body = {
    kind: 'purchase-order',
    reference: 'TDEAAAAAAAAAAAAA',
    revision: 1,
    number: 'SC-1',
    title: `Concrete ${canary}`,
    vendorCode: 'V100',
    projectCode: 'P-1',
    currency: 'USD',
    accountingDate: '2026-08-31',
    total: '1250.50',
    lines: [
      { key: 'l1', ...line, coding: { kind: 'account', code: '5010' }, costCode: '03-100', costType: 'S' },
    ],
    sourceUrl: 'https://example.test',
  };
  return { source, body };
}

// The same ids in every run, in the form of a version 8 UUID.
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
