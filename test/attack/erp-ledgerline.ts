import { z } from 'zod';
import { centsOf } from '../../src/demo/cents.ts';
import { parseJson } from '../../src/lib/decimal-json.ts';
import { ledgerlineConnection } from '../scenarios/erp-target.ts';
import type { AttackedErp, ErpWrite } from './erp.ts';
import { REQUEST_LIFE_MS, type Simulator } from './simulators.ts';
import { type Rule, slow } from './system-faults.ts';

const IMPORTS = { path_regex: 'import-groups' };
const rules: readonly Rule[] = [
  { id: 'E1 Ledgerline: lost reply', kind: 'lost-reply', on: IMPORTS, probability: 0.3 },
  { id: 'E2 Ledgerline: late commit', kind: 'late-commit', on: IMPORTS, probability: 0.3 },
  { id: 'E4 Ledgerline: unavailable', kind: 'unavailable', probability: 0.1 },
  {
    id: 'E4 Ledgerline: unavailable after commit',
    kind: 'unavailable',
    on: IMPORTS,
    params: { after_commit: true },
    probability: 0.3,
  },
  { id: 'E17 Ledgerline: job forgotten', kind: 'lost-job', probability: 0.2 },
  {
    id: 'E17 Ledgerline: job lost before it ran',
    kind: 'lost-job',
    params: { after_commit: false },
    probability: 0.2,
  },
  {
    id: 'E9 Ledgerline: rate limited',
    kind: 'rate-limited',
    params: { retry_after_s: 1 },
    probability: 0.08,
  },
  { id: 'E11 Ledgerline: slow', kind: 'latency', params: slow(700), probability: 0.1 },
  { id: 'E12 Ledgerline: truncated body', kind: 'truncated-body', probability: 0.08 },
];

// Numbers arrive as their own text, so that no amount is ever read through a float.
const lines = z.array(z.object({ line: z.string(), account: z.string(), amount: z.string() }));
const books = z.object({
  orders: z.array(
    z.object({
      id: z.string(),
      reference: z.string().nullable(),
      note: z.string(),
      vendor: z.string(),
      project: z.string(),
      status: z.string(),
      total: z.string(),
      lines,
      changes: z.array(z.object({ reference: z.string(), lines })),
    }),
  ),
  writes: z.array(z.object({ at: z.string(), body: z.string(), committed: z.boolean() })),
});
type Order = z.output<typeof books>['orders'][number];

const imported = z.object({
  documents: z
    .array(
      z.object({
        type: z.enum(['order', 'order-change']),
        reference: z.string(),
        revision: z.string(),
        note: z.string(),
      }),
    )
    .length(1),
});

/** A Ledgerline: imports run as jobs, and a change is a document of its own that adds to its order. */
export function ledgerlineUnderAttack(simulator: Simulator): AttackedErp {
  return {
    simulator,
    connection: ledgerlineConnection(simulator.url, REQUEST_LIFE_MS),
    rules,
    async books() {
      const state = books.parse(parseJson(await simulator.truth()));
      return {
        orders: state.orders
          .filter(({ status }) => status !== 'cancelled')
          .map((order) => ({
            id: order.id,
            reference: order.reference,
            contractId: contractIn(order.note),
            vendor: order.vendor,
            project: order.project,
            totalCents: centsOf(order.total),
            lines: linesOf(order),
          })),
        writes: writesOf(state),
      };
    },
    async drawSettings(draw) {
      const sameReference = draw.one(['taken', 'taken', 'warned', 'refused'] as const);
      await simulator.post('settings', { sameReference, jobStepMs: draw.between(20, 120) });
    },
    async closeOverhead() {
      await simulator.post('act', { action: 'close_account', code: '5300' });
    },
    async editLine(id, amount) {
      await simulator.post('act', { action: 'edit_order_line', id, line: 1, amount });
    },
    async closeLine(id) {
      await simulator.post('act', { action: 'close_order', id });
    },
    approveDrafts: async () => undefined,
  };
}

/** Lines as they stand after all changes: each change adds to the line of its number or opens that line. */
function linesOf({ lines: ordered, changes }: Order) {
  const standing = new Map<string, { account: string; cents: bigint }>();
  for (const { line, account, amount } of [ordered, ...changes.map((change) => change.lines)].flat()) {
    const before = standing.get(line);
    standing.set(line, { account, cents: (before?.cents ?? 0n) + centsOf(amount) });
  }
  return [...standing.values()];
}

/**
 * A taken import is not yet one that took effect: its job may refuse it. How often a reference took effect is how
 * often it stands, and it is the first imports that were taken which are held to have done it.
 */
function writesOf({ orders, writes }: z.output<typeof books>): ErpWrite[] {
  const effects = new Map<string, number>();
  const documents = orders.flatMap(({ reference, changes }) => [
    reference,
    ...changes.map((each) => each.reference),
  ]);
  for (const reference of documents)
    if (reference !== null) effects.set(reference, (effects.get(reference) ?? 0) + 1);
  return writes.map(({ at, body, committed }) => {
    const [{ type, reference, revision, note }] = imported.parse(parseJson(body)).documents as [
      z.output<typeof imported>['documents'][number],
    ];
    const left = effects.get(reference) ?? 0;
    const tookEffect = committed && left > 0;
    if (tookEffect) effects.set(reference, left - 1);
    return {
      at: Date.parse(at),
      kind: type === 'order' ? 'create' : 'set',
      committed: tookEffect,
      reference,
      contractId: contractIn(note),
      revision,
    };
  });
}

function contractIn(note: string): string | null {
  return /\/(\d+)$/.exec(note)?.[1] ?? null;
}
