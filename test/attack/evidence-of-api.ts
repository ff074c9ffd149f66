import { exportAudit } from '../../src/store/audit/audit-export.ts';
import { KINDS } from './evidence-of-ours.ts';
import type { OpenService } from './open-service.ts';
import type { World } from './world.ts';

/** What the API tells a signed-in person once everything has come to rest, and the audit export. */
export type Told = {
  /** By document: the state that the list shows. */
  readonly states: ReadonlyMap<string, string>;
  /** How many documents are said to stand in each state, by the lists filtered by that state. */
  readonly counts: Readonly<Record<string, number>>;
  readonly questions: readonly {
    readonly document: string | null;
    readonly role: string;
    readonly question: string;
  }[];
  /** The lines of the export, first entry first. */
  readonly audit: readonly string[];
};

type Row = { readonly id: string; readonly state: string };
type Page = { readonly rows: readonly Row[]; readonly next: string | null; readonly total: number };
type Review = {
  readonly rows: readonly {
    readonly documentId: string | null;
    readonly role: string;
    readonly question: string;
  }[];
};

const listOf = (kind: string) => `/api/v1/documents?kind=${kind}&revisions=all&limit=200`;

export async function whatIsTold({ party }: World, service: OpenService): Promise<Told> {
  const { tenant, people } = party;
  const ask = await service.signIn(tenant, people.controller.id);
  const get = async <Answer>(url: string): Promise<Answer> => {
    const { status, body } = await ask(url);
    if (status !== 200) throw new Error(`${url} answered ${status}: ${body}`);
    return JSON.parse(body) as Answer;
  };
  const states = new Map<string, string>();
  const counts: Record<string, number> = {};
  for (const list of KINDS.map(listOf)) {
    const listed = await rowsOf(get, list);
    for (const [id, state] of listed) states.set(id, state);
    for (const state of new Set(listed.values()))
      counts[state] = (counts[state] ?? 0) + (await get<Page>(`${list}&state=${state}`)).total;
  }
  const { rows } = await get<Review>('/api/v1/review?state=open');
  const questions = rows.map(({ documentId: document, role, question }) => ({ document, role, question }));
  const audit: string[] = [];
  for await (const lines of exportAudit(service.pools.app, tenant))
    audit.push(...lines.trimEnd().split('\n'));
  return { states, counts, questions, audit };
}

async function rowsOf(
  get: <Answer>(url: string) => Promise<Answer>,
  list: string,
): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  for (let cursor = ''; ; ) {
    const page = await get<Page>(`${list}${cursor}`);
    for (const { id, state } of page.rows) states.set(id, state);
    if (page.next === null) return states;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}
