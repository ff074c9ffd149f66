import type { CommittedDocument, Connection, Pulled, PullPage, SignalHint } from '../connectors/connector.ts';
import type { CalendarDate } from '../domain/calendar-date.ts';

/** One thing a Procore user asked the integration to do. A request carries one or many, each closed once. */
export type RequestItem = {
  /** Stable within the request: the request id and the item's place in it. */
  readonly key: string;
  readonly event: string;
  readonly commitment: CommitmentRef | null;
  /** Procore's request detail to close; absent in some payloads, then found by the item's id. */
  readonly detailId: string | null;
  /** What the approver typed at export. */
  readonly erpCode: string | null;
  readonly accountingDate: CalendarDate | null;
};

export type CommitmentRef = {
  readonly id: string;
  readonly projectId: string;
  readonly type: 'subcontract' | 'purchase-order';
};

export type ErpRequest = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly items: readonly RequestItem[];
  readonly raw: string;
};

/** Procore: the one hub. Concrete, because there is only one; it offers the engine what a target offers too. */
export type Hub = Connection & {
  /** What Procore names as the source of our own writes: their echo in a webhook is no news. */
  readonly applicationId: string;
  readonly fetchRequest: (id: string) => Promise<ErpRequest | null>;
  /** Request ids created since the cursor, oldest first, bounded; heals what webhooks lost. */
  readonly listRequests: (
    cursor: string | null,
  ) => Promise<{ readonly ids: readonly string[]; readonly cursor: string }>;
  readonly fetchCommitment: (ref: CommitmentRef) => Promise<Pulled | null>;
  /** Commitments of a project changed since the cursor, for the sweep. */
  readonly listCommitments: (projectId: string, cursor: string | null) => Promise<PullPage>;
  /** Approved committed cost of a project as Procore states it now, for the tie-out. */
  readonly committedIn: (
    projectId: string,
  ) => AsyncIterable<CommittedDocument & { readonly type: CommitmentRef['type'] }>;
  /** E-mail of a Procore user, to tell the requester from the approver. */
  readonly userEmail: (userId: string) => Promise<string | null>;
};

/** What a webhook says, reduced to ids. `companyId` is compared with configuration before anything else. */
export type WebhookEvent = SignalHint & {
  readonly companyId: string;
  readonly projectId: string | null;
  readonly userId: string | null;
  readonly sourceApplicationId: string | null;
};
