import type { Connection, Constraint } from '../connectors/connector.ts';
import type { SeenCapabilities, SettleTable } from '../domain/posting/settle.ts';
import type { Clock } from '../lib/clock.ts';
import type { Permit } from '../lib/door.ts';
import type { FailPoint } from '../lib/fail-point.ts';
import type { Log } from '../lib/log.ts';
import type { Mail } from '../lib/mail.ts';
import type { Hub } from '../procore/hub.ts';
import type { Pools } from '../store/database/pools.ts';
import type { Places } from './dispatch/places.ts';
import type { Anchors } from './watch/anchor.ts';

/** One opened connection of a tenant, with what the engine must know of it beyond its functions. */
export type OpenConnection = {
  readonly tenant: string;
  readonly id: string;
  readonly system: string;
  readonly name: string;
  readonly code: string;
  readonly account: string;
  /** Whether this is the ERP company that was connected first: what Procore knows once of its ERP, it knows from here. */
  readonly isHome: boolean;
  readonly inFlight: number;
  /** Shared by every connection of the account in this process. */
  readonly places: Places;
  readonly settle: SettleTable;
  readonly updateStrategy: 'patch' | 'change-document';
  /** Present when this is Procore. */
  readonly hub: Hub | null;
  readonly connection: Connection;
  readonly deepLink: (object: string, id: string) => string | null;
  /** What the target's fields hold, as data. */
  readonly constraints: readonly Constraint[];
  /** Settles from now on by what a self-test saw; nothing seen is the careful side. */
  readonly learn: (seen: SeenCapabilities) => void;
  /** Closes the door for writes at once; the gate and the intent check the phase as well. */
  readonly allowWrites: (allowed: boolean, permit?: Permit) => void;
};

/** The connections of all tenants, opened when first used and kept while their account is held. */
export type Systems = {
  readonly get: (tenant: string, id: string) => Promise<OpenConnection>;
  /** The same, if it is open already: for addresses in answers. */
  readonly peek: (tenant: string, id: string) => OpenConnection | null;
  /** Has the next look at a connection open it anew, as it is stored by then; work under way keeps the former one. */
  readonly reopen: (tenant: string, id: string) => void;
  readonly hubOf: (tenant: string) => Promise<OpenConnection & { readonly hub: Hub }>;
  /** The ERP company that was connected first: the only one of most tenants. */
  readonly homeOf: (tenant: string) => Promise<OpenConnection>;
  /** All of them, that one first. Which of them a project belongs to is said in `erp-companies.ts`. */
  readonly erpsOf: (tenant: string) => Promise<readonly [OpenConnection, ...OpenConnection[]]>;
  readonly accounts: () => Promise<readonly { readonly account: string; readonly inFlight: number }[]>;
  readonly tenants: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

/** How often each kind of looking happens; the sweep finds what no signal told. */
export type Pace = { readonly pullEveryMs: number; readonly sweepEveryMs: number };

/** Everything the line of rooms works with. Nothing here is global: tests open as many as they like. */
export type Engine = {
  readonly pools: Pools;
  readonly systems: Systems;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly random: () => number;
  readonly log: Log;
  readonly pace: Pace;
  readonly failPoint: FailPoint;
  /** Where the audit chain is anchored outside the database; absent where nothing outlives the process. */
  readonly anchors?: Anchors;
  /** Absent where people are told nothing by mail. */
  readonly mail?: Mail;
};
