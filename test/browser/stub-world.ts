import type { z } from 'zod';
import { AuditEntry } from '../../src/http/schemas/audit.ts';
import { DocumentDetail, type Evidence } from '../../src/http/schemas/documents.ts';
import { Overview } from '../../src/http/schemas/overview.ts';
import { Me } from '../../src/http/schemas/people.ts';
import { ReviewItem } from '../../src/http/schemas/review.ts';
import { TieOut } from '../../src/http/schemas/tie-out.ts';
import { sumAmounts } from '../../web/src/ui/amount-text.ts';
import { type Detail, projects, stubDocuments } from './stub-documents.ts';

type Item = z.infer<typeof ReviewItem>;

/** What the stub knows. It changes only by what is posted to it. */
export interface World {
  me: z.infer<typeof Me>;
  documents: Detail[];
  review: Item[];
  audit: z.infer<typeof AuditEntry>[];
  asOf: string;
  /** By document: what its project knows around it. */
  known: Map<string, z.infer<typeof Evidence>['rows']>;
  /** Whether an ERP is there that keeps budgets by project. */
  keepsBudgets: boolean;
}

export function makeWorld(documentCount: number): World {
  const nowMs = Date.now();
  const documents = stubDocuments(documentCount, nowMs).map((row) => DocumentDetail.parse(row));
  return {
    me: Me.parse({
      user: {
        id: '20000000-0000-4000-8000-000000000001',
        email: 'lee.okafor@cascade.example',
        name: 'Lee Okafor',
        roles: ['accountant', 'controller'],
      },
      tenant: {
        id: '30000000-0000-4000-8000-000000000001',
        name: 'Cascade Builders',
        pointOfView: 'general-contractor',
      },
      simulated: ['Procore', 'SAP Business One'],
      warnings: ['Only one person may approve: nothing that person requested can post above the threshold.'],
    }),
    documents,
    known: new Map(),
    review: reviewOf(documents, nowMs).map((item) => ReviewItem.parse(item)),
    audit: documents
      .flatMap((row) =>
        row.timeline.filter(({ auditSeq }) => auditSeq !== null).map((entry) => ({ row, entry })),
      )
      .slice(0, 60)
      .map(({ row, entry }) =>
        AuditEntry.parse({
          seq: entry.auditSeq,
          at: entry.at,
          kind: 'write-posted',
          actor: 'Tiebeam',
          documentId: row.id,
          entry: JSON.stringify({ document: row.number, sentence: entry.sentence }),
          hash: (row.payloadHash ?? '').slice(0, 64),
        }),
      )
      .sort((a, b) => b.seq - a.seq),
    asOf: new Date(nowMs - 240_000).toISOString(),
    keepsBudgets: true,
  };
}

function reviewOf(documents: Detail[], nowMs: number): Item[] {
  const find = (number: string) => documents.find((row) => row.number === number);
  const base = (row: Detail | undefined, place: number): Item => ({
    id: `40000000-0000-4000-8000-${String(place).padStart(12, '0')}`,
    kind: 'approval',
    title: `${row?.number ?? ''} ${row?.title ?? ''}`,
    question: 'Shall this be posted?',
    role: 'controller',
    state: 'open',
    documentId: row?.id ?? null,
    amount: row?.amount ?? null,
    currency: 'USD',
    project: row?.project?.name ?? null,
    openedAt: new Date(nowMs - place * 3_600_000).toISOString(),
    mayDecide: true,
    whyNot: null,
    payloadHash: row?.payloadHash ?? null,
    evidence: [],
    asks: [],
    alsoReleases: 0,
    decidedBy: null,
    decidedAt: null,
  });
  const evidence = (row: Detail | undefined) => [
    { label: 'Number', value: row?.number ?? '' },
    { label: 'Vendor in the ERP', value: 'V10031' },
    { label: 'Project in the ERP', value: 'RIV01' },
    { label: 'Accounting date', value: '2026-08-31' },
    { label: 'Total', value: `${row?.amount ?? ''} USD` },
    { label: 'Requested by', value: 'dana.reyes@cascade.example' },
  ];
  const steel = find('SC-2401-007');
  const precast = find('PO-2407-031');
  const question =
    'Post this purchase order to SAP Business One? It is above the threshold of 50,000.00 USD.';
  return [
    { ...base(steel, 1), question, evidence: evidence(steel) },
    {
      ...base(undefined, 2),
      kind: 'unmapped',
      title: 'Cost code 26-2700 Subcontract',
      question: 'Which ERP account does this cost code and cost type go to?',
      role: 'accountant',
      currency: null,
      evidence: [{ label: 'number', value: 'SC-2401-009' }],
      asks: [
        {
          kind: 'cost',
          key: '26-2700|S',
          label: 'Cost code 26-2700 Low-voltage distribution, Subcontract',
          scope: null,
          suggestions: [
            { code: '52600', name: 'Subcontract: electrical', why: '26-0500 Subcontract goes there' },
            { code: '52000', name: 'Subcontract: other', why: 'default of division 26' },
          ],
        },
      ],
      alsoReleases: 3,
    },
    { ...base(precast, 3), question, evidence: evidence(precast) },
    {
      ...base(find('SC-2503-002'), 4),
      kind: 'conflict',
      question:
        'It was changed on both sides; nothing was overwritten. Line 1: 530,000.00 here, 528,000.00 there.',
      role: 'accountant',
      payloadHash: null,
      evidence: [{ label: 'difference', value: 'Line 1 amount' }],
    },
    {
      ...base(find('PO-2407-028'), 5),
      kind: 'refused',
      question: 'SAP Business One refused the order: business partner V10442 is blocked.',
      role: 'accountant',
      payloadHash: null,
      mayDecide: false,
      whyNot: 'You requested it, so somebody else decides.',
    },
  ];
}

export function overviewOf(world: World): z.infer<typeof Overview> {
  const states = [...new Set(world.documents.map(({ state }) => state))].map((state) => {
    const held = world.documents.filter((row) => row.state === state);
    return { state, count: held.length, amount: sumAmounts(held.map((row) => row.amount ?? '0')) };
  });
  const waiting = world.documents.filter(({ owner }) => owner !== null);
  const owners = [...new Set(waiting.map(({ owner }) => owner ?? ''))].map((owner) => {
    const held = waiting.filter((row) => row.owner === owner);
    return {
      owner,
      count: held.length,
      amount: sumAmounts(held.map((row) => row.amount ?? '0')),
      oldestAt: held.map(({ updatedAt }) => updatedAt).sort()[0] ?? null,
    };
  });
  const minute = (ago: number) => new Date(Math.floor(Date.now() / 60_000 - ago) * 60_000).toISOString();
  return Overview.parse({
    states,
    currency: 'USD',
    needsMe: world.review.filter((item) => item.state === 'open' && item.mayDecide),
    waitingByOwner: owners,
    waitingByAge: [
      { age: 'under 1 hour', count: 2, amount: '9600.00' },
      { age: '1 to 24 hours', count: 2, amount: '981680.55' },
      { age: '1 to 3 days', count: 2, amount: '234130.10' },
      { age: 'over 3 days', count: 1, amount: '530000.00' },
    ],
    flow: [
      { system: 'procore', received: 148, posted: 96, inFlight: 2 },
      { system: 'sap-business-one', received: 31, posted: 104, inFlight: 3 },
    ],
    postedPerMinute: Array.from({ length: 60 }, (_, place) => ({
      minute: minute(59 - place),
      count: Math.max(0, ((place * 7) % 11) - 4),
    })),
    health: [
      {
        connection: 'procore-main',
        system: 'procore',
        phase: 'one-way',
        ok: true,
        message: '',
        lastReadAt: minute(1),
        lastWriteAt: minute(3),
      },
      {
        connection: 'b1-main',
        system: 'sap-business-one',
        phase: 'one-way',
        ok: false,
        message: 'Session lost twice in the last hour',
        lastReadAt: minute(2),
        lastWriteAt: minute(9),
      },
    ],
    auditEntries: 1_482,
  });
}

export function tieOutOf(world: World): z.infer<typeof TieOut> {
  const idOf = (number: string) => world.documents.find((row) => row.number === number)?.id ?? null;
  const item = (
    number: string,
    title: string,
    cause: string,
    explanation: string,
    amount: string,
    owner: string,
  ) => ({
    documentId: idOf(number),
    number,
    title,
    cause,
    explanation,
    amount,
    owner,
  });
  const items = [
    [
      item(
        'SC-2401-007',
        'Structural steel',
        'waiting',
        'Waits for a controller.',
        '697680.55',
        'controller',
      ),
      item(
        'SC-2401-009',
        'Electrical rough-in',
        'waiting',
        'Cost code has no account.',
        '215210.10',
        'accountant',
      ),
      item('20981', 'Scaffold rental', 'erp-only', 'No commitment in Procore.', '-14800.00', 'accountant'),
    ],
    [
      item(
        'PO-2407-031',
        'Precast double tees',
        'waiting',
        'Waits for a controller.',
        '284000.00',
        'controller',
      ),
      item('PO-2407-028', 'Waterproofing', 'refused', 'Vendor V10442 is blocked.', '18920.00', 'accountant'),
      item(
        'PO-2405-142',
        'Anchor bolts',
        'edited-in-erp',
        'Line 2 was raised in the ERP.',
        '-2000.00',
        'accountant',
      ),
    ],
    [],
  ];
  const sources = ['4812944.12', '2390118.40', '1105220.00'];
  return TieOut.parse({
    projects: projects.map((project, place) => {
      const mine = items[place] ?? [];
      const difference = sumAmounts(mine.map(({ amount }) => amount));
      const source = sources[place] ?? '0.00';
      return {
        project,
        currency: 'USD',
        source,
        target: sumAmounts([source, difference.startsWith('-') ? difference.slice(1) : `-${difference}`]),
        difference,
        explained: difference,
        residual: '0.00',
        items: mine,
        asOf: world.asOf,
      };
    }),
    asOf: world.asOf,
    problem: null,
  });
}
