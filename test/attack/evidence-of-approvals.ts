import { defaultPolicy } from '../../src/domain/gate.ts';
import type { ApprovalEvidence, Use } from '../checker/evidence.ts';
import { people } from '../scenarios/seeds.ts';
import { type DocumentRow, keyOf, type Ours } from './evidence-of-ours.ts';
import { TENANT, type World } from './world.ts';

type ApprovalRow = {
  readonly id: string;
  readonly document: string;
  readonly payload_hash: string;
  readonly mapping_hash: string;
  readonly policy_version: number;
  readonly decided_by: string;
  readonly decided_at: Date;
  readonly consumed_at: Date | null;
  readonly stale_at: Date | null;
};

/** Every approval, and every order that was sent, in the order of their first intents. */
export async function approvalEvidence({ read, erp }: World, ours: Ours): Promise<ApprovalEvidence> {
  const approvals = await read<ApprovalRow>('select * from approval order by decided_at');
  const intents = await read<{ document: string; at: Date }>(
    `select document, at from audit where tenant = $1 and kind = 'intent'
       and entry::jsonb ->> 'system' = $2 order by seq`,
    [TENANT, erp.connection.id],
  );
  const byId = new Map(ours.documents.map((row) => [row.id, row]));
  const policies = defaultPolicy.approvals.map((rule) => ({
    version: String(defaultPolicy.version),
    threshold: BigInt(rule.threshold.replace('.', '')),
    currency: rule.currency,
    roles: [rule.role],
  }));
  const first = new Map<string, Date>();
  for (const { document, at } of intents) if (!first.has(document)) first.set(document, at);
  return {
    policies,
    approvals: approvals.flatMap((row) => {
      const document = byId.get(row.document);
      return document === undefined ? [] : [approvalOf(row, document)];
    }),
    uses: [...first].flatMap(([id, at]) => {
      const document = byId.get(id);
      return document === undefined ? [] : [sentOrder(document, at, approvals)];
    }),
  };
}

function approvalOf(row: ApprovalRow, { contract, revision }: DocumentRow) {
  const person = Object.values(people).find(({ email }) => email === row.decided_by);
  return {
    id: row.id,
    key: keyOf(contract, revision),
    by: row.decided_by,
    human: person !== undefined,
    rolesThen: person?.roles ?? [],
    payloadHash: row.payload_hash,
    mappingHash: row.mapping_hash,
    policy: String(row.policy_version),
    decided: row.decided_at.getTime(),
    voided: row.stale_at?.getTime() ?? null,
  };
}

function sentOrder(document: DocumentRow, at: Date, approvals: readonly ApprovalRow[]): Use {
  const used = approvals.find((row) => row.document === document.id && row.consumed_at !== null);
  return {
    key: keyOf(document.contract, document.revision),
    at: at.getTime(),
    exposure: BigInt(document.exposure_minor),
    vendor: document.vendor_id,
    commitment: document.contract,
    day: at.toISOString().slice(0, 10),
    payloadHash: document.payload_hash ?? '',
    mappingHash: document.mapping_hash ?? '',
    policy: String(defaultPolicy.version),
    requester: document.requester,
    editors: document.mappings.flatMap(({ setBy }) => (setBy === undefined ? [] : [setBy])),
    approval: used?.id ?? null,
  };
}
