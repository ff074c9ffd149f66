import { expect, test } from 'vitest';
import type { Ours } from './evidence-of-ours.ts';
import { sourceTruth } from './evidence-of-source.ts';
import { Witness } from './witness.ts';
import type { World } from './world.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 7, 31, 12, 0, seconds));

/** A commitment exported twice: the second export found nothing new, and then the commitment was changed. */
function keyOfAnswer({ decided, changed, told }: { decided: number; changed: number; told: number }) {
  const row = (revision: number, planned: number, request: string) => ({
    object: 'commitment',
    source: '7',
    part: '',
    revision,
    planned_at: at(planned),
    request_key: request,
    state: 'confirmed',
    body: null,
  });
  const ours = {
    documents: [row(1, 1, 'first'), row(2, changed, 'second')],
    postings: [{ answers: '70', created_at: at(decided) }],
    reviews: [],
    items: [{ key: 'second', detail_id: '70' }],
  } as unknown as Ours;
  const state = JSON.stringify({
    erp_request_details: [{ id: '70', item_id: '7' }],
    write_log: [
      {
        at: at(told).toISOString(),
        path: '/rest/v1.0/erp_request_details/70',
        committed: true,
        body: { request_detail: { status: 'success' } },
      },
    ],
  });
  const world = { witness: new Witness(), erp: { connection: { code: 'B1' } } } as unknown as World;
  // The ids of Procore's books are read as text; here they are text already.
  return sourceTruth({ contracts: [], requests: [], applications: [], paidCents: 0n }, state, ours, world)
    .requestItems?.[0]?.key;
}

test('an answer that was ready before a change is about what stood before it, however late it is heard', () => {
  expect(keyOfAnswer({ decided: 5, changed: 6, told: 20 })).toContain('revision 1');
});

test('an answer made after a change that the request brought is about that change', () => {
  expect(keyOfAnswer({ decided: 7, changed: 6, told: 20 })).toContain('revision 2');
});
