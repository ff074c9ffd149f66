import { expect, it } from 'vitest';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import type { Bench } from './bench.ts';
import { createWrite, deliver, matches, posted, standing, updateWrite } from './steps.ts';

/** How a changed order reaches the ERP, whatever the connector's strategy is. */
export function promisesOfUpdates<Config>(bench: Bench<Config>): void {
  promisesOfOneEffect(bench);
  promisesOfRespect(bench);
}

function promisesOfOneEffect<Config>({ connection, target }: Bench<Config>): void {
  it('changes an order once: at its base before, at its target afterwards', async () => {
    const { create, updated } = target().samples;
    const base = await posted(connection(), create);
    const write = updateWrite(connection(), updated, base);
    const before = await standing(connection(), write);
    expect(before).toMatchObject({ standing: 'at-base', id: base.id });
    expect(await deliver(connection(), write, before.guard)).toEqual({ kind: 'posted', id: base.id });

    const after = await standing(connection(), write);
    expect(after).toMatchObject({ standing: 'at-target', id: base.id });
    const keys = Object.keys(after.lineKeys ?? {});
    expect(updated.lines.filter(({ key }) => !keys.includes(key))).toEqual([]);
    const { committed, list } = connection();
    if (list) {
      const listed = await Array.fromAsync(list(create.reference.slice(0, 3), calendarDate('2000-01-01')));
      expect(listed).toContainEqual(expect.objectContaining({ id: base.id, hash: write.targetHash }));
    }
    if (!committed) return;
    const documents = await Array.fromAsync(committed(updated.projectCode));
    expect(documents.filter(({ id }) => id === base.id)).toMatchObject([{ amount: updated.total }]);
  });

  it('changes an order once even when it is sent twice after one look', async () => {
    const { create, updated } = target().samples;
    const base = await posted(connection(), create);
    const write = updateWrite(connection(), updated, base);
    const { guard } = await standing(connection(), write);
    expect(await deliver(connection(), write, guard)).toMatchObject({ kind: 'posted' });
    const second = await deliver(connection(), write, guard);
    expect(['posted', 'unknown']).toContain(second.kind);
    expect(await standing(connection(), write)).toMatchObject({ standing: 'at-target' });
  });

  it('sees after a lost reply that the change stands, once', async () => {
    const { create, updated } = target().samples;
    const base = await posted(connection(), create);
    const write = updateWrite(connection(), updated, base);
    const { guard } = await standing(connection(), write);
    await target().fault('lost-reply', 'write');
    expect(await deliver(connection(), write, guard)).toMatchObject({ kind: 'unknown' });
    expect(await target().faultReached('lost-reply')).toBe(1);
    await target().elapse(10_000);
    expect(await standing(connection(), write)).toMatchObject({ standing: 'at-target' });
  });

  it('builds a further change on the line keys that the last one left', async () => {
    const { create, updated } = target().samples;
    const base = await posted(connection(), create);
    const first = updateWrite(connection(), updated, base);
    const before = await standing(connection(), first);
    await deliver(connection(), first, before.guard);
    const after = await standing(connection(), first);

    const back = {
      ...create,
      revision: updated.revision + 1,
      reference: updated.reference === create.reference ? create.reference : 'TACTHIRDTHIRDTH3',
    };
    const second = updateWrite(connection(), back, {
      id: base.id,
      body: updated,
      lineKeys: after.lineKeys ?? {},
    });
    const between = await standing(connection(), second);
    expect(between).toMatchObject({ standing: 'at-base' });
    expect(await deliver(connection(), second, between.guard)).toMatchObject({ kind: 'posted' });
    expect(await standing(connection(), second)).toMatchObject({ standing: 'at-target' });
  });
}

function promisesOfRespect<Config>({ connection, target }: Bench<Config>): void {
  it('does not write over what a person edited after our look', async () => {
    const { create, updated } = target().samples;
    const base = await posted(connection(), create);
    const write = updateWrite(connection(), updated, base);
    const { guard } = await standing(connection(), write);
    await target().editByHand(base.id);
    expect(await deliver(connection(), write, guard)).not.toMatchObject({ kind: 'posted' });
    expect(await standing(connection(), write)).toMatchObject({ standing: 'elsewhere' });
  });

  it('leaves what a person edited alone and says in words what differs', async () => {
    const { create, updated } = target().samples;
    const base = await posted(connection(), create);
    await target().editByHand(base.id);
    const { standing: where, difference } = await standing(
      connection(),
      updateWrite(connection(), updated, base),
    );
    expect(where).toBe('elsewhere');
    expect(difference).toContain(create.lines[0]?.description);
    expect(difference?.split(' ').length).toBeGreaterThan(3);
    const [match] = await matches(connection(), createWrite(connection(), create));
    expect(match?.hash).not.toBe(createWrite(connection(), create).targetHash);
  });
}
