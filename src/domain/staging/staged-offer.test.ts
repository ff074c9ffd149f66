import { expect, test } from 'vitest';
import type { ProjectRecord, VendorRecord } from '../records.ts';
import { offeredOnce, offerProjects, offerVendors, offerVendorsBesides } from './staged-offer.ts';

const vendor = (id: string, name: string, more: Partial<VendorRecord> = {}): VendorRecord => ({
  object: 'vendor',
  id,
  name,
  originId: null,
  code: null,
  taxId: null,
  email: null,
  phone: null,
  zip: null,
  active: true,
  ...more,
});
const project = (id: string, more: Partial<ProjectRecord> = {}): ProjectRecord => ({
  object: 'project',
  id,
  name: id,
  number: id,
  originId: null,
  active: true,
  ...more,
});
const named = (offered: ReturnType<typeof offerVendors>) =>
  offered.map(({ record, is }) => `${record.id} ${is}`);

const sides = {
  erp: [
    vendor('A', 'Acme'),
    vendor('B', 'Bolt', { zip: '1' }),
    vendor('C', 'Crane'),
    vendor('D', 'Dune'),
    vendor('E', 'Elm'),
  ],
  source: [
    vendor('1', 'Acme Ltd', { originId: 'A' }),
    vendor('2', 'Bolt Inc', { zip: '1' }),
    vendor('3', 'Crane LLC'),
    vendor('4', 'Something else'),
  ],
  linked: new Map([['D', '4']]),
  declined: new Set<string>(),
};

test('knows vendors by their id, their link or a sure match, and leaves a likeness to a person', () => {
  expect(named(offerVendors(sides))).toEqual(['A known', 'B known', 'C doubtful', 'D known', 'E new']);
});

test('offers a vendor once a person said that the one of like name is another', () => {
  expect(named(offerVendors({ ...sides, declined: new Set(['3 C']) }))[2]).toBe('C new');
});

test('takes a vendor that is linked elsewhere for no other of the same name', () => {
  const linked = new Map([['X', '3']]);
  expect(named(offerVendors({ ...sides, linked }))[2]).toBe('C new');
});

test('knows projects by mapping or id; the same number alone is no proof', () => {
  const erp = ['J1', 'J2', 'J3', 'J4'].map((id) => project(id));
  const source = [project('1', { originId: 'J2', number: 'x' }), project('2', { number: 'J3' })];
  expect(named(offerProjects({ erp, source, mapped: new Set(['J1']) }))).toEqual([
    'J1 known',
    'J2 known',
    'J3 doubtful',
    'J4 new',
  ]);
});

test('a vendor of another company is known by one of the companies before, or by one that shows their code', () => {
  const erp = [
    vendor('A', 'Zinc'),
    vendor('F', 'Acme Ltd', { zip: '1' }),
    vendor('G', 'Gate'),
    vendor('H', 'Harp'),
  ];
  const besides = offerVendorsBesides({
    ...{ erp, linked: new Map([['H', '4']]), declined: new Set<string>() },
    source: [vendor('1', 'Acme Ltd', { originId: 'A', zip: '1' })],
    earlier: [vendor('X', 'Gate', { taxId: '12' })],
  });
  // The code A is shown for another vendor: Procore has room for it once.
  expect(named(besides)).toEqual(['A known', 'F known', 'G doubtful', 'H known']);
});

test('of several companies each code is offered once, by the surest word about it', () => {
  const [open, closed] = [project('J'), project('J', { active: false })];
  const once = offeredOnce([
    [
      { record: closed, is: 'new' },
      { record: project('K'), is: 'new' },
    ],
    [
      { record: open, is: 'new' },
      { record: project('L'), is: 'known' },
    ],
    [{ record: project('L'), is: 'new' }],
  ]);
  expect(named([...once.offered])).toEqual(['J new', 'K new', 'L known']);
  expect(once.offered[0]?.record.active).toBe(true);
  expect(once.shared).toEqual(['J', 'L']);
});
