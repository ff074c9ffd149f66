import { type Dice, dice } from './prng.ts';

/** How a vendor stands in the two systems. */
export type VendorStanding =
  | 'same'
  | 'already-linked'
  | 'spelled-differently'
  | 'two-candidates'
  | 'comes-later'
  | 'procore-only'
  | 'erp-only';

export type CastVendor = {
  readonly standing: VendorStanding;
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly zip: string;
  readonly taxId: string;
  /** The card code that is really this company; null where the ERP has none. */
  readonly cardCode: string | null;
  readonly erpName: string;
};

const SAME = [
  'Granite Ridge Concrete',
  'Delgado Rebar',
  'Northfield Steel Erectors',
  'Pine Hollow Carpentry',
  'Kessler Masonry',
  'Bluewater Plumbing',
  'Redstone Electric',
  'Meridian Drywall',
  'Tallgrass Landscaping',
  'Copperline Roofing',
  'Fairhaven Glass',
  'Orchard Street Painting',
  'Whitlock Elevator',
  'Juniper Fire Protection',
  'Stonebridge Excavating',
  'Hartwell Ready Mix',
  'Prairie Lumber Supply',
  'Union Door and Hardware',
  'Beacon Electrical Supply',
  'Cascade Pipe and Valve',
  'Larch Flooring',
  'Silver Birch Insulation',
  'Moreno Demolition',
  'Highline Crane Rental',
  'Ember Security Systems',
  'Ashford Signs',
  'Quarry Road Aggregates',
  'Vista Cleaning',
] as const;
const DIFFERENT = [
  ['Star Framing', 'Star Framing, LLC'],
  ['Baxter & Sons Millwork', 'Baxter and Sons Millwork Inc.'],
  ['The Hollis Company', 'HOLLIS CO'],
] as const;
const TWO_CANDIDATES = [
  ['Summit Mechanical', 'Summit Mechanical, Inc.', 'Summit Mechanical LLC'],
  ['Harbor Supply', 'Harbor Supply Co.', 'Harbor Supply Ltd.'],
] as const;
const COMES_LATER = 'Willow Creek Storm Drainage';
const PROCORE_ONLY = ['Nightingale Acoustics', 'Pacific Curtain Wall Testing'] as const;
const ERP_ONLY = ['City Water Department', 'Larkspur Office Leasing', 'Foothill Insurance', 'Metro Fuel'];
const LINKED_BEFORE = 4;
const FIRST_VENDOR_ID = 562_949_953_410_001;

type NameSource = { readonly standing: VendorStanding; readonly name: string; readonly erpName: string };

/** Forty companies; contact data is dealt from the seed. */
export function castVendors(seed: number): CastVendor[] {
  const random = dice(seed + 11);
  const sources: NameSource[] = [
    ...SAME.map((name, index): NameSource => {
      return { standing: index < LINKED_BEFORE ? 'already-linked' : 'same', name, erpName: name };
    }),
    ...DIFFERENT.map(([name, erpName]): NameSource => ({ standing: 'spelled-differently', name, erpName })),
    ...TWO_CANDIDATES.map(([name, erpName]): NameSource => ({ standing: 'two-candidates', name, erpName })),
    { standing: 'comes-later', name: COMES_LATER, erpName: COMES_LATER },
    ...PROCORE_ONLY.map((name): NameSource => ({ standing: 'procore-only', name, erpName: name })),
    ...ERP_ONLY.map((name): NameSource => ({ standing: 'erp-only', name, erpName: name })),
  ];
  return sources.map((source, index) => vendor(source, index, random));
}

function vendor({ standing, name, erpName }: NameSource, index: number, random: Dice): CastVendor {
  const domain = name.toLowerCase().replace(/[^a-z]+/g, '');
  return {
    standing,
    id: FIRST_VENDOR_ID + index,
    name,
    erpName,
    email: `office@${domain}.example`,
    phone: `(555) ${random.between(200, 999)}-${String(random.between(0, 9_999)).padStart(4, '0')}`,
    zip: String(random.between(10_000, 99_999)),
    taxId: `${random.between(10, 98)}-${random.between(1_000_000, 9_999_999)}`,
    cardCode: standing === 'procore-only' ? null : `V${10_010 + index * 10}`,
  };
}

/** The second ERP company of the same name, which is not the one that Procore means. */
export function namesakes(vendors: readonly CastVendor[]): { code: string; name: string }[] {
  return vendors
    .filter(({ standing }) => standing === 'two-candidates')
    .map(({ cardCode, name }) => ({
      code: `${cardCode}B`,
      name: TWO_CANDIDATES.find(([own]) => own === name)?.[2] ?? name,
    }));
}
