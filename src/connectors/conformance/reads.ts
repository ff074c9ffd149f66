import { expect, it } from 'vitest';
import type { RecordObject } from '../../domain/records.ts';
import type { CheckFinding } from '../connector.ts';
import type { Bench } from './bench.ts';
import { pullAll } from './steps.ts';

/** How records are read, and how a connection introduces itself and leaves. */
export function promisesOfReads<Config>({ harness, connection, another, target }: Bench<Config>): void {
  it('pulls every record once over all pages, and the same again from the start', async () => {
    for (const [object, count] of Object.entries(target().seeded)) {
      const pull = connection().pull[object];
      expect(pull, object).toBeDefined();
      if (!pull) continue;
      const { records } = await pullAll(pull);
      expect(records.size, object).toBe(count);
      for (const { record, raw } of records.values()) {
        expect(record.object).toBe(object);
        expect(raw.length).toBeGreaterThan(2);
      }
      expect((await pullAll(pull)).records).toEqual(records);
    }
  });

  it('reads a change that came after the last cycle', async () => {
    const pull = connection().pull.vendor;
    if (!pull) return;
    const { cursor } = await pullAll(pull);
    await target().renameVendor('Renamed by hand');
    const { records } = await pullAll(pull, cursor);
    const names = [...records.values()].map(({ record }) => 'name' in record && record.name);
    expect(names).toContain('Renamed by hand');
  });

  it('is seeded with a list that is longer than one page', async () => {
    const longest = Object.entries(target().seeded).reduce((a, b) => (b[1] > a[1] ? b : a));
    const first = await connection().pull[longest[0] as RecordObject]?.(null);
    const second = await connection().pull[longest[0] as RecordObject]?.(first?.cursor ?? null);
    expect(first?.records.length).toBeGreaterThan(0);
    expect(second).toEqual(await connection().pull[longest[0] as RecordObject]?.(first?.cursor ?? null));
    expect(longest[1]).toBeGreaterThan(100);
  });

  it('names the same company each time, and another connection names it too', async () => {
    const name = await connection().fingerprint();
    expect(name).toMatch(/\w/);
    expect(await connection().fingerprint()).toBe(name);
    expect(await another(target().config).connection.fingerprint()).toBe(name);
  });

  it('names the account without its secrets', () => {
    const { account, secrets, config } = harness.connector;
    const text = account(target().config);
    expect(text).toBe(account(target().config));
    const fields = config.parse(target().config) as Record<string, unknown>;
    for (const secret of secrets) expect(text).not.toContain(String(fields[secret] ?? 'absent'));
    expect(secrets.filter((secret) => !(secret in fields))).toEqual([]);
  });

  it('finds a healthy company ready, and says what to do about wrong credentials', async () => {
    const findings = await Array.fromAsync(connection().check());
    expect(findings.length).toBeGreaterThan(1);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    const troubled: CheckFinding[] = await Array.fromAsync(
      another(target().wrongCredentials).connection.check(),
    );
    const failed = troubled.filter(({ ok }) => !ok);
    expect(failed.length).toBeGreaterThan(0);
    for (const { remedy } of failed) expect(remedy).toMatch(/\w+ \w+/);
  });

  it('ends its sessions when it closes', async () => {
    const { sessions, config } = target();
    const before = (await sessions?.()) ?? 0;
    const guest = another(config);
    await guest.connection.fingerprint();
    if (sessions) expect(await sessions()).toBe(before + 1);
    await guest.connection.close();
    if (sessions) expect(await sessions()).toBe(before);
    await expect(guest.connection.close()).resolves.toBeUndefined();
  });
}
