import { type CalendarDate, isWithin } from './calendar-date.ts';
import { type Canonical, contentHash } from './canonical.ts';
import type { LineCoding, Operation, PostedBase, PurchaseOrderBody, PurchaseOrderLine } from './documents.ts';
import { add, formatMoney, type Money, magnitude, money, parseMoney, subtract, sum } from './money.ts';
import type { FieldError } from './outcomes.ts';
import type { Reason, Wait } from './reasons.ts';
import { waitKeys } from './reasons.ts';
import type {
  AccountRecord,
  CommitmentLine,
  CommitmentRecord,
  PeriodRecord,
  ProjectRecord,
} from './records.ts';

/** A current mapping row as the plan used it: kept with the document, so that an approval can bind it. */
export type MappingRow = {
  readonly kind: 'project' | 'vendor' | 'cost';
  readonly scope: string;
  readonly key: string;
  readonly value: { readonly kind: 'account' | 'item' | 'project' | 'vendor'; readonly code: string };
  readonly version: number;
  readonly setBy: string;
};

/** A question that only a person can answer, with what the plan would have used. */
export type MappingAsk = {
  readonly kind: MappingRow['kind'];
  readonly key: string;
  readonly label: string;
  readonly scopeId: string;
};

/** What the approver accepted and typed in the source. */
export type ExportOrder = { readonly erpCode: string | null; readonly accountingDate: CalendarDate | null };

export type OrderPlanInput = {
  readonly record: CommitmentRecord;
  /** Present once an accounting approver exported it; without it nothing new is ever planned. */
  readonly exported: ExportOrder | null;
  readonly mapping: (kind: MappingRow['kind'], scope: string, key: string) => MappingRow | null;
  readonly vendorCode: string | null;
  readonly vendorBlocked: string | null;
  readonly targetProject: (code: string) => ProjectRecord | null;
  readonly targetAccount: (code: string) => AccountRecord | null;
  readonly periods: readonly PeriodRecord[];
  /** What stands in the ERP from an earlier revision of ours. */
  readonly base: PostedBase | null;
  readonly referenceOf: (revision: number) => string;
  readonly preflight: (operation: Operation) => readonly FieldError[];
  /** The date of an earlier plan of the same document: once frozen it never shifts by itself. */
  readonly frozenDate: CalendarDate | null;
  readonly today: CalendarDate;
};

export type OrderPlan =
  | { readonly kind: 'nothing'; readonly why: 'not-exported' | 'unchanged' | 'deleted' }
  | {
      readonly kind: 'document';
      readonly revision: number;
      readonly operation: Operation | null;
      readonly body: PurchaseOrderBody | null;
      readonly exposure: Money;
      readonly amount: Money;
      readonly accountingDate: CalendarDate;
      readonly mappings: readonly MappingRow[];
      readonly reasons: readonly Reason[];
      readonly waits: readonly Wait[];
      readonly asks: readonly MappingAsk[];
    };

/** Decides what one commitment should become in the ERP. Pure: same input, same document, byte for byte. */
export function planOrder(input: OrderPlanInput): OrderPlan {
  const { record, base } = input;
  // Its order stays as it stands: undoing what was posted is a reversal that a person starts.
  if (record.deleted) return { kind: 'nothing', why: 'deleted' };
  if (base === null && input.exported === null) return { kind: 'nothing', why: 'not-exported' };
  const found = collect();
  const projectCode = projectFor(input, found);
  const vendorCode = vendorFor(input, found);
  const lines = record.lines.map((line) => codedLine(input, line, found));
  const amount = totalOf(record, found);
  if (!record.approved) {
    found.wait('source', record.id, {
      code: 'not-approved',
      owner: 'project-manager',
      message: `The commitment is "${record.status}" in Procore, not approved.`,
      remedy: 'Approve it in Procore; it is looked at again by itself.',
    });
  }
  const accountingDate =
    base?.body.accountingDate ??
    input.frozenDate ??
    input.exported?.accountingDate ??
    record.contractDate ??
    input.today;
  checkPeriod(input, accountingDate, found);
  const revision = (base?.body.revision ?? 0) + 1;
  const complete = lines.filter((line): line is PurchaseOrderLine => line !== null);
  const isComplete =
    projectCode !== null &&
    vendorCode !== null &&
    complete.length === record.lines.length &&
    found.amountsHold();
  const body: PurchaseOrderBody | null = isComplete
    ? {
        kind: 'purchase-order',
        reference: input.referenceOf(revision),
        revision,
        number: record.number,
        title: record.title,
        vendorCode,
        projectCode,
        currency: record.currency,
        accountingDate,
        total: record.total,
        lines: complete,
        sourceUrl: record.url,
      }
    : null;
  if (body !== null && base !== null && sameContent(body, base.body))
    return { kind: 'nothing', why: 'unchanged' };
  const operation = body === null ? null : operationFor(body, base, found);
  if (operation !== null)
    for (const error of input.preflight(operation))
      found.reason({
        code: 'target-refuses',
        owner: 'accountant',
        message: error.message,
        field: error.field,
      });
  return {
    kind: 'document',
    revision,
    operation,
    body,
    amount,
    exposure: base === null ? money(magnitude(amount), amount.currency) : moved(record, base.body, body),
    accountingDate,
    mappings: found.mappings,
    reasons: found.reasons,
    waits: found.waits,
    asks: found.asks,
  };
}

/** Hash of the mapping rows used: an approval of this document dies when one of them changes. */
export function mappingHash(rows: readonly MappingRow[]): string {
  const used: Canonical[] = rows.map(({ kind, scope, key, value, version }) => ({
    kind,
    scope,
    key,
    value,
    version: String(version),
  }));
  return contentHash(used);
}

type Collector = ReturnType<typeof collect>;

function collect() {
  const reasons: Reason[] = [];
  const waits: Wait[] = [];
  const asks: MappingAsk[] = [];
  const mappings: MappingRow[] = [];
  return {
    reasons,
    waits,
    asks,
    mappings,
    reason: (reason: Reason) => void reasons.push(reason),
    wait(kind: Wait['kind'], key: string, reason: Reason) {
      reasons.push(reason);
      if (!waits.some((wait) => wait.kind === kind && wait.key === key)) waits.push({ kind, key });
    },
    ask(ask: MappingAsk, reason: Reason) {
      if (asks.some((other) => other.kind === ask.kind && other.key === ask.key)) return;
      asks.push(ask);
      this.wait('mapping', waitKeys.mapping(ask.kind, ask.key), reason);
    },
    used(row: MappingRow) {
      if (
        !mappings.some(
          (other) => other.kind === row.kind && other.scope === row.scope && other.key === row.key,
        )
      )
        mappings.push(row);
    },
    amountsHold: () => !reasons.some(({ code }) => code === 'amounts-disagree' || code === 'no-lines'),
  };
}

function projectFor({ record, mapping, targetProject }: OrderPlanInput, found: Collector): string | null {
  const row = mapping('project', '', record.projectId);
  if (row === null) {
    found.ask(
      {
        kind: 'project',
        key: record.projectId,
        label: `Procore project ${record.projectId}`,
        scopeId: record.projectId,
      },
      {
        code: 'project-unmapped',
        owner: 'accountant',
        message: 'The project has no ERP project yet.',
        remedy: 'Choose the ERP project in Review.',
      },
    );
    return null;
  }
  found.used(row);
  const project = targetProject(row.value.code);
  if (project?.active) return row.value.code;
  found.wait('record', waitKeys.record('project', row.value.code), {
    code: 'target-refuses',
    owner: 'accountant',
    field: 'project',
    message:
      project === null
        ? `ERP project ${row.value.code} does not exist.`
        : `ERP project ${row.value.code} is closed.`,
    remedy: 'Open the project in the ERP or choose another in Mappings.',
  });
  return null;
}

function vendorFor({ record, vendorCode, vendorBlocked }: OrderPlanInput, found: Collector): string | null {
  if (record.vendorId === null) {
    found.wait('source', record.id, {
      code: 'vendor-missing',
      owner: 'project-manager',
      message: 'The commitment has no contract company.',
      remedy: 'Choose the contract company in Procore.',
    });
    return null;
  }
  if (vendorCode === null) {
    found.wait('vendor', waitKeys.vendor(record.vendorId), {
      code: 'vendor-unlinked',
      owner: 'accountant',
      message: `Vendor "${record.vendorName ?? record.vendorId}" is not linked to an ERP vendor.`,
      remedy:
        'It flows as soon as the vendor exists in the ERP and is matched; answer the match in Review if one is open.',
    });
    return null;
  }
  if (vendorBlocked !== null) {
    found.wait('record', waitKeys.record('vendor', vendorCode), {
      code: 'target-refuses',
      owner: 'accountant',
      field: 'vendor',
      message: vendorBlocked,
      remedy: 'Unblock the vendor in the ERP.',
    });
    return null;
  }
  return vendorCode;
}

function codedLine(input: OrderPlanInput, line: CommitmentLine, found: Collector): PurchaseOrderLine | null {
  const { record, mapping, targetAccount } = input;
  const key = costKey(line);
  const row = mapping('cost', record.projectId, key) ?? mapping('cost', '', key);
  if (row === null) {
    found.ask(
      { kind: 'cost', key, label: costLabel(line), scopeId: record.projectId },
      {
        code: 'cost-unmapped',
        owner: 'accountant',
        field: `line ${line.position}`,
        message: `${costLabel(line)} has no ERP account.`,
        remedy: 'Choose the account in Review; every waiting document with this code is released.',
      },
    );
    return null;
  }
  found.used(row);
  const coding: LineCoding = { kind: row.value.kind === 'item' ? 'item' : 'account', code: row.value.code };
  if (coding.kind === 'account' && !(targetAccount(coding.code)?.postable ?? false)) {
    found.wait('record', waitKeys.record('account', coding.code), {
      code: 'account-not-postable',
      owner: 'accountant',
      field: `line ${line.position}`,
      message: `Account ${coding.code} does not exist or cannot be posted to.`,
      remedy: 'Choose another account in Mappings, or open it in the ERP.',
    });
    return null;
  }
  return {
    key: line.id,
    description: line.description,
    amount: line.amount,
    coding,
    costCode: line.costCode?.code ?? '',
    costType: line.costType?.code ?? '',
  };
}

/** The key under which a line's coding is mapped. */
export function costKey(line: Pick<CommitmentLine, 'costCode' | 'costType'>): string {
  return `${line.costCode?.code ?? ''}|${line.costType?.code ?? ''}`;
}

function costLabel(line: CommitmentLine): string {
  const code =
    line.costCode === null ? 'No cost code' : `Cost code ${line.costCode.code} ${line.costCode.name}`;
  return `${code} / ${line.costType === null ? 'no cost type' : `${line.costType.code} ${line.costType.name}`}`;
}

function totalOf(record: CommitmentRecord, found: Collector): Money {
  const owner = 'project-manager';
  if (record.lines.length === 0)
    found.wait('source', record.id, {
      code: 'no-lines',
      owner,
      message: 'The schedule of values has no lines.',
      remedy: 'Add the lines in Procore.',
    });
  try {
    const total = parseMoney(record.total, record.currency);
    const lines = sum(
      record.lines.map((line) => parseMoney(line.amount, record.currency)),
      record.currency,
    );
    if (lines.minor !== total.minor) {
      const off = formatMoney(subtract(lines, total));
      found.wait('source', record.id, {
        code: 'amounts-disagree',
        owner,
        message: `The lines and the contract total differ by ${off} ${record.currency}.`,
        remedy: 'Correct the schedule of values in Procore.',
      });
    }
    return total;
  } catch (error) {
    found.wait('source', record.id, {
      code: 'amounts-disagree',
      owner,
      message: error instanceof Error ? error.message : 'An amount cannot be read.',
      remedy: 'Correct the amount in Procore.',
    });
    return money(0n, record.currency);
  }
}

function checkPeriod({ periods, base }: OrderPlanInput, day: CalendarDate, found: Collector): void {
  if (base !== null || periods.length === 0) return;
  const period = periods.find((candidate) => isWithin(day, candidate.from, candidate.to));
  if (period?.open) return;
  const next = periods
    .filter((candidate) => candidate.open && candidate.from > day)
    .sort((a, b) => (a.from < b.from ? -1 : 1))[0];
  found.wait('period', day.slice(0, 7), {
    code: 'period-closed',
    owner: 'controller',
    field: 'accounting date',
    message:
      period === undefined
        ? `No posting period covers ${day}.`
        : `Period ${period.name} is closed for ${day}.`,
    remedy:
      next === undefined
        ? 'Open the period in the ERP.'
        : `Open the period in the ERP, or export again with an accounting date from ${next.from} on.`,
  });
}

/** Whether the ERP already holds this: revision, reference and date of an update are ours, not content. */
function sameContent(a: PurchaseOrderBody, b: PurchaseOrderBody): boolean {
  const content = ({
    reference: _r,
    revision: _v,
    accountingDate: _d,
    sourceUrl: _u,
    ...rest
  }: PurchaseOrderBody) => contentHash(rest);
  return content(a) === content(b);
}

function operationFor(body: PurchaseOrderBody, base: PostedBase | null, found: Collector): Operation {
  if (base === null) return { kind: 'create-order', body };
  if (base.body.vendorCode !== body.vendorCode) {
    found.reason({
      code: 'vendor-changed',
      owner: 'accountant',
      field: 'vendor',
      message: `The vendor changed from ${base.body.vendorCode} to ${body.vendorCode}; an order cannot change its vendor.`,
      remedy: 'Cancel the order in the ERP and export the commitment again.',
    });
  }
  if (base.body.currency !== body.currency) {
    found.reason({
      code: 'target-refuses',
      owner: 'accountant',
      field: 'currency',
      message: `The currency changed from ${base.body.currency} to ${body.currency}; an order cannot change its currency.`,
      remedy: 'Cancel the order in the ERP and export the commitment again.',
    });
  }
  return { kind: 'update-order', body, base };
}

/**
 * What an update moves: the sum of what each line moves, so that a plus and a minus do not cancel out. A line
 * that goes to another account or project moves with all it has.
 */
function moved(record: CommitmentRecord, base: PurchaseOrderBody, body: PurchaseOrderBody | null): Money {
  const before = new Map(base.lines.map((line) => [line.key, line]));
  const after = new Map(body?.lines.map((line) => [line.key, line]));
  const none = money(0n, base.currency);
  const otherProject = body !== null && body.projectCode !== base.projectCode;
  let total = none;
  for (const line of record.lines) {
    const now = safeAmount(line.amount, base.currency);
    const old = before.get(line.id);
    const was = old === undefined ? none : parseMoney(old.amount, base.currency);
    const coded = after.get(line.id);
    const elsewhere = otherProject || (coded !== undefined && old !== undefined && !sameCoding(coded, old));
    before.delete(line.id);
    const size = elsewhere ? larger(magnitude(now), magnitude(was)) : magnitude(subtract(now, was));
    total = add(total, money(size, base.currency));
  }
  for (const gone of before.values())
    total = add(total, money(magnitude(parseMoney(gone.amount, base.currency)), base.currency));
  return total;
}

function sameCoding(a: PurchaseOrderLine, b: PurchaseOrderLine): boolean {
  return a.coding.kind === b.coding.kind && a.coding.code === b.coding.code;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function safeAmount(text: string, currency: string): Money {
  try {
    return parseMoney(text, currency);
  } catch {
    return money(0n, currency);
  }
}
