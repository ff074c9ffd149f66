import { mappingHash } from '../../src/domain/mapping.ts';
import { postingReference } from '../../src/domain/posting/reference.ts';
import { canonicalOf, contentHash } from '../../src/domain/values/canonical.ts';
import { formatMoney, money, parseMoney, sum } from '../../src/domain/values/money.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { passGate } from '../../src/engine/plan/pass-gate.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { addApproval } from '../../src/store/documents/approval.ts';
import type { DocumentPlan } from '../../src/store/documents/document-row.ts';
import { currentPolicy } from '../../src/store/settings/policy.ts';
import { orderOf, placeOf } from '../line/company.ts';
import { controller, TENANT } from '../line/set-up.ts';

// Many documents in one transaction, because how they are prepared is not measured.
const AT_ONCE = 50;

/**
 * Brings documents to where the posting protocol begins: planned, asked for at the gate, approved by the controller
 * and passed through the gate again. Everything after the plan is what the product does.
 */
export async function makeReady(engine: Engine, contracts: readonly number[]): Promise<void> {
  for (let from = 0; from < contracts.length; from += AT_ONCE) {
    const part = contracts.slice(from, from + AT_ONCE);
    const erp = await engine.systems.homeOf(TENANT);
    const hub = await engine.systems.hubOf(TENANT);
    await inTenant(engine.pools.app, TENANT, async (tx) => {
      const policy = await currentPolicy(tx);
      for (const contract of part) {
        const draft = draftOf(engine, erp.code, contract);
        const exposure = money(draft.exposureMinor, 'USD');
        await passGate(engine, tx, { erp, hub, draft, exposure, before: null });
        await addApproval(tx, draft.id, {
          id: engine.newId(),
          payloadHash: draft.payloadHash!,
          mappingHash: draft.mappingHash!,
          policyVersion: policy.version,
          decidedBy: controller.email,
          role: 'controller',
          at: engine.clock.now(),
        });
        await passGate(engine, tx, { erp, hub, draft, exposure, before: null });
      }
    });
  }
}

function draftOf(engine: Engine, code: string, contract: number): DocumentPlan {
  const order = orderOf(contract);
  const place = {
    sourceConnection: 'procore',
    sourceObject: 'commitment',
    sourceId: String(contract),
    targetConnection: 'business-one',
    kind: 'purchase-order',
    part: '',
    revision: 1,
  } as const;
  const reference = postingReference(code, {
    ...place,
    tenant: TENANT,
    connection: place.targetConnection,
  });
  const total = sum(
    order.lines.map(({ amount }) => parseMoney(amount, 'USD')),
    'USD',
  );
  const body = { ...order, reference, total: formatMoney(total) };
  const operation = { kind: 'create-order', body } as const;
  return {
    ...place,
    id: engine.newId(),
    root: `commitment:${contract}`,
    state: 'planned',
    ...placeOf(contract),
    vendorName: null,
    number: body.number,
    title: body.title,
    amountMinor: total.minor,
    currency: 'USD',
    exposureMinor: total.minor,
    accountingDate: body.accountingDate,
    recordVersion: 1,
    recordHash: '',
    body,
    operation,
    payloadHash: contentHash(canonicalOf(operation)),
    mappings: [],
    mappingHash: mappingHash([]),
    gate: null,
    reasons: [],
    requester: null,
    requestKey: null,
  };
}
