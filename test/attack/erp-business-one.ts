import { z } from 'zod';
import { businessOneTruth, type TrueOrder } from '../../src/demo/truth.ts';
import { parseJson } from '../../src/lib/decimal-json.ts';
import { businessOneConnection } from '../scenarios/erp-target.ts';
import type { AttackedErp, ErpWrite } from './erp.ts';
import { REQUEST_LIFE_MS, type Simulator } from './simulators.ts';
import { type Rule, slow } from './system-faults.ts';

const ORDERS = { path_regex: 'PurchaseOrders' };
const rules: readonly Rule[] = [
  { id: 'E1 lost reply', kind: 'lost-reply', on: ORDERS, probability: 0.3 },
  { id: 'E2 late commit', kind: 'late-commit', on: ORDERS, probability: 0.3 },
  { id: 'E4 unavailable', kind: 'unavailable', probability: 0.1 },
  {
    id: 'E4 unavailable after commit',
    kind: 'unavailable',
    on: ORDERS,
    params: { after_commit: true },
    probability: 0.3,
  },
  { id: 'E5 session loss', kind: 'session-loss', probability: 0.06 },
  { id: 'E9 rate limited', kind: 'rate-limited', params: { retry_after_s: 1 }, probability: 0.08 },
  { id: 'E11 slow', kind: 'latency', params: slow(700), probability: 0.1 },
  { id: 'E12 truncated body', kind: 'truncated-body', probability: 0.08 },
];

const writeLog = z.object({
  writes: z.array(
    z.object({
      at: z.string(),
      method: z.string(),
      path: z.string(),
      status: z.string(),
      committed: z.boolean(),
      body: z.unknown(),
    }),
  ),
});
const orderBody = z.object({
  U_TiebeamRef: z.string().optional(),
  U_TiebeamRev: z.string().optional(),
  Comments: z.string().optional(),
});

/** A company of SAP Business One: an order is written once and then changed in place. */
export function businessOneUnderAttack(simulator: Simulator): AttackedErp {
  let hasDrafts = false;
  return {
    simulator,
    connection: businessOneConnection(simulator.url, REQUEST_LIFE_MS),
    rules,
    async books() {
      const json = parseJson(await simulator.truth());
      const { orders } = businessOneTruth(json);
      const { writes } = writeLog.parse(json);
      return {
        orders: orders.map(({ entry, ...order }) => ({ id: entry, ...order })),
        writes: writes
          // A request that was refused for its session was refused before anybody looked at what it wants.
          .filter(({ path, status }) => path.startsWith('PurchaseOrders') && status !== '401')
          .map((write) => writeOf(write, orders)),
      };
    },
    async drawSettings(draw) {
      // In a company with an approval procedure each order is a draft until somebody there approves it.
      hasDrafts = draw.chance(0.15);
      await simulator.post('settings', { approvalProcedure: hasDrafts });
    },
    // Its seed makes the account one that needs more than an order can name.
    closeOverhead: async () => undefined,
    async editLine(order, amount) {
      const changes = { LineTotal: Number(amount) };
      await simulator.post('act', {
        action: 'edit_order_line',
        docEntry: Number(order),
        lineNum: 0,
        changes,
      });
    },
    async closeLine(order) {
      await simulator.post('act', { action: 'close_line', docEntry: Number(order), lineNum: 0 });
    },
    async approveDrafts() {
      if (!hasDrafts) return;
      const { drafts } = JSON.parse(await simulator.truth()) as {
        drafts: { docEntry: number; document: { AuthorizationStatus: string } }[];
      };
      for (const { docEntry, document } of drafts)
        if (document.AuthorizationStatus === 'dasPending')
          await simulator.post('act', { action: 'approve_draft', docEntry });
    },
  };
}

function writeOf(
  { method, path, at, committed, body }: z.output<typeof writeLog>['writes'][number],
  orders: readonly TrueOrder[],
): ErpWrite {
  const { data: sent } = orderBody.safeParse(body);
  const entry = /\((\d+)\)/.exec(path)?.[1];
  return {
    at: Date.parse(at),
    kind: method === 'POST' ? 'create' : 'set',
    committed,
    // A change does not carry the reference of its own posting.
    reference: sent?.U_TiebeamRef ?? null,
    contractId:
      /\/(\d+)$/.exec(sent?.Comments ?? '')?.[1] ??
      orders.find((order) => order.entry === entry)?.contractId ??
      null,
    revision: sent?.U_TiebeamRev ?? '',
  };
}
