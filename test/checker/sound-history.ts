import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { Chain, ChainLink, Evidence } from './evidence.ts';

/** Evidence that a test may change before it is judged. */
export type Draft<T> = T extends bigint | string | number | boolean | null | undefined
  ? T
  : { -readonly [Key in keyof T]: Draft<T[Key]> };

export type DraftEvidence = Draft<Required<Evidence>>;

const ERP = 'erp';
const START = '0'.repeat(64);

/**
 * One history in which everything went well: order A was posted and then changed, order B is large and was
 * approved, invoice C builds on A, D waits in front of a person, and E was replaced before it was sent.
 */
export function soundHistory(): DraftEvidence {
  return structuredClone(HISTORY) as DraftEvidence;
}

const document = (
  id: string,
  reference: string,
  key: string,
  from: number,
  header: bigint,
  hash: string,
) => ({
  system: ERP,
  id,
  reference,
  key,
  from,
  state: 'posted' as const,
  hash,
  currency: 'USD',
  header,
  lines: [header - 5_00n, 7_00n],
  tax: 1_00n,
  retention: 3_00n,
});

const request = (intent: string, reference: string, key: string, at: number) => ({
  system: ERP,
  connection: 'books',
  kind: 'create' as const,
  at,
  committed: at + 1,
  changed: true,
  reference,
  key,
  intent,
  phase: 'one-way' as const,
});

const version = (key: string, record: string, order: number, amount: bigint) => ({
  key,
  record,
  order,
  amount,
  currency: 'USD',
  ended: null,
});

const row = (key: string, id: string, reference: string, payloadHash: string, amount: bigint) => ({
  id: `row ${key}`,
  key,
  state: 'posted' as const,
  status: 'confirmed',
  shown: 'synced',
  target: { system: ERP, id },
  reference,
  payloadHash,
  amount,
  currency: 'USD',
  question: null,
});

const use = (key: string, at: number, exposure: bigint, vendor: string) => ({
  key,
  at,
  exposure,
  vendor,
  commitment: key[0]!,
  day: '2026-08-31',
  payloadHash: `payload ${key}`,
  mappingHash: 'mapping 1',
  policy: '1',
  requester: 'rosa',
  editors: ['ed'],
});

const intents = [
  { id: 'i1', reference: 'TA1', committed: 10 },
  { id: 'i2', reference: 'TB1', committed: 12 },
  { id: 'i3', reference: 'TA2', committed: 30 },
  { id: 'i4', reference: 'TC1', committed: 40 },
];

const HISTORY: Required<Evidence> = {
  settled: true,
  crashes: 2,
  target: {
    documents: [
      document('101', 'TA1', 'A/1', 12, 1_200_00n, 'hash A/2'),
      document('102', 'TB1', 'B/1', 15, 60_000_00n, 'hash B/1'),
      document('103', 'TC1', 'C/1', 43, 300_00n, 'hash C/1'),
      { ...document('77', '', '', 1, 9_00n, 'foreign'), reference: null, key: null },
    ],
    requests: [
      request('i1', 'TA1', 'A/1', 11),
      request('i2', 'TB1', 'B/1', 14),
      { ...request('i3', 'TA2', 'A/2', 31), kind: 'set' },
      request('i4', 'TC1', 'C/1', 42),
    ],
    phases: [
      { connection: 'books', phase: 'read-only', from: 0, until: 5, egress: { writes: 0, exempt: 2 } },
      { connection: 'books', phase: 'one-way', from: 5, until: null },
    ],
    journals: [
      {
        id: 'j1',
        lines: [
          { company: '1', currency: 'USD', debit: 10_00n, credit: 0n },
          { company: '1', currency: 'USD', debit: 0n, credit: 4_00n },
          { company: '1', currency: 'USD', debit: 0n, credit: 6_00n },
        ],
      },
    ],
  },
  source: {
    versions: [
      version('A/1', 'A', 1, 1_000_00n),
      version('A/2', 'A', 2, 1_200_00n),
      version('B/1', 'B', 1, 60_000_00n),
      { ...version('C/1', 'C', 1, 300_00n), after: ['A/1'] },
      version('D/1', 'D', 1, 500_00n),
      { ...version('E/1', 'E', 1, 80_00n), ended: 'superseded' },
    ],
    requestItems: [
      { id: 'r1', key: 'A/1', closings: [{ at: 20, result: 'success' }] },
      { id: 'r2', key: 'B/1', closings: [{ at: 21, result: 'success' }] },
      { id: 'r3', key: 'D/1', closings: [] },
    ],
    origins: [
      { key: 'A/1', at: 19, value: '101' },
      { key: 'B/1', at: 19, value: '102' },
      { key: 'C/1', at: 49, value: '103' },
    ],
  },
  ours: {
    documents: [
      row('A/1', '101', 'TA1', 'hash A/1', 1_000_00n),
      row('A/2', '101', 'TA1', 'hash A/2', 1_200_00n),
      row('B/1', '102', 'TB1', 'hash B/1', 60_000_00n),
      row('C/1', '103', 'TC1', 'hash C/1', 300_00n),
      {
        ...row('D/1', '', 'TD1', 'hash D/1', 500_00n),
        state: 'open',
        status: 'in-review',
        shown: 'waiting',
        target: null,
        question: { assigned: 'accountant', reason: 'its cost code is not mapped' },
        waitsFor: ['mapping 01-100'],
      },
    ],
    postings: [
      { reference: 'TA1', document: 'row A/1', state: 'posted', attempts: 1 },
      { reference: 'TA2', document: 'row A/2', state: 'posted', attempts: 1 },
      { reference: 'TB1', document: 'row B/1', state: 'adopted', attempts: 1 },
      { reference: 'TC1', document: 'row C/1', state: 'posted', attempts: 1 },
    ],
    findings: [],
    watchesDrift: true,
    writesOrigin: true,
  },
  audit: {
    intents,
    outcomes: [
      { intent: 'i1', reference: 'TA1', at: 13, result: 'ok' },
      { intent: 'i2', reference: 'TB1', at: 16, result: 'unknown' },
      { intent: 'i2', reference: 'TB1', at: 18, result: 'found' },
      { intent: 'i3', reference: 'TA2', at: 33, result: 'ok' },
      { intent: 'i4', reference: 'TC1', at: 44, result: 'ok' },
    ],
    chains: [chainOf('ours', ['one', 'two', 'three', 'four'])],
  },
  approvals: {
    policies: [{ version: '1', threshold: 50_000_00n, currency: 'USD', roles: ['controller'] }],
    approvals: [
      {
        id: 'ap1',
        key: 'B/1',
        by: 'carla',
        human: true,
        rolesThen: ['controller'],
        payloadHash: 'payload B/1',
        mappingHash: 'mapping 1',
        policy: '1',
        decided: 9,
        expires: 100,
        voided: null,
      },
    ],
    uses: [
      use('A/1', 10, 1_000_00n, 'acme'),
      { ...use('B/1', 12, 60_000_00n, 'acme'), approval: 'ap1' },
      use('A/2', 30, 200_00n, 'acme'),
      use('C/1', 40, 300_00n, 'acme'),
    ],
  },
  isolation: { searched: 40, found: [{ where: 'GET /documents', tenant: 'ours', of: 'ours' }] },
  proposals: {
    checks: ['parsed', 'gate'],
    changes: [{ what: 'mapping 01-200', passed: ['parsed', 'gate'] }],
    rightWithoutModel: true,
  },
  replays: [{ deliveries: 12, before: 'digest 1', after: 'digest 1' }],
  work: {
    attemptsAtMost: 8,
    calls: {
      retriesPercentAtMost: 10,
      callsAtLeast: 20,
      perConnection: [
        { connection: 'books', calls: 100, retries: 10 },
        { connection: 'quiet', calls: 3, retries: 2 },
      ],
    },
    peaks: [{ what: 'queue depth', seen: 40, atMost: 100 }],
  },
  dashboard: {
    counts: { confirmed: 4, 'in-review': 1, refused: 0 },
    amounts: { confirmed: 62_500_00n, 'in-review': '50000' },
  },
};

/** A chain as an export shows it, with an anchor that was signed outside after its third entry. */
export function chainOf(tenant: string, entries: readonly string[]): Chain {
  const domain = 'some.audit.v1';
  const links: ChainLink[] = [];
  let previous = START;
  for (const [index, entry] of entries.entries()) {
    const seq = BigInt(index + 1);
    const hash = createHash('sha256')
      .update(`${domain}\n${tenant}\n${seq}\n${previous}\n${entry}`)
      .digest('hex');
    links.push({ seq, entry, previous, hash });
    previous = hash;
  }
  const head = { seq: BigInt(links.length), hash: previous };
  const anchored = links[Math.min(2, links.length - 1)]!;
  return { tenant, domain, start: START, links, head, anchors: [signedAnchor(tenant, anchored)] };
}

function signedAnchor(tenant: string, { seq, hash }: ChainLink): NonNullable<Chain['anchors']>[number] {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const text = JSON.stringify({ tenant, seq: String(seq), hash });
  return {
    tenant,
    seq,
    hash,
    signed: {
      text,
      signatureBase64: sign(null, Buffer.from(text), privateKey).toString('base64'),
      publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
  };
}
