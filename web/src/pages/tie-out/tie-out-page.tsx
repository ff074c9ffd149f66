import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { tieOutQuery } from '../../api/queries.ts';
import type { ProjectTieOut, TieOut } from '../../api/types.ts';
import { useAct } from '../../api/use-act.ts';
import { compareAmounts } from '../../ui/amount-text.ts';
import { Bone, Bones } from '../../ui/bones.tsx';
import { saveCsv } from '../../ui/csv.ts';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/panel.tsx';
import { When } from '../../ui/when.tsx';
import { Bridge } from './bridge.tsx';
import { TieOutLines } from './lines.tsx';
import { type Measure, measureOf, measures } from './measures.ts';
import { ProjectsTable } from './projects-table.tsx';
import { tieOutCsv } from './tie-out-csv.ts';
import './tie-out.css';

const route = getRouteApi('/shell/tie-out');

/** Projects by figures, and the bridge of the chosen project from one side to the other, to the cent. */
export function TieOutPage() {
  const { of, project } = route.useSearch();
  const measure = measureOf(of);
  // Each measure is a page of its own: what one of them still waits for must not end in the other.
  return <Comparison key={measure.path} measure={measure} chosenId={project} />;
}

function Comparison({ measure, chosenId }: { measure: Measure; chosenId: string | undefined }) {
  const comparison = tieOutQuery(measure.path);
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(comparison);
  const compare = useAct<TieOut>((fresh) => client.setQueryData(comparison.queryKey, fresh));
  const projects = inOrder(data?.projects ?? [], measure);
  const chosen = projects.find(({ project }) => project.id === chosenId);
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
            onClick={() => compare.mutate({ path: `${measure.path}/refresh` })}
          >
            Compare now
          </Button>
        </span>
      }
    >
      <MeasureLinks projectId={chosenId} />
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
          <h2>{measure.name} by project</h2>
          <div>
            <Button
              size="compact-sm"
              variant="default"
              disabled={projects.length === 0}
              onClick={() => saveCsv(`tiebeam-${measure.of ?? 'committed'}.csv`, tieOutCsv(projects))}
            >
              CSV
            </Button>
          </div>
        </header>
        {data ? (
          projects.length > 0 ? (
            <ProjectsTable projects={projects} chosenId={chosenId} measure={measure} />
          ) : (
            <Empty title="Nothing was compared yet">{measure.nothing}</Empty>
          )
        ) : error ? null : (
          <Bones rows={8} label="Loading the tie-out" />
        )}
      </div>
      {chosen ? <Bridge tieOut={chosen} measure={measure} /> : null}
      {chosen ? <TieOutLines tieOut={chosen} /> : null}
      {data && chosenId && !chosen ? (
        <div className="notice tone-waiting" role="note">
          <strong>This project is not in the comparison</strong>
          <span>It may not be mapped yet, or it was closed.</span>
        </div>
      ) : null}
    </Page>
  );
}

function MeasureLinks({ projectId }: { projectId: string | undefined }) {
  return (
    <nav aria-label="What is compared" className="measures">
      {measures.map((measure) => (
        <Link
          key={measure.name}
          to="/tie-out"
          search={{ of: measure.of, project: projectId }}
          activeOptions={{ includeSearch: true, explicitUndefined: true }}
        >
          {measure.name}
        </Link>
      ))}
    </nav>
  );
}

/** Other measures begin with what differs most; committed cost keeps the order of the projects. */
function inOrder(projects: ProjectTieOut[], { of }: Measure): ProjectTieOut[] {
  if (of === undefined) return projects;
  const size = ({ difference }: ProjectTieOut) =>
    difference.startsWith('-') ? difference.slice(1) : difference;
  return projects.toSorted((left, right) => compareAmounts(size(right), size(left)));
}
