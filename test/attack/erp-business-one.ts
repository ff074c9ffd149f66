import { businessOneConnection } from '../scenarios/erp-target.ts';
import { businessOneBooks } from './business-one-books.ts';
import type { AttackedErp } from './erp.ts';
import { REQUEST_LIFE_MS, type Simulator } from './simulators.ts';
import { type Rule, slow } from './system-faults.ts';

const DOCUMENTS = { path_regex: 'PurchaseOrders|Invoices' };
const rules: readonly Rule[] = [
  { id: 'E1 lost reply', kind: 'lost-reply', on: DOCUMENTS, probability: 0.3 },
  { id: 'E2 late commit', kind: 'late-commit', on: DOCUMENTS, probability: 0.3 },
  { id: 'E4 unavailable', kind: 'unavailable', probability: 0.1 },
  {
    id: 'E4 unavailable after commit',
    kind: 'unavailable',
    on: DOCUMENTS,
    params: { after_commit: true },
    probability: 0.3,
  },
  { id: 'E5 session loss', kind: 'session-loss', probability: 0.06 },
  { id: 'E9 rate limited', kind: 'rate-limited', params: { retry_after_s: 1 }, probability: 0.08 },
  { id: 'E11 slow', kind: 'latency', params: slow(700), probability: 0.1 },
  { id: 'E12 truncated body', kind: 'truncated-body', probability: 0.08 },
];

/** A company of SAP Business One: an order is written once and then changed in place. */
export function businessOneUnderAttack(simulator: Simulator, isUnique: boolean): AttackedErp {
  let hasDrafts = false;
  return {
    simulator,
    connection: businessOneConnection(simulator.url, REQUEST_LIFE_MS),
    isUnique,
    rules,
    books: async () => businessOneBooks(await simulator.truth()),
    async drawSettings(draw) {
      // In a company with an approval procedure each document is a draft until somebody there approves it.
      hasDrafts = draw.chance(0.15);
      const uniqueUdf = isUnique ? 'U_TiebeamRef' : false;
      await simulator.post('settings', { approvalProcedure: hasDrafts, uniqueUdf });
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
