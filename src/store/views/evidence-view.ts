import type { Tx } from '../database/transaction.ts';

/** What a project knows besides its money, as a reviewer of one document sees it. */
export interface EvidenceRow {
  object: string;
  id: string;
  number: string | null;
  title: string | null;
  status: string | null;
  facts: unknown;
  seen_at: Date;
  /** It names the document's contract, its application or its vendor. */
  is_named: boolean;
}

/**
 * Records of the document's project, those that name what it is about first, then what was seen last. One more than
 * the limit says that there are others.
 */
export async function listEvidence(
  tx: Tx,
  about: {
    readonly connection: string;
    readonly projectId: string;
    readonly objects: readonly string[];
    readonly names: readonly { readonly object: string; readonly id: string }[];
  },
  limit: number,
): Promise<EvidenceRow[]> {
  const { rows } = await tx.query<EvidenceRow>(
    `select object, native_id as id, body ->> 'number' as number, body ->> 'title' as title, body ->> 'status' as status,
       body -> 'facts' as facts, seen_at,
       exists (select from jsonb_array_elements($4::jsonb) as named
         where body -> 'about' @> jsonb_build_array(named)) as is_named
     from record
     where tenant = current_tenant() and connection = $1 and object = any($2) and body ->> 'projectId' = $3 and not gone
     order by is_named desc, seen_at desc, object, native_id limit $5`,
    [about.connection, about.objects, about.projectId, JSON.stringify(about.names), limit],
  );
  return rows;
}
