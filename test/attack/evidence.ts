import { procoreTruth } from '../../src/demo/truth.ts';
import { parseJson } from '../../src/lib/decimal-json.ts';
import type { Evidence } from '../checker/evidence.ts';
import { whatIsTold } from './evidence-of-api.ts';
import { approvalEvidence } from './evidence-of-approvals.ts';
import { auditEvidence } from './evidence-of-audit.ts';
import { isolationEvidence } from './evidence-of-isolation.ts';
import { ourWord, readOurs } from './evidence-of-ours.ts';
import { sourceTruth } from './evidence-of-source.ts';
import { targetTruth } from './evidence-of-target.ts';
import type { LastActs } from './last-acts.ts';
import { openService } from './open-service.ts';
import type { World } from './world.ts';

/** How a world came to its end. */
export type Come = { readonly settled: boolean; readonly crashes: number; readonly last: LastActs };

/**
 * What the independent checker judges: the books of both simulators, what the attack itself did, what Tiebeam wrote
 * down, read as it stands, the audit export, and what the API answers. Nothing here decides what is right.
 */
export async function evidenceOf(
  world: World,
  { settled, crashes, last: { replays, phases } }: Come,
): Promise<Evidence> {
  const { told, isolation } = await shown(world);
  const ours = await readOurs(world);
  const audit = await auditEvidence(world, told.audit);
  const procoreText = await world.simulators.procore.truth();
  const procore = procoreTruth(parseJson(procoreText));
  return {
    settled,
    crashes,
    target: { ...(await targetTruth(world, ours)), phases },
    replays,
    source: sourceTruth(procore, procoreText, ours, world),
    ours: ourWord(ours, told, world.erp.connection.id),
    dashboard: { counts: told.counts },
    audit,
    isolation,
    approvals: await approvalEvidence(world, ours),
    // Eight by itself, and one more for each time a person let it look again, which nobody does here.
    work: { attemptsAtMost: 8 },
  };
}

/** What people see, of their own and of others. */
async function shown(world: World) {
  const service = await openService(world);
  try {
    // First: whoever signs in to look is in the audit trail, which is read afterwards.
    const isolation = await isolationEvidence(world, service);
    return { isolation, told: await whatIsTold(world, service) };
  } finally {
    await service.close();
  }
}
