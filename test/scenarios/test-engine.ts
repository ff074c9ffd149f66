import { randomUUID } from 'node:crypto';
import type { SeenCapabilities, SettleTable } from '../../src/domain/posting/settle.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { openSystems } from '../../src/engine/systems.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type FailPoint, noFailPoint } from '../../src/lib/fail-point.ts';
import { openLog } from '../../src/lib/log.ts';
import { openSystem } from '../../src/main.ts';
import type { Pools } from '../../src/store/database/pools.ts';
import { openVault } from '../../src/store/people/secrets.ts';

/** Seals the credentials of every world: a worker in a process of its own must open them as well. */
export const vault = openVault('test');

/**
 * The engine as a main opens it, on a database of a test, with short waits between the looks of a settlement, and with
 * what a self-test saw of its ERPs.
 */
export function openTestEngine(
  pools: Pools,
  failPoint: FailPoint = noFailPoint,
  shown: SeenCapabilities = {},
): Engine {
  const open = openSystem(vault, systemClock);
  const systems = openSystems(
    pools,
    (...given) => {
      const system = open(...given);
      const { settleBySeen: by = () => system.settle } = system;
      return { ...system, settle: hurried(by(shown)), settleBySeen: (seen) => hurried(by(seen)) };
    },
    systemClock.now,
  );
  return {
    pools,
    systems,
    clock: systemClock,
    newId: randomUUID,
    random: Math.random,
    log: openLog(process.env.TIEBEAM_TEST_LOG ?? 'silent'),
    pace: { pullEveryMs: 400, sweepEveryMs: 400 },
    failPoint,
  };
}

/** The request life stays what the connection says: it alone keeps a second order from being made. */
function hurried(table: SettleTable): SettleTable {
  return Object.fromEntries(
    Object.entries(table).map(([object, rule]) => [
      object,
      {
        ...rule,
        clientTimeoutMs: Math.min(rule.clientTimeoutMs, 1_000),
        probeGapMs: Math.min(rule.probeGapMs, 300),
        pollEveryMs: Math.min(rule.pollEveryMs, 300),
      },
    ]),
  );
}
