import type { Operation } from '../../domain/documents.ts';
import { formatMoney, sum } from '../../domain/money.ts';
import { Stop } from '../../domain/outcomes.ts';
import type { Read, Write } from '../../domain/writes.ts';
import type { CommittedDocument, Connection, Connector } from '../connector.ts';
import { check } from './check.ts';
import { openClient, readJson, readOrders } from './client.ts';
import { type DemoErpConfig, demoErpConfig } from './config.ts';
import { constraints, preflight } from './constraints.ts';
import { standingLines } from './order-form.ts';
import { changeOrder, createOrder, matchOf } from './order-writes.ts';
import { pulls } from './pull.ts';
import { settleTable } from './settle.ts';
import { company } from './wire.ts';

/** Ledgerline, a small imaginary ERP that does everything differently from SAP Business One. */
export const demoErp: Connector<DemoErpConfig> = {
  id: 'demo-erp',
  title: 'Ledgerline (demonstration ERP)',
  config: demoErpConfig,
  secrets: ['apiKey'],
  doorOptions: ({ baseUrl, ca }) => ({ baseUrl, ...(ca === undefined ? {} : { ca }), readPosts: [] }),
  account: ({ baseUrl, company: id }) => `${new URL(baseUrl).href}#${id}`,
  rate: { kind: 'queue' },
  constraints,
  settle: settleTable,
  updateStrategy: 'change-document',
  connect(config, { door }): Connection {
    const { read, send } = openClient(config, door);
    return {
      fingerprint: async () => `ledgerline:${(await readJson(read, '/company', company)).id}`,
      check: () => check(read, config),
      pull: pulls(read),
      supports: new Set(['create-order', 'update-order']),
      writes,
      preflight,
      list: (prefix, since) => list(read, prefix, since),
      committed: (projectCode) => committed(read, projectCode),
      read,
      send,
      // The key needs no session: there is nothing to end, and the door belongs to whoever opened it.
      close: async () => {},
    };
  },
};

function writes(operation: Operation): readonly Write[] {
  if (operation.kind === 'create-order') return [createOrder(operation.body)];
  if (operation.kind === 'update-order') return [changeOrder(operation.body, operation.base)];
  throw new Stop('bug', 'Ledgerline', `Ledgerline does not support ${operation.kind}`);
}

async function* list(read: Read, prefix: string, since: string): ReturnType<NonNullable<Connection['list']>> {
  for await (const order of readOrders(read, { reference_prefix: prefix, since })) {
    if (order.reference?.startsWith(prefix) && order.created_on >= since)
      yield { ...matchOf(order, 0), reference: order.reference };
    for (const [index, { reference, created_on: createdOn }] of order.changes.entries())
      if (reference.startsWith(prefix) && createdOn >= since)
        yield { ...matchOf(order, index + 1), reference };
  }
}

async function* committed(read: Read, projectCode: string): AsyncGenerator<CommittedDocument> {
  for await (const order of readOrders(read, { project: projectCode })) {
    if (order.status === 'cancelled') continue;
    const lines = standingLines(order, Number.POSITIVE_INFINITY);
    yield {
      id: order.id,
      number: order.changes.at(-1)?.number ?? order.number,
      reference: order.reference,
      projectCode: order.project,
      vendorCode: order.vendor,
      currency: order.currency,
      amount: formatMoney(
        sum(
          lines.map(({ amount }) => amount),
          order.currency,
        ),
      ),
      state: 'posted',
    };
  }
}
