import { expect, it } from 'vitest';
import type { Operation } from '../../domain/documents.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import type { Connection } from '../connector.ts';
import type { Bench } from './bench.ts';
import { deliver, matches, standing, updateWrite } from './steps.ts';

const LONG_AGO = calendarDate('2000-01-01');

/** How commitments become requisitions, for an ERP that takes them and is set to; skipped for the others. */
export function promisesOfRequisitions<Config>(bench: Bench<Config>): void {
  promisesOfRequisitionWrites(bench);

  it('shows which line of a requisition each line of the order draws on that people made of it', async ({
    skip,
  }) => {
    const at = caseOf(bench);
    if (at === null) return skip();
    const { connection, write, body, buy } = at;
    await deliver(connection, write);
    const [match] = await matches(connection, write);
    const { id, lineKeys = {} } = match!;
    expect(await connection.requisition?.(id)).toMatchObject({ id, state: 'open' });
    await buy(id);
    const standingThere = await Array.fromAsync(connection.standingOrders!(body.projectCode));
    const [order] = standingThere.filter(({ lines }) => lines.some(({ drawsOn }) => drawsOn !== undefined));
    expect(order).toMatchObject({ reference: null, vendorCode: body.vendorCode, currency: body.currency });
    const bases = body.lines.map(({ key }) => ({ requisition: id, line: lineKeys[key] }));
    expect(order?.lines.map(({ drawsOn }) => drawsOn)).toEqual(bases);
    expect(order?.lines.map(({ coding }) => coding)).toEqual(body.lines.map(({ coding }) => coding));
    expect(await connection.requisition?.(id)).toMatchObject({ state: 'closed' });
    // What was copied to the order with the requisition makes it none of ours.
    const listed = await Array.fromAsync(connection.list!(body.reference.slice(0, 3), LONG_AGO));
    expect(listed).toMatchObject([{ id, reference: body.reference, hash: write.targetHash }]);
    const keys = body.lines.map(({ key }, place) => [key, order?.lines[place]?.key ?? ''] as const);
    const found = {
      ...body,
      ...{ reference: '', revision: 0, number: order!.vendorReference, accountingDate: order!.date },
    };
    const base = { id: order!.id, body: found, lineKeys: Object.fromEntries(keys) };
    const change = { ...found, reference: body.reference.replace(/.$/, 'Z'), revision: 1, total: '0.00' };
    const lines = body.lines.map((line) => ({ ...line, amount: '0.00' }));
    const next = updateWrite(connection, { ...change, lines }, base);
    expect(await standing(connection, next)).toMatchObject({ standing: 'at-base' });
  });

  it('tells a requisition that people cancelled, and one that is not there', async ({ skip }) => {
    const at = caseOf(bench);
    if (at === null) return skip();
    const { connection, write, cancel } = at;
    const outcome = await deliver(connection, write);
    if (outcome.kind !== 'posted') throw new Error(JSON.stringify(outcome));
    await cancel(outcome.id);
    expect(await connection.requisition?.(outcome.id)).toMatchObject({ state: 'cancelled' });
    expect(await matches(connection, write)).toMatchObject([{ state: 'cancelled' }]);
    expect(await connection.requisition?.(outcome.id.replace(/\d$/, '9'))).toBeNull();
  });
}

function promisesOfRequisitionWrites<Config>(bench: Bench<Config>): void {
  it('asks for a commitment instead of ordering it, and commits nothing by it', async ({ skip }) => {
    const at = caseOf(bench);
    if (at === null) return skip();
    const { connection, write, operation, body } = at;
    expect(bench.connection().supports.has('create-requisition')).toBe(false);
    expect(connection.preflight(operation)).toEqual([]);
    expect(await matches(connection, write)).toEqual([]);
    expect(await deliver(connection, write)).toMatchObject({ kind: 'posted' });
    const [match, ...more] = await matches(connection, write);
    expect(more).toEqual([]);
    expect(match).toMatchObject({ state: 'posted', hash: write.targetHash });
    expect(Object.keys(match?.lineKeys ?? {})).toEqual(body.lines.map(({ key }) => key));
    expect(await bench.target().documents(body.reference)).toBe(1);
    const committed = await Array.fromAsync(connection.committed!(body.projectCode));
    expect(committed.filter(({ vendorCode }) => vendorCode === body.vendorCode)).toEqual([]);
    const listed = await Array.fromAsync(connection.list!(body.reference.slice(0, 3), LONG_AGO));
    expect(listed).toMatchObject([{ reference: body.reference, hash: write.targetHash }]);
  });

  it('finds the one requisition whose answer was lost', async ({ skip }) => {
    const at = caseOf(bench);
    if (at === null) return skip();
    const { connection, write, body } = at;
    await matches(connection, write);
    await bench.target().fault('lost-reply', 'write');
    const outcome = await deliver(connection, write);
    expect(outcome.kind).toBe('unknown');
    await bench.target().elapse(60_000);
    expect(await matches(connection, write)).toMatchObject([{ state: 'posted', hash: write.targetHash }]);
    expect(await bench.target().documents(body.reference)).toBe(1);
  });

  it('leaves nothing behind of a requisition that is refused, and names the field', async ({ skip }) => {
    const at = caseOf(bench);
    if (at === null) return skip();
    const { body, field } = bench.target().samples.invalid;
    const { connection } = at;
    const [write] = connection.writes({ ...at.operation, body });
    const outcome = await deliver(connection, write!);
    expect(outcome.kind).toBe('refused');
    if (outcome.kind === 'refused') expect(outcome.errors[0]?.field).toMatch(field);
    expect(await bench.target().documents(body.reference)).toBe(0);
  });
}

function caseOf<Config>(bench: Bench<Config>) {
  const { requisitions, samples } = bench.target();
  if (requisitions === undefined) return null;
  const connection: Connection = bench.another(requisitions.config).connection;
  const body = samples.create;
  const operation = {
    ...{ kind: 'create-requisition', body },
    requiredDate: body.accountingDate,
  } as const satisfies Operation;
  const [write] = connection.writes(operation);
  const { buyByHand: buy, cancelByHand: cancel } = requisitions;
  return { connection, body, operation, write: write!, buy, cancel };
}
