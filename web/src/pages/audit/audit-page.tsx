import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { auditQuery, verdictQuery } from '../../api/queries.ts';
import type { AuditVerdict } from '../../api/types.ts';
import { Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/panel.tsx';
import { AuditTable } from './audit-table.tsx';
import './audit.css';

const route = getRouteApi('/shell/audit');

/** The chain of everything that was decided or sent, and whether it is whole. */
export function AuditPage() {
  const { document } = route.useSearch();
  const entries = useInfiniteQuery(auditQuery(document));
  const verdict = useQuery(verdictQuery);
  const rows = entries.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Page
      title="Audit"
      aside={
        <Button
          size="compact-sm"
          variant="default"
          loading={verdict.isFetching}
          onClick={() => void verdict.refetch()}
        >
          Verify the chain
        </Button>
      }
    >
      {verdict.error ? <Failure failure={verdict.error} /> : null}
      {verdict.data ? <Verdict verdict={verdict.data} /> : null}
      {document ? (
        <div className="row small">
          Entries of one document.
          <Link to="/documents/$id" params={{ id: document }} search={{}}>
            Open the document
          </Link>
          <Link to="/audit" search={{}}>
            Show all entries
          </Link>
        </div>
      ) : null}
      {entries.error ? <Failure failure={entries.error} retry={() => void entries.refetch()} /> : null}
      <div className="panel audit-box">
        {entries.isPending ? (
          <Bones rows={14} label="Loading the audit entries" />
        ) : rows.length === 0 ? (
          <Empty title="No entries yet">
            Every decision and every write to another system is added here.
          </Empty>
        ) : (
          <AuditTable rows={rows} />
        )}
        {entries.hasNextPage ? (
          <div className="panel-body">
            <Button
              size="compact-sm"
              variant="default"
              loading={entries.isFetchingNextPage}
              onClick={() => void entries.fetchNextPage()}
            >
              Older entries
            </Button>
          </div>
        ) : null}
      </div>
    </Page>
  );
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  return (
    <div className={`notice tone-${verdict.verified ? 'good' : 'bad'}`} role="status">
      <strong>
        {verdict.verified
          ? `The chain is whole: ${verdict.entries.toLocaleString()} entries verified`
          : `The chain is broken at entry ${verdict.brokenAt ?? 'unknown'}`}
      </strong>
      {verdict.reason ? <bdi>{verdict.reason}</bdi> : null}
    </div>
  );
}
