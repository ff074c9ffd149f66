import { expect, it } from 'vitest';
import { calendarDate, utcDate } from '../../domain/values/calendar-date.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Connection } from '../connector.ts';
import type { Bench } from './bench.ts';
import { createWrite, deliver, posted, standing, updateWrite } from './steps.ts';

const LONG_AGO = calendarDate('2000-01-01');
const FAR_AHEAD = calendarDate('2999-01-01');
const DAY_MS = 86_400_000;
// More than one page of any reader, and still quick.
const MANY = 130;

type List = NonNullable<Connection['list']>;

/** How documents are listed by our references, where the ERP can: the daily sweep relies on nothing else. */
export function promisesOfLists<Config>(bench: Bench<Config>): void {
  promisesOfListedState(bench);
  promisesOfListedNumber(bench);
}

function promisesOfListedState<Config>(bench: Bench<Config>): void {
  const { connection, target } = bench;
  const listed = listing(bench);

  it('lists what carries our prefix and nothing foreign', async ({ skip }) => {
    const { list } = connection();
    if (!list) return skip();
    const { create } = target().samples;
    const { id } = await posted(connection(), create);
    const hash = createWrite(connection(), create).targetHash;
    expect(await listed()).toMatchObject([{ id, reference: create.reference, hash, state: 'posted' }]);
    expect(await Array.fromAsync(list('TZZ', LONG_AGO))).toEqual([]);
    expect(await listed(FAR_AHEAD)).toEqual([]);
  });

  it('lists each reference with the hash that its last write left', async ({ skip }) => {
    if (!connection().list) return skip();
    const { create, updated } = target().samples;
    const base = await posted(connection(), create);
    const write = updateWrite(connection(), updated, base);
    const { guard } = await standing(connection(), write);
    await deliver(connection(), write, guard);
    const found = new Map((await listed()).map(({ reference, hash }) => [reference, hash]));
    // An ERP without changes of its own keeps the order's first reference and shows the new content under it.
    expect(found.get(updated.reference) ?? found.get(create.reference)).toBe(write.targetHash);
    expect(found.has(create.reference)).toBe(true);
  });

  it('lists what a person edited or cancelled since yesterday, as it stands now', async ({ skip }) => {
    if (!connection().list) return skip();
    const { create } = target().samples;
    const { id } = await posted(connection(), create);
    const yesterday = utcDate(new Date(systemClock.now().getTime() - DAY_MS));
    await target().editByHand(id);
    const [edited] = await listed(yesterday);
    expect(edited).toMatchObject({ id, state: 'posted' });
    expect(edited?.hash).not.toBe(createWrite(connection(), create).targetHash);
    await target().cancelByHand(id);
    expect(await listed(yesterday)).toMatchObject([{ id, state: 'cancelled' }]);
  });
}

function promisesOfListedNumber<Config>(bench: Bench<Config>): void {
  const { connection, target } = bench;
  const listed = listing(bench);

  it('lists two documents under one reference as two', async ({ skip }) => {
    if (!connection().list) return skip();
    const { create } = target().samples;
    await posted(connection(), create);
    const second = await deliver(connection(), createWrite(connection(), create));
    expect(second.kind).toBe('posted');
    const found = await listed();
    expect(found.map(({ reference }) => reference)).toEqual([create.reference, create.reference]);
    expect(new Set(found.map(({ id }) => id)).size).toBe(2);
  });

  it('takes a test document back without deleting it, so that nothing of it is committed', async ({
    skip,
  }) => {
    const { selfTest, committed } = connection();
    if (!selfTest) return skip();
    const { create } = target().samples;
    expect(await selfTest.currency()).toBe(create.currency);
    const base = await posted(connection(), create);
    const write = selfTest.takeBack(base, 'TACTAKEBACKAAAA1');
    const { standing: before, guard } = await standing(connection(), write);
    expect(before).toBe('at-base');
    expect(await deliver(connection(), write, guard)).toMatchObject({ kind: 'posted' });
    expect(await standing(connection(), write)).toMatchObject({ standing: 'at-target' });
    expect(await target().documents(create.reference)).toBe(1);
    const left = (await Array.fromAsync(committed?.(create.projectCode) ?? [])).filter(
      ({ id }) => id === base.id,
    );
    expect(left.map(({ amount }) => amount).filter((amount) => amount !== '0.00')).toEqual([]);
  });

  it('lists more than a page, each document once, through a door that lets nothing be written', async ({
    skip,
  }) => {
    if (!connection().list) return skip();
    const { create } = target().samples;
    const references = Array.from(
      { length: MANY },
      (_, at) => `${prefixOf(bench)}${String(at).padStart(13, '0')}`,
    );
    for (const reference of references) {
      const outcome = await deliver(connection(), createWrite(connection(), { ...create, reference }));
      if (outcome.kind !== 'posted') throw new Error(JSON.stringify(outcome));
    }
    const reader = bench.another(target().config, false).connection;
    const found = (await listed(LONG_AGO, reader)).map(({ reference }) => reference);
    expect(found.sort()).toEqual(references);
  });
}

function prefixOf<Config>({ target }: Bench<Config>): string {
  return target().samples.create.reference.slice(0, 3);
}

function listing<Config>(bench: Bench<Config>) {
  return async (since = LONG_AGO, of: Connection = bench.connection()) =>
    Array.fromAsync((of.list as List)(prefixOf(bench), since));
}
