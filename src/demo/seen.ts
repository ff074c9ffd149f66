import { z } from 'zod';
import type { Session } from './session.ts';

const documentPage = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      number: z.string(),
      state: z.string(),
      waitsFor: z.string(),
      owner: z.string().nullable(),
      source: z.object({ id: z.string() }),
    }),
  ),
  next: z.string().nullable(),
});
const reviewPage = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      title: z.string(),
      role: z.string(),
      documentId: z.string().nullable(),
      mayDecide: z.boolean(),
    }),
  ),
});
const tieOut = z.object({
  problem: z.string().nullable(),
  projects: z.array(
    z.object({
      project: z.object({ id: z.string(), erpCode: z.string().nullable() }),
      source: z.string(),
      target: z.string(),
      residual: z.string(),
      items: z.array(
        z.object({
          documentId: z.string().nullable(),
          number: z.string(),
          cause: z.string(),
          amount: z.string(),
        }),
      ),
    }),
  ),
});
const verdict = z.object({ verified: z.boolean(), reason: z.string().nullable() });

export type SeenDocument = z.output<typeof documentPage>['rows'][number];
export type SeenReview = z.output<typeof reviewPage>['rows'][number];
export type SeenTieOut = z.output<typeof tieOut>;

/** What Tiebeam tells the people who use it: the same answers that the web app shows. */
export type Seen = {
  readonly documents: readonly SeenDocument[];
  readonly reviews: readonly SeenReview[];
  readonly tieOut: SeenTieOut;
  readonly auditVerified: boolean;
};

// Ten thousand documents: a story has some hundreds.
const MAX_PAGES = 50;

export async function readSeen(session: Session): Promise<Seen> {
  const refreshed = await session.call('POST', '/tie-out/refresh');
  const compared = tieOut.parse(
    refreshed.status < 300 ? refreshed.body : await session.demand('GET', '/tie-out'),
  );
  return {
    documents: await readDocuments(session),
    reviews: await readReviews(session),
    tieOut: compared,
    auditVerified: verdict.parse(await session.demand('GET', '/audit/verify')).verified,
  };
}

export async function readReviews(session: Session): Promise<SeenReview[]> {
  return reviewPage.parse(await session.demand('GET', '/review?state=open')).rows;
}

async function readDocuments(session: Session): Promise<SeenDocument[]> {
  const rows: SeenDocument[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const found = documentPage.parse(
      await session.demand('GET', `/documents?revisions=all&limit=200${after}`),
    );
    rows.push(...found.rows);
    cursor = found.next;
    if (cursor === null) return rows;
  }
  throw new Error(`more than ${MAX_PAGES} pages of documents`);
}
