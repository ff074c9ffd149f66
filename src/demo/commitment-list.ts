import type { CastCommitment, CastProject, CommitmentPart } from './cast.ts';
import { procoreUsers } from './people.ts';
import { dice } from './prng.ts';
import { schedule } from './schedule.ts';
import type { Coding } from './trades.ts';
import type { CastVendor } from './vendor-list.ts';

type Job = readonly [
  part: CommitmentPart,
  kind: 'SC' | 'PO',
  vendor: string,
  code: string,
  type: Coding['type'],
  title: string,
  /** Around this many dollars; the seed deals the rest. */
  dollars: number,
];

const JOBS: readonly Job[] = [
  ['above-threshold', 'SC', 'Fairhaven Glass', '08-440', 'S', 'Curtain wall and storefronts', 2_400_000],
  ['above-threshold', 'SC', 'Northfield Steel Erectors', '05-120', 'S', 'Structural steel, erected', 640_000],
  ['above-threshold', 'SC', 'Bluewater Plumbing', '22-100', 'S', 'Plumbing rough-in and trim', 210_000],
  ['above-threshold', 'SC', 'Redstone Electric', '26-050', 'S', 'Power and lighting', 380_000],
  ['changed-while-approved', 'SC', 'Granite Ridge Concrete', '03-300', 'S', 'Foundations and decks', 155_000],
  ['approval-kept-waiting', 'SC', 'Copperline Roofing', '07-520', 'S', 'Membrane roof', 185_000],
  ['period-closed', 'SC', 'Meridian Drywall', '09-290', 'S', 'Partitions and ceilings', 41_000],
  ['number-too-long', 'SC', 'Kessler Masonry', '04-220', 'S', 'Block walls', 32_000],
  ['unmapped', 'SC', 'Ember Security Systems', '28-310', 'S', 'Access control and cameras', 38_000],
  ['unmapped', 'PO', 'Quarry Road Aggregates', '33-400', 'M', 'Drain rock and pipe bedding', 9_000],
  ['unmapped-kept', 'SC', 'Whitlock Elevator', '14-200', 'S', 'Passenger elevator', 44_000],
  ['vendor-comes-later', 'SC', 'Willow Creek Storm Drainage', '31-230', 'S', 'Trenching for drains', 27_000],
  ['vendor-missing', 'SC', 'Nightingale Acoustics', '09-290', 'S', 'Acoustic treatment', 19_000],
  ['vendor-missing', 'PO', 'Pacific Curtain Wall Testing', '08-440', 'O', 'Water and air tests', 12_000],
  ['vendor-ambiguous', 'SC', 'Summit Mechanical', '23-300', 'S', 'Roof units and ductwork', 46_000],
  ['vendor-ambiguous', 'PO', 'Harbor Supply', '22-100', 'M', 'Pipe and fittings', 8_000],
  ['edited-after-posting', 'SC', 'Pine Hollow Carpentry', '06-100', 'S', 'Blocking and sheathing', 34_000],
  ['edited-after-posting', 'SC', 'Orchard Street Painting', '09-910', 'S', 'Interior painting', 29_000],
  ['edited-after-posting', 'PO', 'Hartwell Ready Mix', '03-300', 'M', 'Ready-mix concrete', 21_000],
  ['edited-after-posting', 'PO', 'Prairie Lumber Supply', '06-100', 'M', 'Framing lumber', 17_000],
  ['edited-by-hand-in-erp', 'PO', 'Beacon Electrical Supply', '26-050', 'M', 'Light fixtures', 15_000],
  ['plain', 'PO', 'Delgado Rebar', '03-200', 'M', 'Reinforcing bar, delivered', 24_000],
  ['plain', 'SC', 'Star Framing', '06-100', 'S', 'Parapet framing', 36_000],
  ['plain', 'SC', 'Baxter & Sons Millwork', '08-110', 'S', 'Oak doors and casework', 31_000],
  ['plain', 'PO', 'The Hollis Company', '01-500', 'E', 'Trailers and fence, rental', 11_000],
  ['plain', 'SC', 'Juniper Fire Protection', '21-130', 'S', 'Sprinkler system', 45_000],
  ['plain', 'SC', 'Stonebridge Excavating', '31-230', 'S', 'Mass excavation', 43_000],
  ['plain', 'PO', 'Union Door and Hardware', '08-110', 'M', 'Frames and hardware', 14_000],
  ['plain', 'PO', 'Cascade Pipe and Valve', '22-100', 'M', 'Valves and pipe', 13_000],
  ['billed', 'SC', 'Silver Birch Insulation', '07-210', 'S', 'Wall and roof boards', 26_000],
  ['plain', 'PO', 'Highline Crane Rental', '05-120', 'E', 'Crane with operator', 22_000],
  ['billed', 'SC', 'Larch Flooring', '09-650', 'S', 'Sheet flooring', 28_000],
  ['draft', 'SC', 'Vista Cleaning', '01-740', 'S', 'Final cleaning', 7_000],
  ['draft', 'SC', 'Ashford Signs', '10-140', 'S', 'Room and facade signs', 16_000],
  ['never-sent', 'SC', 'Moreno Demolition', '02-410', 'S', 'Interior strip-out', 33_000],
  ['never-sent', 'SC', 'Tallgrass Landscaping', '31-230', 'S', 'Fine grading and planting', 25_000],
];

const FIRST_CONTRACT_ID = 562_949_953_430_001;
const FIRST_LINE_ID = 562_949_953_440_000;
const LINES_PER_CONTRACT = 100;
// The column of the ERP holds 100 characters; Procore takes 255.
const LONG_TAIL =
  ' Masonry of stairs A to F including lintels, anchors, grout, cleaning, mock-up and winter protection';
const DAY_MS = 86_400_000;

type Surroundings = {
  readonly seed: number;
  readonly today: string;
  readonly projects: readonly CastProject[];
  readonly vendors: readonly CastVendor[];
};

/** The commitments of all projects, with the defects among them. */
export function castCommitments(around: Surroundings): CastCommitment[] {
  const random = dice(around.seed + 23);
  const counts = new Map<string, number>();
  return JOBS.map(([part, short, vendorName, code, type, title, dollars], index): CastCommitment => {
    const project = around.projects[index % around.projects.length];
    const vendor = around.vendors.find(({ name }) => name === vendorName);
    if (project === undefined || vendor === undefined) throw new Error(`${vendorName} has no place`);
    const sequence = (counts.get(`${short}${project.id}`) ?? 0) + 1;
    counts.set(`${short}${project.id}`, sequence);
    const number = `${short}-${project.number}-${String(sequence).padStart(3, '0')}`;
    return {
      id: FIRST_CONTRACT_ID + index,
      part,
      kind: short === 'SC' ? 'work_order_contract' : 'purchase_order_contract',
      number: part === 'number-too-long' ? `${number}${LONG_TAIL}` : number,
      title,
      projectId: project.id,
      vendorId: vendor.id,
      manager: procoreUsers.managers[index % procoreUsers.managers.length]!.id,
      contractDate: dayThisYear(around.today, random.between(3, 60)),
      accountingDate: accountingDate(part, around.today, index),
      lines: schedule(
        {
          firstId: FIRST_LINE_ID + index * LINES_PER_CONTRACT,
          code,
          type,
          cents: dealt(dollars, random.between(9_000, 10_800), random.between(0, 99)),
          lines: random.between(2, 12),
          byUnit: short === 'PO',
        },
        random,
      ),
    };
  });
}

function dealt(dollars: number, tenThousandths: number, cents: number): bigint {
  return (BigInt(dollars) * BigInt(tenThousandths)) / 100n + BigInt(cents);
}

function accountingDate(part: CommitmentPart, today: string, index: number): string | null {
  if (part === 'period-closed') return `${Number(today.slice(0, 4)) - 1}-12-15`;
  return index % 5 === 4 ? null : today;
}

/** Some days ago, but never before New Year: earlier years are closed. */
function dayThisYear(today: string, daysAgo: number): string {
  const day = new Date(Date.parse(`${today}T00:00:00Z`) - daysAgo * DAY_MS).toISOString().slice(0, 10);
  const newYear = `${today.slice(0, 4)}-01-01`;
  return day < newYear ? newYear : day;
}
