import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { tieOutQuery } from '../../api/queries.ts';
import type { TieOut } from '../../api/types.ts';
import { useAct } from '../../api/use-act.ts';
import { Bone, Bones } from '../../ui/bones.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/panel.tsx';
import { When } from '../../ui/when.tsx';
import { Bridge } from './bridge.tsx';
import { ProjectsTable } from './projects-table.tsx';
import './tie-out.css';

const route = getRouteApi('/shell/tie-out');

/** Projects by figures, and the bridge of the chosen project from one side to the other, to the cent. */
export function TieOutPage() {
  const { project: chosenId } = route.useSearch();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(tieOutQuery);
  const compare = useAct<TieOut>((fresh) => client.setQueryData(tieOutQuery.queryKey, fresh));
  const chosen = data?.projects.find(({ project }) => project.id === chosenId);
  return (
    <Page
      title="Tie-out"
      aside={
        <span className="row">
          {data ? (
            <span>
              Compared <When at={data.asOf} relative />
            </span>
          ) : (
            <Bone width={250} />
          )}
          <Button
            size="compact-sm"
            variant="default"
            loading={compare.isPending}
            onClick={() => compare.mutate({ path: '/tie-out/refresh' })}
          >
            Compare now
          </Button>
        </span>
      }
    >
      <Failure failure={compare.error} />
      {error ? <Failure failure={error} retry={() => void refetch()} /> : null}
      {data?.problem ? (
        <div className="notice tone-needs" role="note">
          <strong>The comparison is not complete</strong>
          <bdi>{data.problem}</bdi>
        </div>
      ) : null}
      <div className="panel tie-out-box">
        <header>
          <h2>Committed cost by project</h2>
        </header>
        {data ? (
          data.projects.length > 0 ? (
            <ProjectsTable projects={data.projects} chosenId={chosenId} />
          ) : (
            <Empty title="Nothing was compared yet">
              “Compare now” reads the committed cost of every mapped project from both systems.
            </Empty>
          )
        ) : error ? null : (
          <Bones rows={8} label="Loading the tie-out" />
        )}
      </div>
      {chosen ? <Bridge tieOut={chosen} /> : null}
      {data && chosenId && !chosen ? (
        <div className="notice tone-waiting" role="note">
          <strong>This project is not in the comparison</strong>
          <span>It may not be mapped yet, or it was closed.</span>
        </div>
      ) : null}
    </Page>
  );
}
