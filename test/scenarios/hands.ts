import { randomUUID } from 'node:crypto';
import type { ActInput } from '../../src/connectors/sap-business-one/simulator/act.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { questionAbout } from './looking.ts';
import { APPROVER, COMPANY, PETER, PROJECT, people, type World } from './world.ts';

/** What a person does in the client of SAP Business One. */
export function actInErp(world: World, act: ActInput): Promise<void> {
  return world.b1.post('act', act);
}

/** Changes lines (with an id) or adds some (without one) in Procore. */
export async function editLines(
  world: World,
  contract: number,
  lines: readonly { readonly id?: number; readonly amount: string; readonly code?: number }[],
  fields: Record<string, unknown> = {},
): Promise<number[]> {
  const done = await world.act({
    as: PETER,
    action: 'edit_commitment',
    contract_id: contract,
    fields,
    line_items: lines.map(({ id, amount, code = 41 }) => ({
      ...(id === undefined ? { description: 'Added', cost_code_id: code, line_item_type_id: 31 } : { id }),
      amount,
    })),
  } as ProcoreAct);
  return done.line_ids as number[];
}

/** Sends a failed or unlinked commitment to the ERP once more. */
export async function exportAgain(
  world: World,
  contract: number,
  accountingDate?: string,
): Promise<{ detail: number }> {
  await world.act({ as: PETER, action: 'send_to_erp', contract_ids: [contract] } as ProcoreAct);
  const done = await world.act({
    as: APPROVER,
    action: 'approve_export',
    contract_ids: [contract],
    code: 'ERP',
    ...(accountingDate === undefined ? {} : { accounting_date: accountingDate }),
  } as ProcoreAct);
  return { detail: (done.request_detail_ids as number[])[0]! };
}

/** A bookkeeper enters a new vendor in the ERP, through its own interface. */
export async function addErpVendor(world: World, vendor: Readonly<Record<string, string>>): Promise<void> {
  await enterInErp(world, 'BusinessPartners', { CardType: 'cSupplier', ...vendor });
}

/** A new project, the same way. */
export async function addErpProject(world: World, project: Readonly<Record<string, string>>): Promise<void> {
  await enterInErp(world, 'Projects', project);
}

async function enterInErp(
  world: World,
  set: string,
  master: Readonly<Record<string, string>>,
): Promise<void> {
  const call = (path: string, body: unknown, cookie = '') =>
    fetch(`${world.b1Url}/b1s/v2/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    });
  const session = await call('Login', {
    CompanyDB: 'SBO_HARBOR',
    UserName: 'tiebeam',
    Password: 'right-password',
  });
  const cookie = session.headers
    .getSetCookie()
    .map((text) => text.split(';')[0])
    .join('; ');
  const made = await call(set, master, cookie);
  if (made.status !== 201) throw new Error(await made.text());
  await call('Logout', {}, cookie);
}

export function mapCost(
  world: World,
  key: string,
  code: string,
  scope = '',
  user: Person = people.accountant,
) {
  return world.service.setMapping({
    tenant: world.tenant,
    user,
    mapping: { kind: 'cost', scope, key, value: { kind: 'account', code } },
  });
}

/** Decides the open approval of a commitment's order, with the payload that is shown. */
export async function approveAs(world: World, user: Person, contract: number) {
  const question = await questionAbout(world, contract, 'approval');
  const { payloadHash = '' } = question.evidence;
  return world.service.approve({ tenant: world.tenant, user, reviewId: question.id, payloadHash });
}

type Person = { readonly id: string; readonly email: string; readonly roles: readonly string[] };

/**
 * Another process holds the ERP's account: plans go on, nothing is sent there. Returns how to give it back.
 * The lease ends by itself after a minute, so that a failed test leaves nothing behind.
 */
export async function holdErpAccount(world: World): Promise<() => Promise<void>> {
  const owner = `another process ${randomUUID()}`;
  const account = `b1 ${world.b1Url}`;
  await world.db.pools.dispatch.query(
    `update account_lease set owner = $2, fence = fence + 1, lease_until = now() + interval '60 seconds'
     where account = $1`,
    [account, owner],
  );
  return async () => {
    await world.db.pools.dispatch.query(
      'update account_lease set lease_until = now() where account = $1 and owner = $2',
      [account, owner],
    );
  };
}

/** Somebody clears a commitment's link in Procore, so that it can be exported once more. */
export function unlinkInProcore(world: World, contract: number): Promise<void> {
  const body = { project_id: PROJECT, work_order_contract: { origin_id: null } };
  return patchInProcore(world, `work_order_contracts/${contract}`, body);
}

/** Somebody clears a change order's link in Procore, which locks it against people as long as it is there. */
export function unlinkChangeOrderInProcore(world: World, changeOrder: number): Promise<void> {
  const updates = [{ item_type: 'change_order', item_id: changeOrder, origin_id: null }];
  return patchInProcore(world, `companies/${COMPANY}/external_data/sync`, { updates });
}

/** Another integration left its id on a commitment. */
export function leaveOriginInProcore(world: World, contract: number, originId: string): Promise<void> {
  const body = { project_id: PROJECT, work_order_contract: { origin_id: originId } };
  return patchInProcore(world, `work_order_contracts/${contract}`, body);
}

/** Another tool writes the ERP's code of a vendor to Procore. */
export function linkVendorInProcore(world: World, vendor: number, code: string): Promise<void> {
  const updates = [{ id: vendor, origin_id: code }];
  return patchInProcore(world, 'vendors/sync', { company_id: COMPANY, updates });
}

async function patchInProcore(world: World, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json', 'procore-company-id': String(COMPANY) };
  const signedIn = await fetch(`${world.procoreUrl}/oauth/token`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: 'tiebeam',
      client_secret: 'secret',
    }),
  });
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  const done = await fetch(`${world.procoreUrl}/rest/v1.0/${path}`, {
    method: 'PATCH',
    headers: { ...headers, authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (!done.ok) throw new Error(await done.text());
}
