import { expect, it } from 'vitest';
import type { Write } from '../../domain/posting/writes.ts';
import type { Connection } from '../connector.ts';
import type { Bench } from './bench.ts';
import type { MasterOperation } from './harness.ts';
import { deliver, matches } from './steps.ts';

const KINDS = ['create-vendor', 'create-project', 'create-cost-code', 'create-sub-job'] as const;

/** How master records are created, for connectors that do: the same protocol as for documents. */
export function promisesOfMasters<Config>(bench: Bench<Config>): void {
  for (const kind of KINDS) promisesOf(bench, kind);
}

function promisesOf<Config>(bench: Bench<Config>, kind: (typeof KINDS)[number]): void {
  const { harness, connection, target } = bench;
  const sample = (): MasterOperation | undefined => target().samples.masters?.[kind];

  it(`does ${kind} once, and finds one equal record by its reference`, async ({ skip }) => {
    const operation = sample();
    if (!operation) return skip();
    expect(connection().supports.has(kind)).toBe(true);
    expect(connection().preflight(operation)).toEqual([]);
    const write = writeOf(connection(), operation);
    expect(await matches(connection(), write)).toEqual([]);
    const outcome = await deliver(connection(), write);
    const found = await matches(connection(), write);
    expect(found).toMatchObject([{ state: 'posted', hash: write.targetHash }]);
    expect(outcome).toEqual({ kind: 'posted', id: found[0]?.id });
    expect(await target().documents(write.reference)).toBe(1);
    const rule = harness.connector.settle(target().config)[write.object];
    expect(write.reference.length).toBeLessThanOrEqual(rule?.referenceWidth ?? 0);
  });

  it(`finds what ${kind} made after the reply was lost`, async ({ skip }) => {
    const operation = sample();
    if (!operation) return skip();
    const write = writeOf(connection(), operation);
    await target().fault('lost-reply', 'write');
    expect(await deliver(connection(), write)).toMatchObject({ kind: 'unknown' });
    await target().elapse(10_000);
    expect(await matches(connection(), write)).toMatchObject([{ hash: write.targetHash }]);
    expect(await target().documents(write.reference)).toBe(1);
  });

  it(`never takes a record that somebody else has under the code for that of ${kind}`, async ({ skip }) => {
    const operation = sample();
    if (!operation) return skip();
    await deliver(connection(), writeOf(connection(), operation));
    const body = { ...operation.body, reference: 'TACANOTHERONEAA2' };
    const second = writeOf(connection(), { ...operation, body } as MasterOperation);
    expect(['refused', 'unknown']).toContain((await deliver(connection(), second)).kind);
    const found = await matches(connection(), second);
    expect(found.filter(({ hash }) => hash === second.targetHash)).toEqual([]);
    expect(await target().documents(body.reference)).toBe(0);
  });

  it(`predicts for ${kind} what the ERP refuses for length, by field, and nothing shorter`, async ({
    skip,
  }) => {
    const operation = sample();
    if (!operation) return skip();
    const rules = harness.connector.constraints.filter(
      ({ object, rule, field }) =>
        object === operation.body.kind && rule === 'max-length' && field in operation.body,
    );
    expect(rules.length).toBeGreaterThan(1);
    for (const { field, limit = 0 } of rules) {
      if (field === 'reference') continue;
      await target().reset();
      const stretched = (length: number) =>
        ({ ...operation, body: { ...operation.body, [field]: 'x'.repeat(length) } }) as MasterOperation;
      expect.soft(connection().preflight(stretched(limit)), field).toEqual([]);
      expect.soft(connection().preflight(stretched(limit + 1)), field).toMatchObject([{ field }]);
      const over = await deliver(connection(), writeOf(connection(), stretched(limit + 1)));
      expect.soft(over, field).toMatchObject({ kind: 'refused', errors: [{ field }] });
      const fits = await deliver(connection(), writeOf(connection(), stretched(limit)));
      expect.soft(fits, field).toMatchObject({ kind: 'posted' });
    }
  });
}

function writeOf(connection: Connection, operation: MasterOperation): Write {
  const [write, ...more] = connection.writes(operation);
  if (write === undefined || more.length > 0) throw new Error('a master is created by one write');
  return write;
}
