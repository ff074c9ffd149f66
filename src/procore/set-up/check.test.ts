import { expect, test } from 'vitest';
import type { CheckFinding } from '../../connectors/connector.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { type JsonValue, parseJson } from '../../lib/decimal-json.ts';
import type { Reading } from '../commitments/commitment-reads.ts';
import { procoreConfig } from '../config.ts';
import { PROCORE } from '../http/errors.ts';
import { checkProcore } from './check.ts';

type Company = {
  /** Levels by tool as the permission manifest tells them; null for a company that does not tell. */
  readonly levels: Readonly<Record<string, string>> | null;
  readonly refused?: RegExp;
  readonly context?: readonly string[];
  /** Answers besides the usual ones, by the path that they are of. */
  readonly shown?: Readonly<Record<string, unknown>>;
};

/** A company with two projects, as its answers say it: levels cannot be set in the simulator. */
function reading({ levels, refused, context = [], shown = {} }: Company): Reading {
  const answer = (path: string): unknown => {
    if (refused?.test(path)) throw new Stop('unauthorised', PROCORE, `GET ${path.split('?')[0]}: 403`);
    const own = Object.keys(shown).find((part) => path.includes(part));
    if (own !== undefined) return shown[own];
    if (path.startsWith('/rest/v1.0/companies?')) return [{ id: 7, name: 'Harbor' }];
    if (path.startsWith('/rest/v1.1/projects?'))
      return ['4', '5'].map((id) => ({ id: Number(id), name: `P${id}` }));
    if (!path.includes('settings/permissions')) return [];
    const tools = Object.entries(levels ?? {}).map(([friendly_name, name]) => ({
      friendly_name,
      user_access_level: { id: 1, name },
    }));
    return levels === null ? {} : { tools };
  };
  const text = (path: string) => JSON.stringify(answer(path));
  return {
    config: procoreConfig.parse({ companyId: '7', clientId: 'a', clientSecret: 'b', context }),
    now: () => new Date(0),
    client: {
      read: async ({ path }) => ({ status: 200, headers: {}, body: text(path) }),
      find: async (path) => ({ value: parseJson(text(path)) as JsonValue, raw: '' }),
      file: async () => null,
    },
  };
}

const findings = (company: Company): Promise<CheckFinding[]> =>
  Array.fromAsync(checkProcore(reading(company)));

const ADMIN = { Directory: 'Admin', 'ERP Integrations': 'Admin', Webhooks: 'Standard', Commitments: 'Admin' };

test('names tool, level and project of a permission that is too low, and what it is needed for', async () => {
  const all = await findings({ levels: { ...ADMIN, Commitments: 'Read Only' } });
  const failed = all.filter(({ ok }) => !ok);
  expect(failed.map(({ message }) => message)).toEqual(
    ['4 P4', '5 P5'].map(
      (project) =>
        `Commitments: Admin on project ${project} is missing, needed to read commitments and pay applications, and to write ERP ids and payments; it has Read Only.`,
    ),
  );
  expect(failed[0]?.remedy).toContain('Give the service account Admin on Commitments');
});

test('names the one project in which a tool cannot be read', async () => {
  const all = await findings({ levels: ADMIN, refused: /requisitions\?project_id=5/ });
  expect(all.filter(({ ok }) => !ok).map(({ subject }) => subject)).toEqual(['Commitments on project 5 P5']);
});

test('claims no level that Procore does not tell, and lists what only a write would show', async () => {
  const unproven = (all: readonly CheckFinding[]) => all.filter((finding) => finding.unproven);
  const silent = await findings({ levels: null });
  expect(silent.every(({ ok }) => ok)).toBe(true);
  expect(unproven(silent).map(({ subject }) => subject)).toEqual([
    'Directory on the company',
    'ERP Integrations on the company',
    'Webhooks on the company',
    'Commitments on project 4 P4',
    'Commitments on project 5 P5',
  ]);
  expect(unproven(await findings({ levels: ADMIN }))).toEqual([]);
});

test('what is read as evidence needs its tools, each named once, where it is read and nowhere else', async () => {
  const context = ['rfi', 'manpower-log', 'notes-log', 'workflow', 'currency'];
  const about = (all: readonly CheckFinding[], tool: string) =>
    all.filter(({ subject }) => subject.startsWith(`${tool} on`)).map(({ message }) => message);
  const all = await findings({ levels: { ...ADMIN, RFIs: 'None' }, refused: /workflow_instances/, context });
  expect(all.every(({ ok }) => ok)).toBe(true);
  expect(about(all, 'Daily Log')).toEqual(Array(2).fill('Manpower logs, Notes logs can be read'));
  expect(about(all, 'RFIs')).toEqual(
    Array(2).fill('Not open, and needed only to read as evidence: RFIs: it has None.'),
  );
  expect(about(all, 'Workflows')).toHaveLength(1);
  expect(about(await findings({ levels: ADMIN }), 'RFIs')).toEqual([]);
});

test('a tool that only some companies need is told and is no fault', async () => {
  const all = await findings({ levels: ADMIN, refused: /direct_costs/ });
  expect(all.every(({ ok }) => ok)).toBe(true);
  expect(all.find(({ subject }) => subject === 'Direct Costs on project 4 P4')?.message).toContain(
    'needed only to show posted cost',
  );
  const owners = await findings({
    levels: { ...ADMIN, Budget: 'None' },
    refused: /payment_applications.*=5/,
  });
  expect(
    owners.filter(({ message }) => message.startsWith('Not open')).map(({ subject }) => subject),
  ).toEqual(['Budget on project 4 P4', 'Prime Contracts on project 5 P5', 'Budget on project 5 P5']);
});

test('says once what it cannot know of the holds of payments, and calls it no fault', async () => {
  const application = { id: 9, commitment_id: 3, commitment_type: 'WorkOrderContract', vendor_id: 5 };
  const shown = { 'requisitions?project_id=4': [application], compliance: { data: [] } };
  const of = async (refused: RegExp) => {
    const all = await findings({ levels: ADMIN, shown, refused });
    return all.filter(({ subject }) => subject === 'what holds payments');
  };
  expect(await of(/lien_waivers|manual_holds/)).toEqual([
    {
      subject: 'what holds payments',
      ok: true,
      message:
        'Not known, and holding no payment unless the policy says so: manual holds, lien waivers (Procore does not show it to the service account); compliance of contracts, compliance documents of invoices, insurances of vendors can be read.',
    },
  ]);
  expect(await of(/nothing/)).toMatchObject([
    { message: expect.stringMatching(/lien waivers can be read$/) },
  ]);
});
