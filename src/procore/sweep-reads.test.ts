import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  ANNA,
  type Company,
  contractor,
  PROJECT,
  SUBCONTRACT,
  startCompany,
  VENDOR,
} from '../../test/procore/company.ts';
import { type Door, openDoor } from '../lib/door.ts';
import type { Hub } from './hub.ts';
import { procore } from './index.ts';

const MORE = 24;
const FIRST = 562949953710000;

let company: Company;
beforeEach(async () => {
  const seed = contractor();
  const more = Array.from({ length: MORE }, (_, index) => ({
    kind: 'work_order_contract' as const,
    id: FIRST + index,
    project_id: PROJECT,
    vendor_id: VENDOR,
    number: `SC-1${index}`,
    title: `Work ${index}`,
    status: 'Approved' as const,
    line_items: [{ amount: '10.05' }],
  }));
  company = await startCompany({ ...seed, contracts: [...(seed.contracts ?? []), ...more] });
});
afterEach(() => company.stop());

/** A door that counts what passes, and lets something happen after each page of a list. */
function openedDoor(afterPage: () => Promise<unknown> = async () => {}) {
  const door = openDoor({ ...procore.doorOptions(company.config), writesAllowed: () => true });
  const paths: string[] = [];
  const counted: Door = {
    ...door,
    async read(request) {
      paths.push(request.path);
      const response = await door.read(request);
      if (request.path.includes('per_page=')) await afterPage();
      return response;
    },
  };
  return { door: counted, paths };
}

type Titles = Map<string, string>;

/** Looks at the list until a look brings nothing that is new. */
async function readAll(hub: Hub, titles: Titles = new Map()): Promise<Titles> {
  let cursor: string | null = null;
  for (let turn = 0, empty = 0; turn < 200 && empty < 3; turn += 1) {
    const page: Awaited<ReturnType<Hub['listCommitments']>> = await hub.listCommitments(
      String(PROJECT),
      cursor,
    );
    cursor = page.cursor;
    empty = page.records.length === 0 ? empty + 1 : 0;
    for (const { record } of page.records)
      if (record.object === 'commitment') titles.set(record.id, record.title);
  }
  return titles;
}

it('loses nothing of a list that grows and changes between its pages', async () => {
  let happened = 0;
  const { door } = openedDoor(async () => {
    happened += 1;
    if (happened > 12) return;
    company.sleepFor(700);
    const contract_id = FIRST + happened;
    await company.act({
      as: ANNA,
      action: 'edit_commitment',
      contract_id,
      fields: { title: `New ${happened}` },
    });
    if (happened % 3 === 0)
      await company.act({
        as: ANNA,
        action: 'create_commitment',
        kind: 'work_order_contract',
        project_id: PROJECT,
        title: `Late ${happened}`,
      });
  });
  const titles = await readAll(company.connect({ pageSize: 5 }, { door }));
  const { contracts } = (await company.sim('GET', 'state')) as {
    contracts: readonly { id: number; title: string }[];
  };
  expect(happened).toBeGreaterThan(12);
  expect(titles).toEqual(new Map(contracts.map(({ id, title }) => [String(id), title])));
});

it('reads a list in parts where the share of looks allows no more at once, and leaves the rest to work', async () => {
  await company.sim('POST', 'config', { rate_limit: { ten_seconds: 12 } });
  const { door, paths } = openedDoor();
  const hub = company.connect({}, { door });
  // The first answer tells how long the window is.
  await hub.fetchCommitment({ id: String(SUBCONTRACT), projectId: String(PROJECT), type: 'subcontract' });
  const titles = await readAll(hub);
  expect(titles.size).toBe(MORE + 2);
  expect(company.refusedByRate()).toBe(0);
  expect(company.slept.length).toBeGreaterThan(0);
  const shows = paths.filter((path) => /contracts\/\d+\?/.test(path));
  // Twice, because a row may change again in the second of its stamp; and once by the work above.
  expect(shows.length).toBe(2 * (MORE + 2) + 1);
});

it('makes few more calls in an outage than without one', async () => {
  const { door, paths } = openedDoor();
  const hub = company.connect({}, { door });
  await hub.fingerprint();
  paths.length = 0;
  await company.faults([{ kind: 'unavailable' }]);
  for (let look = 0; look < 50; look += 1) {
    await expect(hub.listCommitments(String(PROJECT), null)).rejects.toMatchObject({ kind: 'retry-later' });
    company.sleepFor(60_000);
  }
  // Each look reads two lists; twenty retries are saved up, and one is earned by ten calls.
  expect(paths.length).toBeLessThanOrEqual(100 + 20 + 10);
});
