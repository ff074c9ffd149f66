import { type CostPart, ledgerTotal, unattributedWords } from '../../domain/actuals/job-cost.ts';
import { changedRows, type JobCostRow, rowKey } from '../../domain/actuals/job-cost-rows.ts';
import type { JournalRecord } from '../../domain/actuals/journal.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { formatMoney, type Money, money, parseMoney, sum } from '../../domain/values/money.ts';
import type { ToldRow } from '../../store/records/job-cost.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { mappedIn } from '../erp-companies.ts';
import { step } from '../step.ts';
import { type Actuals, actualsOf, costedProjects } from './actuals.ts';
import { shownInErp } from './summary-figures.ts';
import { costOrigin } from './tell-cost.ts';

/** The cost of a project, from the ledger to the budget: every figure is part of the one above it. */
export type ComparedCost = {
  readonly project: { readonly id: string; readonly name: string; readonly erpCode: string };
  readonly currency: string;
  /** Read from the ledger just now. */
  readonly ledger: string;
  /** What of that has not been read by the regular look yet. */
  readonly unread: string;
  readonly unattributed: string;
  readonly attributed: string;
  /** Shown in Procore as cost to date: what Procore confirmed. */
  readonly shown: string;
  /** Attributed, and not shown yet, or refused. */
  readonly waiting: string;
  /** Of what is shown: as direct costs, read from Procore just now, and counted by pay applications. */
  readonly directCosts: string;
  readonly byPayApplications: string;
  /** Direct costs that stand in Procore with another amount than it confirmed. */
  readonly strayed: string;
  /** Ledger less everything named here: zero, or a fault. */
  readonly residual: string;
  readonly notes: readonly string[];
};

/** Reads ledger and budget fresh and adds both up, project by project. Writes nothing anywhere. */
export async function compareActuals(engine: Engine, tenant: string): Promise<ComparedCost[]> {
  const hub = await engine.systems.hubOf(tenant);
  const compared: ComparedCost[] = [];
  for (const erp of await engine.systems.erpsOf(tenant))
    compared.push(...(await compareCompany(engine, hub, erp)));
  return compared;
}

async function compareCompany(
  engine: Engine,
  hub: OpenConnection,
  erp: OpenConnection,
): Promise<ComparedCost[]> {
  const place = { hub, erp, now: engine.clock.now() };
  const all = await step(engine, hub.tenant, async (tx) => {
    const own = new Set((await mappedIn(engine, tx, erp)).map(({ key }) => key));
    const found: Actuals[] = [];
    for (const project of await costedProjects(tx, hub)) {
      const actuals = own.has(project.nativeId) ? await actualsOf(tx, place, project) : null;
      if (actuals !== null) found.push(actuals);
    }
    return found;
  });
  for (const [index, { project, facts }] of all.entries()) {
    const shown = await shownInErp(erp, facts.projectCode);
    all[index] =
      (await step(engine, hub.tenant, (tx) => actualsOf(tx, place, project, shown))) ?? all[index]!;
  }
  const ledgers = await ledgersNow(erp, all);
  const compared: ComparedCost[] = [];
  for (const [index, actuals] of all.entries()) {
    const shownNow = await directCostsNow(hub, erp, actuals);
    compared.push(compare(actuals, ledgers[index]!, shownNow));
  }
  return compared;
}

const MAX_PAGES = 100_000;

async function ledgersNow(erp: OpenConnection, all: readonly Actuals[]): Promise<Money[]> {
  const totals = all.map(({ currency }) => money(0n, currency));
  const read = erp.connection.pull.journal;
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_PAGES && read !== undefined && all.length > 0; pages += 1) {
    const page = await read(cursor);
    if (page.records.length === 0) return totals;
    const journals = page.records.map(({ record }) => record as JournalRecord);
    for (const [index, { facts, currency }] of all.entries())
      totals[index] = sum([totals[index]!, ledgerTotal(journals, facts, currency)], currency);
    cursor = page.cursor;
  }
  if (all.length === 0) return totals;
  throw new Stop('bug', erp.system, `the journal of ${erp.name} does not end`);
}

type Lines = ReadonlyMap<string, Money>;

async function directCostsNow(
  hub: OpenConnection,
  erp: OpenConnection,
  { project, currency }: Actuals,
): Promise<Lines> {
  const prefix = `${costOrigin(erp, project.nativeId)}-`;
  const lines = await hub.hub!.shownCosts(project.nativeId);
  const ours = lines.filter(({ originId }) => originId.startsWith(prefix));
  return new Map(ours.map(({ originId, amount }) => [originId, parseMoney(amount, currency)]));
}

/** How far lines are from what Procore confirmed; a line that is being written right now may show either figure. */
function strayedBy(lines: Lines, told: readonly ToldRow[]): bigint {
  const rows = new Map(told.filter(({ sheet }) => sheet === 'transaction').map((row) => [row.name, row]));
  const names = new Set([...lines.keys(), ...rows.keys()]);
  return [...names].reduce((total, name) => {
    const row = rows.get(name);
    if (row !== undefined && row.fate !== 'stands') return total;
    return total + (lines.get(name)?.minor ?? 0n) - (row?.amountMinor ?? 0n);
  }, 0n);
}

function compare(actuals: Actuals, ledger: Money, lines: Lines): ComparedCost {
  const { project, facts, currency, total, parts, wanted, told } = actuals;
  const minorOf = (some: readonly CostPart[]) =>
    sum(
      some.map(({ amount }) => amount),
      currency,
    ).minor;
  const lost = parts.filter(({ coding }) => coding === null);
  const [unattributed, attributed] = [minorOf(lost), minorOf(parts) - minorOf(lost)];
  const standing = told.filter(({ fate }) => fate === 'stands');
  const of = (
    rows: readonly JobCostRow[],
    sheet: JobCostRow['sheet'],
    what: 'amountMinor' | 'invoicedMinor',
  ) => rows.filter((row) => row.sheet === sheet).reduce((before, row) => before + row[what], 0n);
  const shown = of(standing, 'summary', 'amountMinor');
  const unread = ledger.minor - total.minor;
  const words = (minor: bigint) => formatMoney(money(minor, currency));
  return {
    project: { id: project.nativeId, name: project.body.name, erpCode: facts.projectCode },
    currency,
    ledger: formatMoney(ledger),
    unread: words(unread),
    unattributed: words(unattributed),
    attributed: words(attributed),
    shown: words(shown),
    waiting: words(attributed - shown),
    directCosts: formatMoney(sum(lines.values(), currency)),
    byPayApplications: words(of(standing, 'summary', 'invoicedMinor')),
    strayed: words(strayedBy(lines, told)),
    residual: words(total.minor - unattributed - of(wanted, 'summary', 'amountMinor')),
    notes: [...lost.map(unattributedWords), ...notShown(actuals), ...actuals.unstated],
  };
}

/** Rows that Procore does not show as they are, each with its reason. */
function notShown({ wanted, told, currency, project }: Actuals): string[] {
  const known = new Map(told.map((row) => [rowKey(row), row]));
  const changed = new Set(changedRows(wanted, told));
  return wanted.flatMap((row) => {
    const last = known.get(rowKey(row));
    const amount = formatMoney(money(row.amountMinor, currency));
    const name = `${row.costCode} ${row.costType}${row.period === '' ? ' to date' : ` of ${row.period}`}, ${amount}`;
    if (last?.fate === 'refused') return [`${name}: refused by Procore: ${last.why ?? 'without a reason'}`];
    if (last?.fate === 'under-way') return [`${name}: under way`];
    if (!changed.has(row)) return [];
    const isUnknown = row.sheet === 'summary' && project.body.originId === null;
    return [`${name}: not shown yet${isUnknown ? ', Procore has no ERP id of the project' : ''}`];
  });
}
