import type { FaultsInput } from '../connectors/sap-business-one/simulator/faults.ts';
import type { FaultPlan } from '../procore/simulator/faults.ts';
import { dice } from './prng.ts';

/** Every kind that either simulator knows; a run holds only when each was injected and reached. */
export const faultKinds = [
  'latency',
  'lost-reply',
  'late-commit',
  'rate-limited',
  'unavailable',
  'session-loss',
  'truncated-body',
  'token-expired',
  'duplicate-webhook',
  'reordered-webhook',
  'lost-webhook',
] as const;
export type FaultKind = (typeof faultKinds)[number];

// A late commit never comes later than the request life that the connections are configured with, 1,500 ms.
const LATEST_COMMIT_MS = 1_400;
const RULE_SEED_LIMIT = 4_294_967_295;

/**
 * The faults of one seed. How often each kind strikes and how late a commit comes is dealt; that it strikes is
 * not left to chance: every kind has a rule on calls that a story makes by the dozen, with a high probability
 * and a small number of times, so the faults end by themselves.
 */
export function faultPlans(seed: number): { procore: FaultPlan; businessOne: FaultsInput } {
  const random = dice(seed + 41);
  const few = () => random.between(1, 3);
  const late = () => random.between(200, LATEST_COMMIT_MS);
  const ruleSeed = Math.abs(seed) % RULE_SEED_LIMIT;
  const closings = { method: 'PATCH', path_regex: '/erp_request_details' };
  const links = { method: 'PATCH', path_regex: '/external_data|/vendors/sync' };
  const orders = { method: 'POST', path_regex: '/PurchaseOrders$' };
  return {
    procore: {
      seed: ruleSeed,
      rules: [
        { kind: 'lost-reply', probability: 0.4, times: few(), match: links },
        {
          kind: 'late-commit',
          probability: 0.4,
          times: few(),
          match: closings,
          params: { delay_ms: late() },
        },
        {
          kind: 'unavailable',
          probability: 0.3,
          times: few(),
          match: { method: 'GET', path_regex: '/erp_requests' },
          params: { retry_after_s: 1 },
        },
        {
          kind: 'rate-limited',
          probability: 0.2,
          times: random.between(1, 2),
          match: { method: 'GET', path_regex: '/work_order_contracts' },
          params: { retry_after_s: 1 },
        },
        {
          kind: 'truncated-body',
          probability: 0.3,
          times: few(),
          match: { method: 'GET', path_regex: '/purchase_order_contracts' },
        },
        {
          kind: 'token-expired',
          probability: 0.2,
          times: random.between(1, 2),
          match: { method: 'GET', path_regex: '/rest/' },
        },
        {
          kind: 'latency',
          probability: 0.1,
          times: random.between(4, 10),
          params: { delay_ms: random.between(50, 400) },
        },
        { kind: 'duplicate-webhook', probability: 0.3, times: few(), params: { copies: few() + 1 } },
        { kind: 'reordered-webhook', probability: 0.4, times: few() },
        {
          kind: 'lost-webhook',
          probability: 0.3,
          times: few(),
          match: { path_regex: '^ERP Requests/create$' },
        },
      ],
    },
    businessOne: {
      seed: ruleSeed,
      rules: [
        { kind: 'lost-reply', probability: 0.3, times: few(), match: orders },
        { kind: 'late-commit', probability: 0.3, times: few(), match: orders, params: { delay_ms: late() } },
        { kind: 'truncated-body', probability: 0.2, times: 1, match: orders, params: { cut: 'connection' } },
        { kind: 'unavailable', probability: 0.2, times: 1, match: orders, params: { after_commit: true } },
        {
          kind: 'unavailable',
          probability: 0.1,
          times: few(),
          match: { path_regex: '/PurchaseOrders' },
          params: { status: 503 },
        },
        {
          kind: 'rate-limited',
          probability: 0.1,
          times: few(),
          match: { path_regex: '/PurchaseOrders' },
          params: { retry_after_s: 1 },
        },
        {
          kind: 'session-loss',
          probability: 0.15,
          times: few(),
          match: { path_regex: '/PurchaseOrders' },
        },
        {
          kind: 'latency',
          probability: 0.1,
          times: random.between(4, 10),
          params: { delay_ms: random.between(50, 400) },
        },
      ],
    },
  };
}
