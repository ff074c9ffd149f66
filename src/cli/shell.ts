import { Stop } from '../domain/posting/outcomes.ts';
import type { Engine } from '../engine/engine.ts';
import type { SystemForm } from '../engine/set-up/connection.ts';
import type { Pools } from '../store/database/pools.ts';
import type { Vault } from '../store/people/secrets.ts';

export type House = {
  readonly engine: Engine;
  readonly pools: Pools;
  readonly vault: Vault;
  readonly close: () => Promise<void>;
};

/** What every command is given: its words, its output and a way to open the house. */
export type Shell = {
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly json: boolean;
  readonly isTerminal: boolean;
  /** Results go to stdout, everything else to stderr. */
  readonly print: (text: string) => void;
  readonly say: (text: string) => void;
  /**
   * Joins the embedded database of a running service, unless the caller is the service and wants its own. As it stands, a
   * database is neither migrated nor written to.
   */
  readonly open: (options?: { readonly alone?: boolean; readonly asItStands?: boolean }) => Promise<House>;
  readonly describe: (
    system: string,
    config: unknown,
  ) => { account: string; config: Record<string, unknown>; secrets: Record<string, string> };
  /** Forms of all systems, which say what of a connection is a setting. */
  readonly systems: readonly SystemForm[];
  /** Folder of this copy of Tiebeam. */
  readonly root: string;
  /** Folder of the database, the key and what is remembered between two commands. */
  readonly dataDir: string;
  /** Resolves when somebody ends the process. */
  readonly until: () => Promise<void>;
};

export type Command = {
  readonly usage: string;
  /** How many words it takes besides flags; none unless said. */
  readonly words?: number;
  readonly summary: string;
  readonly flags: Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly help: string }>>;
  readonly run: (shell: Shell) => Promise<number>;
};

/** 0 ok, 1 found differences, 2 usage, 3 could not run: the same for every command. */
export const exit = { ok: 0, found: 1, usage: 2, couldNotRun: 3 } as const;

export class UsageError extends Error {}

/** Tenants to work on: the one that was named, or all. */
export async function tenantsOf(shell: Shell, house: House): Promise<readonly string[]> {
  const named = shell.flags.tenant;
  const all = await house.engine.systems.tenants();
  if (typeof named === 'string') {
    if (!all.includes(named))
      throw new UsageError(`there is no tenant "${named}"; known are: ${all.join(', ') || 'none'}`);
    return [named];
  }
  if (all.length === 0)
    throw new Stop('unauthorised', 'tiebeam', 'nothing is connected yet', {
      remedy:
        'Connect your systems as docs/connect.md says. The demo of `npm start` has a database of its own, which this command does not read.',
    });
  return all;
}

export const tenantFlag = { tenant: { type: 'string', help: 'work on this tenant only' } } as const;

/** A table of plain text, columns as wide as their widest cell; amounts to the right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, column) => Math.max(all[column] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
