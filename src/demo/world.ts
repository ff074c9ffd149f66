import type { Cast, CastProject, SeededChangeOrder } from './cast.ts';
import { castCommitments } from './commitment-list.ts';
import { businessOneSeed } from './erp-company.ts';
import type { MappingRow } from './mapping-row.ts';
import { procoreSeed } from './procore-company.ts';
import { costMappings, isUnmapped, RETAINAGE_ACCOUNT, unmappedCodes } from './trades.ts';
import { castVendors } from './vendor-list.ts';

export type World = {
  readonly seed: number;
  readonly today: string;
  readonly procore: ReturnType<typeof procoreSeed>;
  readonly businessOne: ReturnType<typeof businessOneSeed>;
  readonly cast: Cast;
  /** Everything that is mapped from the first day, for POST /api/v1/mappings; the unmapped codes are left out. */
  readonly mappings: readonly MappingRow[];
};

const PROJECTS: readonly CastProject[] = [
  { id: 562_949_953_420_001, name: 'Riverside Medical Offices', number: '2401', erpCode: 'J2401' },
  { id: 562_949_953_420_002, name: 'Lincoln Middle School Addition', number: '2407', erpCode: 'J2407' },
  { id: 562_949_953_420_003, name: 'Depot Street Warehouse', number: '2503', erpCode: 'J2503' },
];

const FIRST_CHANGE_ORDER_ID = 562_949_953_450_001;

/** Larkspur Builders, a contractor with three jobs in progress: the same seed and day make the same company. */
export function makeWorld(seed: number, today: string): World {
  const vendors = castVendors(seed);
  const commitments = castCommitments({ seed, today, projects: PROJECTS, vendors });
  const changeOrders = castChangeOrders(commitments);
  const cast: Cast = {
    projects: PROJECTS,
    vendors,
    commitments,
    changeOrderToApprove: changeOrders.at(-1)!,
    answers: [
      ...costMappings().filter((row) => isUnmapped(row) && !row.key.startsWith(unmappedCodes[2])),
      ...vendors
        .filter(({ standing }) => standing === 'two-candidates')
        .map(
          ({ id, cardCode }): MappingRow => ({
            kind: 'vendor',
            scope: '',
            key: String(id),
            value: { kind: 'vendor', code: cardCode! },
          }),
        ),
    ],
  };
  const mappings = [
    ...PROJECTS.map(
      ({ id, erpCode }): MappingRow => ({
        kind: 'project',
        scope: '',
        key: String(id),
        value: { kind: 'project', code: erpCode },
      }),
    ),
    ...costMappings().filter((row) => !isUnmapped(row)),
    { kind: 'retainage', scope: '', key: '', value: { kind: 'account', code: RETAINAGE_ACCOUNT } } as const,
  ];
  return {
    seed,
    today,
    procore: procoreSeed(cast, changeOrders),
    businessOne: businessOneSeed(cast, today),
    cast,
    mappings,
  };
}

/** Two approved and three pending ones, on orders that post without anybody's help. */
function castChangeOrders(commitments: Cast['commitments']): SeededChangeOrder[] {
  const plain = commitments.filter(({ part }) => part === 'plain');
  const rows = [
    { title: 'Extra reinforcing at elevator pit', approved: true, cents: 184_250n },
    { title: 'Credit for deleted soffits', approved: true, cents: -96_075n },
    { title: 'Weekend shift', approved: false, cents: 240_000n },
    { title: 'Changed door hardware', approved: false, cents: 51_399n },
    { title: 'Rock excavation', approved: false, cents: 327_718n },
  ];
  return rows.map((row, index) => ({
    ...row,
    id: FIRST_CHANGE_ORDER_ID + index,
    contractId: plain[index]!.id,
  }));
}
