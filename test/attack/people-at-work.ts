import { setTimeout as pause } from 'node:timers/promises';
import { APPROVER, COMPANY, PETER, PROJECT, vendors } from '../scenarios/seeds.ts';
import { billCommitment, billOwner, Ledger } from './billing-at-work.ts';
import type { ErpDocument } from './erp.ts';
import type { Act, History } from './histories.ts';
import { REQUEST_LIFE_MS } from './simulators.ts';
import type { World } from './world.ts';

/** A commitment in Procore with the history that it lives through. */
type Lived = { readonly contract: number; readonly lines: number[]; readonly ledger: Ledger };

/** Plays one history: writes the contract, exports it, and does to it what was drawn, at its times. */
export async function live(world: World, history: History, signal: AbortSignal): Promise<void> {
  await pause(history.exportAfterMs);
  if (history.side === 'owner') return billOwner(world, history);
  const lived = await makeCommitment(world, history, history.side);
  await exportNow(world, lived.contract);
  for (const act of history.acts) {
    await pause(act.afterMs);
    await play(world, lived, act, signal);
  }
}

async function makeCommitment(
  { simulators: { procore }, witness, party: { canary } }: World,
  history: History,
  vendor: 'steel' | 'concrete',
): Promise<Lived> {
  const made = (await procore.post('act', {
    as: PETER,
    action: 'create_commitment',
    kind: 'work_order_contract',
    project_id: PROJECT,
    vendor_id: vendors[vendor],
    number: history.number,
    title: `Work of ${canary}`,
    status: 'Approved',
    line_items: history.lines.map(({ amount, code }) => ({
      amount,
      description: `Work of ${canary}`,
      cost_code_id: code,
      line_item_type_id: 31,
    })),
  })) as { contract_id: number; line_ids: number[] };
  const lived = { contract: made.contract_id, lines: [...made.line_ids], ledger: new Ledger() };
  witness.wrote(
    lived.contract,
    history.lines.map(({ amount }, index) => [lived.lines[index]!, amount]),
  );
  return lived;
}

/** The accounting approver's export, as Procore lets it happen. */
async function exportNow({ simulators: { procore } }: World, contract: number): Promise<void> {
  await procore.post('act', { as: PETER, action: 'send_to_erp', contract_ids: [contract] });
  await procore.post('act', {
    as: APPROVER,
    action: 'approve_export',
    contract_ids: [contract],
    code: 'ERP',
  });
}

async function play(world: World, lived: Lived, act: Act, signal: AbortSignal): Promise<void> {
  const { procore } = world.simulators;
  switch (act.kind) {
    case 'edit':
      world.witness.wrote(lived.contract, [[lived.lines[0]!, act.amount]]);
      await edit(world, lived.contract, [{ id: lived.lines[0]!, amount: act.amount }]);
      return;
    case 'add-line': {
      const added = {
        amount: act.amount,
        description: `Added for ${world.party.canary}`,
        cost_code_id: 41,
        line_item_type_id: 31,
      };
      const [line] = (await edit(world, lived.contract, [added])).slice(-1);
      lived.lines.push(line!);
      world.witness.wrote(lived.contract, [[line!, act.amount]]);
      return;
    }
    case 'edit-in-erp': {
      const order = await standingOrder(world, lived.contract, signal);
      if (order === null) return;
      await world.erp.editLine(order.key, act.amount);
      return world.witness.touch(order.id);
    }
    case 'close-line-in-erp': {
      const order = await standingOrder(world, lived.contract, signal);
      if (order === null) return;
      await world.erp.closeLine(order.key);
      return world.witness.touch(order.id);
    }
    case 'unlink-and-export':
      if (!(await isSynced(world, lived.contract, signal))) return;
      await unlink(procore.url, lived.contract);
      return exportNow(world, lived.contract);
    case 'bill':
      if (!(await isSynced(world, lived.contract, signal))) return;
      return billCommitment(world, lived.contract, lived.ledger, act);
  }
}

/** Changes lines of a commitment, or adds some. */
export async function edit(
  { simulators: { procore } }: World,
  contract: number,
  lines: readonly object[],
): Promise<number[]> {
  const done = (await procore.post('act', {
    as: PETER,
    action: 'edit_commitment',
    contract_id: contract,
    fields: {},
    line_items: lines,
  })) as { line_ids: number[] };
  return done.line_ids;
}

/** The order that stands for a commitment; null when none came before the batch ended. */
async function standingOrder(
  { looks }: World,
  contract: number,
  signal: AbortSignal,
): Promise<ErpDocument | null> {
  return looked(signal, async () => {
    const { documents } = await looks.erp();
    const isIt = ({ source }: ErpDocument) =>
      source?.object === 'commitment' && source.id === String(contract);
    return documents.find(isIt) ?? null;
  });
}

async function isSynced({ looks }: World, contract: number, signal: AbortSignal): Promise<true | null> {
  return looked(signal, async () => {
    const { contracts, requests } = await looks.procore();
    const isOpen = requests.some(
      (each) => each.contractId === String(contract) && each.status === 'in_progress',
    );
    const own = contracts.find(({ id }) => id === String(contract));
    return own?.originId != null && !isOpen ? true : null;
  });
}

/**
 * Null once the attack asks for no more patience, however long that took: whether the document came to its end is
 * for the checker to say, and how fast a machine is that is killed all the time is no promise.
 */
async function looked<T>(signal: AbortSignal, look: () => Promise<T | null>): Promise<T | null> {
  while (!signal.aborted) {
    const seen = await look();
    if (seen !== null) return seen;
  }
  return null;
}

/** Somebody clears a commitment's link in Procore, so that it can be exported once more. */
async function unlink(procoreUrl: string, contract: number): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    // The faults of the batch hit this person as well, who tries again.
    if (await tryToUnlink(procoreUrl, contract).catch(() => false)) return;
    // A lost one that takes effect late would clear the id that the next export brings.
    await pause(REQUEST_LIFE_MS);
  }
  throw new Error(`commitment ${contract} could not be unlinked`);
}

async function tryToUnlink(procoreUrl: string, contract: number): Promise<boolean> {
  const headers = { 'content-type': 'application/json', 'procore-company-id': String(COMPANY) };
  const login = { grant_type: 'client_credentials', client_id: 'tiebeam', client_secret: 'secret' };
  const signedIn = await fetch(`${procoreUrl}/oauth/token`, {
    method: 'POST',
    headers,
    body: JSON.stringify(login),
  });
  const { access_token: token } = (await signedIn.json()) as { access_token: string };
  const done = await fetch(`${procoreUrl}/rest/v1.0/work_order_contracts/${contract}`, {
    method: 'PATCH',
    headers: { ...headers, authorization: `Bearer ${token}` },
    body: JSON.stringify({ project_id: PROJECT, work_order_contract: { origin_id: null } }),
  });
  return done.ok;
}
