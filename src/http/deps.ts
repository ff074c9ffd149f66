import type { Registry } from 'prom-client';
import type { z } from 'zod';
import type { Delivery, Received } from '../engine/intake/intake.ts';
import type { SystemForm } from '../engine/set-up/connection.ts';
import type { BundleWish } from '../engine/support/bundle.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Pools } from '../store/database/pools.ts';
import type { Tx } from '../store/database/transaction.ts';
import type { UnreadBody } from '../store/intake/quarantined-signal.ts';
import type { RandomBytes } from './auth/tokens.ts';
import type { AuditVerdict } from './schemas/audit.ts';
import type { BillApplication } from './schemas/billing.ts';
import type { ConnectionForm } from './schemas/connections.ts';
import type { SetMapping } from './schemas/mappings.ts';
import type { roles } from './schemas/people.ts';
import type { Policy, PolicyChange } from './schemas/policy.ts';
import type { SetUpPlan, SetUpResults } from './schemas/set-up.ts';
import type { TieOut } from './schemas/tie-out.ts';
import type { phases } from './schemas/values.ts';

export type Role = (typeof roles)[number];
export type Phase = (typeof phases)[number];

/** The signed-in person, as every decision sees them. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** A decision that was not taken, worded for the person who asked for it. */
export interface Declined {
  readonly ok: false;
  readonly status: 403 | 404 | 409 | 422;
  readonly title: string;
  readonly detail: string;
  readonly fields?: readonly { readonly field: string; readonly message: string }[];
}

export type Decision<Answer extends object = object> = Promise<({ readonly ok: true } & Answer) | Declined>;

interface SetUpWish {
  readonly address?: string | undefined;
  readonly freshSecret?: boolean | undefined;
}

interface Finding {
  readonly subject: string;
  readonly ok: boolean;
  readonly message: string;
  readonly remedy?: string;
  readonly unproven?: true;
}

interface ByPerson {
  readonly tenant: string;
  readonly user: Person;
}

interface TypedPolicy {
  readonly policy: z.infer<typeof Policy>;
  /** The version that it was typed over. */
  readonly base: number;
}

/** What decides about a review item: the rules themselves are the domain's. */
export interface Decidable {
  readonly kind: string;
  readonly neededRole: string;
  /** E-mail of whoever asked for the document in the source. */
  readonly requester: string | null;
  /** Whoever set a mapping row that the document uses. */
  readonly editors: readonly string[];
}

/** What a document's addresses in both systems are made of. */
export interface Addressed {
  readonly tenant: string;
  readonly sourceConnection: string;
  readonly sourceObject: string;
  readonly sourceId: string;
  readonly targetConnection: string;
  readonly targetId: string | null;
  readonly kind: string;
  readonly projectId: string | null;
}

/** One entry for the audit chain; appending it is the last statement of its transaction. */
export interface AuditFacts {
  readonly tenant: string;
  readonly kind: string;
  readonly actor: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** Everything the HTTP service may ask of the rest of the house. */
export interface HttpDeps {
  readonly pools: Pools;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly log: Log;
  /** Recognises a request that comes again: its body may hold a typed secret, so that no plain hash of it is kept. */
  readonly fingerprint: (tenant: string, text: string) => string;

  readonly approve: (wish: ByPerson & { reviewId: string; payloadHash: string }) => Decision;
  readonly adopt: (
    wish: ByPerson & {
      reviewId: string;
      payloadHash: string;
      order: string | null;
      application: number | null;
    },
  ) => Decision;
  readonly billApplication: (
    wish: ByPerson & { reviewId: string } & z.infer<typeof BillApplication>,
  ) => Decision;
  readonly reject: (wish: ByPerson & { reviewId: string; reason: string }) => Decision;
  readonly answer: (
    wish: ByPerson & { reviewId: string; answers: readonly z.infer<typeof SetMapping>[] },
  ) => Decision;
  readonly setMapping: (wish: ByPerson & { mapping: z.infer<typeof SetMapping> }) => Decision;
  readonly withdraw: (wish: ByPerson & { documentId: string; reason: string }) => Decision;
  readonly replan: (wish: ByPerson & { documentId: string }) => Decision;
  readonly probeAgain: (wish: ByPerson & { documentId: string }) => Decision;
  readonly redrive: (wish: ByPerson & { reviewId: string }) => Decision;
  readonly previewPolicy: (
    wish: { tenant: string } & TypedPolicy,
  ) => Decision<{ changes: readonly z.infer<typeof PolicyChange>[] }>;
  readonly proposePolicy: (wish: ByPerson & TypedPolicy & { reason: string }) => Decision;
  readonly setPhase: (
    wish: ByPerson & { connectionId: string; phase: Phase; projectId?: string },
  ) => Decision;
  /** Has the ledger read and what may be shown of it shown now, whatever the hours are. */
  readonly askForActuals: (tenant: string) => Promise<void>;
  readonly allowJobCosts: (wish: ByPerson & { allowed: boolean }) => Decision;
  /** The systems that can be connected, with the form that each one's configuration makes. */
  readonly systems: readonly SystemForm[];
  readonly connectionForm: (place: {
    tenant: string;
    id: string;
  }) => Decision<z.infer<typeof ConnectionForm>>;
  readonly saveConnection: (
    wish: ByPerson & {
      id: string;
      name: string;
      values: Readonly<Record<string, string>>;
      fresh?: { system: string; code: string };
    },
  ) => Decision;
  /** Finding by finding, as each is tried. */
  readonly checkConnection: (tenant: string, id: string) => AsyncIterable<Finding>;
  readonly planSetUp: (wish: { tenant: string } & SetUpWish) => Decision<{ plan: z.infer<typeof SetUpPlan> }>;
  readonly runSetUp: (
    wish: ByPerson & SetUpWish & { digest: string },
  ) => Decision<{ results: z.infer<typeof SetUpResults>['rows'] }>;
  readonly tieOut: (
    tenant: string,
    options: { refresh: boolean },
  ) => Decision<{ tieOut: z.infer<typeof TieOut> }>;
  /** The same of budgets; nothing where the ERP keeps none by project. */
  readonly tieOutBudgets: (
    tenant: string,
    options: { refresh: boolean },
  ) => Decision<{ tieOut: z.infer<typeof TieOut> }>;
  /** The same of bills that people entered on projects; nothing where none are read. */
  readonly tieOutDirectCosts: (
    tenant: string,
    options: { refresh: boolean },
  ) => Decision<{ tieOut: z.infer<typeof TieOut> }>;
  readonly verifyAudit: (tenant: string) => Decision<{ verdict: z.infer<typeof AuditVerdict> }>;
  /** An archive of what whoever helps this company needs. */
  readonly supportBundle: (wish: BundleWish) => Promise<Buffer>;
  /** Resolves when the signals of the body are committed, and not before. */
  readonly receiveWebhook: (delivery: Delivery) => Promise<Received>;
  /** Resolves when a body that is no event is kept, and somebody is asked about it. */
  readonly keepUnread: (unread: UnreadBody & { readonly tenant: string }) => Promise<void>;

  /** Whether this installation tells people anything by mail. */
  readonly sendsMail: boolean;
  readonly mayDecide: (user: Person, item: Decidable) => { ok: true } | { ok: false; why: string };
  readonly sourceUrl: (document: Addressed) => string | null;
  readonly targetUrl: (document: Addressed) => string | null;
  /** Simulated systems to name in the banner, and warnings such as a missing second approver. */
  readonly notices: (tenant: string) => Promise<{ simulated: string[]; warnings: string[] }>;
  readonly audit: (tx: Tx, entry: AuditFacts) => Promise<void>;
}

export interface HttpOptions {
  /** Whether browsers reach the service by https: cookies are then Secure and carry the __Host- prefix. */
  readonly https: boolean;
  /** Origins that may send mutating requests; empty means the host that the request itself names. */
  readonly origins?: readonly string[];
  /** Folder of the built web app. */
  readonly webRoot?: string;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustProxy?: readonly string[];
  /** Bearer token for /metrics; without one it answers on loopback only. */
  readonly metricsToken?: string;
  /** Where the rest of the house counts too; a registry of its own when absent. */
  readonly metrics?: Registry;
}
