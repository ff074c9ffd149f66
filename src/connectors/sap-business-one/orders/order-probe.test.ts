import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PostedBase, PurchaseOrderBody, PurchaseOrderLine } from '../../../domain/documents.ts';
import type { Read } from '../../../domain/posting/writes.ts';
import { SAMPLE_ORDER, sampleLine } from '../fixtures/orders.ts';
import { standingOf } from './order-probe.ts';
import { encodeCreate, encodeUpdate } from './purchase-order.ts';

type Row = Record<string, unknown> & { LineNum: number };
type Document = Record<string, unknown> & { DocumentLines: Row[] };

// A service document in memory, with the rules of a PATCH: a row with a number is changed, one without is added.
function created(body: PurchaseOrderBody): Document {
  const sent = JSON.parse(encodeCreate(body).body ?? '');
  const DocumentLines = sent.DocumentLines.map((row: object, LineNum: number) => ({ ...row, LineNum }));
  return { ...sent, DocEntry: 7, DocumentStatus: 'bost_Open', DocumentLines };
}

function patch(document: Document, body: string): Document {
  const { DocumentLines = [], ...header } = JSON.parse(body) as { DocumentLines?: Partial<Row>[] };
  const rows = document.DocumentLines.map((row) => ({ ...row }));
  for (const sent of DocumentLines) {
    const row = rows.find(({ LineNum }) => LineNum === sent.LineNum);
    if (row) Object.assign(row, sent);
    else rows.push({ ...sent, LineNum: rows.length });
  }
  return { ...document, ...header, DocumentLines: rows };
}

const readerOf = (document: Document): Read => {
  return async () => ({ status: 200, headers: { etag: 'W/"1"' }, body: JSON.stringify(document) });
};

const cents = fc
  .integer({ min: 0, max: 99_999_999 })
  .map((n) => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`);
const drawnLine = fc
  .record({
    key: fc.integer({ min: 1, max: 12 }),
    amount: cents,
    account: fc.constantFrom('5100', '5200'),
    text: fc.constantFrom('a', 'b'),
  })
  .map(({ key, amount, account, text }) => sampleLine(String(key), text, amount, account));
// Lines of a revision: some of before, some new, some changed, in any order, each key once.
const revision = fc.uniqueArray(drawnLine, { minLength: 1, maxLength: 8, selector: ({ key }) => key });

async function updated(document: Document, base: PostedBase, lines: readonly PurchaseOrderLine[]) {
  const body = { ...SAMPLE_ORDER, revision: base.body.revision + 1, lines };
  const before = await standingOf(readerOf(document), body, base);
  expect(before).toMatchObject({ standing: 'at-base', guard: 'W/"1"' });
  const next = patch(document, encodeUpdate(body, base, 'W/"1"').body ?? '');
  const after = await standingOf(readerOf(next), body, base);
  expect(after).toMatchObject({ standing: 'at-target' });
  const lineKeys = after.kind === 'standing' ? (after.lineKeys ?? {}) : {};
  return { document: next, base: { id: base.id, body, lineKeys } };
}

it('follows any chain of revisions: each is at its base before and at its target after, every line linked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(revision, { minLength: 2, maxLength: 6 }), async ([first = [], ...others]) => {
      const body = { ...SAMPLE_ORDER, lines: first };
      const lineKeys = Object.fromEntries(first.map(({ key }, index) => [key, String(index)]));
      let state = { document: created(body), base: { id: '7', body, lineKeys } as PostedBase };
      for (const lines of others) {
        state = await updated(state.document, state.base, lines);
        const { lineKeys: keys } = state.base;
        expect(Object.keys(keys).sort()).toEqual(lines.map(({ key }) => key).sort());
        expect(new Set(Object.values(keys)).size).toBe(lines.length);
        for (const line of lines) {
          const row = state.document.DocumentLines.find(({ LineNum }) => String(LineNum) === keys[line.key]);
          expect(row).toMatchObject({ AccountCode: line.coding.code, ItemDescription: line.description });
        }
      }
    }),
    { numRuns: 300 },
  );
});

it('links two equal lines to two rows', async () => {
  const lines = [sampleLine('1', 'a', '5.00'), sampleLine('2', 'a', '5.00'), sampleLine('3', 'a', '5.00')];
  const first = { ...SAMPLE_ORDER, lines: lines.slice(0, 1) };
  const base = { id: '7', body: first, lineKeys: { 1: '0' } };
  const { base: next } = await updated(created(first), base, lines);
  expect(next.lineKeys).toEqual({ 1: '0', 2: '1', 3: '2' });
});
