import { defaultPolicy } from '../../src/domain/approval/gate.ts';
import type { ApprovalEvidence, Use } from '../checker/evidence.ts';
import { people } from '../scenarios/seeds.ts';
import { type DocumentRow, keyOf, type Ours, sourceOf } from './evidence-of-ours.ts';
import type { World } from './world.ts';

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

/** Every approval, and everything that was sent, by the last run of its protocol, in the order of the intents. */
export async function approvalEvidence({ read, erp, party }: World, ours: Ours): Promise<ApprovalEvidence> {
  const approvals = await read<ApprovalRow>('select * from approval where tenant = $1 order by decided_at', [
    party.tenant,
  ]);
  // What was refused, so that nothing of it stands, may be planned anew with another content, approved and
  // sent once more: what stands came from its last run.
  const runs = await read<{ document: string; at: Date }>(
    `select distinct on (p.document) p.document, min(a.intended_at) as at
     from posting p join attempt_posting m on (m.tenant, m.posting) = (p.tenant, p.id)
       join attempt a on (a.tenant, a.id) = (m.tenant, m.attempt)
     where p.tenant = $1 and p.connection = $2 and p.document is not null and p.state not in ('refused', 'cancelled')
     group by p.document, p.id, p.seq order by p.document, p.seq desc`,
    [party.tenant, erp.connection.id],
  );
  const byId = new Map(ours.documents.map((row) => [row.id, row]));
  const policies = defaultPolicy.approvals.map((rule) => ({
    version: String(defaultPolicy.version),
    threshold: BigInt(rule.threshold.replace('.', '')),
    currency: rule.currency,
    roles: [rule.role],
  }));
  return {
    policies,
    approvals: approvals.flatMap((row) => {
      const document = byId.get(row.document);
      return document === undefined ? [] : [approvalOf(row, document)];
    }),
    uses: runs
      .sort((one, other) => one.at.getTime() - other.at.getTime())
      .flatMap(({ document: id, at }) => {
        const document = byId.get(id);
        return document === undefined ? [] : [sentDocument(document, at, approvals)];
      }),
  };
}

function approvalOf(row: ApprovalRow, document: DocumentRow) {
  const person = Object.values(people).find(({ email }) => email === row.decided_by);
  return {
    id: row.id,
    key: keyOf(sourceOf(document), document.revision),
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

function sentDocument(document: DocumentRow, at: Date, approvals: readonly ApprovalRow[]): Use {
  // Used up in the transaction of the first intent, a moment before or after the time that the intent carries.
  const used = approvals
    .filter((row) => row.document === document.id && row.consumed_at !== null)
    .sort((one, other) => distance(one, at) - distance(other, at))[0];
  return {
    key: keyOf(sourceOf(document), document.revision),
    at: at.getTime(),
    exposure: BigInt(document.exposure_minor),
    // An invoice spends what its order promised: each is counted with its like.
    vendor: document.vendor_id === null ? null : `${document.kind} ${document.vendor_id}`,
    commitment: `${document.kind} ${document.root}`,
    day: at.toISOString().slice(0, 10),
    payloadHash: document.payload_hash ?? '',
    mappingHash: document.mapping_hash ?? '',
    policy: String(defaultPolicy.version),
    requester: document.requester,
    editors: document.mappings.flatMap(({ setBy }) => (setBy === undefined ? [] : [setBy])),
    approval: used?.id ?? null,
  };
}

function distance({ consumed_at }: ApprovalRow, at: Date): number {
  return Math.abs(consumed_at!.getTime() - at.getTime());
}
