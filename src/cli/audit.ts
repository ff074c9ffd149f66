import { once } from 'node:events';
import { anchorTenant, verifyAnchored } from '../engine/watch/anchor.ts';
import { openCopies } from '../engine/watch/anchor-place.ts';
import { publicPem } from '../store/audit/anchor-key.ts';
import { exportAudit } from '../store/audit/audit-export.ts';
import { type Command, exit, type House, type Shell, tenantFlag, tenantsOf, UsageError } from './shell.ts';

const things: Readonly<Record<string, (shell: Shell, house: House) => Promise<number>>> = {
  verify,
  anchor,
  export: exportChains,
  key,
};

export const audit: Command = {
  usage: 'tiebeam audit verify|anchor|export|key [--anchors DIR --key FILE] [--tenant ID] [--json]',
  words: 1,
  summary:
    'verify: check the audit chain from its first entry to its head, and against everything signed of it before. anchor: sign it now. export: print every entry, one JSON line each. key: print the public key of the anchors.',
  flags: {
    ...tenantFlag,
    anchors: { type: 'string', help: 'verify against the anchors in this folder; needs --key' },
    key: { type: 'string', help: 'verify with the public keys in this PEM file' },
  },
  async run(shell) {
    const does = things[shell.words[0] ?? ''];
    if (does === undefined)
      throw new UsageError(`audit knows these things to do: ${Object.keys(things).join(', ')}`);
    if ((shell.flags.anchors === undefined) !== (shell.flags.key === undefined))
      throw new UsageError('--anchors and --key go together');
    const house = await shell.open();
    try {
      return await does(shell, house);
    } finally {
      await house.close();
    }
  },
};

async function verify(shell: Shell, house: House): Promise<number> {
  const { anchors: folder, key: keyFile } = shell.flags;
  const anchors =
    typeof folder === 'string' && typeof keyFile === 'string'
      ? await openCopies(folder, keyFile)
      : (house.engine.anchors ?? null);
  let broken = false;
  for (const tenant of await tenantsOf(shell, house)) {
    const verdict = await verifyAnchored(house.engine, tenant, anchors);
    broken ||= !verdict.verified;
    if (shell.json) shell.print(json({ tenant, ...verdict }));
    else if (verdict.verified)
      shell.print(
        `${tenant}: verified, ${verdict.entries} entries, ${verdict.anchors} anchors, head ${verdict.head}`,
      );
    else shell.print(`${tenant}: BROKEN at entry ${verdict.brokenAt}: ${verdict.reason}`);
  }
  return broken ? exit.found : exit.ok;
}

async function anchor(shell: Shell, house: House): Promise<number> {
  const anchors = anchorsOf(house);
  let refused = false;
  for (const tenant of await tenantsOf(shell, house)) {
    const done = await anchorTenant(house.engine, anchors, tenant);
    refused ||= done.kind === 'refused';
    if (shell.json)
      shell.print(
        json({ tenant, ...(done.kind === 'made' ? { kind: done.kind, ...done.anchor.anchor } : done) }),
      );
    else if (done.kind === 'made')
      shell.print(`${tenant}: anchor ${done.anchor.anchor.number} of ${done.anchor.anchor.seq} entries`);
    else if (done.kind === 'unmoved') shell.print(`${tenant}: nothing new since anchor ${done.last ?? 0n}`);
    else shell.print(`${tenant}: NOT anchored: ${done.why}`);
  }
  return refused ? exit.found : exit.ok;
}

async function exportChains(shell: Shell, house: House): Promise<number> {
  // A reader that is slower than the database must not fill our memory.
  for (const tenant of await tenantsOf(shell, house))
    for await (const lines of exportAudit(house.pools.app, tenant))
      if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
  return exit.ok;
}

async function key(shell: Shell, house: House): Promise<number> {
  shell.print(publicPem(anchorsOf(house).key).trimEnd());
  return exit.ok;
}

function anchorsOf({ engine }: House) {
  if (engine.anchors === undefined) throw new Error('this installation keeps no anchors');
  return engine.anchors;
}

function json(value: object): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? each.toString() : each));
}
