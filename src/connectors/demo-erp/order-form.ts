import type { PostedBase, PurchaseOrderBody } from '../../domain/documents.ts';
import type { TypedFields } from '../../domain/planning/export-fields.ts';
import { add, type Money, parseMoney } from '../../domain/values/money.ts';
import { type Form, lineFacts } from './form.ts';
import type { Order } from './wire.ts';

/** One line as it stands after all changes. */
export type StandingLine = {
  readonly line: number;
  readonly key: string | null;
  readonly account: string;
  readonly subJob: string | null;
  readonly costCode: string | null;
  readonly description: string;
  readonly amount: Money;
  readonly invoiced: Money;
  readonly drawsOn: Order['lines'][number]['draws_on'];
};

export function formOfBody(body: PurchaseOrderBody): Form {
  const { vendorCode: vendor, projectCode: project, accountingDate: date, currency, number, title } = body;
  const lines = body.lines.map(({ key, description, coding, subJob, assignedCode, amount }) => {
    const on = bookedOn(coding.code, subJob, assignedCode);
    return { key, description, on, amount: parseMoney(amount, currency) };
  });
  const revision = String(body.revision);
  return { vendor, project, currency, number, title, date, revision, ...lineFacts(lines) };
}

/** Our line keys by Ledgerline's line numbers: lines that people typed bear none of ours there. */
export type LineNames = ReadonlyMap<number, string>;

export function namesIn({ lineKeys }: PostedBase): LineNames {
  return new Map(Object.entries(lineKeys).map(([key, line]) => [Number(line), key]));
}

/** An order after its first `changes` changes: 0 is as ordered, Infinity as it stands now. */
export function formOfOrder(order: Order, changes: number, names: LineNames = new Map()): Form {
  const { vendor, project, currency } = order;
  const { number, title, date, revision: last } = order.changes.slice(0, changes).at(-1) ?? order;
  const lines = standingLines(order, changes).map(({ line, key, account, subJob, costCode, ...rest }) => {
    const name = names.get(line) ?? key ?? `number ${line}`;
    return { ...rest, key: name, on: bookedOn(account, subJob, costCode) };
  });
  return { vendor, project, currency, number, title, date, revision: String(last), ...lineFacts(lines) };
}

export function bookedOn(
  account: string,
  subJob: string | null | undefined,
  code: string | null | undefined,
): string {
  const on = subJob == null ? account : `${account} of ${subJob}`;
  return code == null ? on : `${on} by ${code}`;
}

/** Folds the changes into the lines: a change line adds to the line of its number or opens that line. */
export function standingLines(order: Order, changes: number): StandingLine[] {
  const inCurrency = (text = '0.00') => parseMoney(text, order.currency);
  const lines = new Map<number, StandingLine>();
  const bases = new Map(order.lines.map(({ line, draws_on }) => [line, draws_on]));
  for (const { line, key, account, sub_job, cost_code, description, amount } of [
    ...order.lines,
    ...order.changes.slice(0, changes).flatMap((change) => change.lines),
  ]) {
    const before = lines.get(line);
    lines.set(line, {
      ...{ line, key, account, subJob: sub_job ?? null, costCode: cost_code ?? null },
      description: description ?? before?.description ?? '',
      amount: add(before?.amount ?? inCurrency(), inCurrency(amount)),
      invoiced: inCurrency(order.invoiced[line]),
      drawsOn: bases.get(line),
    });
  }
  return [...lines.values()];
}

/** Fields of the company's own after the first `changes` changes: the latest that says one counts. */
export function fieldsOfOrder(order: Order, changes: number): TypedFields {
  const said = [order, ...order.changes.slice(0, changes)].map(({ fields }) => fields ?? {});
  return Object.assign({}, ...said);
}

/** our line key -> Ledgerline's line number. The latest wins: a re-coded line leaves an emptied one behind. */
export function lineKeysOf(
  order: Order,
  changes: number,
  names: LineNames = new Map(),
): Record<string, string> {
  return Object.fromEntries(
    standingLines(order, changes).flatMap(({ key, line }) => {
      const name = names.get(line) ?? key;
      return name === null ? [] : [[name, String(line)]];
    }),
  );
}
