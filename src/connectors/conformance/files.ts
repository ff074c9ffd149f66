import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Outcome } from '../../domain/posting/outcomes.ts';
import type { Write, WriteContext } from '../../domain/posting/writes.ts';
import { committedIntent } from '../../lib/door.ts';
import type { Connection } from '../connector.ts';
import type { Bench } from './bench.ts';
import { deliver, invoiceWrite, posted, standing } from './steps.ts';

const CONTENTS = ['Application 1', 'Waiver'].map((text) => new TextEncoder().encode(text));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const HANDED_OVER = Object.fromEntries(CONTENTS.map((bytes) => [sha256(bytes), bytes]));

/** How files hang on an invoice, for a connector that says that it can; skipped for the others. */
export function promisesOfFiles<Config>(bench: Bench<Config>): void {
  const { harness, connection, another, target } = bench;

  it('hangs files on an invoice, each once although the first answer was lost', async ({ skip }) => {
    const writes = await caseOf(bench);
    if (writes === null) return skip();
    const rules = harness.connector.settle(target().config);
    const earlierIds: Record<string, string> = {};
    for (const [place, write] of writes.entries()) {
      expect(Object.keys(rules)).toContain(write.object);
      const seen = await standing(connection(), write);
      expect(seen.standing).toBe('at-base');
      const context = { earlierIds, ...(seen.guard === undefined ? {} : { guard: seen.guard }) };
      if (place === 0) {
        await target().fault('lost-reply', 'write');
        expect(await send(connection(), write, context)).toMatchObject({ kind: 'unknown' });
        expect(await target().faultReached('lost-reply')).toBe(1);
        await target().elapse(10_000);
        const again = await write.probe(connection().read, { earlierIds, wasSent: true });
        expect(again).toMatchObject({ standing: 'at-target' });
        if (again.kind === 'standing') earlierIds[write.name] = again.id;
      } else {
        const outcome = await send(connection(), write, context);
        expect(outcome).toMatchObject({ kind: 'posted' });
        if (outcome.kind === 'posted') earlierIds[write.name] = outcome.id;
      }
    }
    for (const write of writes) expect((await standing(connection(), write)).standing).toBe('at-target');
    expect(await target().files()).toBe(CONTENTS.length);
  });

  it('sends no file through a read-only door', async ({ skip }) => {
    const [write] = (await caseOf(bench)) ?? [];
    if (write === undefined) return skip();
    const readOnly = another(target().config, false).connection;
    expect(await send(readOnly, write, { earlierIds: {} })).toMatchObject({ kind: 'not-sent' });
    expect(await target().files()).toBe(0);
  });
}

/** What attaches two files of one name to the posted sample invoice; null where the ERP takes no files. */
async function caseOf<Config>({ connection, target }: Bench<Config>): Promise<readonly Write[] | null> {
  if (!connection().supports.has('attach-files')) return null;
  const { create, invoices } = target().samples;
  if (invoices === undefined) throw new Error('a connector that takes files brings samples of an invoice');
  const order = await posted(connection(), create);
  const invoice = await deliver(connection(), invoiceWrite(connection(), invoices.progress(order)));
  if (invoice.kind !== 'posted') throw new Error(`the invoice was not posted: ${JSON.stringify(invoice)}`);
  const files = CONTENTS.map((bytes) => ({ name: 'F-17.pdf', sha256: sha256(bytes) }));
  const operation = {
    ...({ kind: 'attach-files', reference: 'TAC2345FILES2222' } as const),
    ...{ invoiceId: invoice.id, files },
  };
  expect(connection().preflight(operation)).toEqual([]);
  return connection().writes(operation);
}

async function send(
  connection: Connection,
  write: Write,
  context: Pick<WriteContext, 'earlierIds' | 'guard'>,
): Promise<Outcome> {
  const request = write.encode({ ...context, files: HANDED_OVER });
  const sent = await connection.send(committedIntent(write.reference, 1), request);
  return sent.kind === 'answered' ? write.classify(sent.response) : { kind: sent.kind, why: sent.why };
}
