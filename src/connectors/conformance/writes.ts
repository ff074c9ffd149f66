import { expect, it } from 'vitest';
import type { Operation, PurchaseOrderBody } from '../../domain/documents.ts';
import { formatMoney, parseMoney, sum } from '../../domain/values/money.ts';
import type { Connection } from '../connector.ts';
import type { Bench } from './bench.ts';
import { createWrite, deliver, matches, posted } from './steps.ts';

/** How an order is written and found again. */
export function promisesOfWrites<Config>(bench: Bench<Config>): void {
  promisesOfForm(bench);

  it('posts an order that reads back equal, with a key for every line', async () => {
    const { connection, target } = bench;
    const { create } = target().samples;
    const write = createWrite(connection(), create);
    const outcome = await deliver(connection(), write);
    expect(outcome).toMatchObject({ kind: 'posted' });
    const [match, ...more] = await matches(connection(), write);
    expect(more).toEqual([]);
    expect(match).toMatchObject({ state: 'posted', hash: write.targetHash });
    expect(outcome).toEqual({ kind: 'posted', id: match?.id });
    expect(Object.keys(match?.lineKeys ?? {}).sort()).toEqual(create.lines.map(({ key }) => key).sort());
    expect(new Set(Object.values(match?.lineKeys ?? {})).size).toBe(create.lines.length);
    expect(await target().documents(create.reference)).toBe(1);
  });

  it('finds nothing under a reference that was never sent', async () => {
    await posted(bench.connection(), bench.target().samples.create);
    const absent = { ...bench.target().samples.create, reference: 'TZZABSENTABSENT2' };
    expect(await matches(bench.connection(), createWrite(bench.connection(), absent))).toEqual([]);
  });

  it('tells two orders apart that differ in one cent', async () => {
    const { create } = bench.target().samples;
    const other = withFirstAmount(create, addCent(create.lines[0]?.amount ?? '0.00', create.currency));
    const [ours, theirs] = [create, other].map((body) => createWrite(bench.connection(), body));
    expect(ours?.targetHash).not.toBe(theirs?.targetHash);
  });

  it.each(['123456789012.34', '999999999999.99', '0.01', '-1250.07'])(
    'carries %s to the ERP and back without losing a cent',
    async (amount) => {
      const { connection, target } = bench;
      const body = withFirstAmount(target().samples.create, amount);
      const write = createWrite(connection(), body);
      expect(await deliver(connection(), write)).toMatchObject({ kind: 'posted' });
      expect(await matches(connection(), write)).toMatchObject([{ hash: write.targetHash }]);
      expect(await committedAmount(connection(), body)).toBe(body.total);
    },
  );
}

function promisesOfForm<Config>({ harness, connection, target }: Bench<Config>): void {
  it('gives the same writes, bytes and hashes for the same operation', () => {
    const print = () =>
      sampleOperations(connection(), target().samples).map((operation) =>
        connection()
          .writes(operation)
          .map(({ encode, ...write }) => JSON.stringify([write, encode({ earlierIds: {}, guard: 'g' })])),
      );
    expect(print().flat().length).toBeGreaterThan(0);
    expect(print()).toEqual(print());
  });

  it('does an operation with 1 to 10 writes of different names', () => {
    for (const operation of sampleOperations(connection(), target().samples)) {
      const names = connection()
        .writes(operation)
        .map(({ name }) => name);
      expect(names.length).toBeGreaterThan(0);
      expect(names.length).toBeLessThanOrEqual(10);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('has a settle rule for each written object, whose field holds the reference whole', () => {
    const rules = harness.connector.settle(target().config);
    for (const operation of sampleOperations(connection(), target().samples))
      for (const { object, reference } of connection().writes(operation)) {
        expect(Object.keys(rules)).toContain(object);
        expect(reference.length).toBeLessThanOrEqual(rules[object]?.referenceWidth ?? 0);
      }
    expect(createWrite(connection(), target().samples.create).reference).toBe(
      target().samples.create.reference,
    );
  });

  it('finds nothing to object to in orders that the ERP takes', () => {
    for (const operation of sampleOperations(connection(), target().samples))
      expect(connection().preflight(operation)).toEqual([]);
  });
}

function sampleOperations(
  { supports }: Connection,
  { create, updated }: { create: PurchaseOrderBody; updated: PurchaseOrderBody },
): Operation[] {
  const lineKeys = Object.fromEntries(create.lines.map(({ key }, index) => [key, String(index + 1)]));
  const operations: Operation[] = [
    { kind: 'create-order', body: create },
    { kind: 'update-order', body: updated, base: { id: '1', body: create, lineKeys } },
    { kind: 'prepare-target' },
  ];
  return operations.filter(({ kind }) => supports.has(kind));
}

function withFirstAmount(body: PurchaseOrderBody, amount: string): PurchaseOrderBody {
  const lines = body.lines.map((line, index) => (index === 0 ? { ...line, amount } : line));
  const amounts = lines.map((line) => parseMoney(line.amount, body.currency));
  return { ...body, lines, total: formatMoney(sum(amounts, body.currency)) };
}

function addCent(amount: string, currency: string): string {
  return formatMoney({ minor: parseMoney(amount, currency).minor + 1n, currency });
}

async function committedAmount({ committed }: Connection, body: PurchaseOrderBody): Promise<string> {
  if (!committed) return body.total;
  const documents = await Array.fromAsync(committed(body.projectCode));
  return documents.find(({ reference }) => reference === body.reference)?.amount ?? 'not listed';
}
