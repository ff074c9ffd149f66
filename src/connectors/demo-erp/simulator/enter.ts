import { z } from 'zod';
import { importDocument } from './billing/group-form.ts';
import type { World } from './company/state.ts';
import { checkDocument } from './http/checks.ts';
import { book } from './masters/jobs.ts';

const TYPED: ReadonlySet<string> = new Set(['order', 'invoice', 'retainage-release', 'bill', 'credit-memo']);

/** What people type into the same forms that an import fills in: it bears no reference, and its lines no keys. */
export const enterDeeds = [
  z.strictObject({
    action: z.literal('enter_document'),
    document: z.looseObject({ type: z.string(), lines: z.array(z.looseObject({})).optional() }),
  }),
] as const;

/** Books it under the same rules, or says why not. */
export function performEnter(
  world: World,
  { document: typed }: z.output<(typeof enterDeeds)[number]>,
  today: string,
): string | null {
  if (!TYPED.has(typed.type)) return `nobody types a ${typed.type}`;
  const form = importDocument.safeParse({ date: today, ...typed, reference: 'typed', revision: 1 });
  if (!form.success) return z.prettifyError(form.error);
  const [trouble] = checkDocument(world, form.data);
  if (trouble !== undefined) return trouble.message;
  const { id } = book(world, form.data, Date.parse(today));
  const entered = world.orders.get(id) ?? world.invoices.get(id);
  if (entered === undefined) return `a ${typed.type} is neither an order nor an invoice`;
  entered.reference = null;
  for (const line of entered.lines) line.key = null;
  return null;
}
