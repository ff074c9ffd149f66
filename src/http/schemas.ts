import { z } from 'zod';
import { KEYLESS, MAPPING_KINDS } from '../domain/mapping.ts';

/** The shapes of /api/v1. OpenAPI and the web app's types are generated from them; nothing is defined twice. */

export const roles = ['accountant', 'controller', 'project-manager', 'engineer', 'admin'] as const;
export const documentStates = [
  'planned',
  'blocked',
  'in-review',
  'awaiting-approval',
  'ready',
  'posting',
  'posted',
  'confirmed',
  'refused',
  'conflict',
  'withdrawn',
  'detached',
] as const;
export const phases = ['read-only', 'one-way', 'bidirectional'] as const;

const Instant = z.iso.datetime();
const CalendarDay = z.iso.date();
/** A decimal string in major units, e.g. "-1250.00". Never a JSON number. */
const Amount = z.string().regex(/^-?\d+(\.\d+)?$/);

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** What happened, what it means for the money, what to do. */
  detail: z.string(),
  fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

export const User = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(z.enum(roles)),
});
export const Me = z.object({
  user: User,
  tenant: z.object({ id: z.string(), name: z.string() }),
  /** Simulated systems are named in a banner, so that nobody takes demo money for real. */
  simulated: z.array(z.string()),
  /** Set when nothing above the threshold can post, e.g. because there is only one user. */
  warnings: z.array(z.string()),
});

export const SignIn = z.object({ email: z.string().max(200), password: z.string().max(128) }).strict();
export const UseLink = z
  .object({ token: z.string().max(200), password: z.string().min(15).max(128).optional() })
  .strict();

/** Why a document stands where it stands, and who can move it. */
export const Reason = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
  /** Role or system it waits for. */
  owner: z.string(),
  field: z.string().optional(),
});

export const DocumentRow = z.object({
  id: z.string(),
  kind: z.string(),
  number: z.string(),
  title: z.string(),
  revision: z.number().int(),
  state: z.enum(documentStates),
  project: z.object({ id: z.string(), name: z.string() }).nullable(),
  vendor: z.string().nullable(),
  amount: Amount.nullable(),
  currency: z.string().nullable(),
  accountingDate: CalendarDay.nullable(),
  source: z.object({ system: z.string(), object: z.string(), id: z.string(), url: z.string().nullable() }),
  target: z.object({
    system: z.string(),
    id: z.string().nullable(),
    number: z.string().nullable(),
    url: z.string().nullable(),
  }),
  /** One sentence: what it waits for. Empty when it waits for nothing. */
  waitsFor: z.string(),
  owner: z.string().nullable(),
  updatedAt: Instant,
});

export const FieldPair = z.object({
  field: z.string(),
  source: z.string().nullable(),
  target: z.string().nullable(),
  same: z.boolean().nullable(),
});

export const LinePair = z.object({
  key: z.string(),
  description: z.string(),
  costCode: z.string(),
  coding: z.string().nullable(),
  sourceAmount: Amount,
  targetAmount: Amount.nullable(),
  targetLine: z.string().nullable(),
});

export const TimelineEntry = z.object({
  at: Instant,
  kind: z.string(),
  actor: z.string(),
  sentence: z.string(),
  auditSeq: z.number().int().nullable(),
});

export const PostingRow = z.object({
  id: z.string(),
  system: z.string(),
  write: z.string(),
  state: z.string(),
  reference: z.string(),
  attempts: z.number().int(),
  reason: z.string().nullable(),
  dueAt: Instant.nullable(),
});

export const ReviewRow = z.object({
  id: z.string(),
  kind: z.enum([
    'approval',
    'unmapped',
    'vendor-match',
    'adoption',
    'conflict',
    'refused',
    'exception',
    'quarantined',
  ]),
  title: z.string(),
  question: z.string(),
  role: z.string(),
  state: z.enum(['open', 'approved', 'corrected', 'rejected', 'expired']),
  documentId: z.string().nullable(),
  amount: Amount.nullable(),
  currency: z.string().nullable(),
  project: z.string().nullable(),
  openedAt: Instant,
  /** Whether the signed-in person may decide it, and if not, why. */
  mayDecide: z.boolean(),
  whyNot: z.string().nullable(),
});

/** What both sides say was billed on one line before the project went live. */
const OpeningLine = z.object({ name: z.string(), source: Amount, target: Amount, difference: Amount });

/** An order that stands in the ERP and may be that of a commitment, line by line. */
export const AdoptableOrder = z.object({
  id: z.string(),
  number: z.string(),
  vendorReference: z.string(),
  vendorCode: z.string(),
  date: CalendarDay,
  total: Amount,
  difference: Amount,
  invoiced: Amount,
  evidence: z.array(z.string()),
  /** What has to be put right before it can be taken over. */
  problem: z.string().nullable(),
  notes: z.array(z.string()),
  lines: z.array(
    z.object({
      name: z.string(),
      source: Amount.nullable(),
      target: Amount.nullable(),
      orderLine: z.string().nullable(),
      coding: z.string().nullable(),
      difference: Amount,
      evidence: z.string().nullable(),
    }),
  ),
  openings: z.array(
    z.object({
      application: z.number().int(),
      source: Amount,
      target: Amount,
      difference: Amount,
      retainageHeld: Amount,
      lines: z.array(OpeningLine),
    }),
  ),
});

/** What the approver signs: the canonical summary the server made, bound to its hash. */
export const ReviewItem = ReviewRow.extend({
  payloadHash: z.string().nullable(),
  evidence: z.array(z.object({ label: z.string(), value: z.string() })),
  /** For kind unmapped: the rows to answer. For vendor-match: candidates. */
  asks: z.array(
    z.object({
      kind: z.enum(MAPPING_KINDS),
      key: z.string(),
      label: z.string(),
      scope: z.object({ id: z.string(), name: z.string() }).nullable(),
      suggestions: z.array(z.object({ code: z.string(), name: z.string(), why: z.string() })),
    }),
  ),
  /** For kind adoption: the orders that may be meant. */
  adoption: z.object({ certain: z.boolean(), candidates: z.array(AdoptableOrder) }).optional(),
  /** How many other documents the same answer releases. */
  alsoReleases: z.number().int(),
  decidedBy: z.string().nullable(),
  decidedAt: Instant.nullable(),
});

export const DocumentPage = z.object({
  rows: z.array(DocumentRow),
  next: z.string().nullable(),
  total: z.number().int(),
});

export const DocumentDetail = DocumentRow.extend({
  reasons: z.array(Reason),
  fields: z.array(FieldPair),
  lines: z.array(LinePair),
  payload: z.string().nullable(),
  payloadHash: z.string().nullable(),
  sourcePayload: z.string().nullable(),
  mappings: z.array(
    z.object({
      kind: z.string(),
      key: z.string(),
      value: z.string(),
      version: z.number().int(),
      setBy: z.string(),
    }),
  ),
  approvals: z.array(
    z.object({
      by: z.string(),
      role: z.string(),
      at: Instant,
      state: z.enum(['valid', 'consumed', 'stale']),
    }),
  ),
  postings: z.array(PostingRow),
  review: z.array(ReviewRow),
  timeline: z.array(TimelineEntry),
  actions: z.array(z.enum(['approve', 'reject', 'answer', 'probe-again', 'withdraw', 'replan'])),
});

export const Overview = z.object({
  states: z.array(z.object({ state: z.enum(documentStates), count: z.number().int(), amount: Amount })),
  currency: z.string(),
  needsMe: z.array(ReviewRow),
  waitingByOwner: z.array(
    z.object({ owner: z.string(), count: z.number().int(), amount: Amount, oldestAt: Instant.nullable() }),
  ),
  waitingByAge: z.array(z.object({ age: z.string(), count: z.number().int(), amount: Amount })),
  flow: z.array(
    z.object({
      system: z.string(),
      received: z.number().int(),
      posted: z.number().int(),
      inFlight: z.number().int(),
    }),
  ),
  /** Documents posted per minute, newest last, for the sparkline. */
  postedPerMinute: z.array(z.object({ minute: Instant, count: z.number().int() })),
  health: z.array(
    z.object({
      connection: z.string(),
      system: z.string(),
      phase: z.enum(phases),
      ok: z.boolean(),
      message: z.string(),
      lastReadAt: Instant.nullable(),
      lastWriteAt: Instant.nullable(),
    }),
  ),
  auditEntries: z.number().int(),
});

export const BridgeItem = z.object({
  documentId: z.string().nullable(),
  number: z.string(),
  title: z.string(),
  cause: z.enum([
    'waiting',
    'not-sent',
    'read-only',
    'conflict',
    'refused',
    'change-not-posted',
    'edited-in-erp',
    'erp-only',
    'pending-in-erp',
    'closing-in-erp',
  ]),
  explanation: z.string(),
  amount: Amount,
  owner: z.string().nullable(),
});

export const ProjectTieOut = z.object({
  project: z.object({
    id: z.string(),
    name: z.string(),
    number: z.string().nullable(),
    erpCode: z.string().nullable(),
  }),
  currency: z.string(),
  source: Amount,
  target: Amount,
  difference: Amount,
  explained: Amount,
  residual: Amount,
  items: z.array(BridgeItem),
  asOf: Instant,
});
export const TieOut = z.object({
  projects: z.array(ProjectTieOut),
  asOf: Instant.nullable(),
  problem: z.string().nullable(),
});

export const Mapping = z.object({
  kind: z.enum(MAPPING_KINDS),
  scope: z.string(),
  key: z.string(),
  value: z.object({
    kind: z.enum(['account', 'item', 'project', 'vendor', 'customer']),
    code: z.string().min(1).max(50),
  }),
  version: z.number().int(),
  setBy: z.string(),
  setAt: Instant,
});
export const SetMapping = z
  .object({
    kind: z.enum(MAPPING_KINDS),
    scope: z.string().max(40).default(''),
    /** Empty for retainage and revenue: there is one account for each scope. */
    key: z.string().max(200),
    value: z
      .object({
        kind: z.enum(['account', 'item', 'project', 'vendor', 'customer']),
        code: z.string().min(1).max(50),
      })
      .strict(),
  })
  .strict()
  .refine(({ kind, key }) => KEYLESS.has(kind) === (key === ''), {
    path: ['key'],
    message: 'Name what is mapped; only the accounts for retainage and revenue have no key.',
  });

export const Approve = z.object({ payloadHash: z.string().max(100) }).strict();
/** Which order is taken over, null for none of them; and the last application that was billed before, null for none. */
export const Adopt = z
  .object({
    payloadHash: z.string().max(100),
    order: z.string().max(60).nullable(),
    application: z.number().int().min(1).nullable(),
  })
  .strict();
export const Reject = z.object({ reason: z.string().min(3).max(1000) }).strict();
export const Answer = z.object({ answers: z.array(SetMapping).min(1).max(100) }).strict();
export const SetPhase = z
  .object({ phase: z.enum(phases), projectId: z.string().max(40).optional() })
  .strict();

export const AuditEntry = z.object({
  seq: z.number().int(),
  at: Instant,
  kind: z.string(),
  actor: z.string(),
  documentId: z.string().nullable(),
  entry: z.string(),
  hash: z.string(),
});
export const AuditVerdict = z.object({
  verified: z.boolean(),
  entries: z.number().int(),
  brokenAt: z.number().int().nullable(),
  reason: z.string().nullable(),
});
/** Lines of JSON: the whole chain with everything that its hashes are made of. */
export const AuditExport = z
  .string()
  .describe('One JSON object a line, first entry first: tenant, seq, entry, previous, hash.');

export const Done = z.object({ ok: z.literal(true) });
export const Withdraw = z.object({ reason: z.string().min(3).max(1000) }).strict();
export const ReviewPage = z.object({ rows: z.array(ReviewRow) });
export const MappingPage = z.object({ rows: z.array(Mapping) });
/** Choices for a correction, as the target knows them. */
export const TargetPage = z.object({ rows: z.array(z.object({ code: z.string(), name: z.string() })) });
export const AuditPage = z.object({ rows: z.array(AuditEntry), next: z.string().nullable() });

export const ConnectionRow = z.object({
  id: z.string(),
  system: z.string(),
  name: z.string(),
  code: z.string(),
  phase: z.enum(phases),
  ok: z.boolean(),
  message: z.string(),
  lastReadAt: Instant.nullable(),
  lastWriteAt: Instant.nullable(),
  /** What the last self-test saw in the company that is bound; null where none was run. */
  selfTest: z
    .object({
      at: Instant,
      findings: z.array(z.object({ subject: z.string(), ok: z.boolean(), message: z.string() })),
    })
    .nullable(),
  /** Projects whose phase differs; the lower of connection and project counts. */
  projects: z.array(z.object({ projectId: z.string(), phase: z.enum(phases) })),
  /** Whether posted cost is shown there; null where nothing of the kind is written. */
  jobCosts: z.boolean().nullable(),
  /** Whether an address for its webhooks is open here; null where nothing is delivered. */
  hasHook: z.boolean().nullable(),
  /** What it can do without and would be better with. */
  lacks: z.array(z.string()),
});
export const ConnectionPage = z.object({ rows: z.array(ConnectionRow) });

const ConnectionKey = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/, 'takes a-z, 0-9 and dashes, at most 40 characters');
const ConnectionName = z.string().trim().min(1).max(200);
/** What was typed, field by field, as text. A secret that is left empty stays as it is. */
const TypedValues = z.record(z.string().max(100), z.string().max(50_000));

export const FormField = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  kind: z.enum(['text', 'long-text', 'number', 'flag', 'list']),
  required: z.boolean(),
  /** Never shown again. */
  secret: z.boolean(),
  /** What counts when the field is left empty. */
  fallback: z.string(),
});
export const SystemForm = z.object({
  id: z.string(),
  title: z.string(),
  side: z.enum(['procore', 'erp']),
  fields: z.array(FormField),
});
export const SystemPage = z.object({ rows: z.array(SystemForm) });
export const ConnectionForm = z.object({
  id: z.string(),
  system: z.string(),
  name: z.string(),
  code: z.string(),
  /** Of a secret always empty. */
  values: z.record(z.string(), z.string()),
});
export const SaveConnection = z.object({ name: ConnectionName, values: TypedValues }).strict();
export const NewConnection = SaveConnection.extend({
  id: ConnectionKey,
  system: z.string().max(100),
  /** Part of every reference in the ERP; it can never be changed. */
  code: z.string().regex(/^[A-Z0-9]{2}$/, 'is two of A-Z 0-9'),
}).strict();

export const AllowJobCosts = z.object({ allowed: z.boolean() }).strict();
export const Finding = z.object({
  subject: z.string(),
  ok: z.boolean(),
  message: z.string(),
  remedy: z.string().optional(),
  /** Only a write would show it. */
  unproven: z.literal(true).optional(),
});
/** Lines of JSON, one finding each, as they are found. */
export const FindingLines = z
  .string()
  .describe('One JSON object a line: subject, ok, message, remedy, unproven.');

/** What a set-up would do. Nothing was written. */
export const SetUpPlan = z.object({
  address: z.string(),
  /** Names exactly these steps; consent carries it. */
  digest: z.string(),
  steps: z.array(z.object({ kind: z.string(), what: z.string() })),
  /** What stands there and is left as it is. */
  notes: z.array(z.string()),
  /** The document that the ERP tool is told, as JSON. */
  metadata: z.string(),
});
export const RunSetUp = z
  .object({
    address: z.string().max(500).optional(),
    freshSecret: z.boolean().optional(),
    digest: z.string().max(100),
  })
  .strict();
export const SetUpResults = z.object({
  rows: z.array(
    z.object({
      what: z.string(),
      outcome: z.enum(['done', 'not-done', 'unknown']),
      message: z.string(),
    }),
  ),
});
