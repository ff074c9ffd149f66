import { z } from 'zod';
import type { BudgetBody } from '../../domain/budget/budget.ts';
import type { Match, Read, Write } from '../../domain/posting/writes.ts';
import { formatMoney, parseMoney, sum } from '../../domain/values/money.ts';
import type { BudgetEntry } from '../connector.ts';
import { readAll } from './client.ts';
import { type Form, formHash, lineFacts } from './form.ts';
import { encodeImport, followed } from './import.ts';

const text = z.string();

/** An entry in the budget of a job: its original estimate or a change of it. */
export const budget = z.object({
  id: text,
  type: z.enum(['budget', 'budget-change']),
  reference: text.nullable(),
  revision: z.int(),
  budget: text,
  project: text,
  currency: text,
  number: text,
  title: text,
  date: text,
  lines: z.array(
    z.object({
      line: z.int(),
      key: text.nullable(),
      description: text,
      account: text.nullable(),
      cost_code: text.nullable(),
      cost_type: text.nullable(),
      amount: text.regex(/^-?\d+\.\d{2}$/),
    }),
  ),
});
export type Budget = z.output<typeof budget>;

/** The original estimate names its job, a change names the estimate; both carry lines and are never edited. */
export function createBudget(body: BudgetBody): Write {
  const { reference, budgetId, projectCode: project, currency } = body;
  const of = budgetId === null ? { type: 'budget', project, currency } : changeOf(budgetId);
  const { number, title } = body;
  return {
    name: of.type,
    kind: 'create',
    object: 'budget',
    reference,
    targetHash: formHash(formOfBody(body)),
    encode: () => encodeImport(body, { ...of, number, title, lines: linesOf(body) }),
    async probe(read) {
      const found = await Array.fromAsync(readAll(read, 'budgets', budget, { reference }));
      return { kind: 'found', matches: found.map(budgetMatch) };
    },
    ...followed({
      reference,
      keys: () => body.lines.map(({ key }) => key),
      idOf: (booked) => booked.id,
      // A job has one original estimate: perhaps that of a lost attempt of ours, which no list shows yet.
      async mayBeOurs(errors, read) {
        if (!errors.some(({ code }) => code === 'budget-stands')) return false;
        const standing = await Array.fromAsync(readAll(read, 'budgets', budget, { project }));
        return standing.every((entry) => entry.type !== 'budget' || entry.reference === reference);
      },
    }),
  };
}

function changeOf(id: string) {
  return { type: 'budget-change', budget: id };
}

function linesOf({ lines, currency }: BudgetBody) {
  return lines.map(({ key, description, coding, amount }) => {
    const on =
      coding.kind === 'cost-code'
        ? { cost_code: coding.code, cost_type: coding.costType }
        : { account: coding.code };
    return { key, description, ...on, amount: formatMoney(parseMoney(amount, currency)) };
  });
}

export function budgetMatch(entry: Budget): Match {
  const keyed = entry.lines.filter(({ key }) => key !== null);
  return {
    id: entry.id,
    state: 'posted',
    hash: formHash(formOf(entry)),
    number: entry.number,
    lineKeys: Object.fromEntries(keyed.map(({ key, line }) => [key, String(line)])),
  };
}

function formOfBody(body: BudgetBody): Form {
  const { revision, projectCode: project, currency, number, accountingDate: date, budgetId } = body;
  const type = budgetId === null ? ('budget' as const) : ('budget-change' as const);
  return formOf({ type, revision, project, currency, number, date, lines: linesOf(body) });
}

/** Which estimate a change belongs to follows from its job, which has one. */
function formOf({
  type,
  revision,
  project,
  currency,
  number,
  date,
  lines,
}: Pick<Budget, 'type' | 'revision' | 'project' | 'currency' | 'number' | 'date'> & {
  readonly lines: readonly (Pick<Budget['lines'][number], 'key' | 'description' | 'amount'> & {
    readonly account?: string | null;
    readonly cost_code?: string | null;
    readonly cost_type?: string | null;
  })[];
}): Form {
  const compared = lines.map(
    ({ key, account, cost_code: code, cost_type: type, description, amount }, index) => ({
      key: key ?? `number ${index + 1}`,
      on: account ?? `${code} ${type}`,
      description,
      amount: parseMoney(amount, currency),
    }),
  );
  return { type, revision: String(revision), project, currency, number, date, ...lineFacts(compared) };
}

/** All that makes up the budget of a job, whoever entered it. */
export async function* budgetOf(read: Read, project: string): AsyncGenerator<BudgetEntry> {
  for await (const { id, number, title, reference, currency, lines } of readAll(read, 'budgets', budget, {
    project,
  })) {
    const amount = formatMoney(
      sum(
        lines.map((line) => parseMoney(line.amount, currency)),
        currency,
      ),
    );
    yield { id, number, title, reference, currency, amount };
  }
}
