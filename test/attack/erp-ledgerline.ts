import { ledgerlineConnection } from '../scenarios/erp-target.ts';
import type { AttackedErp } from './erp.ts';
import { ledgerlineBooks } from './ledgerline-books.ts';
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

/** A Ledgerline: imports run as jobs, and a change is a document of its own that adds to its order. */
export function ledgerlineUnderAttack(simulator: Simulator, isUnique: boolean): AttackedErp {
  return {
    simulator,
    connection: ledgerlineConnection(simulator.url, REQUEST_LIFE_MS),
    isUnique,
    rules,
    books: async () => ledgerlineBooks(await simulator.truth()),
    async drawSettings(draw) {
      const drawn = draw.one(['taken', 'taken', 'warned', 'refused'] as const);
      const sameReference = isUnique ? 'refused' : drawn;
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
