import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { policyVersionsQuery } from '../../api/queries.ts';
import type { PolicyVersion } from '../../api/types.ts';
import { Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { Changes } from './changes.tsx';

/** Every version: who proposed it, who approved it, when, why, and what it changed. None is ever deleted. */
export function History({ version }: { version: number }) {
  const versions = useInfiniteQuery(policyVersionsQuery(version));
  const rows = versions.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <Panel title="History">
      {versions.error ? <Failure failure={versions.error} retry={() => void versions.refetch()} /> : null}
      {versions.isPending ? (
        <Bones rows={3} label="Loading the history" />
      ) : rows.length === 0 && !versions.error ? (
        <Empty title="Nothing was changed yet">
          Each change is kept here with both names, its reason and what it changed.
        </Empty>
      ) : (
        <ol className="versions">
          {rows.map((row) => (
            <Version key={row.version} row={row} />
          ))}
        </ol>
      )}
      {versions.hasNextPage ? (
        <div className="panel-body">
          <Button
            size="compact-sm"
            variant="default"
            loading={versions.isFetchingNextPage}
            onClick={() => void versions.fetchNextPage()}
          >
            Older versions
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function Version({ row }: { row: PolicyVersion }) {
  return (
    <li>
      <h3>
        Version {row.version} · <When at={row.at} relative />
      </h3>
      <p className="small">
        {row.approvedBy === null ? 'Set by ' : 'Proposed by '}
        <bdi>{row.setBy}</bdi>
        {row.approvedBy === null ? (
          ' where Tiebeam runs'
        ) : (
          <>
            , approved by <bdi>{row.approvedBy}</bdi>
          </>
        )}
        {row.reason ? (
          <>
            : <Untrusted text={row.reason} />
          </>
        ) : null}
      </p>
      {row.changes.length === 0 ? (
        <p className="small quiet">It says the same as the one before.</p>
      ) : (
        <details>
          <summary>
            {row.changes.length === 1 ? 'One difference' : `${row.changes.length} differences`}
            <span className="hidden-word"> of version {row.version}</span>
          </summary>
          <Changes label={`Differences of version ${row.version}`} changes={row.changes} />
        </details>
      )}
    </li>
  );
}
