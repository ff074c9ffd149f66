import { expect, it } from 'vitest';
import type { PostedBase, PurchaseOrderBody } from '../../domain/documents.ts';
import type { StandingOrder } from '../../domain/orders/standing-order.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { parseMoney } from '../../domain/values/money.ts';
import type { Bench } from './bench.ts';
import { deliver, standing, updateWrite } from './steps.ts';

/** How orders that people typed are taken over, for a connector that lists them; skipped for the others. */
export function promisesOfStandingOrders<Config>(bench: Bench<Config>): void {
  const { connection, target } = bench;

  it('lists an order that people typed line by line, and changes it as it stands', async ({ skip }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    const { typed, base } = found;
    const { create, updated } = target().samples;
    const minor = (amount: string) => parseMoney(amount, create.currency).minor;
    expect(
      typed.lines.map(({ description, amount, coding }) => [description, minor(amount), coding]),
    ).toEqual(create.lines.map(({ description, amount, coding }) => [description, minor(amount), coding]));
    expect(typed.lines.every(({ invoiced, closed }) => minor(invoiced) === 0n && !closed)).toBe(true);

    const body = { ...updated, revision: 1, number: typed.vendorReference };
    const write = updateWrite(connection(), body, base);
    const before = await standing(connection(), write);
    expect(before).toMatchObject({ standing: 'at-base' });
    expect(await deliver(connection(), write, before.guard)).toMatchObject({ kind: 'posted' });
    const after = await standing(connection(), write);
    expect(after).toMatchObject({ standing: 'at-target', id: typed.id });
    for (const { key } of body.lines) expect(Object.keys(after.lineKeys ?? {})).toContain(key);
    const [changed] = await ordersOf(bench);
    expect(minor(changed!.total)).toBe(minor(body.total));
    const listed = await Array.fromAsync(
      connection().list!(body.reference.slice(0, 3), calendarDate('2000-01-01')),
    );
    // Where a reference stands in a change of its own, it stands there with what was approved.
    for (const each of listed)
      expect(each).toMatchObject({ reference: body.reference, hash: write.targetHash });

    const next = { ...body, reference: create.reference, revision: 2, lines: body.lines.slice(0, 2) };
    const again = updateWrite(connection(), next, { id: typed.id, body, lineKeys: after.lineKeys ?? {} });
    expect(await standing(connection(), again)).toMatchObject({ standing: 'at-base' });
  });

  it('leaves alone what people change of an order that they typed', async ({ skip }) => {
    const found = await caseOf(bench);
    if (found === null) return skip();
    const { typed, base } = found;
    await target().editByHand(typed.id);
    const write = updateWrite(connection(), { ...target().samples.updated, revision: 1 }, base);
    expect(await standing(connection(), write)).toMatchObject({
      standing: 'elsewhere',
      difference: expect.stringMatching(/\w+ \w+/),
    });
  });
}

type Case = { readonly typed: StandingOrder; readonly base: PostedBase };

/** The sample order as people type it, and what is known of it when it is taken over. */
async function caseOf<Config>(bench: Bench<Config>): Promise<Case | null> {
  const { connection, target } = bench;
  if (connection().standingOrders === undefined) return null;
  const { create } = target().samples;
  await target().typeOrder(create);
  const [typed] = await ordersOf(bench);
  if (typed === undefined) throw new Error('the order that was typed is not listed');
  const lineKeys = create.lines.map(({ key }, place) => [key, typed.lines[place]?.key ?? '']);
  const body: PurchaseOrderBody = {
    ...create,
    ...{ reference: '', revision: 0, number: typed.vendorReference, title: 'As Procore calls it' },
    accountingDate: typed.date,
  };
  return { typed, base: { id: typed.id, body, lineKeys: Object.fromEntries(lineKeys) } };
}

/** Orders of the sample's vendor that nobody posted from here. */
async function ordersOf<Config>({ connection, target }: Bench<Config>): Promise<StandingOrder[]> {
  const { projectCode, vendorCode } = target().samples.create;
  const all = await Array.fromAsync(connection().standingOrders!(projectCode));
  return all.filter((order) => order.vendorCode === vendorCode && order.reference === null);
}
