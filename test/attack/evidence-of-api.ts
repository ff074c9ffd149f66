import { randomBytes } from 'node:crypto';
import { issueLoginLink } from '../../src/http/auth/login-link.ts';
import { buildServer } from '../../src/http/server.ts';
import { exportAudit } from '../../src/store/audit-export.ts';
import { openPools } from '../../src/store/pools.ts';
import { inTenant } from '../../src/store/transaction.ts';
import { people } from '../scenarios/seeds.ts';
import { openTestEngine, vault } from '../scenarios/test-engine.ts';
import { ATTACK_SECRET } from './cluster.ts';
import { KINDS } from './evidence-of-ours.ts';
import { TENANT, type World } from './world.ts';

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

/** Asks the HTTP service of the product, past the proxy: what is judged is not disturbed. */
export async function whatIsTold({ database, service }: World): Promise<Told> {
  const pools = openPools(database.directUrl(), ATTACK_SECRET, { sizes: { app: 2, dispatch: 1, door: 1 } });
  const { clock, log } = openTestEngine(pools);
  const app = await buildServer(
    { ...service, pools, clock, randomBytes, log, fingerprint: vault.fingerprint },
    { https: false },
  );
  try {
    const { token } = await inTenant(pools.app, TENANT, (tx) =>
      issueLoginLink(tx, { tenant: TENANT, userId: people.controller.id, now: clock.now(), randomBytes }),
    );
    const headers = { host: 'tiebeam.test', 'x-tiebeam-request': '1' };
    const entered = await app.inject({
      method: 'POST',
      url: '/api/v1/sign-in/link',
      headers,
      payload: { token },
    });
    const cookie = String(entered.headers['set-cookie']).split(';')[0]!;
    const get = async <Answer>(url: string): Promise<Answer> => {
      const answer = await app.inject({ url, headers: { ...headers, cookie } });
      if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${answer.body}`);
      return answer.json() as Answer;
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
    for await (const lines of exportAudit(pools.app, TENANT)) audit.push(...lines.trimEnd().split('\n'));
    return { states, counts, questions, audit };
  } finally {
    await app.close();
    await pools.close();
  }
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
