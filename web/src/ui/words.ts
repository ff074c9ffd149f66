import type { BridgeItem, DocumentState, ReviewRow } from '../api/types.ts';

export type Tone = 'waiting' | 'needs' | 'bad' | 'good' | 'flight';

export const stateWords = {
  planned: { word: 'Planned', tone: 'waiting' },
  blocked: { word: 'Blocked', tone: 'needs' },
  'in-review': { word: 'In review', tone: 'needs' },
  'awaiting-approval': { word: 'Awaiting approval', tone: 'needs' },
  ready: { word: 'Ready', tone: 'flight' },
  posting: { word: 'Posting', tone: 'flight' },
  posted: { word: 'Posted', tone: 'good' },
  confirmed: { word: 'Confirmed', tone: 'good' },
  refused: { word: 'Refused', tone: 'bad' },
  conflict: { word: 'Conflict', tone: 'bad' },
  withdrawn: { word: 'Withdrawn', tone: 'waiting' },
  detached: { word: 'Detached', tone: 'waiting' },
} as const satisfies Record<DocumentState, { word: string; tone: Tone }>;

export const reviewWords = {
  approval: { word: 'Approval', tone: 'needs' },
  unmapped: { word: 'Mapping', tone: 'needs' },
  'vendor-match': { word: 'Vendor match', tone: 'needs' },
  adoption: { word: 'Order to take over', tone: 'needs' },
  conflict: { word: 'Conflict', tone: 'bad' },
  refused: { word: 'Refused', tone: 'bad' },
  exception: { word: 'Exception', tone: 'bad' },
  quarantined: { word: 'Quarantined', tone: 'bad' },
  policy: { word: 'Policy', tone: 'needs' },
  billing: { word: 'Billing order', tone: 'needs' },
} as const satisfies Record<ReviewRow['kind'], { word: string; tone: Tone }>;

export const causeWords = {
  waiting: 'Waiting here',
  'not-sent': 'Not sent yet',
  'read-only': 'Read-only phase',
  conflict: 'Conflict',
  refused: 'Refused by the ERP',
  'change-not-posted': 'Change not posted',
  'edited-in-erp': 'Edited in the ERP',
  'erp-only': 'Only in the ERP',
  'pending-in-erp': 'Pending in the ERP',
  'closing-in-erp': 'Closed in the ERP',
  requisition: 'In a requisition',
} as const satisfies Record<BridgeItem['cause'], string>;

export interface SavedView {
  name: string;
  states: readonly DocumentState[];
}

/** The saved views of the documents table; each is a list of states in the URL. */
export const savedViews: readonly SavedView[] = [
  { name: 'All', states: [] },
  { name: 'Needs a person', states: ['blocked', 'in-review', 'awaiting-approval'] },
  { name: 'In flight', states: ['planned', 'ready', 'posting'] },
  { name: 'Refused or conflict', states: ['refused', 'conflict'] },
  { name: 'Posted', states: ['posted', 'confirmed'] },
  { name: 'Closed', states: ['withdrawn', 'detached'] },
];

const openStates: readonly DocumentState[] = [
  'planned',
  'blocked',
  'in-review',
  'awaiting-approval',
  'ready',
  'posting',
  'refused',
  'conflict',
];

/** What the list is asked for when a number counts documents not yet in the ERP. */
export const openStatesText = openStates.join(',');
export const postedStatesText = 'posted,confirmed';

/** "change-order" becomes "Change order". The words themselves are the API's; a label of several words stays as it is. */
export function humanWord(code: string): string {
  if (code === 'ap-invoice') return 'A/P invoice';
  if (code === 'ar-invoice') return 'A/R invoice';
  // "Line 07-520 S" holds a cost code: its dash belongs to it.
  const words = code.includes(' ') ? code : code.replaceAll(/[-_.]/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const systemNames: Record<string, string> = {
  procore: 'Procore',
  'sap-business-one': 'SAP Business One',
  'sap-s4hana': 'SAP S/4HANA',
  'oracle-fusion': 'Oracle Fusion',
  netsuite: 'NetSuite',
  'demo-erp': 'Demo ERP',
  tiebeam: 'Tiebeam',
};

/** The trade name of a system; an unknown one is shown as it is. */
export function systemName(system: string): string {
  return systemNames[system] ?? system;
}
