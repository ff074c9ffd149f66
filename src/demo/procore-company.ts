import type { ProcoreSeed } from '../procore/simulator/seed.ts';
import type { Cast, CastCommitment, SeededChangeOrder } from './cast.ts';
import { amountText } from './cents.ts';
import { access, procoreUsers } from './people.ts';
import { lineBody, type ScheduleLine } from './schedule.ts';
import { costCodes, costTypes } from './trades.ts';
import type { CastVendor } from './vendor-list.ts';

const FIRST_COST_TYPE_ID = 562_949_953_460_001;
const FIRST_COST_CODE_ID = 562_949_953_470_000;
const CODES_PER_PROJECT = 1_000;

type Contract = NonNullable<ProcoreSeed['contracts']>[number];

/** The company as Procore knows it on the first morning. */
export function procoreSeed(cast: Cast, changeOrders: readonly SeededChangeOrder[]): ProcoreSeed {
  return {
    company: { id: access.companyId, name: 'Larkspur Builders' },
    apps: [{ client_id: access.clientId, client_secret: access.clientSecret }],
    users: [
      ...procoreUsers.managers.map((user) => ({ ...user, roles: ['project_manager'] })),
      { ...procoreUsers.approver, roles: ['accounting_approver'] },
    ],
    projects: cast.projects.map(({ id, name, number, erpCode }) => ({
      id,
      name,
      project_number: number,
      origin_id: erpCode,
    })),
    vendors: cast.vendors.filter(({ standing }) => standing !== 'erp-only').map(vendorRow),
    line_item_types: costTypes.map((type, index) => ({ ...type, id: FIRST_COST_TYPE_ID + index })),
    cost_codes: cast.projects.flatMap(({ id: projectId }, place) =>
      costCodes.map(({ code, name }, index) => ({
        id: costCodeId(place, index),
        project_id: projectId,
        code: code.slice(3),
        full_code: code,
        name,
      })),
    ),
    contracts: cast.commitments.map((commitment) => contractRow(cast, commitment)),
    change_order_packages: changeOrders.map(({ id, contractId, title, approved, cents }) => ({
      id,
      contract_id: contractId,
      title,
      status: approved ? ('approved' as const) : ('pending' as const),
      executed: approved,
      grand_total: amountText(cents),
    })),
  };
}

function vendorRow({ id, name, email, phone, zip, standing, cardCode }: CastVendor) {
  const base = { id, name, business_phone: phone, zip };
  // The two with namesakes carry no e-mail: that is why nobody can tell them apart by machine.
  const reached = standing === 'two-candidates' ? base : { ...base, email_address: email };
  return standing === 'already-linked' ? { ...reached, origin_id: cardCode, origin_code: cardCode } : reached;
}

function contractRow(cast: Cast, commitment: CastCommitment): Contract {
  const { id, kind, number, title, part, projectId, vendorId, contractDate } = commitment;
  const fields = {
    id,
    number,
    title,
    project_id: projectId,
    vendor_id: vendorId,
    contract_date: contractDate,
    executed: part !== 'draft',
    accounting_method: 'amount' as const,
    retainage_percent: kind === 'work_order_contract' ? '10.0' : '0.0',
    status: part === 'draft' ? ('Draft' as const) : ('Approved' as const),
    line_items: commitment.lines.map((line) => scheduleRow(cast, projectId, line)),
  };
  return kind === 'work_order_contract' ? { ...fields, kind } : { ...fields, kind };
}

/** A schedule line with the ids that its cost code and cost type have in the project. */
export function scheduleRow(cast: Pick<Cast, 'projects'>, projectId: number, line: ScheduleLine) {
  const place = cast.projects.findIndex(({ id }) => id === projectId);
  const code = costCodes.findIndex((row) => row.code === line.coding.code);
  const type = costTypes.findIndex((row) => row.code === line.coding.type);
  return lineBody(line, { code: costCodeId(place, code), type: FIRST_COST_TYPE_ID + type });
}

function costCodeId(projectPlace: number, codePlace: number): number {
  return FIRST_COST_CODE_ID + projectPlace * CODES_PER_PROJECT + codePlace;
}
