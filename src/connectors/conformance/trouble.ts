import { expect, it } from 'vitest';
import type { Bench } from './bench.ts';
import { createWrite, deliver, matches, posted, stopped } from './steps.ts';

/** What a connector says when something goes wrong: too little is safe, too much is a duplicate. */
export function promisesOfTrouble<Config>(bench: Bench<Config>): void {
  promisesOfUnknown(bench);
  promisesOfProof(bench);
  promisesOfStops(bench);
}

function promisesOfUnknown<Config>({ harness, connection, target }: Bench<Config>): void {
  it('finds exactly one equal order after the reply was lost', async () => {
    const write = createWrite(connection(), target().samples.create);
    await target().fault('lost-reply', 'write');
    expect(await deliver(connection(), write)).toMatchObject({ kind: 'unknown' });
    expect(await target().faultReached('lost-reply')).toBe(1);
    await target().elapse(10_000);
    expect(await matches(connection(), write)).toMatchObject([{ state: 'posted', hash: write.targetHash }]);
    expect(await target().documents(write.reference)).toBe(1);
  });

  it('finds an order that took effect late once the request life is over', async () => {
    const write = createWrite(connection(), target().samples.create);
    const { requestLifeMs } = harness.connector.settle(target().config)[write.object] ?? {};
    expect(requestLifeMs).toEqual(expect.any(Number));
    await target().fault('late-commit', 'write');
    expect(await deliver(connection(), write)).toMatchObject({ kind: 'unknown' });
    await target().elapse(requestLifeMs ?? 0);
    await expect.poll(() => matches(connection(), write), { timeout: 5_000 }).toHaveLength(1);
    expect(await target().faultReached('late-commit')).toBe(1);
    expect(await target().writesArrived()).toBe(1);
  });

  it('calls a write that the server failed on unknown', async () => {
    const write = createWrite(connection(), target().samples.create);
    await target().fault('unavailable', 'write');
    expect(await deliver(connection(), write)).toMatchObject({
      kind: 'unknown',
      why: expect.stringMatching(/\w/),
    });
    expect(await target().faultReached('unavailable')).toBe(1);
    expect(await target().writesArrived()).toBeLessThanOrEqual(1);
  });

  it('calls a write whose answer broke off unknown', async () => {
    const write = createWrite(connection(), target().samples.create);
    await target().fault('truncated-body', 'write');
    expect(await deliver(connection(), write)).toMatchObject({ kind: 'unknown' });
    expect(await target().faultReached('truncated-body')).toBe(1);
    await target().elapse(10_000);
    expect(await target().documents(write.reference)).toBe(1);
  });
}

function promisesOfProof<Config>({ harness, connection, another, target }: Bench<Config>): void {
  it('passes a refusal on by field, and nothing stands', async () => {
    const { body, field } = target().samples.invalid;
    const outcome = await deliver(connection(), createWrite(connection(), body));
    expect(outcome).toMatchObject({ kind: 'refused' });
    const errors = outcome.kind === 'refused' ? outcome.errors : [];
    expect(errors.map((error) => error.field)).toContainEqual(expect.stringMatching(field));
    for (const { message } of errors) expect(message.split(' ').length).toBeGreaterThan(2);
    await target().elapse(10_000);
    expect(await target().documents(body.reference)).toBe(0);
  });

  it('predicts what the ERP refuses for length, and nothing shorter', async () => {
    let stretchable = 0;
    for (const { field, rule, limit = 0, object } of harness.connector.constraints) {
      if (rule !== 'max-length' || object !== 'purchase-order') continue;
      const fits = target().samples.stretched(field, limit);
      const over = target().samples.stretched(field, limit + 1);
      if (!fits || !over) continue;
      stretchable += 1;
      await target().reset();
      expect
        .soft(connection().preflight({ kind: 'create-order', body: fits }), `${field} of ${limit}`)
        .toEqual([]);
      expect
        .soft(connection().preflight({ kind: 'create-order', body: over }), `${field} of ${limit + 1}`)
        .not.toEqual([]);
      const refused = await deliver(connection(), createWrite(connection(), over));
      expect.soft(refused, `${field} of ${limit + 1}`).toMatchObject({ kind: 'refused' });
      const taken = await deliver(connection(), createWrite(connection(), fits));
      expect.soft(taken, `${field} of ${limit}`).toMatchObject({ kind: 'posted' });
    }
    expect(stretchable).toBeGreaterThan(0);
  });

  it('takes a rate limit for proof that nothing was done', async () => {
    const write = createWrite(connection(), target().samples.create);
    await target().fault('rate-limited', 'write');
    const outcome = await deliver(connection(), write);
    expect(await target().faultReached('rate-limited')).toBe(1);
    expect(['not-sent', 'refused']).toContain(outcome.kind);
    await target().elapse(10_000);
    expect(await target().documents(write.reference)).toBe(0);
  });

  it('sends no write through a read-only door', async () => {
    const readOnly = another(target().config, false).connection;
    const outcome = await deliver(readOnly, createWrite(readOnly, target().samples.create));
    expect(outcome).toMatchObject({ kind: 'not-sent', why: expect.stringContaining('read-only') });
    expect(await target().writesArrived()).toBe(0);
    await posted(connection(), target().samples.create);
    expect(await target().writesArrived()).toBe(1);
  });
}

function promisesOfStops<Config>({ connection, another, target }: Bench<Config>): void {
  it('stops as unauthorised with a remedy when the credentials are wrong', async () => {
    const stop = await stopped(another(target().wrongCredentials).connection.fingerprint());
    expect(stop.kind).toBe('unauthorised');
    expect(stop.remedy).toMatch(/\w+ \w+/);
  });

  it('sends nothing with wrong credentials', async () => {
    const stranger = another(target().wrongCredentials).connection;
    const write = createWrite(stranger, target().samples.create);
    const outcome = await deliver(stranger, write).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ kind: expect.stringMatching(/^(not-sent|unauthorised)$/) });
    expect(await target().documents(write.reference)).toBe(0);
  });

  it('stops with a remedy when nobody answers at the address', async () => {
    const stop = await stopped(another(target().unreachable).connection.fingerprint());
    expect(stop.kind).toBe('retry-later');
    expect(stop.remedy).toMatch(/\w+ \w+/);
  });

  it('proves that nothing was sent when nobody answers at the address', async () => {
    const lonely = another(target().unreachable).connection;
    const outcome = await deliver(lonely, createWrite(lonely, target().samples.create)).catch(
      (error: unknown) => error,
    );
    expect(outcome).toMatchObject({ kind: expect.stringMatching(/^(not-sent|retry-later)$/) });
  });

  it('takes half an answer to a probe for no answer', async () => {
    const write = createWrite(connection(), target().samples.create);
    await posted(connection(), target().samples.create);
    await target().fault('truncated-body', 'read');
    expect(await stopped(matches(connection(), write))).toMatchObject({ kind: 'retry-later' });
    expect(await target().faultReached('truncated-body')).toBe(1);
    expect(await matches(connection(), write)).toHaveLength(1);
  });

  it('takes a failing server for no answer to a probe', async () => {
    const write = createWrite(connection(), target().samples.create);
    await posted(connection(), target().samples.create);
    await target().fault('unavailable', 'read');
    expect(await stopped(matches(connection(), write))).toMatchObject({ kind: 'retry-later' });
    expect(await target().faultReached('unavailable')).toBe(1);
  });
}
