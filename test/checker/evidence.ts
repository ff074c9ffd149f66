/**
 * What the checker judges: what really stood in the systems, what was approved, and what Tiebeam says of it.
 * Plain data, filled by a simulation from its models or by real processes from the simulators' books, the audit
 * export and the API. A part that is left out is a feature that was not exercised, never one that held.
 */
export type Evidence = {
  /** Faults have stopped and everything had the time to settle. Liveness is judged only then. */
  readonly settled: boolean;
  /** How many processes, or turns, were killed between two durable steps. */
  readonly crashes?: number;
  readonly target: TargetTruth;
  readonly source: SourceTruth;
  readonly ours: OurWord;
  readonly audit?: AuditEvidence;
  readonly approvals?: ApprovalEvidence;
  readonly isolation?: IsolationEvidence;
  readonly proposals?: ProposalEvidence;
  readonly replays?: readonly Replay[];
  readonly work?: WorkEvidence;
  readonly dashboard?: Dashboard;
};

/**
 * When something happened, as one number that grows over the whole history: milliseconds, with a fraction where
 * several things happen in one. Two equal instants say nothing about their order and are never held against us.
 */
export type Instant = number;

/** Integer minor units of the document's currency; text where the evidence passed through JSON. */
export type Amount = bigint | string;

/**
 * Names one intended effect: a source record in one business revision, at one target, of one kind. Written by the
 * source of the evidence from ground truth, as text that is equal exactly when the effect is the same.
 */
export type Key = string;

// ---------------------------------------------------------------- the target, as it really was

export type TargetTruth = {
  /** Every document that ever existed, also drafts, foreign ones and those that are gone. */
  readonly documents: readonly TargetDocument[];
  /** Every write that reached the target, one row for each document that a request carried. */
  readonly requests?: readonly TargetRequest[];
  /** When a connection was in which phase. */
  readonly phases?: readonly PhaseSpan[];
  readonly journals?: readonly Journal[];
};

export type TargetDocument = {
  readonly system: string;
  readonly id: string;
  /** The reference of ours that it carries; null for a document that somebody else entered. */
  readonly reference: string | null;
  /** Whose content it was created with, told from the content and the traffic, not from our tables. */
  readonly key?: Key | null;
  readonly from: Instant;
  /** When it ceased to exist: a draft that was removed or became a document, a company that was restored. */
  readonly gone?: Instant | null;
  /** When we reversed it, under which approved reversal. A reversal without an approval does not count. */
  readonly reversed?: { readonly at: Instant; readonly approval: string | null } | null;
  /** As it stands at the end, or stood last. */
  readonly state: 'draft' | 'pending' | 'posted' | 'cancelled';
  /** When a person changed or cancelled it there for the last time. */
  readonly touchedByHuman?: Instant | null;
  /** The hash of its content at the end, in the form in which payloads are approved. */
  readonly hash: string;
  readonly currency?: string;
  readonly header?: Amount;
  readonly lines?: readonly Amount[];
  readonly tax?: Amount;
  readonly retention?: Amount;
};

export type TargetRequest = {
  readonly system: string;
  readonly connection?: string;
  readonly kind: 'create' | 'set' | 'action';
  /** When its first byte arrived. */
  readonly at: Instant;
  /** When it took effect, or null if it never did. A late commit is later than its answer. */
  readonly committed: Instant | null;
  /** Whether the effect changed anything: a `set` that found its content already there did not. */
  readonly changed?: boolean;
  /** The reference of the posting that it belongs to; of a `set` its own, not the one of the document it changes. */
  readonly reference: string | null;
  readonly key?: Key | null;
  /** Which of its document's writes it is, where a document needs several. */
  readonly write?: string;
  /** The intent that it names itself by, where the traffic shows it. */
  readonly intent?: string | null;
  /** Set where its effect replaced something that a person had entered there. */
  readonly overwrote?: Overwritten | null;
  /** The phase of its connection at that moment. */
  readonly phase?: Phase;
};

export type Overwritten = {
  readonly editedAt: Instant;
  /** When we last read that document before the request left; null if we never did. */
  readonly readAt: Instant | null;
  /** Whether the target offers a guard, such as an ETag, that would have stopped it. */
  readonly guardOffered: boolean;
};

export type Phase = 'read-only' | 'one-way' | 'bidirectional';

export type PhaseSpan = {
  readonly connection: string;
  readonly phase: Phase;
  readonly from: Instant;
  readonly until: Instant | null;
  /** What a counter on the way out saw of that connection in this span, where there is one. */
  readonly egress?: { readonly writes: number; readonly exempt: number };
};

export type Journal = {
  readonly id: string;
  readonly lines: readonly {
    readonly company: string;
    readonly currency: string;
    readonly debit: Amount;
    readonly credit: Amount;
  }[];
};

// ---------------------------------------------------------------- the source, as it really was

export type SourceTruth = {
  readonly versions: readonly SourceVersion[];
  readonly requestItems?: readonly SourceRequestItem[];
  readonly origins?: readonly OriginWritten[];
};

/** A document version that was approved for posting. */
export type SourceVersion = {
  readonly key: Key;
  readonly record: string;
  /** Its place among the versions of its record. */
  readonly order: number;
  /** Keys that must have taken effect before: the order before its change, the change before the invoice. */
  readonly after?: readonly Key[];
  readonly amount: Amount;
  readonly currency?: string;
  /** Why it need not take effect any more, if so: a later version of it was approved, or it was taken back. */
  readonly ended?: 'superseded' | 'taken-back' | null;
};

export type SourceRequestItem = {
  readonly id: string;
  readonly key: Key | null;
  /** Every closing that took effect in the source, in order. */
  readonly closings: readonly { readonly at: Instant; readonly result: 'success' | 'failed' }[];
};

/** Each time the source's field for our target id took a value. */
export type OriginWritten = { readonly key: Key; readonly at: Instant; readonly value: string };

// ---------------------------------------------------------------- what Tiebeam says

export type OurWord = {
  readonly documents: readonly OurDocument[];
  readonly postings?: readonly OurPosting[];
  /** Open questions about what carries a reference of ours, whether or not we still have a row for it. */
  readonly findings?: readonly { readonly reference: string; readonly question: Question }[];
  /** Whether a change made by people in the target is looked for, so that drift has to be on record. */
  readonly watchesDrift?: boolean;
  /** Whether the target id is written back to the source. */
  readonly writesOrigin?: boolean;
};

export type OurDocument = {
  readonly id: string;
  readonly key: Key;
  /** `open` is on its way, `stopped` waits for a person or was ended by one. */
  readonly state: 'posted' | 'open' | 'stopped';
  /** The state in the words of the ledger, by which the dashboard counts. `refused` says that nothing stands. */
  readonly status?: string;
  /** What people are shown; `synced` is a promise. */
  readonly shown?: string;
  /** The state under which a list of all documents has it; null where the list does not have it. */
  readonly listed?: string | null;
  readonly target: { readonly system: string; readonly id: string } | null;
  /** What the target document must carry: of a change the reference of the document that it changes. */
  readonly reference: string | null;
  /** The approved payload, as the target must show it. */
  readonly payloadHash: string | null;
  /** When the row began to say posted: what a person does there before that is no drift, it was taken over. */
  readonly postedAt?: Instant | null;
  readonly amount?: Amount;
  readonly currency?: string;
  /** What people see of it as theirs to answer or to know: an open question, or the decision that ended it. */
  readonly question?: Question | null;
  /** False where its source shows the id of another document of the same record. */
  readonly writesOrigin?: boolean;
  readonly waitsFor?: readonly string[];
};

export type Question = {
  readonly assigned: string | null;
  readonly reason: string | null;
  /** `drift`: what stands in the target is known to differ from what was approved. */
  readonly about?: 'drift' | 'other';
};

export type OurPosting = {
  readonly reference: string;
  readonly document: string;
  readonly state: string;
  readonly attempts: number;
};

// ---------------------------------------------------------------- audit

export type AuditEvidence = {
  readonly intents: readonly Intent[];
  readonly outcomes: readonly IntentOutcome[];
  readonly chains?: readonly Chain[];
};

export type Intent = {
  readonly id: string;
  readonly reference: string;
  /** When its transaction was committed. */
  readonly committed: Instant;
};

/** One entry on what became of an intent; `unknown` has to be followed by what it turned out to be. */
export type IntentOutcome = {
  /** Null where the entry names the reference only. */
  readonly intent: string | null;
  readonly reference: string;
  readonly at: Instant;
  readonly result: 'ok' | 'rejected' | 'not-sent' | 'accepted' | 'unknown' | 'found' | 'absent' | 'exception';
};

export type Chain = {
  readonly tenant: string;
  /** The first line of what is hashed, for example `tiebeam.audit.v1`. */
  readonly domain: string;
  /** What the first entry names as its predecessor. */
  readonly start: string;
  readonly links: readonly ChainLink[];
  readonly head: { readonly seq: bigint | string; readonly hash: string } | null;
  /** Heads that left the database at some time. */
  readonly anchors?: readonly Anchor[];
};

/** `hash` is SHA-256, as hexadecimal digits, of domain, tenant, seq, previous and entry, joined by line feeds. */
export type ChainLink = {
  readonly seq: bigint | string;
  readonly entry: string;
  readonly previous: string;
  readonly hash: string;
};

export type Anchor = {
  readonly tenant: string;
  readonly seq: bigint | string;
  readonly hash: string;
  /** The text that was signed, which must name tenant, seq and hash, with an Ed25519 signature. */
  readonly signed?: {
    readonly text: string;
    readonly signatureBase64: string;
    readonly publicKeyPem: string;
  };
};

// ---------------------------------------------------------------- approval

export type ApprovalEvidence = {
  readonly policies: readonly Policy[];
  readonly approvals: readonly Approval[];
  /** One for every run of the protocol that committed an intent, in the order of the first intents. */
  readonly uses: readonly Use[];
};

export type Policy = {
  readonly version: string;
  readonly threshold: Amount;
  readonly currency: string;
  /** Roles that may approve. */
  readonly roles: readonly string[];
};

export type Approval = {
  readonly id: string;
  readonly key: Key;
  readonly by: string;
  readonly human: boolean;
  /** The roles that the approver held at the moment of the decision. */
  readonly rolesThen: readonly string[];
  readonly payloadHash: string;
  readonly mappingHash: string;
  readonly policy: string;
  readonly decided: Instant;
  readonly expires?: Instant | null;
  /** When it stopped being valid for another reason: taken back, its giver left. */
  readonly voided?: Instant | null;
};

/** One run of the protocol for one document: retries with the same reference are the same run. */
export type Use = {
  readonly key: Key;
  /** When its first intent was committed. */
  readonly at: Instant;
  /** What it moves, in the policy's currency at a recorded rate; null if it could not be expressed in it. */
  readonly exposure: Amount | null;
  readonly vendor: string | null;
  readonly commitment: string | null;
  readonly day: string;
  readonly payloadHash: string;
  readonly mappingHash: string;
  /** The policy that was in force at that moment. */
  readonly policy: string;
  readonly requester: string | null;
  /** Who edited the payload or a mapping that it uses last. */
  readonly editors: readonly string[];
  /** The approval that it used up; left out where that is not known. */
  readonly approval?: string | null;
};

// ---------------------------------------------------------------- the rest

export type IsolationEvidence = {
  /** How many places were searched for the marks of other tenants. */
  readonly searched: number;
  readonly found: readonly { readonly where: string; readonly tenant: string; readonly of: string }[];
};

export type ProposalEvidence = {
  /** The checks that the same change passes when a person asks for it. */
  readonly checks: readonly string[];
  readonly changes: readonly { readonly what: string; readonly passed: readonly string[] }[];
  /** Whether the same work was done right with the model removed; null if that was not tried. */
  readonly rightWithoutModel: boolean | null;
};

/** The whole inbound history delivered once more, with a digest of all outside systems before and after. */
export type Replay = { readonly deliveries: number; readonly before: string; readonly after: string };

export type WorkEvidence = {
  readonly attemptsAtMost: number;
  /** Calls of each connection; the share of retries is judged from `callsAtLeast` calls on. */
  readonly calls?: {
    readonly retriesPercentAtMost: number;
    readonly callsAtLeast: number;
    readonly perConnection: readonly {
      readonly connection: string;
      readonly calls: number;
      readonly retries: number;
    }[];
  };
  /** Highest values seen against their bounds: queue depth, memory, how long a poison item delayed others. */
  readonly peaks?: readonly { readonly what: string; readonly seen: number; readonly atMost: number }[];
};

export type Dashboard = {
  /** How many documents people are told to stand in each status. */
  readonly counts: Readonly<Record<string, number>>;
  readonly amounts?: Readonly<Record<string, Amount>>;
};
