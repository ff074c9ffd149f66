import type { MappingRow } from './mapping-row.ts';

type CostType = 'L' | 'M' | 'S' | 'E' | 'O';
export type Coding = { readonly code: string; readonly type: CostType };

/** Cost types as Procore's line item types. */
export const costTypes = [
  { code: 'L', name: 'Labor', base_type: 'other' },
  { code: 'M', name: 'Materials', base_type: 'materials' },
  { code: 'S', name: 'Subcontract', base_type: 'commitment' },
  { code: 'E', name: 'Equipment', base_type: 'equipment' },
  { code: 'O', name: 'Other', base_type: 'other' },
] as const;

/** Cost codes by division, each with what its lines are called on a schedule of values. */
export const costCodes = [
  { code: '01-310', name: 'Site supervision', works: ['Night supervision', 'Access control'] },
  { code: '01-500', name: 'Temporary facilities', works: ['Site fence', 'Temporary power', 'Trailers'] },
  { code: '01-740', name: 'Cleaning', works: ['Rough cleaning', 'Final cleaning'] },
  { code: '02-410', name: 'Selective demolition', works: ['Interior strip-out', 'Saw cutting', 'Haul-off'] },
  { code: '03-200', name: 'Reinforcing', works: ['Footing bars', 'Slab mesh', 'Wall cages'] },
  { code: '03-300', name: 'Cast concrete', works: ['Footings', 'Grade beams', 'Level 2 deck', 'Core walls'] },
  { code: '04-220', name: 'Block masonry', works: ['Stair shafts', 'Plinth walls', 'Lintels'] },
  { code: '05-120', name: 'Structural steel', works: ['Columns', 'Roof beams', 'Base plates', 'Erection'] },
  { code: '05-500', name: 'Metal fabrications', works: ['Stairs', 'Handrails', 'Dock bumpers'] },
  { code: '06-100', name: 'Rough carpentry', works: ['Blocking', 'Parapet framing', 'Sheathing'] },
  { code: '07-210', name: 'Insulation', works: ['Wall boards', 'Roof boards', 'Fire stopping'] },
  { code: '07-520', name: 'Membrane roofing', works: ['Roof membrane', 'Flashings', 'Walk pads'] },
  { code: '08-110', name: 'Doors and frames', works: ['Hollow metal frames', 'Oak doors', 'Hardware'] },
  {
    code: '08-440',
    name: 'Curtain wall',
    works: ['Shop drawings', 'South facade', 'East facade', 'Testing'],
  },
  { code: '09-290', name: 'Gypsum board', works: ['Partitions level 1', 'Partitions level 2', 'Soffits'] },
  { code: '09-650', name: 'Resilient flooring', works: ['Corridors', 'Labs', 'Skirting'] },
  { code: '09-910', name: 'Painting', works: ['Primer', 'Walls', 'Exposed ceilings'] },
  { code: '10-140', name: 'Signs', works: ['Room signs', 'Facade letters'] },
  { code: '14-200', name: 'Elevators', works: ['Passenger car', 'Freight car', 'Commissioning'] },
  { code: '21-130', name: 'Sprinklers', works: ['Mains', 'Branch lines', 'Heads and trim'] },
  { code: '22-100', name: 'Plumbing', works: ['Underground', 'Risers', 'Fixtures', 'Domestic water'] },
  { code: '23-300', name: 'Air distribution', works: ['Roof units', 'Ductwork', 'Controls', 'Balancing'] },
  { code: '26-050', name: 'Electrical', works: ['Switchgear', 'Feeders', 'Lighting', 'Devices'] },
  { code: '28-310', name: 'Electronic security', works: ['Card readers', 'Cameras', 'Head end'] },
  { code: '31-230', name: 'Earthwork', works: ['Mass excavation', 'Backfill', 'Fine grading'] },
  { code: '33-400', name: 'Storm drainage', works: ['Catch basins', 'Pipe', 'Detention tank'] },
] as const;

/** Nobody has said yet where these go: the first two are answered in the story, the last one stays a question. */
export const unmappedCodes = ['28-310', '33-400', '14-200'] as const;

const TYPE_ACCOUNTS: Record<CostType, { head: string; name: string }> = {
  L: { head: '51', name: 'Labor' },
  M: { head: '52', name: 'Materials' },
  S: { head: '53', name: 'Subcontracts' },
  E: { head: '54', name: 'Equipment' },
  O: { head: '55', name: 'Other job cost' },
};

const DIVISIONS: Record<string, string> = {
  '01': 'general requirements',
  '02': 'demolition',
  '03': 'concrete',
  '04': 'masonry',
  '05': 'metals',
  '06': 'carpentry',
  '07': 'envelope',
  '08': 'openings',
  '09': 'finishes',
  '10': 'specialties',
  '14': 'conveying',
  '21': 'fire protection',
  '22': 'plumbing',
  '23': 'mechanical',
  '26': 'electrical',
  '28': 'security',
  '31': 'earthwork',
  '33': 'utilities',
};

/** The account that job cost of a division and cost type belongs to. */
export function accountOf({ code, type }: Coding): string {
  return `${TYPE_ACCOUNTS[type].head}${code.slice(0, 2)}`;
}

type Account = {
  readonly code: string;
  readonly name: string;
  readonly postable?: boolean;
  readonly parent?: string;
  readonly frozen?: boolean;
  readonly lockedForManual?: boolean;
};

export const RETAINAGE_ACCOUNT = '2060';

/** Job cost accounts under their title accounts, and neighbours that nothing may be posted to. */
export function chartOfAccounts(): Account[] {
  const accounts: Account[] = [
    { code: '5000', name: 'Cost of construction', postable: false },
    { code: '2000', name: 'Trade payables', lockedForManual: true },
    { code: '2050', name: 'Retainage payable', lockedForManual: true },
    { code: RETAINAGE_ACCOUNT, name: 'Retainage payable, subcontracts' },
    { code: '1300', name: 'Costs in excess of billings' },
    { code: '5399', name: 'Subcontracts, old system', frozen: true },
    { code: '6100', name: 'Office rent' },
  ];
  for (const { head, name } of Object.values(TYPE_ACCOUNTS)) {
    accounts.push({ code: `${head}00`, name, postable: false, parent: '5000' });
    for (const [division, what] of Object.entries(DIVISIONS)) {
      accounts.push({ code: `${head}${division}`, name: `${name}: ${what}`, parent: `${head}00` });
    }
  }
  return accounts;
}

/** Where every cost code and cost type goes, the unmapped codes included. */
export function costMappings(): MappingRow[] {
  return costCodes.flatMap(({ code }) =>
    costTypes.map(
      ({ code: type }): MappingRow => ({
        kind: 'cost',
        scope: '',
        key: `${code}|${type}`,
        value: { kind: 'account', code: accountOf({ code, type }) },
      }),
    ),
  );
}

export function isUnmapped(row: MappingRow): boolean {
  return row.kind === 'cost' && unmappedCodes.some((code) => row.key.startsWith(`${code}|`));
}
