import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { DocumentDetail } from '../../src/http/schemas/documents.ts';
import type { documentStates } from '../../src/http/schemas/values.ts';
import { sumAmounts } from '../../web/src/ui/amount-text.ts';

export type Detail = z.infer<typeof DocumentDetail>;
type State = (typeof documentStates)[number];

const MINUTE_MS = 60_000;

export const projects = [
  { id: '4101', name: 'Riverside Elementary School', number: 'P-2401', erpCode: 'RIV01' },
  { id: '4102', name: 'Harbour Street Parking Structure', number: 'P-2407', erpCode: 'HAR02' },
  { id: '4103', name: 'St. Brigid Medical Office Building, Phase 2', number: 'P-2503', erpCode: 'BRI03' },
] as const;

interface Wanted {
  number: string;
  title: string;
  kind?: string;
  state: State;
  project: number;
  vendor: string;
  lines: [description: string, costCode: string, amount: string][];
  waitsFor?: string;
  owner?: string;
  ageMinutes: number;
  reasons?: Detail['reasons'];
  payment?: Detail['payment'];
  actions?: Detail['actions'];
}

const wanted: Wanted[] = [
  {
    number: 'SC-2401-007',
    title: 'Structural steel, furnish and erect',
    state: 'awaiting-approval',
    project: 0,
    vendor: 'Northgate Steel Fabricators, LLC',
    lines: [
      ['Furnish structural steel', '05-1200 Subcontract', '412500.00'],
      ['Erect structural steel', '05-1210 Subcontract', '198750.00'],
      ['Metal deck', '05-3100 Subcontract', '86430.55'],
    ],
    waitsFor: 'A controller approves it: 697,680.55 USD is above the threshold of 50,000.00 USD.',
    owner: 'controller',
    ageMinutes: 190,
    reasons: [
      {
        code: 'needs-approval',
        message: 'The amount is above the threshold, so nothing posts without a signature.',
        remedy: 'A controller who did not request it reads the evidence and approves.',
        owner: 'controller',
      },
    ],
    actions: ['approve', 'reject', 'withdraw', 'replan'],
  },
  {
    number: 'SC-2401-009',
    title: 'Electrical rough-in and trim',
    state: 'in-review',
    project: 0,
    vendor: 'Ohm & Sons Electric \u202EcirtcelE',
    lines: [
      ['Rough-in', '26-0500 Subcontract', '151000.00'],
      ['Trim and devices', '26-2700 Subcontract', '64210.10'],
    ],
    waitsFor: 'Cost code 26-2700 Subcontract has no ERP account.',
    owner: 'accountant',
    ageMinutes: 2_900,
    reasons: [
      {
        code: 'cost-unmapped',
        message: 'Cost code 26-2700 Subcontract has no ERP account.',
        remedy: 'Answer the question in review; every document with this code is released at once.',
        owner: 'accountant',
        field: 'lines[1].coding',
      },
    ],
    actions: ['answer', 'withdraw', 'replan'],
  },
  {
    number: 'PO-2407-031',
    title: 'Precast double tees, levels 2 to 4',
    state: 'awaiting-approval',
    project: 1,
    vendor: 'Tidewater Precast',
    lines: [['Double tees delivered', '03-4100 Material', '284000.00']],
    waitsFor: 'A controller approves it: 284,000.00 USD is above the threshold of 50,000.00 USD.',
    owner: 'controller',
    ageMinutes: 60,
    actions: ['approve', 'reject', 'withdraw', 'replan'],
  },
  {
    number: 'PO-2407-028',
    title: 'Elevator pit waterproofing',
    state: 'refused',
    project: 1,
    vendor: 'Mersey Waterproofing Co.',
    lines: [['Membrane and labour', '07-1000 Material', '18920.00']],
    waitsFor: 'SAP Business One refused it: business partner V10442 is blocked.',
    owner: 'accountant',
    ageMinutes: 1_500,
    reasons: [
      {
        code: 'refused',
        message: 'Business partner V10442 is blocked for purchasing.',
        remedy: 'Unblock the vendor in SAP Business One, then plan the document again.',
        owner: 'accountant',
        field: 'CardCode',
      },
    ],
    actions: ['withdraw', 'replan', 'reject'],
  },
  {
    number: 'SC-2503-002',
    title: 'Mass excavation and shoring',
    state: 'conflict',
    project: 2,
    vendor: 'Graham Earthworks Inc.',
    lines: [['Excavation', '31-2300 Subcontract', '530000.00']],
    waitsFor: 'Line 1 was changed in both systems.',
    owner: 'accountant',
    ageMinutes: 5_000,
    actions: ['reject', 'withdraw', 'replan'],
  },
  {
    number: 'SC-2503-004',
    title: 'Deductive change: delete trench drain',
    state: 'posted',
    project: 2,
    vendor: 'Graham Earthworks Inc.',
    lines: [['Delete trench drain', '33-4000 Subcontract', '-12480.75']],
    waitsFor: 'Write-back to Procore.',
    owner: 'procore',
    ageMinutes: 3,
  },
  {
    number: 'PO-2503-011',
    title: 'Temporary power panels',
    state: 'posting',
    project: 2,
    vendor: 'Ohm & Sons Electric',
    lines: [['Rental and hookup', '01-5100 Material', '9600.00']],
    waitsFor: 'The reply of SAP Business One was lost; it is looked up at the end of the request life.',
    owner: 'sap-business-one',
    ageMinutes: 2,
    actions: ['probe-again'],
  },
  {
    number: 'AE-2503-02',
    title: 'Pay application 2',
    kind: 'ap-invoice',
    state: 'confirmed',
    project: 2,
    vendor: 'Alder Electric',
    lines: [['Rough-in', '26-0500 Subcontract', '48200.00']],
    ageMinutes: 900,
    payment: [
      {
        code: 'payment-held',
        message: 'General liability of Alder Electric expired on 2026-07-31.',
        remedy: 'Enter the certificate that covers the invoice in the directory of Procore.',
        owner: 'accountant',
        field: 'payment',
      },
    ],
  },
];

/** Documents of a believable contractor: a few with a story, the rest confirmed long ago. */
export function stubDocuments(count: number, nowMs: number): Detail[] {
  const told = wanted.map((entry, place) => makeDocument(entry, place, nowMs));
  const rest = Array.from({ length: Math.max(0, count - told.length) }, (_, place) =>
    makeDocument(confirmed(place), told.length + place, nowMs),
  );
  return [...told, ...rest];
}

function confirmed(place: number): Wanted {
  const vendors = [
    'Cascade Concrete',
    'Brightwater Mechanical Contractors of Western Washington, Inc.',
    'Alder Drywall',
  ];
  return {
    number: `PO-24${String(place % 12).padStart(2, '0')}-${String(place + 100)}`,
    title:
      ['Ready-mix concrete', 'Hollow metal doors', 'Ductwork, second floor', 'Site fencing'][place % 4] ?? '',
    state: 'confirmed',
    project: place % 3,
    vendor: vendors[place % 3] ?? '',
    lines: [
      ['Materials', '03-3000 Material', `${1000 + place * 137}.${String(place % 100).padStart(2, '0')}`],
    ],
    ageMinutes: 6_000 + place * 45,
  };
}

function makeDocument(entry: Wanted, place: number, nowMs: number): Detail {
  const id = `00000000-0000-4000-8000-${String(place + 1).padStart(12, '0')}`;
  const at = (minutesLater: number) =>
    new Date(nowMs - (entry.ageMinutes - Math.min(minutesLater, entry.ageMinutes)) * MINUTE_MS).toISOString();
  const { id: projectId, name } = projects[entry.project] ?? projects[0];
  const amount = sumAmounts(entry.lines.map((line) => line[2]));
  const isThere = ['posted', 'confirmed'].includes(entry.state);
  const isPlanned = entry.state !== 'in-review';
  const targetNumber = isThere ? String(20_000 + place) : null;
  const payload = JSON.stringify({ CardCode: 'V10031', Project: 'RIV01', DocTotal: amount }, null, 2);
  return {
    id,
    kind: entry.kind ?? 'purchase-order',
    number: entry.number,
    title: entry.title,
    revision: 1,
    state: entry.state,
    project: { id: projectId, name },
    vendor: entry.vendor,
    amount,
    currency: 'USD',
    accountingDate: '2026-08-31',
    source: {
      system: 'procore',
      object: 'commitment',
      id: String(880_000 + place),
      url: `https://app.procore.com/${projectId}/project/contracts/commitments/${880_000 + place}`,
    },
    target: {
      company: null,
      system: 'sap-business-one',
      id: isThere ? String(7_000 + place) : null,
      number: targetNumber,
      url: null,
    },
    waitsFor: entry.waitsFor ?? '',
    owner: entry.owner ?? null,
    held: (entry.payment ?? []).length > 0,
    updatedAt: at(4),
    reasons: entry.reasons ?? [],
    payment: entry.payment ?? [],
    fields: [
      {
        field: 'Number',
        source: entry.number,
        target: isPlanned ? entry.number : null,
        same: isPlanned || null,
      },
      {
        field: 'Title',
        source: entry.title,
        target: isPlanned ? entry.title.slice(0, 30) : null,
        same: isPlanned ? entry.title.length <= 30 : null,
      },
      { field: 'Project', source: name, target: isPlanned ? 'RIV01' : null, same: null },
      { field: 'Vendor', source: entry.vendor, target: isPlanned ? 'V10031' : null, same: null },
      { field: 'Total', source: amount, target: isPlanned ? amount : null, same: isPlanned || null },
    ],
    lines: entry.lines.map(([description, costCode, lineAmount], line) => ({
      key: String(line + 1),
      description,
      costCode,
      coding: isPlanned ? `account 5${line}100` : null,
      sourceAmount: lineAmount,
      targetAmount: isPlanned ? lineAmount : null,
      targetLine: isThere ? String(line) : null,
    })),
    payload: isPlanned ? payload : null,
    payloadHash: isPlanned ? createHash('sha256').update(payload).digest('hex') : null,
    sourcePayload: JSON.stringify({ id: 880_000 + place, number: entry.number, status: 'Approved' }, null, 2),
    mappings: [
      {
        kind: 'project',
        key: projectId,
        value: 'project RIV01',
        version: 1,
        setBy: 'dana.reyes@cascade.example',
      },
    ],
    approvals: isThere
      ? [{ by: 'lee.okafor@cascade.example', role: 'controller', at: at(2), state: 'consumed' as const }]
      : [],
    postings: isThere || entry.state === 'posting' ? [posting(entry, place, nowMs)] : [],
    review: [],
    timeline: [
      {
        at: at(0),
        kind: 'planned',
        actor: 'Tiebeam',
        sentence: 'Planned from the source record.',
        auditSeq: null,
      },
      ...(isThere
        ? [
            {
              at: at(3),
              kind: 'posted',
              actor: 'Tiebeam',
              sentence: `Posted to SAP Business One as order ${targetNumber}.`,
              auditSeq: 400 + place,
            },
          ]
        : []),
    ],
    actions: entry.actions ?? [],
  };
}

function posting(entry: Wanted, place: number, nowMs: number): Detail['postings'][number] {
  const isLost = entry.state === 'posting';
  return {
    id: `10000000-0000-4000-8000-${String(place + 1).padStart(12, '0')}`,
    system: 'sap-business-one',
    write: 'create-order',
    state: isLost ? 'unknown' : 'posted',
    reference: `TB1${String(place).padStart(13, 'A')}`,
    attempts: 1,
    reason: isLost ? 'No reply within 30 s.' : null,
    dueAt: isLost ? new Date(nowMs + MINUTE_MS).toISOString() : null,
  };
}
