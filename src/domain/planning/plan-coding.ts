import type { LineCoding, PurchaseOrderLine } from '../documents.ts';
import { costKey } from '../mapping.ts';
import { type CodeRestriction, restrictedCode } from '../masters/project-codes.ts';
import { acceptedCoding, acceptedText } from '../orders/adopted-order.ts';
import { waitKeys } from '../reasons.ts';
import type { CommitmentLine, CommitmentRecord } from '../records.ts';
import type { Findings } from './plan-findings.ts';
import type { OrderPlanInput } from './plan-input.ts';
import { subJobFor } from './sub-job-place.ts';

type ProjectFacts = Pick<OrderPlanInput, 'mapping' | 'targetProject'> & {
  readonly record: Pick<CommitmentRecord, 'projectId'>;
};

export function projectFor({ record, mapping, targetProject }: ProjectFacts, found: Findings): string | null {
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

type VendorFacts = Pick<OrderPlanInput, 'vendorCode' | 'vendorBlocked'> & {
  readonly record: Pick<CommitmentRecord, 'id' | 'vendorId' | 'vendorName'>;
};

export function vendorFor(
  { record, vendorCode, vendorBlocked }: VendorFacts,
  found: Findings,
): string | null {
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

export type CodingFacts = Pick<OrderPlanInput, 'mapping' | 'targetAccount' | 'accepted' | 'subJobPlaces'> & {
  readonly record: Pick<CommitmentRecord, 'projectId'>;
  /** Where the project in the ERP takes some cost codes only. */
  readonly restriction?: CodeRestriction | null;
  /** What stands in the order, by the line of the source. */
  readonly standing?: (lineId: string) => PurchaseOrderLine | undefined;
};

export function codedLine(
  facts: CodingFacts,
  line: CommitmentLine,
  found: Findings,
): PurchaseOrderLine | null {
  const { record, mapping, targetAccount, accepted = null, subJobPlaces } = facts;
  const kept = acceptedCoding(accepted, line);
  // Whoever chose its account in the ERP chose its part of the job there as well.
  if (kept !== null) return { ...orderLine(line, kept.coding, acceptedText(accepted, line)), ...kept };
  if (line.budgetCode !== undefined) return uncoded(line, line.budgetCode, found);
  const subJob = subJobFor(line, subJobPlaces, found);
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
  const coded = orderLine(line, coding, acceptedText(accepted, line));
  const standing = facts.standing?.(line.id);
  const isAsItStands = standing?.coding.code === coding.code && standing.subJob === (subJob ?? undefined);
  const code = restrictedCode(line, facts.restriction, isAsItStands ? standing : undefined, found);
  if (subJob === null || code === null) return null;
  return {
    ...coded,
    ...(subJob === undefined ? {} : { subJob }),
    ...(code === undefined ? {} : { assignedCode: code }),
  };
}

/** An account for it would be one for every line that cannot be told: the line itself has to be coded. */
function uncoded({ id, position }: CommitmentLine, budgetCode: string, found: Findings): null {
  found.wait('source', id, {
    code: 'cost-unmapped',
    owner: 'project-manager',
    field: `line ${position}`,
    message: `It names ${budgetCode} of the budget, and Procore does not say which cost code of which sub job that is.`,
    remedy:
      'Choose a cost code for the line in Procore, or give each sub job of the project a code of its own.',
  });
  return null;
}

function orderLine(line: CommitmentLine, coding: LineCoding, description: string): PurchaseOrderLine {
  return {
    key: line.id,
    description,
    amount: line.amount,
    coding,
    costCode: line.costCode?.code ?? '',
    costType: line.costType?.code ?? '',
  };
}

function costLabel(line: CommitmentLine): string {
  const code =
    line.costCode === null ? 'No cost code' : `Cost code ${line.costCode.code} ${line.costCode.name}`;
  return `${code} / ${line.costType === null ? 'no cost type' : `${line.costType.code} ${line.costType.name}`}`;
}
