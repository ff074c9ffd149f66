import type { PostedBase, PurchaseOrderBody } from '../../domain/documents.ts';
import { formatMoney } from '../../domain/money.ts';
import type { Outcome } from '../../domain/outcomes.ts';
import type { Match, ProbeResult, Read, Write } from '../../domain/writes.ts';
import { readJson, readOrders } from './client.ts';
import { classifyImport, fieldErrors, json } from './errors.ts';
import * as form from './order-form.ts';
import { changeLines, encodeChange, encodeOrder } from './purchase-order.ts';
import { job, type Order, order as orderSchema } from './wire.ts';

const ALL = Number.POSITIVE_INFINITY;

export function createOrder(body: PurchaseOrderBody): Write {
  return {
    ...importing(body, () => body.lines),
    name: 'order',
    kind: 'create',
    encode: () => encodeOrder(body),
    async probe(read) {
      const matches = [];
      for await (const order of readOrders(read, { reference: body.reference }))
        if (order.reference === body.reference) matches.push(matchOf(order, 0));
      return { kind: 'found', matches };
    },
  };
}

/** Repeatable, although it is a new document each time: the version it is based on lets only one take effect. */
export function changeOrder(body: PurchaseOrderBody, base: PostedBase): Write {
  return {
    ...importing(body, () => changeLines(body, base)),
    name: 'order-change',
    kind: 'set',
    encode: ({ guard }) => encodeChange(body, base, guard),
    probe: (read) => probeChange(read, body, base),
  };
}

/** An order, or an order as one of its changes left it, as the daily sweep and the probes see it. */
export function matchOf(order: Order, changes: number): Match {
  return {
    id: order.id,
    state: order.status === 'cancelled' ? 'cancelled' : 'posted',
    hash: form.formHash(form.formOfOrder(order, changes)),
    lineKeys: form.lineKeysOf(order, changes),
  };
}

/** What both imports share; `lines` are ours behind the lines sent, for a refusal to name. */
function importing(body: PurchaseOrderBody, lines: () => readonly { readonly key: string }[]) {
  return {
    object: 'purchase-order',
    reference: body.reference,
    targetHash: form.formHash(form.formOfBody(body)),
    classify: classifyImport,
    async poll(read: Read, handle: string): Promise<Outcome> {
      const path = `/jobs/${encodeURIComponent(handle)}`;
      const { status, body: answered } = await read({ method: 'GET', path });
      // Ledgerline forgets jobs; whether the documents stand is then for the probe to say.
      if (status === 404) return { kind: 'unknown', why: `Ledgerline does not know job ${handle} any more` };
      const parsed = job.safeParse(json(answered));
      if (!parsed.success) return { kind: 'unknown', why: `job ${handle} is shown in an unknown form` };
      const answer = parsed.data;
      if (answer.status === 'refused') {
        // Stale means that the order was changed after our look, perhaps by our own lost attempt: look again.
        if (answer.errors.some(({ code }) => code === 'stale'))
          return { kind: 'unknown', why: 'the order was changed between our look and our change' };
        const keys = lines().map(({ key }) => key);
        return { kind: 'refused', errors: fieldErrors(answer.errors, keys) };
      }
      if (answer.status !== 'done') return { kind: 'accepted', handle };
      const booked = answer.documents.find(({ reference }) => reference === body.reference);
      if (booked) return { kind: 'posted', id: booked.order_id };
      return { kind: 'unknown', why: `job ${handle} is done but does not name ${body.reference}` };
    },
  };
}

async function probeChange(read: Read, body: PurchaseOrderBody, base: PostedBase): Promise<ProbeResult> {
  const order = await readJson(read, `/orders/${encodeURIComponent(base.id)}`, orderSchema);
  const standing = { kind: 'standing', id: order.id, lineKeys: form.lineKeysOf(order, ALL) } as const;
  const applied = order.changes.filter(({ reference }) => reference === body.reference).length;
  const [expected, now] = [form.formOfBody(applied === 0 ? base.body : body), form.formOfOrder(order, ALL)];
  const locked = applied === 0 ? lockedWords(order, body, base) : [];
  if (applied <= 1 && locked.length === 0 && form.formHash(now) === form.formHash(expected))
    return applied === 0
      ? { ...standing, standing: 'at-base', guard: order.version }
      : { ...standing, standing: 'at-target' };
  const twice = applied > 1 ? [`change ${body.reference} stands ${applied} times`] : [];
  const difference = [...twice, ...locked, ...differenceWords(expected, now)].join('; ');
  return { ...standing, standing: 'elsewhere', difference };
}

function lockedWords(order: Order, body: PurchaseOrderBody, base: PostedBase): string[] {
  if (order.status !== 'open') return [`order ${order.id} is ${order.status} in Ledgerline`];
  const touched = new Set(changeLines(body, base).flatMap(({ line }) => ('line' in line ? [line.line] : [])));
  return form
    .standingLines(order, ALL)
    .filter(({ line, invoiced }) => touched.has(line) && invoiced.minor !== 0n)
    .map((line) => `line ${line.line} "${line.description}" is invoiced with ${formatMoney(line.invoiced)}`);
}

function differenceWords(expected: form.OrderForm, found: form.OrderForm): string[] {
  const { lines: wanted, ...header } = expected;
  const words: string[] = [];
  for (const field of Object.keys(header) as (keyof typeof header)[])
    if (header[field] !== found[field])
      words.push(`${field} is "${found[field]}", expected "${header[field]}"`);
  const rest = new Map(found.lines.map((line) => [line.key, line]));
  for (const line of wanted) {
    const stands = rest.get(line.key);
    rest.delete(line.key);
    if (!stands) words.push(`line "${line.description}" is gone`);
    for (const field of stands ? (['account', 'description', 'amount'] as const) : [])
      if (stands?.[field] !== line[field])
        words.push(`line "${line.description}": ${field} is ${stands?.[field]}, expected ${line[field]}`);
  }
  return [
    ...words,
    ...[...rest.values()].map((line) => `line "${line.description}" of ${line.amount} is not ours`),
  ];
}
