import type { ContextRecord } from '../../domain/context-record.ts';
import { type BudgetCode, type CodeStanding, codeStanding } from '../../domain/masters/code-standing.ts';
import type { CostCodeRecord, CostTypeRecord } from '../../domain/masters/job-cost-masters.ts';
import type { AccountRecord, ProjectRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { findRecords, listRecords, type StoredRecord } from '../../store/records/record.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { step } from '../step.ts';

export type ComparedCode = BudgetCode & { readonly description: string; readonly standing: CodeStanding };

export type ComparedCodes = {
  readonly project: { readonly id: string; readonly name: string; readonly number: string | null };
  readonly codes: readonly ComparedCode[];
};

const MOST_CODES = 100_000;

/**
 * Compares the codes of budgets that Procore shows with what the ERP has for each, from what was read of both: no call is
 * made. Codes that are switched off, and those of sub jobs, are no part of it.
 */
export async function compareCodes(engine: Engine, tenant: string): Promise<ComparedCodes[]> {
  const hub = await engine.systems.hubOf(tenant);
  const { projects, codes } = await step(engine, tenant, async (tx) => ({
    projects: await listRecords<ProjectRecord>(tx, hub.id, 'project'),
    codes: await listRecords<ContextRecord>(tx, hub.id, 'budget-code', MOST_CODES),
  }));
  const byProject = Map.groupBy(codes, ({ body }) => body.projectId ?? '');
  const results: ComparedCodes[] = [];
  for (const { nativeId: id, body } of projects) {
    const active = (byProject.get(id) ?? []).flatMap(codeOf);
    if (active.length === 0) continue;
    const erp = await findErp(engine, tenant, id);
    const standings = await step(engine, tenant, (tx) => standingsOf(tx, erp, id, active));
    results.push({ project: { id, name: body.name, number: body.number }, codes: standings });
  }
  return results;
}

type Named = BudgetCode & { readonly description: string };

function codeOf({ body: { status, title, facts } }: StoredRecord<ContextRecord>): Named[] {
  const [costCode, costType] = [facts['cost code'], facts['cost type']];
  if (status === 'inactive' || facts['sub job'] !== undefined) return [];
  return costCode === undefined || costType === undefined ? [] : [{ costCode, costType, description: title }];
}

async function standingsOf(
  tx: Tx,
  erp: OpenConnection,
  projectId: string,
  codes: readonly Named[],
): Promise<ComparedCode[]> {
  const rows = (await mappingsFor(tx, erp, projectId)).filter(({ kind }) => kind === 'cost');
  const accounts = await openIn<AccountRecord>(
    tx,
    erp,
    'account',
    rows.map(({ value }) => value.code),
    (body) => body.postable,
  );
  const [kept, types] = await Promise.all([
    openIn<CostCodeRecord>(
      tx,
      erp,
      'cost-code',
      codes.map(({ costCode }) => costCode),
      (body) => body.active,
    ),
    openIn<CostTypeRecord>(
      tx,
      erp,
      'cost-type',
      codes.map(({ costType }) => costType),
      (body) => body.active,
    ),
  ]);
  const mapped = ({ costCode, costType }: BudgetCode) => {
    const named = rows.filter(({ key }) => key === `${costCode}|${costType}`);
    return named.find(({ scope }) => scope === projectId) ?? named.find(({ scope }) => scope === '') ?? null;
  };
  return codes.map(({ description, ...code }) => ({
    ...{ ...code, description },
    standing: codeStanding(code, {
      isKept: ({ costCode, costType }) => kept.has(costCode) && types.has(costType),
      mapping: (wanted) => {
        const value = mapped(wanted)?.value ?? null;
        return value && { code: value.code, takesCost: value.kind === 'item' || accounts.has(value.code) };
      },
    }),
  }));
}

/** Of some codes those that the ERP has, and takes new amounts on. */
async function openIn<R extends AccountRecord | CostCodeRecord | CostTypeRecord>(
  tx: Tx,
  erp: OpenConnection,
  object: R['object'],
  codes: readonly string[],
  isOpen: (body: R) => boolean,
): Promise<ReadonlySet<string>> {
  const records = await findRecords<R>(tx, erp.id, object, [...new Set(codes)]);
  return new Set(records.flatMap(({ nativeId, body }) => (isOpen(body) ? [nativeId] : [])));
}
