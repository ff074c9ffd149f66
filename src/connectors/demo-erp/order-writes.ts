import type { PostedBase, PurchaseOrderBody } from '../../domain/documents.ts';
import { formatMoney } from '../../domain/money.ts';
import type { Outcome } from '../../domain/outcomes.ts';
import type { Match, ProbeResult, Read, Write } from '../../domain/writes.ts';
import { readJson, readOrders } from './client.ts';
import { classifyImport, fieldErrors, json } from './errors.ts';
import {
  formHash,
  formOfBody,
  formOfOrder,
  lineKeysOf,
  type OrderForm,
  standingLines,
} from './order-form.ts';
import { changeLines, encodeChange, encodeOrder } from './purchase-order.ts';
import { job, type Order, order as orderForm } from './wire.ts';

const ALL = Number.POSITIVE_INFINITY;

export function createOrder(body: PurchaseOrderBody): Write {
  return {
    name: 'order',
    kind: 'create',
    object: 'purchase-order',
    reference: body.reference,
    targetHash: formHash(formOfBody(body)),
    encode: () => encodeOrder(body),
    async probe(read) {
      const matches: Match[] = [];
      for await (const order of readOrders(read, { reference: body.reference }))
        if (order.reference === body.reference) matches.push(matchOf(order, 0));
      return { kind: 'found', matches };
    },
    classify: classifyImport,
    poll: (read, handle) =>
      pollJob(read, handle, body.reference, (line) => body.lines[line - 1]?.key ?? `${line}`),
  };
}

/** Repeatable, although it is a new document each time: the version it is based on lets only one take effect. */
export function changeOrder(body: PurchaseOrderBody, base: PostedBase): Write {
  return {
    name: 'order-change',
    kind: 'set',
    object: 'purchase-order',
    reference: body.reference,
    targetHash: formHash(formOfBody(body)),
    encode: ({ guard }) => encodeChange(body, base, guard),
    probe: (read) => probeChange(read, body, base),
    classify: classifyImport,
    poll: (read, handle) =>
      pollJob(read, handle, body.reference, (line) => changeLines(body, base)[line - 1]?.key ?? `${line}`),
  };
}

/** An order, or an order as one of its changes left it, as the daily sweep and the probes see it. */
export function matchOf(order: Order, changes: number): Match {
  return {
    id: order.id,
    state: order.status === 'cancelled' ? 'cancelled' : 'posted',
    hash: formHash(formOfOrder(order, changes)),
    lineKeys: lineKeysOf(order, changes),
  };
}

async function pollJob(
  read: Read,
  handle: string,
  reference: string,
  keyOf: (line: number) => string,
): Promise<Outcome> {
  const { status, body } = await read({ method: 'GET', path: `/jobs/${encodeURIComponent(handle)}` });
  // Ledgerline forgets jobs; whether the documents stand is then for the probe to say.
  if (status === 404) return { kind: 'unknown', why: `Ledgerline does not know job ${handle} any more` };
  const parsed = job.safeParse(json(body));
  if (!parsed.success) return { kind: 'unknown', why: `job ${handle} is shown in an unknown form` };
  const answer = parsed.data;
  // Stale means that the order was changed after our look, perhaps by our own lost attempt: look again.
  if (answer.status === 'refused' && answer.errors.some(({ code }) => code === 'stale'))
    return { kind: 'unknown', why: 'the order was changed between our look and our change' };
  if (answer.status === 'refused') return { kind: 'refused', errors: fieldErrors(answer.errors, keyOf) };
  if (answer.status !== 'done') return { kind: 'accepted', handle };
  const booked = answer.documents.find((document) => document.reference === reference);
  return booked
    ? { kind: 'posted', id: booked.order_id }
    : { kind: 'unknown', why: `job ${handle} is done but does not name ${reference}` };
}

async function probeChange(read: Read, body: PurchaseOrderBody, base: PostedBase): Promise<ProbeResult> {
  const order = await readJson(read, `/orders/${encodeURIComponent(base.id)}`, orderForm);
  const standing = { kind: 'standing', id: order.id, lineKeys: lineKeysOf(order, ALL) } as const;
  const applied = order.changes.filter(({ reference }) => reference === body.reference).length;
  const [now, target, before] = [formOfOrder(order, ALL), formOfBody(body), formOfBody(base.body)];
  if (applied === 1 && formHash(now) === formHash(target)) return { ...standing, standing: 'at-target' };
  const locked = applied === 0 ? lockedWords(order, body, base) : [];
  if (applied === 0 && formHash(now) === formHash(before) && locked.length === 0)
    return { ...standing, standing: 'at-base', guard: order.version };
  const twice = applied > 1 ? [`change ${body.reference} stands ${applied} times`] : [];
  const difference = [...twice, ...locked, ...differences(applied === 0 ? before : target, now)].join('; ');
  return { ...standing, standing: 'elsewhere', difference };
}

function lockedWords(order: Order, body: PurchaseOrderBody, base: PostedBase): string[] {
  if (order.status !== 'open') return [`order ${order.id} is ${order.status} in Ledgerline`];
  const touched = new Set(changeLines(body, base).flatMap(({ line }) => ('line' in line ? [line.line] : [])));
  return standingLines(order, ALL)
    .filter(({ line, invoiced }) => touched.has(line) && invoiced.minor !== 0n)
    .map((line) => `line ${line.line} "${line.description}" is invoiced with ${formatMoney(line.invoiced)}`);
}

const HEADER_FIELDS = ['vendor', 'project', 'currency', 'number', 'title', 'date', 'revision'] as const;

function differences(expected: OrderForm, found: OrderForm): string[] {
  const words: string[] = [];
  for (const field of HEADER_FIELDS)
    if (expected[field] !== found[field])
      words.push(`${field} is "${found[field]}", expected "${expected[field]}"`);
  const foundLines = new Map(found.lines.map((line) => [line.key, line]));
  for (const line of expected.lines) {
    const stands = foundLines.get(line.key);
    foundLines.delete(line.key);
    if (!stands) words.push(`line "${line.description}" is gone`);
    else
      for (const field of ['account', 'description', 'amount'] as const)
        if (stands[field] !== line[field])
          words.push(`line "${line.description}": ${field} is ${stands[field]}, expected ${line[field]}`);
  }
  for (const line of foundLines.values())
    words.push(`line "${line.description}" of ${line.amount} is not ours`);
  return words;
}
