/**
 * What may stand in the address of each page. A part that is malformed is set to undefined and not left out:
 * the router lays our answer over the raw address, so a part left out would come through unchecked.
 */

export interface DocumentsSearch {
  state?: string | undefined;
  project?: string | undefined;
  q?: string | undefined;
  kind?: string | undefined;
  owner?: string | undefined;
}
export interface ReviewSearch {
  item?: string | undefined;
}
export interface TieOutSearch {
  /** What is compared: committed cost, where nothing else is named. */
  of?: 'budget' | 'direct-costs' | undefined;
  project?: string | undefined;
}
export interface AuditSearch {
  document?: string | undefined;
}
export interface ConnectionsSearch {
  /** Id of the connection whose panels are open. */
  open?: string | undefined;
  /** Id of the system that is being added. */
  add?: string | undefined;
}
export interface PolicySearch {
  /** Whether a change is being typed. */
  change?: 'yes' | undefined;
}
export interface SignInSearch {
  token?: string | undefined;
  next?: string | undefined;
}
export interface DocumentSearch {
  payload?: 'sent' | 'source' | undefined;
}

type Raw = Record<string, unknown>;

export const documentsSearch = (raw: Raw): DocumentsSearch => ({
  state: text(raw.state),
  project: text(raw.project),
  q: text(raw.q),
  kind: text(raw.kind),
  owner: text(raw.owner),
});

export const documentSearch = (raw: Raw): DocumentSearch =>
  raw.payload === 'sent' || raw.payload === 'source' ? { payload: raw.payload } : {};

export const reviewSearch = (raw: Raw): ReviewSearch => ({ item: text(raw.item) });
export const tieOutSearch = (raw: Raw): TieOutSearch => ({
  of: raw.of === 'budget' || raw.of === 'direct-costs' ? raw.of : undefined,
  project: text(raw.project),
});
export const auditSearch = (raw: Raw): AuditSearch => ({ document: text(raw.document) });
export const connectionsSearch = (raw: Raw): ConnectionsSearch => ({
  open: text(raw.open),
  add: text(raw.add),
});
export const policySearch = (raw: Raw): PolicySearch => ({
  change: raw.change === 'yes' ? 'yes' : undefined,
});
export const signInSearch = (raw: Raw): SignInSearch => ({
  token: text(raw.token),
  next: insidePath(text(raw.next)),
});

/**
 * Only a path of this site may follow the sign-in, never another site. Browsers read "\\" as "/" and skip tabs
 * and line ends, so both are refused.
 */
export function insidePath(path: string | undefined): string | undefined {
  return path !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 300) : undefined;
}
