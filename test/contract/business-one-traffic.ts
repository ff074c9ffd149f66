import type { Connection } from '../../src/connectors/connector.ts';
import {
  openControl,
  SAMPLE_COMPANY,
  sampleConfig,
} from '../../src/connectors/sap-business-one/fixtures/company.ts';
import { sampleInvoice, sampleRelease } from '../../src/connectors/sap-business-one/fixtures/invoices.ts';
import {
  CHANGED_ORDER,
  SAMPLE_ORDER,
  sampleLine,
} from '../../src/connectors/sap-business-one/fixtures/orders.ts';
import {
  sampleArInvoice,
  sampleCredit,
  sampleDirectInvoice,
} from '../../src/connectors/sap-business-one/fixtures/own-invoices.ts';
import { sapBusinessOne } from '../../src/connectors/sap-business-one/index.ts';
import { startBusinessOneSimulator } from '../../src/connectors/sap-business-one/simulator/server.ts';
import type { Operation, PostedBase } from '../../src/domain/documents.ts';
import { calendarDate } from '../../src/domain/values/calendar-date.ts';
import { committedIntent, openDoor } from '../../src/lib/door.ts';
import { recordingDoor, type SentRequest } from './sent-requests.ts';

/** Every request that the connection makes when each of its functions and writes is used once. */
export async function businessOneTraffic(): Promise<readonly SentRequest[]> {
  const sent: SentRequest[] = [];
  const simulator = await startBusinessOneSimulator({ port: 0 });
  try {
    await openControl(simulator.url).post('seed', { ...SAMPLE_COMPANY, udfs: [] });
    const config = sampleConfig(simulator.url, { commitmentsAs: 'requisition' });
    const door = openDoor({ ...sapBusinessOne.doorOptions(config), writesAllowed: () => true });
    const connection = sapBusinessOne.connect(config, {
      door: recordingDoor(door, sent),
      now: () => new Date(),
      sleep: async () => {},
    });
    await carry(connection, { kind: 'prepare-target' });
    await carryOrders(connection);
    await carryInvoices(connection);
    await readAll(connection);
    await connection.close();
    await door.close();
    return sent;
  } finally {
    await simulator.stop();
  }
}

async function readAll(connection: Connection): Promise<void> {
  await connection.fingerprint();
  for await (const finding of connection.check()) if (!finding.ok) throw new Error(finding.message);
  for (const pull of Object.values(connection.pull)) {
    let cursor: string | null = null;
    // 451 vendors are three pages; the fourth call ends the cycle and the fifth asks for changes only.
    for (let page = 0; page < 6; page += 1) cursor = (await pull!(cursor)).cursor;
  }
}

async function carryOrders(connection: Connection): Promise<void> {
  const created = await carry(connection, { kind: 'create-order', body: SAMPLE_ORDER });
  const base: PostedBase = { id: created, body: SAMPLE_ORDER, lineKeys: { '11': '0', '12': '1', '13': '2' } };
  await carry(connection, { kind: 'update-order', body: CHANGED_ORDER, base });
  const stocked = {
    ...SAMPLE_ORDER,
    reference: 'TAC2345ABCDEFGH3',
    lines: [sampleLine('21', 'Pump', '12.50', 'PUMP', 'item')],
  };
  await carry(connection, { kind: 'create-order', body: stocked });
  const requiredDate = SAMPLE_ORDER.accountingDate;
  const wanted = { ...SAMPLE_ORDER, reference: 'TAC2345ABCDEFGH4' };
  const asked = await carry(connection, { kind: 'create-requisition', body: wanted, requiredDate });
  await connection.requisition!(asked);
  for await (const _match of connection.list!('TAC', calendarDate('2026-01-01')));
  for await (const _document of connection.committed!("P'100"));
}

async function carryInvoices(connection: Connection): Promise<void> {
  const order = { ...SAMPLE_ORDER, reference: 'TAC2345ABCDEFGH5' };
  const id = await carry(connection, { kind: 'create-order', body: order });
  const base: PostedBase = { id, body: order, lineKeys: { '11': '0', '12': '1', '13': '2' } };
  const invoiceId = await carry(connection, { kind: 'create-invoice', body: sampleInvoice(base) });
  await carry(connection, { kind: 'create-invoice', body: sampleRelease(base) });
  const direct = sampleDirectInvoice();
  await carry(connection, {
    kind: 'create-direct-invoice',
    body: { ...direct, lines: direct.lines.map((line) => ({ ...line, projectCode: 'P-100' })) },
  });
  const credit = sampleCredit();
  await carry(connection, {
    kind: 'create-vendor-credit',
    body: { ...credit, lines: credit.lines.map((line) => ({ ...line, projectCode: 'P-100' })) },
  });
  const owed = sampleArInvoice();
  await carry(connection, {
    kind: 'create-ar-invoice',
    body: {
      ...owed,
      lines: owed.lines.map((line) => ({ ...line, account: '5100' })),
      retainage: owed.retainage.map((line) => ({ ...line, account: '2050' })),
    },
  });
  const files = [{ name: 'pay app 1.pdf', sha256: 'a' }];
  await carry(connection, { kind: 'attach-files', reference: 'TAC2345FILES2222', invoiceId, files });
  const hold = { kind: 'set-payment-hold', reference: 'TAC2345HOLD22222', invoiceId } as const;
  await carry(connection, { ...hold, hold: 'insurance lapsed', left: null });
  await carry(connection, { ...hold, hold: null, left: 'insurance lapsed' });
  await connection.openOrderLines!(id);
  await connection.invoicesNumbered!('V1003', "ACME'S 1");
  await connection.arInvoicesNumbered!('C1', "PC'S 1");
  for await (const _match of connection.list!('TAC', calendarDate('2026-01-01')));
}

/** Sends an operation as the engine would, with the guard that its probe found, and returns the target's id. */
async function carry(connection: Connection, operation: Operation): Promise<string> {
  let id = '';
  const earlierIds: Record<string, string> = {};
  const files = { a: Buffer.from('%PDF-1.7') };
  for (const write of connection.writes(operation)) {
    const probed = await write.probe(connection.read, { earlierIds });
    const guard = probed.kind === 'standing' && probed.guard !== undefined ? { guard: probed.guard } : {};
    const sent = await connection.send(
      committedIntent('contract', 1),
      write.encode({ earlierIds, files, ...guard }),
    );
    const outcome = sent.kind === 'answered' ? write.classify(sent.response) : sent;
    if (outcome.kind !== 'posted') throw new Error(`${operation.kind}: ${JSON.stringify(outcome)}`);
    id = outcome.id;
    earlierIds[write.name] = id;
  }
  return id;
}
